"""Where people wait: simulated against what was reported, with those who reported it."""

from collections.abc import Sequence

from rumbo.report.charts.policies import policy_marks, policy_rows
from rumbo.report.charts.rows import Curve, fan, month_table, observed_text, publishers
from rumbo.report.page.parts import (
    DASH,
    Figure,
    Fold,
    Legend,
    PageBlock,
    Section,
    Table,
    Text,
    legend,
)
from rumbo.report.page.words import Words, text
from rumbo.report.read.names import place_name, publisher_name
from rumbo.report.read.ranges import spread
from rumbo.report.read.record import fails, marked, measure_title
from rumbo.report.read.run import Run

SHOWN = 12
"""Most places drawn."""

FIRST = 4
"""Places shown before a fold where none is told first."""


def waiting(run: Run) -> Section:
    """Return where people wait, and the reported estimates with who made them."""
    words, places = run.words, _shown_places(run)
    totals, curves = _totals(run), {name: _place_curve(run, name) for name in places}
    first = _having(run, "told_first") or places[:FIRST]
    told = [*totals, *(curves.pop(name) for name in first if name in curves)]
    others = [*curves.values()]
    reported = _reported_table(run, [*told, *others])
    blocks: list[PageBlock] = [_figure(run, "waiting", told, len(totals))]
    if others:
        blocks.append(Fold(words("waiting.more"), [_figure(run, "waiting_more", others)]))
    if reported.rows:
        told_by: list[PageBlock] = [Text(words("reported.text")), reported]
        blocks.append(Fold(words("reported.title"), told_by))
    blocks.append(Text(words("mark.note"), "note"))
    return Section("waiting", words("part.waiting"), blocks)


def _having(run: Run, role: str) -> list[str]:
    """Return the places that have a role, in the order of their table."""
    every = run.places.items()
    return [name for name, place in every if role in text(place.get("roles")).split(";")]


def _totals(run: Run) -> list[Curve]:
    """Return the waiting on the way, and where its crowd is visible."""
    title, weak = measure_title(run, "waiting"), fails(run, "waiting")
    curves = [Curve(title, run.series("waiting").isel(scenario=0), weak=weak)]
    visible = _having(run, "visible_crowd")
    if visible:
        values = run.series("waiting", place=visible).isel(scenario=0)
        curves.append(Curve(run.words("waiting.visible_crowd"), values))
    return curves


def _place_curve(run: Run, name: str) -> Curve:
    values = run.series("waiting", place=name).isel(scenario=0)
    title = marked(run, place_name(run.places[name], run.words), "waiting", place=name)
    weak = fails(run, "waiting", place=name)
    return Curve(title, values, run.observed("waiting", area=name), weak)


def _shown_places(run: Run) -> list[str]:
    """Return places told first, places with reports, then those with most people waiting."""
    mean = run.sums("waiting", "place").isel(scenario=0).mean(("member", "month"))
    size = dict(zip(map(str, mean["place"].values), mean.values.tolist(), strict=True))
    reported = [name for name in size if len(run.observed("waiting", area=name))]
    largest = sorted(filter(run.waits_in, size), key=lambda name: -size[name])
    ordered = dict.fromkeys(_having(run, "told_first") + reported + largest)
    return list(ordered)[: max(SHOWN, len(reported))]


def _figure(run: Run, name: str, curves: Sequence[Curve], wide: int = 0) -> Figure:
    """Return series as a figure, the first few of them wide."""
    words, marks = run.words, policy_rows(run)
    shown = legend(words, "wide", "half", "middle", "reported").marks
    charts = [
        fan(one, words, size="wide" if n < wide else "small", marks=marks)
        for n, one in enumerate(curves)
    ]
    return Figure(
        name,
        words(f"figure.{name}"),
        words(f"text.{name}"),
        charts,
        month_table(curves, words),
        [Legend([*shown, *policy_marks(run)])],
        source=publishers(curves, words),
    )


def _reported_table(run: Run, curves: Sequence[Curve]) -> Table:
    """Return the reported estimates of people waiting and who made them."""
    words = run.words
    rows = [
        [
            place_name(run.places[row.area], words),
            words.month(row.month, short=True),
            observed_text(row, words),
            _simulated(curve, row.month, words),
            publisher_name(row.publisher, words) or DASH,
            words.maybe(f"quality.{row.quality}", row.quality),
        ]
        for curve in curves
        for row in curve.observed.itertuples()
    ]
    heads = words.heads("place", "month", "reported", "simulated", "who", "quality")
    return Table(heads, rows, words("table.reported"), wrap=True)


def _simulated(curve: Curve, month: object, words: Words) -> str:
    ends = spread(curve.values.sel(month=month))
    return words.span(ends.low, ends.high)
