"""With and without: paired differences between scenarios, and the human cost of each."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import xarray as xr

from rumbo.report.charts.policies import policy_marks, policy_rows
from rumbo.report.charts.rows import Curve, fan, scenario_rows, time_rows
from rumbo.report.charts.series import LEVELS
from rumbo.report.corridor.hangs import hangs
from rumbo.report.corridor.scenarios import scenario_marks
from rumbo.report.corridor.speaks import speaker, speaks
from rumbo.report.page.parts import (
    DASH,
    Chart,
    Figure,
    Fold,
    Heading,
    Legend,
    PageBlock,
    Section,
    Table,
    Text,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.read.beds import comparable, uncompared
from rumbo.report.read.camps import TABLE_DATES, few_days
from rumbo.report.read.contrast import (
    Contrast,
    against,
    contrasts,
    signs,
    signs_text,
    with_it,
)
from rumbo.report.read.names import cautions, period_of, scenario_title
from rumbo.report.read.ranges import Amount, overall, quantiles, spread
from rumbo.report.read.record import fails, marked, measure_title
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


def differences(run: Run) -> Section | None:
    """Return the paired differences of the corridor by month and over the whole period."""
    amounts = [amount_of(run, key) for key in comparable(run, simulated(run, COMPARED))]
    told = run.words("differences.text"), *uncompared(run), run.words("mark.note")
    about = " ".join(told)
    return difference_section(run, about, amounts, _difference_figures)


def cost(run: Run) -> Section:
    """Return the human cost of each scenario of the corridor, beside its flow."""
    amounts = [amount_of(run, key) for key in simulated(run, COSTS)]
    about = " ".join(filter(None, [run.words("cost.text"), not_simulated(run, COSTS)]))
    notes = [run.words("cost.note"), *uncompared(run), *cautions(run, COSTS)]
    notes += [run.words("mark.note")]
    return cost_section(run, about, amounts, notes)


def amount_of(run: Run, key: str) -> Amount:
    """Return a measure over the period, titled by what that is: a sum or a mean."""
    what = QUANTITIES[key].what
    how = "sum_over" if what == "flow" else "mean_over"
    title = run.words(how, title=run.words(f"measure.{key}"))
    return Amount(marked(run, title, key), overall(run.series(key), what), fails(run, key))


def _difference_figures(run: Run, asked: Contrast) -> list[PageBlock]:
    """Return the figure of what is asked about, and those of other measures behind a title."""
    first, *others = [
        Curve(measure_title(run, key), run.series(key), weak=fails(run, key))
        for key in comparable(run, simulated(run, COMPARED))
    ]
    blocks: list[PageBlock] = [_difference_figure(run, asked, [first], "difference")]
    if others:
        more = _difference_figure(run, asked, others, "difference-more")
        blocks.append(Fold(run.words("difference.more"), [more]))
    return blocks


def _difference_figure(run: Run, asked: Contrast, curves: Sequence[Curve], name: str) -> Figure:
    words, names = run.words, compared_titles(run, asked)
    marks = [*scenario_marks(run), *legend(words, "wide", "half", "middle").marks]
    return Figure(
        f"{name}-{asked.number}",
        words("figure.difference", what=names["with"]),
        f"{words('text.difference')} {speaks(run, asked.number)}",
        [chart for curve in curves for chart in _charts(run, curve, asked)],
        Table(
            words.heads("series", "month", *words.ends),
            difference_rows(run, curves, asked),
            words("table.difference_months"),
        ),
        [Legend([*marks, *policy_marks(run)])],
        colour(asked.number),
    )


def _charts(run: Run, curve: Curve, asked: Contrast) -> list[Chart]:
    """Return the chart of a quantity in both scenarios, and that of its difference."""
    words, marks = run.words, policy_rows(run)
    rows = [
        row
        for which in (0, asked.number)
        for row in scenario_rows(run, which, curve.values.isel(scenario=which))
    ]
    data, alt = {"simulated": rows, "marks": marks}, words("alt.levels", title=curve.title)
    title = difference_title(run, curve, asked)
    change, hue = Curve(title, asked.of(curve.values), weak=curve.weak), colour(asked.number)
    return [
        Chart(LEVELS, data, curve.title, alt, size="half", weak=curve.weak),
        fan(change, words, size="half", colour=hue, signed=True, marks=marks),
    ]


def compared_titles(run: Run, asked: Contrast) -> dict[str, str]:
    """Return what is compared: with what is asked about, and against what."""
    return {"with": with_it(run, asked), "against": against(run, asked)}


def difference_section(
    run: Run,
    about: str,
    amounts: Sequence[Amount],
    drawn: Callable[[Run, Contrast], Sequence[PageBlock]],
) -> Section | None:
    """Return how quantities over the run differ from the first scenario, or None of a single one.

    What is drawn of a contrast shows the differences over time.
    """
    blocks: list[PageBlock] = [Text(about)]
    for asked in contrasts(run):
        told = Text(speaks(run, asked.number), "warning")
        on = [Text(hung, "warning")] if (hung := hangs(run, asked.number)) else []
        table = _difference_table(run, amounts, asked)
        blocks += [Heading(with_it(run, asked)), told, *on, table, *drawn(run, asked)]
    return Section("differences", run.words("part.differences"), blocks) if blocks[1:] else None


def difference_rows(run: Run, curves: Iterable[Curve], asked: Contrast) -> list[list[str]]:
    """Return the differences of a contrast: a row for each series and month, or some days."""
    return [
        row
        for curve in curves
        for row in time_rows(
            difference_title(run, curve, asked),
            few_days(asked.of(curve.values), TABLE_DATES),
            run.words,
            signed=True,
        )
    ]


def difference_title(run: Run, curve: Curve, asked: Contrast) -> str:
    """Return the title of the difference of a series, with who speaks for its size."""
    who = speaker(run, asked.number).label
    return run.words("difference_of", title=curve.title, who=who)


def _difference_table(run: Run, amounts: Sequence[Amount], asked: Contrast) -> Table:
    """Return the paired differences of a contrast over the whole run, with who speaks."""
    words, names = run.words, compared_titles(run, asked)
    if words.ranged:
        ends = words.heads("difference", "half", "middle", "relative", "signs", "speaks")
        both = words.heads("having", "lacking")
        period = period_of(run, run.times)
        title, row = words("table.difference", period=period, **names), _difference_row
    else:
        ends = words.heads("crisis.head.difference_one", "speaks")
        both = words.heads("crisis.head.having_one", "crisis.head.lacking_one")
        title, row = words("crisis.table.differences_one", **names), _single_row
    rows = [row(run, each, asked) for each in amounts]
    weak = [number for number, each in enumerate(amounts) if each.weak]
    return Table([words("head.series"), *ends, *both], rows, title, lead=1, weak=weak)


def _difference_row(run: Run, amount: Amount, asked: Contrast) -> list[str]:
    words, change = run.words, asked.of(amount.values)
    both = asked.having, asked.lacking
    levels = [spread(amount.values.isel(scenario=n)) for n in both]
    return [
        amount.title,
        *words.range_cells(spread(change), signed=True),
        _relative(run, change, amount.values.isel(scenario=asked.lacking, drop=True)),
        signs_text(words, signs(change)),
        speaker(run, asked.number).label,
        *(words.span(each.low, each.high) for each in levels),
    ]


def _single_row(run: Run, amount: Amount, asked: Contrast) -> list[str]:
    words, both = run.words, (asked.having, asked.lacking)
    having, lacking = (float(amount.values.isel(scenario=n).median()) for n in both)
    who = speaker(run, asked.number).label
    counts = words.count(having), words.count(lacking)
    return [amount.title, words.signed(having - lacking), who, *counts]


def _relative(run: Run, change: xr.DataArray, base: xr.DataArray) -> str:
    """Return a difference over what there is without it, in per cent."""
    share = change / base.where(base != 0)
    if bool(np.isnan(share.values).any()):
        return DASH
    ends = [float(v) for v in quantiles(share).isel(quantile=[0, -1])]
    near, far = sorted(map(abs, ends))
    decimals = 1 if far < 0.1 or near < 0.01 else 0  # so that no sign is lost
    return f" {run.words('to')} ".join(run.words.percent(end, decimals) for end in ends)


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
    weak = [n for n, each in enumerate(amounts) if each.weak]
    return Table(heads, rows, title, colour=colour(number), weak=weak)
