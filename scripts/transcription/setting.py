"""The form of a derived setting."""

from transcription.common import text

COLUMNS = (
    "parameter",
    "at",
    "group",
    "since",
    "until",
    "known",
    "until_known",
    "operation",
    "value",
    "low",
    "high",
    "unit",
    "lever",
    "source",
    "quality",
    "note",
)

Setting = dict[str, object]


def setting(
    parameter: str, value: float, unit: str, source: str, note: str, **more: object
) -> Setting:
    """Return a setting whose value is derived from figures."""
    return {
        "parameter": parameter,
        "value": value,
        "unit": unit,
        "source": source,
        "quality": "derived",
        "note": note,
        **more,
    }


def ratio(part: float, whole: float) -> str:
    """Write a division for a note, in whole numbers."""
    return f"{text(round(part))} / {text(round(whole))}"
