"""What makes the difference between two scenarios of a result, and who speaks for its size."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from rumbo.scores.narrowed import MUTE, SPEAKS, Narrowed, together

ASSUMED, OPEN, RECORD = "assumed", "open", "record"
"""Who may speak: assumptions, nobody yet, or the record."""

UNMOVED = Narrowed(1.0, 1.0, 1.0)
"""How far a fit narrows a size that it does not move."""

Background = dict[str, Any]
Setting = dict[str, Any]


class Sizes(NamedTuple):
    """The values that make a difference.

    Attributes
    ----------
    who
        `ASSUMED`, `OPEN` or `RECORD`: where a fit is known by how far that narrowed the sizes
        together, by the bounds of ``rumbo attribute``; else by whether all of them are assumed.
    found
        How many values rest on what, by quality.
    narrowed
        How far a fit narrowed each of them that has a range, by lever and parameter.
    whole
        The same of all together; None where no fit is known.
    """

    who: str
    found: Counter[str]
    narrowed: dict[tuple[str, str], Narrowed]
    whole: Narrowed | None


def sizes_of(background: Background, first: str, other: str) -> Sizes:
    """Return the values that make a difference, and who speaks for its size.

    Parameters
    ----------
    background
        What a result carries beside its numbers.
    first, other
        Names of the two scenarios.

    Returns
    -------
    Sizes
    """
    rows = differing(background, first, other)
    found, narrowed = Counter(map(quality_of, rows)), _narrowed(background, rows)
    whole = together([*narrowed.values()])
    return Sizes(_who(found, whole), found, narrowed, whole)


def _who(found: Counter[str], whole: Narrowed | None) -> str:
    if whole is None:
        return ASSUMED if set(found) == {ASSUMED} else OPEN
    if whole.ratio > MUTE:
        return ASSUMED
    return RECORD if whole.ratio < SPEAKS else OPEN


def differing(background: Background, first: str, other: str) -> list[Setting]:
    """Return the values in which two scenarios differ: of levers, deals, changes, moved rows."""
    records = {one["name"]: one for one in background.get("scenarios") or []}
    one, two = (records.get(name) or {} for name in (first, other))
    levers = {*(one.get("without") or [])} ^ {*(two.get("without") or [])}
    changes = [row for key in ("changes", "shifted") for row in _unlike(one, two, key)]
    rows = [row for row in background.get("settings") or [] if _cell(row, "lever") in levers]
    return [*rows, *_unlike_deals(background, (first, other), levers), *changes]


def _unlike(first: Setting, other: Setting, key: str) -> list[Setting]:
    """Return the rows that only one of two scenarios has."""
    mine, theirs = (one.get(key) or [] for one in (first, other))
    return [row for row in mine if row not in theirs] + [row for row in theirs if row not in mine]


def _unlike_deals(background: Background, names: Sequence[str], told: set[str]) -> list[Setting]:
    """Return the sizes of deals that two scenarios do not have under the same terms."""
    rows = background.get("deals") or []
    first, other = (
        {row["deal"]: row["sides"] for row in rows if row["scenario"] == name} for name in names
    )
    unlike = [key for key in {**first, **other} if first.get(key) != other.get(key)]
    sides = [other.get(key) or first[key] for key in unlike if key not in told]
    return [row for own in sides for side in own for row in side["settings"]]


def _narrowed(background: Background, rows: Sequence[Setting]) -> dict[tuple[str, str], Narrowed]:
    """Return how far a fit narrowed the sizes that have a range; empty where no fit is known."""
    known = {
        (row["lever"], row["parameter"]): Narrowed(row["ratio"], row["low"], row["high"])
        for row in background.get("narrowed") or []
    }
    if not known:
        return {}
    ranged = (row for row in rows if _cell(row, "low") and _cell(row, "high"))
    pairs = ((_cell(row, "lever"), _cell(row, "parameter")) for row in ranged)
    return {pair: known.get(pair, UNMOVED) for pair in pairs}


def quality_of(row: Setting) -> str:
    """Return the quality of a value; that of one without a source is assumed."""
    if _cell(row, "source") in ("", ASSUMED):
        return ASSUMED
    return _cell(row, "quality") or "reported"


def _cell(row: Setting, name: str) -> str:
    """Return a cell as text, empty where it holds nothing; NaN is what it is not itself."""
    value = row.get(name)
    return "" if value is None or value != value else str(value).strip()
