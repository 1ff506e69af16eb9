"""Statements about a run of the corridor, each beside what was counted."""

from collections.abc import Iterator

import numpy as np

from rumbo.report.corridor.branches import mixed
from rumbo.report.page.parts import Statement
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range, text
from rumbo.report.read.names import period_of, publisher_name
from rumbo.report.read.ranges import overall, roomy, spread
from rumbo.report.read.record import as_it_was, fails, measure_title, row_of
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import is_simulated

LEVELS = ("zones", "waiting")
"""Quantities told first, of the first scenario."""


def headlines(run: Run) -> list[Statement]:
    """Return the statements at the head of the report, of the first scenario."""
    return [*(_level(run, key) for key in LEVELS), _deaths(run)]


def _over(run: Run, key: str) -> Range:
    """Return the range of a quantity over the whole run, in the first scenario or all branches."""
    if run.branches:
        return mixed(run, key, 0)
    values = run.series(key).isel(scenario=0)
    return spread(overall(values, QUANTITIES[key].what))


def _level(run: Run, key: str) -> Statement:
    words, seen, ends = run.words, _seen(run, key), _over(run, key)
    ends = ends if seen is None else roomy(ends, seen)
    told = [_said(run, f"headline.{key}", words.counts(ends))]
    if seen is not None:
        told += [words("headline.observed", value=words.exact(seen))]
        inside = ends.low <= seen <= ends.high or run.members == 1
        told += [] if inside else [words("headline.outside")]
    short = words.span(ends.low, ends.high) if run.members > 1 else words.count(ends.middle)
    told += _cover(run, key)
    title, weak = measure_title(run, key), fails(run, key)
    return Statement(title, short, " ".join(told), colour(0), weak=weak)


def _said(run: Run, key: str, counts: dict[str, str]) -> str:
    """Return a range as a sentence; of one simulation its number."""
    key = key if run.members > 1 else "headline.single"
    return run.words(key, period=period(run), **counts)


def _seen(run: Run, key: str, **where: str) -> float | None:
    """Return the observed total, where every month of the run has a figure and its policies."""
    if QUANTITIES[key].what != "flow" or not as_it_was(run):
        return None
    seen = run.along(run.observed(key, **where))
    return None if bool(np.isnan(seen.values).any()) else float(seen.sum())


def _cover(run: Run, key: str) -> list[str]:
    """Say how often the 90 % range of a month held its figure in this run."""
    row = row_of(run, key)
    if run.branches or run.members == 1 or row is None or np.isnan(row["cover_90"]):
        return []
    percent = run.words.percent(row["cover_90"]).lstrip("+")
    told = "headline.cover" if row["parts"] == 1 else "headline.cover_parts"
    return [run.words(told, percent=percent, count=int(row["figures"]))]


def _deaths(run: Run) -> Statement:
    words = run.words
    if not is_simulated(run, "deaths"):
        short, sentence = words("not_simulated.short"), words("headline.no_deaths")
        return Statement(words("measure.deaths"), short, sentence, colour(0))
    ends, recorded, known = _over(run, "deaths"), _over(run, "deaths_recorded"), _on_record(run)
    recorded = roomy(recorded, known[0]) if known else recorded
    counts = {f"recorded_{name}": value for name, value in words.counts(recorded).items()}
    told = [_said(run, "headline.deaths", words.counts(ends) | counts)]
    told += _beside_record(run, ends, recorded, *known) if known else []
    told += _cover(run, "deaths_recorded")
    short = words.span(ends.low, ends.high)
    title, weak = measure_title(run, "deaths"), fails(run, "deaths")
    return Statement(title, short, " ".join(told), colour(0), weak=weak)


def _on_record(run: Run) -> tuple[float, str] | None:
    """Return deaths on record in all regions, and who recorded them; None where a month lacks."""
    regions = [str(region) for region in run.data["region"].values]
    parts = [_seen(run, "deaths_recorded", area=region) for region in regions]
    if None in parts or not parts:
        return None
    who = run.observed("deaths_recorded", area=regions[0])["publisher"].iloc[-1]
    return sum(part for part in parts if part is not None), publisher_name(text(who), run.words)


def _beside_record(run: Run, ends: Range, recorded: Range, known: float, who: str) -> Iterator[str]:
    """Say how many deaths are on record, and where the simulation contradicts them."""
    words = run.words
    yield words("headline.on_record", value=words.exact(known), who=who)
    if run.members > 1 and not recorded.low <= known <= recorded.high:
        yield words("headline.recorded_outside")
    if ends.middle < known:
        yield words("headline.below_record")


def period(run: Run) -> str:
    """Return the first and last month, or day, of the run."""
    return period_of(run, run.times)
