"""With and without: paired differences between scenarios, and the human cost of each."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import xarray as xr

from rumbo.report.charts.rows import Curve, fan, scenario_rows, time_rows
from rumbo.report.charts.series import LEVELS
from rumbo.report.corridor.hangs import hangs
from rumbo.report.corridor.scenarios import scenario_marks
from rumbo.report.corridor.speaks import speaks, with_speaker
from rumbo.report.page.parts import (
    DASH,
    Chart,
    Figure,
    Legend,
    PageBlock,
    Section,
    Table,
    Text,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.read.camps import TABLE_DATES, few_days
from rumbo.report.read.names import cautions, scenario_title
from rumbo.report.read.ranges import Amount, overall, paired, quantiles, relative, spread
from rumbo.report.read.record import marked, measure_title
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import not_simulated, simulated

COMPARED = "zones gates stops transfers waiting deaths days_waited shelter_shortfall".split()
"""Quantities of a corridor of which differences are shown."""

COSTS = (
    "encounters stops transfers moved_again waiting days_waited shelter_shortfall visible_crowd "
    "deaths deaths_recorded kidnappings kidnappings_reported returns_by_transit settled "
    "returned_home"
).split()
"""Quantities of a corridor that stand beside each other as its human cost."""

SURE = 0.9
"""Share of the members that must agree for the direction of a difference to be told."""


def differences(run: Run) -> Section | None:
    """Return the paired differences of the corridor by month and over the whole period."""
    amounts = [_amount(run, key) for key in simulated(run, COMPARED)]
    about = f"{run.words('differences.text')} {run.words('mark.note')}"
    return difference_section(run, about, amounts, _difference_figure)


def cost(run: Run) -> Section:
    """Return the human cost of each scenario of the corridor, beside its flow."""
    amounts = [_amount(run, key) for key in simulated(run, COSTS)]
    about = " ".join(filter(None, [run.words("cost.text"), not_simulated(run, COSTS)]))
    notes = [run.words("cost.note"), *cautions(run, COSTS), run.words("mark.note")]
    return cost_section(run, about, amounts, notes)


def _amount(run: Run, key: str) -> Amount:
    """Return a measure over the period, titled by what that is: a sum or a mean."""
    what = QUANTITIES[key].what
    how = "sum_over" if what == "flow" else "mean_over"
    title = run.words(how, title=run.words(f"measure.{key}"))
    return Amount(marked(run, title, key), overall(run.series(key), what))


def _difference_figure(run: Run, number: int) -> Figure:
    words = run.words
    keys = simulated(run, COMPARED)
    curves = [Curve(measure_title(run, key), run.series(key)) for key in keys]
    marks = [*scenario_marks(run), *legend(words, "wide", "half", "middle").marks]
    names = compared_titles(run, number)
    return Figure(
        f"difference-{number}",
        words("figure.difference", **names),
        f"{words('text.difference', **names)} {speaks(run, number)}",
        [chart for curve in curves for chart in _charts(run, curve, number)],
        Table(
            words.heads("series", "month", *words.ends),
            difference_rows(run, curves, number),
            words("table.difference_months"),
        ),
        [Legend(marks)],
        colour(number),
    )


def _charts(run: Run, curve: Curve, number: int) -> list[Chart]:
    """Return the chart of a quantity in both scenarios, and that of its difference."""
    words = run.words
    rows = [
        row
        for which in (0, number)
        for row in scenario_rows(run, which, curve.values.isel(scenario=which))
    ]
    alt = words("alt.levels", title=curve.title)
    change = Curve(words("difference_of", title=curve.title), change_of(curve.values, number))
    return [
        Chart(LEVELS, {"simulated": rows}, curve.title, alt, size="half"),
        fan(change, words, size="half", colour=colour(number), signed=True),
    ]


def change_of(values: xr.DataArray, number: int) -> xr.DataArray:
    """Return a scenario less the first, member by member."""
    return paired(values.isel(scenario=[0, number])).isel(scenario=0)


def compared_titles(run: Run, number: int) -> dict[str, str]:
    """Return the titles of a scenario and of the first, with which it is compared."""
    return {
        name: scenario_title(run.scenarios[n], run) for name, n in (("other", number), ("first", 0))
    }


def difference_section(
    run: Run, about: str, amounts: Sequence[Amount], figure: Callable[[Run, int], Figure]
) -> Section | None:
    """Return how quantities over the run differ from the first scenario, or None of a single one.

    The figure of a scenario, by its number, shows the differences over time.
    """
    blocks: list[PageBlock] = [Text(about)]
    for number in range(1, len(run.scenarios)):
        told = Text(speaks(run, number), "warning")
        on = [Text(hung, "warning")] if (hung := hangs(run, number)) else []
        blocks += [told, *on, _difference_table(run, amounts, number), figure(run, number)]
    return Section("differences", run.words("part.differences"), blocks) if blocks[1:] else None


def difference_rows(run: Run, curves: Iterable[Curve], number: int) -> list[list[str]]:
    """Return the differences of a scenario: a row for each series and month, or some days."""
    return [
        row
        for curve in curves
        for row in time_rows(
            curve.title,
            few_days(change_of(curve.values, number), TABLE_DATES),
            run.words,
            signed=True,
        )
    ]


def _difference_table(run: Run, amounts: Sequence[Amount], number: int) -> Table:
    """Return the paired differences of a scenario over the whole run."""
    words, names = run.words, compared_titles(run, number)
    if words.ranged:
        heads = words.heads(
            "series", "first", "other", "difference", "half", "middle", "relative", "direction"
        )
        rows = [_difference_row(run, each, number) for each in amounts]
        return Table(heads, rows, words("table.difference", **names))
    ends = ("crisis.head.first_one", "crisis.head.other_one", "crisis.head.difference_one")
    rows = [_single_row(run, each, number) for each in amounts]
    return Table(words.heads("series", *ends), rows, words("crisis.table.differences_one", **names))


def _difference_row(run: Run, amount: Amount, number: int) -> list[str]:
    words, change = run.words, change_of(amount.values, number)
    levels = [spread(amount.values.isel(scenario=n)) for n in (0, number)]
    return [
        amount.title,
        *(words.span(each.low, each.high) for each in levels),
        *words.range_cells(spread(change), signed=True),
        _relative(run, amount.values.isel(scenario=[0, number])),
        _direction(run, change, number),
    ]


def _single_row(run: Run, amount: Amount, number: int) -> list[str]:
    words = run.words
    first, other = (float(amount.values.isel(scenario=n).median()) for n in (0, number))
    return [amount.title, words.count(first), words.count(other), words.signed(other - first)]


def _relative(run: Run, values: xr.DataArray) -> str:
    share = relative(values).isel(scenario=0)
    if bool(np.isnan(share.values).any()):
        return DASH
    low, high = (float(v) for v in quantiles(share).isel(quantile=[0, -1]))
    return f"{run.words.percent(low)} {run.words('to')} {run.words.percent(high)}"


def _direction(run: Run, change: xr.DataArray, number: int) -> str:
    """Return the direction of a difference, never without who speaks for its size."""
    if not bool(change.any()):
        return run.words("direction.none")
    for key, share in (("more", (change > 0).mean()), ("fewer", (change < 0).mean())):
        if float(share) >= SURE:
            return with_speaker(run, number, run.words(f"direction.{key}"))
    return run.words("direction.unclear")


def cost_section(run: Run, about: str, amounts: Sequence[Amount], notes: Sequence[str]) -> Section:
    """Return what movement costs people, a table for each scenario."""
    tables = [_cost_table(run, amounts, number) for number in range(len(run.scenarios))]
    told = [Text(note, "note") for note in notes]
    return Section("cost", run.words("part.cost"), [Text(about), *tables, *told])


def _cost_table(run: Run, amounts: Sequence[Amount], number: int) -> Table:
    words = run.words
    rows = [
        [each.title, *words.range_cells(spread(each.values.isel(scenario=number)))]
        for each in amounts
    ]
    heads = words.heads("series", *words.ends)
    title = scenario_title(run.scenarios[number], run)
    return Table(heads, rows, title, colour=colour(number))
