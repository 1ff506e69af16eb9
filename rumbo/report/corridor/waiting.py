"""Where people wait: simulated against what was reported, with those who reported it."""

from rumbo.report.charts.rows import Line, fan, month_table, observed_text
from rumbo.report.page.parts import DASH, Figure, Table
from rumbo.report.read.names import place_name
from rumbo.report.read.run import Run

FIRST = ("tapachula", "mexico_city")
SHOWN = 12
"""Most places drawn."""


def northern(run: Run) -> list[str]:
    """Return the Mexican places beside a US sector."""
    return [
        name
        for name, place in run.places.items()
        if place.get("country") == "MX" and place.get("sector") not in (None, "")
        and place.get("kind") not in ("us_sector", "port_of_entry")
    ]  # fmt: skip


def waiting_lines(run: Run) -> list[Line]:
    """Return the waiting in Mexico, in its northern border cities, and place by place."""
    words = run.words
    none = run.observed("waiting").iloc[:0]
    lines = [Line(words("measure.waiting"), run.series("waiting").isel(scenario=0), none)]
    north = northern(run)
    if north:
        values = run.series("waiting", place=north).isel(scenario=0)
        lines.append(Line(words("waiting.north"), values, none))
    return lines + [_place_line(run, name) for name in _shown_places(run)]


def _place_line(run: Run, name: str) -> Line:
    values = run.series("waiting", place=name).isel(scenario=0)
    title = place_name(run.places[name], run.words)
    return Line(title, values, run.observed("waiting", area=name))


def _shown_places(run: Run) -> list[str]:
    """Return Tapachula and Mexico City, places with reports, then those with most people."""
    mean = run.sums("waiting", "place").isel(scenario=0).mean(("member", "month"))
    size = dict(zip(map(str, mean["place"].values), mean.values.tolist(), strict=True))
    reported = [name for name in size if len(run.observed("waiting", area=name))]
    mexican = [name for name in size if run.places[name].get("country") == "MX"]
    largest = sorted(mexican, key=lambda name: -size[name])
    ordered = dict.fromkeys([n for n in FIRST if n in size] + reported + largest)
    return list(ordered)[: max(SHOWN, len(reported))]


def waiting_figure(run: Run) -> Figure:
    """Return the figure of where people wait."""
    lines = waiting_lines(run)
    charts = [
        fan(each, run.words, size="wide" if n < 2 else "small") for n, each in enumerate(lines)
    ]
    text = run.words("text.waiting")
    return Figure(
        "waiting", run.words("figure.waiting"), text, charts, month_table(lines, run.words),
        ("wide", "half", "middle", "reported"),
    )  # fmt: skip


def reported_table(run: Run) -> Table:
    """Return the reported estimates of people waiting and who made them."""
    words, places = run.words, run.places
    heads = (
        "head.place",
        "head.month",
        "head.reported",
        "head.simulated",
        "head.who",
        "head.quality",
    )
    rows = []
    for each in waiting_lines(run):
        for row in each.observed.itertuples():
            month = each.values.sel(month=row.month).quantile([0.05, 0.95], "member")
            simulated = words.span(*map(float, month.values))
            quality = words.maybe(f"quality.{row.quality}", row.quality)
            place = place_name(places[row.area], words)
            who = row.publisher or DASH
            when = words.month(row.month, short=True)
            rows.append([place, when, observed_text(row, words), simulated, who, quality])
    return Table([words(head) for head in heads], rows, words("table.reported"), wrap=True)
