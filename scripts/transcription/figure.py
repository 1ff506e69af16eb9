"""The form of an observed figure."""

from transcription.publication import Published

COLUMNS = (
    "measure",
    "component",
    "area",
    "nationality",
    "month",
    "month_end",
    "value",
    "low",
    "high",
    "unit",
    "published",
    "published_basis",
    "publisher",
    "source",
    "quality",
)

Row = dict[str, object]


def figure(
    measure: str,
    month: str,
    value: float,
    known: Published,
    origin: tuple[str, str, str],
    **more: object,
) -> Row:
    """Return a figure; ``origin`` is its publisher, source and quality."""
    publisher, source, quality = origin
    return {
        "measure": measure,
        "component": "",
        "area": "all",
        "nationality": "all",
        "month": month,
        "value": value,
        "unit": "events",
        "published": known[0],
        "published_basis": known[1],
        "publisher": publisher,
        "source": source,
        "quality": quality,
        **more,
    }
