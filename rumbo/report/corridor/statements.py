"""The first page: what the run is, and a few statements, each a range before its middle value."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import xarray as xr

from rumbo.report.page.parts import Cards, Page, Section, Statement, Text, sections
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range, Words
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import overall, paired, spread
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import is_simulated

FEW_MEMBERS = 20
"""Under this number of simulations the ends of the ranges are rough."""

LEVELS = ("zones", "waiting")
"""Quantities told first, of the first scenario."""

CHANGED = "zones"
"""What is told of how the other scenarios differ."""


def statements(run: Run) -> Section:
    """Return the first chapter of a run of the corridor."""
    words = run.words
    after = [words("how_to_read"), words("what_ranges_hold")]
    return first_section(words, warnings(run), _headlines(run), after)


def first_section(
    words: Words, warned: Sequence[str], cards: Sequence[Statement], after: Sequence[str]
) -> Section:
    """Return the first chapter of a page: warnings, statements, and what to know of them."""
    blocks = [*(Text(one, "warning") for one in warned), Cards(cards), *map(Text, after)]
    return Section("statements", words("part.statements"), blocks)


def _headlines(run: Run) -> list[Statement]:
    """Return the statements at the head of the report."""
    levels = [_level(run, key) for key in LEVELS]
    changes = [_change(run, CHANGED, number) for number in range(1, len(run.scenarios))]
    return [*levels, *changes, _deaths(run)]


def _over(run: Run, key: str, number: int) -> Range:
    values = run.series(key).isel(scenario=number)
    return spread(overall(values, QUANTITIES[key].what))


def _level(run: Run, key: str) -> Statement:
    words, ends = run.words, _over(run, key, 0)
    sentence = words(f"headline.{key}", **words.counts(ends), period=period(run))
    return Statement(
        words(f"measure.{key}"),
        words.span(ends.low, ends.high),
        sentence + _seen(run, key),
        colour(0),
    )


def _seen(run: Run, key: str) -> str:
    """Return the observed total, where every month of the run has a figure."""
    if QUANTITIES[key].what != "flow":
        return ""
    seen = run.along(run.observed(key))
    if bool(np.isnan(seen.values).any()):
        return ""
    return " " + run.words("headline.observed", value=run.words.exact(float(seen.sum())))


def _change(run: Run, key: str, number: int) -> Statement:
    values = overall(run.series(key).isel(scenario=[0, number]), QUANTITIES[key].what)
    return change_statement(run, run.words(f"measure.{key}"), values, number)


def change_statement(run: Run, measure: str, values: xr.DataArray, number: int) -> Statement:
    """Return how a measure differs between the first scenario and another.

    Its values are one number per member in each of the two.
    """
    words = run.words
    ends = spread(paired(values).isel(scenario=0))
    title = scenario_title(run.scenarios[number], run)
    sentence = words(
        "headline.change" if words.ranged else "crisis.change_one",
        scenario=title,
        first=scenario_title(run.scenarios[0], run),
        measure=measure,
        wide=words.change(ends.low, ends.high),
        half=words.change(ends.low_half, ends.high_half),
        middle=words.single_change(ends.middle),
        no_range=words("no_range"),
    )
    clear = not words.ranged or ends.low > 0 or ends.high < 0 or ends.low == ends.high == 0
    sentence = sentence if clear else f"{sentence} {words('headline.unclear')}"
    short = words.short_range(ends, signed=True)
    return Statement(f"{title}: {measure}", short, sentence, colour(number))


def _deaths(run: Run) -> Statement:
    words, ends, seen = run.words, _over(run, "deaths", 0), _over(run, "deaths_recorded", 0)
    if not is_simulated(run, "deaths"):
        short, sentence = words("not_simulated.short"), words("headline.no_deaths")
        return Statement(words("measure.deaths"), short, sentence, colour(0))
    recorded = {f"recorded_{name}": value for name, value in words.counts(seen).items()}
    sentence = words("headline.deaths", **words.counts(ends), **recorded, period=period(run))
    return Statement(words("measure.deaths"), words.span(ends.low, ends.high), sentence, colour(0))


def period(run: Run) -> str:
    """Return the first and last month, or day, of the run."""
    first, last = (run.words.time(run.times[n], run.dimension) for n in (0, -1))
    return run.words("period", first=first, last=last)


def warnings(run: Run) -> list[str]:
    """Return what a reader must know before reading the ranges."""
    words = run.words
    fit = [levels(run)] if "posterior" in run.background else []
    if run.members == 1:
        return [words("warn.single"), *fit]
    few = run.members < FEW_MEMBERS
    return [words("warn.few", count=run.members), *fit] if few else fit


def levels(run: Run) -> str:
    """Return what the levels of the run were set on: whether the figures shown test it."""
    fit = run.background.get("posterior")
    if fit is None:
        return run.words("observed.levels")
    return run.words("observed.fitted", day=run.words.day(fit["as_of"], short=False))


def run_page(run: Run, about: str, chapters: Iterable[Callable[[Run], Section | None]]) -> Page:
    """Return a page of chapters about a run."""
    return Page(
        title=_title(run),
        about=about,
        period=period(run),
        facts=facts(run),
        version=str(run.data.attrs.get("version", "")),
        sections=sections(chapters, run),
    )


def _title(run: Run) -> str:
    own = str(run.data.attrs.get("title", ""))
    return run.words.pick(run.background["corridor"].get("title"), own)


def facts(run: Run) -> list[tuple[str, str]]:
    """Return what identifies the run."""
    words, attrs = run.words, run.data.attrs
    return [
        (words("fact.period"), period(run)),
        (words("fact.members"), words.digits(run.members)),
        (words("fact.run"), str(attrs.get("run_id", ""))),
        (words("fact.seed"), str(attrs.get("seed", ""))),
        (words("fact.version"), str(attrs.get("version", ""))),
    ]


def citation(run: Run, key: str = "cite.text") -> str:
    """Return how to cite this report, by the key of its words."""
    words, attrs = run.words, run.data.attrs
    return words(
        key,
        version=str(attrs.get("version", "")),
        title=_title(run),
        period=period(run),
        run=str(attrs.get("run_id", "")),
        seed=str(attrs.get("seed", "")),
        members=run.members,
    )
