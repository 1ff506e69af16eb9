"""What displacement costs people, beside where they arrive, and how scenarios differ in it."""

from rumbo.report.charts.rows import Curve, scenario_rows
from rumbo.report.corridor.differences import (
    compared_titles,
    cost_section,
    difference_rows,
    difference_section,
    difference_title,
)
from rumbo.report.corridor.speaks import speaks
from rumbo.report.crisis.camps import camp_curves, crowd_chart
from rumbo.report.page.parts import Chart, Figure, PageBlock, Section, Table, legend
from rumbo.report.page.style import colour
from rumbo.report.read.camps import (
    MOST_DATES,
    MOST_PANELS,
    amounts,
    camp_ids,
    entries,
    few_days,
    peaks,
    present,
)
from rumbo.report.read.contrast import Contrast
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import Amount
from rumbo.report.read.run import Run


def cost(run: Run) -> Section:
    """Return, for each scenario, where people are and what it costs them."""
    new = Amount(run.words("crisis.entries"), entries(run))
    quantities = [new, *amounts(run), *peaks(run)]
    return cost_section(run, run.words("crisis.cost"), quantities, [run.words("crisis.cost.note")])


def differences(run: Run) -> Section | None:
    """Return the paired differences of displacement by day and over the whole run."""
    words = run.words
    about = words("differences.text" if words.ranged else "crisis.differences_one")
    means = [_camp_mean(run, camp) for camp in camp_ids(run)]
    return difference_section(run, about, [*amounts(run), *means], _difference_figure)


def _camp_mean(run: Run, camp: str) -> Amount:
    title = run.words("crisis.camp_mean", camp=place_name(run.places[camp], run.words))
    return Amount(title, present(run, [camp]).mean("day"))


def _difference_figure(run: Run, asked: Contrast) -> list[PageBlock]:
    """Return the paired differences of a contrast by day, camp by camp."""
    words, curves = run.words, camp_curves(run)
    names, number = compared_titles(run, asked), asked.number
    heads = words.heads("crisis.head.camp", "crisis.head.day", *words.ends)
    key = "crisis.text.differences" if words.ranged else "crisis.text.differences_one"
    figure = Figure(
        f"difference-{number}",
        words("crisis.figure.differences", what=names["with"]),
        f"{words(key)} {speaks(run, number)}",
        [
            _chart(run, curve, asked, "half" if n < 2 else "small")
            for n, curve in enumerate(curves[: 2 + MOST_PANELS])
        ],
        Table(heads, difference_rows(run, curves, asked), words("crisis.table.differences")),
        [legend(words, *(("wide", "half", "middle") if words.ranged else ("single",)))],
        colour(number),
    )
    return [figure]


def _chart(run: Run, curve: Curve, asked: Contrast, size: str) -> Chart:
    number = asked.number
    change = Curve(difference_title(run, curve, asked), asked.of(curve.values))
    few = few_days(change.values, MOST_DATES)
    # One line alone is drawn, so it is the first: without dashes.
    rows = [{**row, "scenario": 0} for row in scenario_rows(run, number, few, signed=True)]
    return crowd_chart(run, change, rows, change.values.isel(day=-1), size)
