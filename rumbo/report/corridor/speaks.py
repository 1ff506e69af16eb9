"""Who speaks for the size of an effect: assumptions, or nobody yet."""

from collections import Counter

from rumbo.report.page.parts import Row
from rumbo.report.page.words import text
from rumbo.report.read.names import scenario_record
from rumbo.report.read.run import Run

ASSUMED = "assumed"


def speaks(run: Run, number: int) -> str:
    """Say on what the size of a scenario's difference from the first rests."""
    words, found = run.words, _qualities(run, number)
    if not found:
        return words("speaks.unknown")
    if set(found) == {ASSUMED}:
        return words("speaks.assumed", count=found[ASSUMED])
    each = [_counted(run, quality, count) for quality, count in found.most_common()]
    return words("speaks.open", listed=words.listed(each))


def with_speaker(run: Run, number: int, direction: str) -> str:
    """Return the direction of a difference together with who speaks for its size."""
    alone = set(_qualities(run, number)) == {ASSUMED}
    who = run.words("speaks.short_assumed" if alone else "speaks.short_open")
    return run.words("speaks.short", direction=direction, who=who)


def _counted(run: Run, quality: str, count: int) -> str:
    label = run.words.maybe(f"quality.{quality}", quality)
    return run.words("speaks.quality", quality=label, count=count)


def _qualities(run: Run, number: int) -> Counter[str]:
    """Count the values in which a scenario differs from the first, by what they rest on."""
    return Counter(map(quality_of, differing(run, number)))


def differing(run: Run, number: int) -> list[Row]:
    """Return the values in which a scenario differs from the first: of levers, deals, changes."""
    levers, changes = set[str](), list[Row]()
    names = run.scenarios[0], run.scenarios[number]
    for name in names:
        record = scenario_record(name, run)
        levers ^= set(record.get("without") or [])
        changes += record.get("changes") or []
        changes += record.get("shifted") or []
    rows = [row for row in run.records("settings") if text(row.get("lever")) in levers]
    return [*rows, *_unlike_deals(run, names, levers), *changes]


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
