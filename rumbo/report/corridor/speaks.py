"""Who speaks for the size of an effect: assumptions, the record, or nobody yet."""

from collections import Counter
from typing import NamedTuple

from rumbo.report.page.parts import Row
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import scenario_record
from rumbo.report.read.run import Run
from rumbo.scores.narrowed import MUTE, SPEAKS, Narrowed, together

ASSUMED, OPEN, RECORD = "assumed", "open", "record"
"""Who may speak: assumptions, nobody yet, or the record."""


SHORT = {
    ASSUMED: ("speaks.short_assumed", "speaks.short_assumed_by"),
    OPEN: ("speaks.short_open", "speaks.short_open_by"),
    RECORD: ("", "speaks.short_record_by"),
}
"""Who speaks in a few words: without a fit, which the record needs, and with one."""

NARROWED = {
    ASSUMED: "speaks.narrowed_assumed",
    OPEN: "speaks.narrowed_open",
    RECORD: "speaks.narrowed_record",
}
"""Who speaks, by how far a fit narrowed the sizes."""


class Speaker(NamedTuple):
    """Who speaks for the size of an effect: which of the three, in words, and in a sentence.

    The label is all that must stand beside every effect; where assumptions speak, or nobody yet,
    the phrase adds by how much the record narrows the sizes.
    """

    who: str
    label: str
    short: str
    sentence: str


def speaker(run: Run, number: int) -> Speaker:
    """Return who speaks for the size of a scenario's difference from the first.

    Where a fit is known, it goes by how far that narrowed the sizes together, by the bounds of
    ``rumbo attribute``; else by whether all of them are assumed.
    """
    words, found = run.words, Counter(map(quality_of, differing(run, number)))
    sizes = narrowings(run, number)
    if (whole := together([*sizes.values()])) is None:
        who = ASSUMED if set(found) == {ASSUMED} else OPEN
        label = words(SHORT[who][0])
        return Speaker(who, label, label, _rests_on(run, found, ("speaks.assumed", "speaks.open")))
    who, by = _who(whole), _narrower(run, whole)
    rests = _rests_on(run, found, ("speaks.rests_assumed", "speaks.rests"))
    told = words(NARROWED[who], by=by, count=len(sizes))
    short = words(SHORT[who][1], by=by)
    label = short if who == RECORD else words(SHORT[who][0])
    return Speaker(who, label, short, f"{rests} {told}")


def speaks(run: Run, number: int) -> str:
    """Say on what the size of a scenario's difference from the first rests."""
    return speaker(run, number).sentence


def narrowings(run: Run, number: int) -> dict[tuple[str, str], Narrowed]:
    """Return how far a fit narrowed the sizes with a range that differ, by lever and parameter."""
    known = {
        (row["lever"], row["parameter"]): Narrowed(row["ratio"], row["low"], row["high"])
        for row in run.records("narrowed")
    }
    if not known:
        return {}
    ranged = (row for row in differing(run, number) if _has_range(row))
    pairs = ((text(row.get("lever")), text(row.get("parameter"))) for row in ranged)
    return {pair: known.get(pair, UNMOVED) for pair in pairs}


UNMOVED = Narrowed(1.0, 1.0, 1.0)
"""How far a fit narrows a size that it does not move."""


def _has_range(row: Row) -> bool:
    return None not in (as_number(row.get("low")), as_number(row.get("high")))


def narrower_text(run: Run, size: Narrowed) -> str:
    """Return by how much of its spread a size is narrower after the fit, in per cent."""
    return run.words("speaks.by", by=_narrower(run, size))


def _narrower(run: Run, size: Narrowed) -> str:
    middle, least, most = (
        run.words.percent(max(1.0 - ratio, 0.0)).lstrip("+")
        for ratio in (size.ratio, size.high, size.low)
    )
    return run.words("speaks.range", middle=middle, low=least, high=most)


def _who(size: Narrowed) -> str:
    """Return who speaks by the spread after the fit over that before it."""
    if size.ratio > MUTE:
        return ASSUMED
    return RECORD if size.ratio < SPEAKS else OPEN


def _rests_on(run: Run, found: Counter[str], keys: tuple[str, str]) -> str:
    """Say what the values rest on that make an effect, by keys: of assumed ones, and of others."""
    words, (assumed, several) = run.words, keys
    if not found:
        return words("speaks.unknown")
    if set(found) == {ASSUMED}:
        return words(assumed, count=found[ASSUMED])
    each = [_counted(run, quality, count) for quality, count in found.most_common()]
    return words(several, listed=words.listed(each))


def _counted(run: Run, quality: str, count: int) -> str:
    label = run.words.maybe(f"quality.{quality}", quality)
    return run.words("speaks.quality", quality=label, count=count)


def differing(run: Run, number: int) -> list[Row]:
    """Return the values in which a scenario differs from the first: of levers, deals, changes."""
    names = run.scenarios[0], run.scenarios[number]
    first, other = (scenario_record(name, run) for name in names)
    levers = {*(first.get("without") or [])} ^ {*(other.get("without") or [])}
    changes = [row for key in ("changes", "shifted") for row in _unlike(first, other, key)]
    rows = [row for row in run.records("settings") if text(row.get("lever")) in levers]
    return [*rows, *_unlike_deals(run, names, levers), *changes]


def _unlike(first: Row, other: Row, key: str) -> list[Row]:
    """Return the rows that only one of two scenarios has."""
    mine, theirs = (one.get(key) or [] for one in (first, other))
    return [row for row in mine if row not in theirs] + [row for row in theirs if row not in mine]


def _unlike_deals(run: Run, names: tuple[str, str], told: set[str]) -> list[Row]:
    """Return the sizes of deals that two scenarios do not have under the same terms."""
    first, other = (
        {row["deal"]: row["sides"] for row in run.records("deals") if row["scenario"] == name}
        for name in names
    )
    unlike = [key for key in {**first, **other} if first.get(key) != other.get(key)]
    sides = [other.get(key) or first[key] for key in unlike if key not in told]
    return [row for own in sides for side in own for row in side["settings"]]


def quality_of(row: Row) -> str:
    """Return the quality of a value; that of one without a source is assumed."""
    if text(row.get("source")) in ("", ASSUMED):
        return ASSUMED
    return text(row.get("quality")) or "reported"
