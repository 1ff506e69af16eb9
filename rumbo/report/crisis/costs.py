"""What displacement costs people, beside where they arrive, and how scenarios differ in it."""

from collections.abc import Sequence

from rumbo.report.charts.rows import fan_rows, range_cells, range_heads, range_text, ranges
from rumbo.report.corridor.differences import compared_table
from rumbo.report.crisis.camps import Panel, panels, whole_day
from rumbo.report.page.parts import Chart, Figure, Table
from rumbo.report.page.style import colour
from rumbo.report.read.camps import (
    MOST_DATES,
    MOST_PANELS,
    TABLE_DATES,
    Amount,
    amounts,
    camps,
    entries,
    peaks,
    present,
    thinned,
)
from rumbo.report.read.names import place_name, scenario_title
from rumbo.report.read.ranges import paired, spread
from rumbo.report.read.run import Run


def cost_tables(run: Run) -> list[Table]:
    """Return, for each scenario, where people are and what it costs them."""
    return [_cost_table(run, number) for number in range(len(run.scenarios))]


def _cost_table(run: Run, number: int) -> Table:
    words = run.words
    heads = [words("head.series"), *range_heads(words)]
    new = Amount(words("crisis.entries"), entries(run))
    shown = [new, *amounts(run), *peaks(run)]
    rows = [
        [each.title, *range_cells(spread(each.values.isel(scenario=number)), words)]
        for each in shown
    ]
    return Table(heads, rows, scenario_title(run.scenarios[number], run))


def difference_tables(run: Run) -> list[Table]:
    """Return the paired differences of every later scenario over the whole run."""
    return [_difference_table(run, number) for number in range(1, len(run.scenarios))]


def _compared(run: Run) -> list[Amount]:
    words = run.words
    named = [(camp, place_name(run.places[camp], words)) for camp in camps(run)]
    mean = [
        Amount(words("crisis.camp_mean", camp=name), present(run, [camp]).mean("day"))
        for camp, name in named
    ]
    return [*amounts(run), *mean]


def _difference_table(run: Run, number: int) -> Table:
    words, shown = run.words, _compared(run)
    if words.ranged:
        return compared_table(run, [(each.title, each.values) for each in shown], number)
    keys = ("head.series", "crisis.head.first_one", "crisis.head.other_one",
            "crisis.head.difference_one")  # fmt: skip
    rows = []
    for each in shown:
        first, other = (float(each.values.isel(scenario=n).median()) for n in (0, number))
        rows.append(
            [each.title, words.count(first), words.count(other), words.signed(other - first)]
        )
    other_title, first_title = (scenario_title(run.scenarios[n], run) for n in (number, 0))
    caption = words("crisis.table.differences_one", other=other_title, first=first_title)
    return Table([words(key) for key in keys], rows, caption)


def difference_figures(run: Run) -> list[Figure]:
    """Return, for every later scenario, its paired differences by day, camp by camp."""
    found = panels(run) if len(run.scenarios) > 1 else []
    return [_difference_figure(run, found, n) for n in range(1, len(run.scenarios))]


def _difference_figure(run: Run, found: Sequence[Panel], number: int) -> Figure:
    words = run.words
    other, first = (scenario_title(run.scenarios[n], run) for n in (number, 0))
    charts = [
        _chart(run, each, number, "half" if n < 2 else "small")
        for n, each in enumerate(found[: 2 + MOST_PANELS])
    ]
    rows = [row for each in found for row in _rows(run, each, number)]
    heads = [words("crisis.head.camp"), words("crisis.head.day"), *range_heads(words)]
    key = "crisis.text.differences" if words.ranged else "crisis.text.differences_one"
    return Figure(
        f"difference-{number}",
        words("crisis.figure.differences", other=other),
        words(key, other=other, first=first),
        charts,
        Table(heads, rows, words("crisis.table.differences")),
        ("wide", "half", "middle") if words.ranged else ("single",),
        colour(number),
    )


def _chart(run: Run, panel: Panel, number: int, size: str) -> Chart:
    words = run.words
    title = words("difference_of", title=panel.title)
    difference = paired(panel.values.isel(scenario=[0, number])).isel(scenario=0)
    few = difference.isel(day=thinned(difference.sizes["day"], MOST_DATES))
    about = {
        "scenario": 0, "colour": colour(number),
        "title": scenario_title(run.scenarios[number], run),
    }  # fmt: skip
    rows = [{**row, **about} for row in fan_rows(few, words, signed=True)]
    data = {"simulated": rows, "observed": [], "zero": [{"zero": 0}]}
    return Chart("crowd", data, title, _alt(run, panel, title, number), size=size)


def _alt(run: Run, panel: Panel, title: str, number: int) -> str:
    words = run.words
    difference = paired(panel.values.isel(scenario=[0, number], day=-1)).isel(scenario=0)
    first, last = (words.time(run.times[n], "day") for n in (0, -1))
    told = range_text(spread(difference), words)
    return words("crisis.alt.panel", title=title, first=first, last=last, range=told, count=0)


def _rows(run: Run, panel: Panel, number: int) -> list[list[str]]:
    words = run.words
    difference = paired(panel.values.isel(scenario=[0, number])).isel(scenario=0)
    few = difference.isel(day=thinned(difference.sizes["day"], TABLE_DATES))
    return [
        [panel.title, whole_day(at, words), *range_cells(ends, words, signed=True)]
        for at, ends in ranges(few)
    ]
