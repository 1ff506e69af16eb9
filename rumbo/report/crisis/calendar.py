"""The calendar of closures and of camps that open late."""

from dataclasses import replace

from rumbo.report.corridor.levers import calendar_figure
from rumbo.report.page.parts import Figure, Section, Text, legend, trimmed, with_columns
from rumbo.report.read.run import Run


def levers(run: Run) -> Section:
    """Return the chapter of the calendar, or that nothing is in it."""
    figure = _calendar(run) or Text(run.words("crisis.no_levers"))
    return Section("levers", run.words("crisis.part.levers"), [figure])


def _calendar(run: Run) -> Figure | None:
    words, figure = run.words, calendar_figure(run)
    if not figure.table.rows:
        return None
    alt = words("crisis.alt.calendar", count=len(figure.table.rows))
    ends = {"run": [{"since": day.isoformat()} for day in (run.times[0], run.closing)]}
    table = trimmed(figure.table)
    # Learned shares are one scenario: there is nothing to say of the scenarios a row is in.
    shown = [n for n, head in enumerate(table.heads) if not run.learned or head != words("head.in")]
    return replace(
        figure,
        title=words("crisis.figure.calendar"),
        text=words("learned.text.calendar" if run.learned else "crisis.text.calendar"),
        charts=[replace(chart, alt=alt, data=chart.data | ends) for chart in figure.charts],
        table=replace(with_columns(table, shown), caption=words("crisis.table.calendar")),
        above=[legend(words, "modelled")],
    )
