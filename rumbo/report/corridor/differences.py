"""With and without: paired differences between scenarios, and the human cost of each."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.rows import Line, describe, fan_rows, ranges
from rumbo.report.page.parts import Chart, Figure, Row, Table
from rumbo.report.page.style import colour
from rumbo.report.page.words import text
from rumbo.report.read.names import (
    group_title,
    lever_title,
    scenario_record,
    scenario_title,
    selector_title,
)
from rumbo.report.read.ranges import overall, paired, quantiles, relative, spread
from rumbo.report.read.run import QUANTITIES, Run

DIFFERENCES = (
    "usbp", "ofo", "mexico", "transfers", "waiting", "deaths", "days_waited", "shelter_shortfall",
)  # fmt: skip

COSTS = (
    "encounters", "mexico", "transfers", "moved_again", "waiting", "days_waited",
    "shelter_shortfall", "visible_crowd", "deaths", "deaths_recorded", "kidnappings",
    "kidnappings_reported",
    "mexico_returns", "settled", "returned_home",
)  # fmt: skip

SURE = 0.9


class ScenarioNote(NamedTuple):
    """What a reader is told of a scenario: its name, title, colour and assumptions."""

    name: str
    title: str
    colour: str
    assumptions: list[str]


def scenario_notes(run: Run) -> list[ScenarioNote]:
    """Return what each scenario assumes."""
    return [
        ScenarioNote(name, scenario_title(name, run), colour(n), _assumptions(name, run))
        for n, name in enumerate(run.scenarios)
    ]


def _assumptions(name: str, run: Run) -> list[str]:
    record, words = scenario_record(name, run), run.words
    left_out = record.get("without") or []
    told = [words("assume.without", what=lever_title(each, run)) for each in left_out]
    return told + [_change(change, run) for change in record.get("changes") or []]


def _change(change: Row, run: Run) -> str:
    words = run.words
    since, until = words.day(change.get("since")), words.day(change.get("until"))
    return words(
        "assume.change",
        parameter=text(change.get("parameter")),
        value=words.value(change.get("value")),
        at=selector_title(change.get("at"), run),
        group=group_title(change.get("group"), run),
        since=since or words("run_start"),
        until=until or words("run_end"),
        source=text(change.get("source")) or words("assumed"),
    )


def difference_figures(run: Run) -> list[Figure]:
    """Return, for every scenario after the first, its levels and paired differences by month."""
    return [_difference_figure(run, n) for n in range(1, len(run.scenarios))]


def _difference_figure(run: Run, number: int) -> Figure:
    words = run.words
    other, first = (scenario_title(run.scenarios[n], run) for n in (number, 0))
    charts, rows = [], []
    for key in DIFFERENCES:
        values = run.series(key).isel(scenario=[0, number])
        difference = paired(values).isel(scenario=0)
        charts += [_levels(run, key, values, number), _difference(run, key, difference, number)]
        rows += _month_rows(run, key, difference)
    heads = ("head.series", "head.month", "head.wide", "head.half", "head.middle")
    table = Table([words(head) for head in heads], rows, words("table.difference_months"))
    title = words("figure.difference", other=other, first=first)
    told = words("text.difference", other=other, first=first)
    legend = ("difference", "wide", "half", "middle")
    return Figure(f"difference-{number}", title, told, charts, table, legend, colour(number))


def _levels(run: Run, key: str, values: xr.DataArray, number: int) -> Chart:
    words = run.words
    rows: list[Row] = []
    for place, which in enumerate((0, number)):
        title = scenario_title(run.scenarios[which], run)
        about = {"scenario": which, "colour": colour(which), "title": title}
        rows += [{**row, **about} for row in fan_rows(values.isel(scenario=place), words)]
    title = words(f"measure.{key}")
    return Chart(
        "levels", {"simulated": rows}, title, words("alt.levels", title=title), size="half"
    )


def _difference(run: Run, key: str, values: xr.DataArray, number: int) -> Chart:
    words = run.words
    title = words("difference_of", title=words(f"measure.{key}"))
    data = {
        "simulated": fan_rows(values, words, signed=True),
        "observed": [],
        "zero": [{"zero": 0}],
    }
    line = Line(title, values, pd.DataFrame())
    alt = describe(line, words, signed=True)
    return Chart("fan", data, title, alt, colour(number), "half")


def _month_rows(run: Run, key: str, values: xr.DataArray) -> list[list[str]]:
    words = run.words
    return [
        [
            words(f"measure.{key}"),
            words.month(at, short=True),
            words.span(ends.low, ends.high, signed=True),
            words.span(ends.low_half, ends.high_half, signed=True),
            words.signed(ends.middle),
        ]
        for at, ends in ranges(values)
    ]


def difference_table(run: Run, number: int) -> Table:
    """Return the paired differences of a scenario over the whole period."""
    named = [
        (_named(run, key), overall(run.series(key), QUANTITIES[key].what)) for key in DIFFERENCES
    ]
    return compared_table(run, named, number)


def compared_table(run: Run, named: Iterable[tuple[str, xr.DataArray]], number: int) -> Table:
    """Return the paired differences of a scenario.

    Parameters
    ----------
    run
        The run.
    named
        Titles, each with a number per scenario and member.
    number
        Number of the scenario that is compared with the first.

    Returns
    -------
    Table
    """
    words = run.words
    heads = ("head.series", "head.first", "head.other", "head.difference", "head.half",
             "head.middle", "head.relative", "head.direction")  # fmt: skip
    rows = [
        _difference_row(run, title, values.isel(scenario=[0, number])) for title, values in named
    ]
    other, first = (scenario_title(run.scenarios[n], run) for n in (number, 0))
    caption = words("table.difference", other=other, first=first)
    return Table([words(head) for head in heads], rows, caption)


def _difference_row(run: Run, title: str, values: xr.DataArray) -> list[str]:
    words = run.words
    change = spread(paired(values).isel(scenario=0))
    levels = [spread(values.isel(scenario=n)) for n in (0, 1)]
    return [
        title,
        *(words.span(each.low, each.high) for each in levels),
        words.span(change.low, change.high, signed=True),
        words.span(change.low_half, change.high_half, signed=True),
        words.signed(change.middle),
        _relative(run, values),
        _direction(run, paired(values).isel(scenario=0)),
    ]


def _named(run: Run, key: str) -> str:
    """Return a measure with what its figure over the period is: a sum or a mean."""
    how = "sum_over" if QUANTITIES[key].what == "flow" else "mean_over"
    return run.words(how, title=run.words(f"measure.{key}"))


def _relative(run: Run, values: xr.DataArray) -> str:
    share = relative(values).isel(scenario=0)
    if bool(np.isnan(share.values).any()):
        return "\u2013"
    low, high = (float(v) for v in quantiles(share).isel(quantile=[0, -1]))
    return f"{run.words.percent(low)} {run.words('to')} {run.words.percent(high)}"


def _direction(run: Run, change: xr.DataArray) -> str:
    if not bool(change.any()):
        return run.words("direction.none")
    for key, share in (("more", (change > 0).mean()), ("fewer", (change < 0).mean())):
        if float(share) >= SURE:
            return run.words(f"direction.{key}")
    return run.words("direction.unclear")


def cost_tables(run: Run) -> list[Table]:
    """Return the human cost of each scenario, beside its flow."""
    return [_cost_table(run, number) for number in range(len(run.scenarios))]


def _cost_table(run: Run, number: int) -> Table:
    words = run.words
    heads = ("head.series", "head.wide", "head.half", "head.middle")
    rows = [_cost_row(run, key, number) for key in COSTS]
    return Table([words(head) for head in heads], rows, scenario_title(run.scenarios[number], run))


def _cost_row(run: Run, key: str, number: int) -> Sequence[str]:
    values = run.series(key).isel(scenario=number)
    ends = spread(overall(values, QUANTITIES[key].what))
    words = run.words
    wide, half = words.span(ends.low, ends.high), words.span(ends.low_half, ends.high_half)
    return [_named(run, key), wide, half, words.count(ends.middle)]
