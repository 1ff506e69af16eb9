"""How series are drawn: Vega-Lite specifications of named data, which the page fills in."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import altair as alt

from rumbo.report.page.parts import Drawing
from rumbo.report.page.style import COLOURS, DASHES, GRID, INK, SOFT, Spec
from rumbo.report.page.words import Words

DAYS = "utcdate(datum.value) == 1 ? utcFormat(datum.value, '%b') : utcFormat(datum.value, '%-d %b')"
"""How an axis of days names its ticks: months where they begin."""

MONTHS = "utcFormat(datum.value, '%b')"
"""How an axis of months names its ticks."""


def finished(*layers: alt.Chart, params: Sequence[alt.Parameter] = (), **looks: Any) -> Spec:
    """Return layers of a chart as plain JSON, as large as its box and in the report's style."""
    chart: Any = alt.layer(*layers).add_params(*params)
    chart = chart.properties(width="container", height="container", **looks)
    spec = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    return {**spec, "config": _config()}


STACKED = {"bottom": {"direction": {"signal": "width < 500 ? 'vertical' : 'horizontal'"}}}
"""Legends below a map stand under each other where they have no room beside each other."""


def _config() -> Spec:
    axis = {"labelColor": SOFT, "gridColor": GRID, "domainColor": "#b9b9b4", "tickColor": "#b9b9b4"}
    return {
        "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 11, "labelPadding": 4},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": SOFT, "layout": STACKED},
    }


TICKS = "width < 220 ? 3 : width < 420 ? 5 : 9"
"""About how many ticks an axis of times has."""

SHORT = "span(domain('x')) < 2.3e10"
MONTH_TICKS = f"{SHORT} ? 'month' : {TICKS}"
"""The same of an axis of months: of fewer than nine, in milliseconds, each has one and no week."""


def _time_axis(named: str, begins: str, ticks: str, **looks: Any) -> alt.X:
    """Return an axis of times on which a year is named where a condition holds."""
    year = f"{begins} ? utcFormat(datum.value, '%Y') : ''"
    axis = alt.Axis(
        labelExpr=f"[{named}, {year}]",
        tickCount={"expr": ticks},
        grid=False,
        labelFlush=False,
        **looks,
    )
    return alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=axis)


FIRST = "datum.index == 0"
JANUARY = "utcmonth(datum.value) == 0"
MONTH_AXIS = _time_axis(MONTHS, f"{JANUARY} || {FIRST}", MONTH_TICKS)
DAY_AXIS = _time_axis(
    DAYS, f"{FIRST} || {JANUARY} && utcdate(datum.value) == 1", TICKS, labelSeparation=9
)


def people_axis(field: str) -> alt.Y:
    """Return the axis of numbers of people."""
    ticks = {"expr": "height < 130 ? 3 : 5"}
    axis = alt.Axis(labelExpr=NUMBER, tickCount=ticks, domain=False)
    return alt.Y(f"{field}:Q", title=None, axis=axis)


NUMBER = "abs(datum.value) >= 1000 ? format(datum.value, ',') : format(datum.value, '~r')"
"""How a tick's number is written."""


class FanLook(NamedTuple):
    """How a fan looks: its axis, how strong its ranges are, and how its reported figures look."""

    axis: alt.X
    wide: float
    half: float
    dot: int
    strength: float
    near: int


BY_MONTH = FanLook(MONTH_AXIS, wide=0.22, half=0.35, dot=26, strength=1, near=160)
BY_DAY = FanLook(DAY_AXIS, wide=0.2, half=0.3, dot=18, strength=0.9, near=120)

HUE = alt.Color("colour:N", scale=None, legend=None)
DASH = alt.StrokeDash("scenario:O", scale={"range": list(DASHES)}, legend=None)


def fan_chart(words: Words, look: FanLook, *, scenarios: bool) -> Spec:
    """Draw a series with its 90 % and 50 % ranges, its middle value and reported figures.

    Rows name a scenario and its colour, or all are of one: then in the chart's colour, with a point
    at each time and bars for the ranges of reported figures.
    """
    paint = alt.param(name="colour", value=COLOURS[0])
    hue: dict[str, Any] = {} if scenarios else {"color": alt.expr("colour")}
    base = alt.Chart(alt.NamedData("simulated")).encode(look.axis)
    base = base.encode(HUE, alt.Detail("scenario:O")) if scenarios else base
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=SOFT).encode(y="zero:Q")
    low, half_low = people_axis("low"), alt.Y("low_half:Q")
    wide = base.mark_area(opacity=look.wide, **hue).encode(low, alt.Y2("high"))
    half = base.mark_area(opacity=look.half, **hue).encode(half_low, alt.Y2("high_half"))
    marks = {} if scenarios else {**hue, "point": {"size": 9, **hue}}
    line = base.mark_line(strokeWidth=1.6, **marks).encode(y="middle:Q")
    line = line.encode(DASH) if scenarios else line
    ranges = [wide, half, line]
    hover = _hover(words, base, *(["title"] if scenarios else []))
    bars, dots, about = _reported(words, look)
    reported = [dots, hover, about] if scenarios else [bars, dots, hover, about]
    dated = [] if scenarios else dated_marks(words)
    return finished(zero, *dated, *ranges, *reported, params=[] if scenarios else [paint])


def _reported(words: Words, look: FanLook) -> list[alt.Chart]:
    """Return the marks of reported figures: their ranges, their values, what is told of them."""
    seen = alt.Chart(alt.NamedData("observed")).encode(alt.X("month:T", scale={"type": "utc"}))
    bars = seen.mark_rule(color=INK, strokeWidth=2.5, opacity=0.75)
    dots = seen.mark_point(filled=True, color=INK, size=look.dot, opacity=look.strength)
    about = seen.mark_point(size=look.near, opacity=0)
    return [
        bars.encode(alt.Y("low:Q"), alt.Y2("high")),
        dots.encode(y="value:Q"),
        about.encode(y="value:Q", tooltip=tips(words, "when", "seen", "who")),
    ]


def levels_chart(words: Words) -> Spec:
    """Draw one series of several scenarios, each with its 90 % range and middle value."""
    base = alt.Chart(alt.NamedData("simulated")).encode(MONTH_AXIS, HUE)
    wide = base.mark_area(opacity=0.2).encode(people_axis("low"), alt.Y2("high"))
    line = base.mark_line(strokeWidth=1.8).encode(DASH, y="middle:Q")
    return finished(*dated_marks(words), wide, line, _hover(words, base, "title"))


def dated_marks(words: Words) -> list[alt.Chart]:
    """Return the marks of first days of policies: a dashed line and a letter over it."""
    marks = alt.Chart(alt.NamedData("marks")).encode(
        alt.X("month:T", scale=alt.Scale(type="utc")), tooltip=tips(words, "name", "dates")
    )
    rules = marks.mark_rule(color=SOFT, strokeDash=[3, 3])
    letters = marks.mark_text(baseline="bottom", dy=-1, fontSize=11, fontWeight=600, color=SOFT)
    return [rules, letters.encode(y=alt.value(0), text="letter:N")]


def _hover(words: Words, base: alt.Chart, *first: str) -> alt.Chart:
    texts = tips(words, *first, "when", "wide", "half", "mid")
    rule: alt.Chart = base.mark_rule(strokeWidth=9, opacity=0)
    return rule.encode(y="low:Q", y2="high", tooltip=texts)


def tips(words: Words, *fields: str, own: dict[str, str] | None = None) -> list[alt.Tooltip]:
    """Return what is told of a mark when it is pointed at; some titles have keys of their own."""
    keys = {name: f"tip.{name}" for name in fields} | (own or {})
    return [alt.Tooltip(f"{name}:N", title=words(keys[name])) for name in fields]


NARROW = 500
"""Pixels of width under which a long name stands on two lines."""


def calendar_chart(words: Words, *, by_day: bool) -> Spec:
    """Draw the levers as bars and events as dots, each under its name."""
    hues = alt.Scale(domain=["modelled", "context"], range=[COLOURS[0], "#8a8a86"])
    row = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0.15))
    kind = alt.Color("kind:N", scale=hues, legend=None)
    texts = tips(words, "name", "dates")
    base = alt.Chart(alt.NamedData("levers")).encode(row)
    along, below = alt.Scale(type="utc", nice=False), alt.expr(f"width < {NARROW} ? 13 : 8")
    first = alt.X("since:T", title=None, scale=along, axis=_calendar_axis(by_day))
    bars = base.mark_bar(height=7, yOffset=below, cornerRadius=3).encode(
        first, alt.X2("until"), color=kind, tooltip=texts
    )
    dots = base.mark_point(filled=True, size=55, yOffset=below, opacity=1)
    dots = dots.encode(first, color=kind, tooltip=texts).transform_filter("datum.event")
    names = base.mark_text(
        align="left",
        baseline="top",
        yOffset=alt.expr(f"width < {NARROW} ? -19 : -15"),
        fontSize=11.5,
        limit=alt.expr("width"),
        lineHeight=13,
        lineBreak="\n",
    ).encode(x=alt.value(0), text="shown:N", tooltip=texts)
    names = names.transform_calculate(shown=f"width < {NARROW} ? datum.lines : datum.name")
    # Nothing to see: it makes the axis span the whole run.
    ends = alt.Chart(alt.NamedData("run")).mark_point(opacity=0).encode(first)
    return finished(bars, dots, names, *([ends] if by_day else []))


def _calendar_axis(by_day: bool) -> alt.Axis:
    named = f"({DAYS})" if by_day else MONTHS
    year = f"{JANUARY} || {FIRST} ? utcFormat(datum.value, ' %Y') : ''"
    ticks = "width < 420 ? 5 : 10"
    return alt.Axis(
        orient="top",
        labelExpr=f"{named} + ({year})",
        tickCount={"expr": ticks if by_day else f"{SHORT} ? 'month' : {ticks}"},
        gridDash=[2, 3],
    )


FAN = Drawing("fan", partial(fan_chart, look=BY_MONTH, scenarios=False))
LEVELS = Drawing("levels", levels_chart)
CROWD = Drawing("crowd", partial(fan_chart, look=BY_DAY, scenarios=True))
CALENDAR = {
    "month": Drawing("calendar", partial(calendar_chart, by_day=False)),
    "day": Drawing("calendar", partial(calendar_chart, by_day=True)),
}
