"""How scores, weights and forecasts are drawn."""

import altair as alt

from rumbo.report.charts.series import HUE, MONTH_AXIS, finished, people_axis, tips
from rumbo.report.page.parts import Drawing
from rumbo.report.page.style import DASHES, INK, SOFT, Spec
from rumbo.report.page.words import Words

APART = 0.9
"""Room beside the marks of one month ahead, in steps between the marks of two models."""

TICKS = "format(datum.value, '.2~f')"


TIPS = {
    "title": "scorecard.tip.model",
    "ahead": "scorecard.tip.ahead",
    "told": "scorecard.tip.told",
    "ninety": "forecast.range_90",
    "eighty": "forecast.range_80",
    "fifty": "forecast.range_50",
}
"""Keys of the words beside what is told of these pages' marks alone."""


def marks_chart(words: Words) -> Spec:
    """Draw a number with its range by month ahead, for one model or two, and a line to meet."""
    base = alt.Chart(alt.NamedData("marks")).encode(
        alt.X("ahead:O", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        alt.XOffset("model:N", scale=alt.Scale(paddingOuter=APART)),
        HUE,
    )
    axis = alt.Axis(labelExpr=TICKS, tickCount=4, domain=False)
    scale = alt.Scale(zero=False, nice=False)
    bars = base.mark_rule(strokeWidth=2).encode(
        alt.Y("low:Q", title=None, axis=axis, scale=scale), alt.Y2("high")
    )
    shape = alt.Shape("model:N", scale=alt.Scale(range=["circle", "diamond"]), legend=None)
    dots = base.mark_point(filled=True, size=34, opacity=1).encode(shape, y="value:Q")
    about = base.mark_rule(strokeWidth=10, opacity=0).encode(
        alt.Y("low:Q"), alt.Y2("high"), tooltip=tips(words, "title", "ahead", "told", own=TIPS)
    )
    line = (
        alt.Chart(alt.NamedData("line"))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(alt.Y("at:Q"))
    )
    # Nothing to see: with it every panel of a figure has the same heights.
    ends = alt.Chart(alt.NamedData("ends")).mark_rule(opacity=0).encode(alt.Y("at:Q"))
    return finished(line, bars, dots, about, ends)


def weights_chart(words: Words) -> Spec:
    """Draw the weight of each member of the stack by origin."""
    base = alt.Chart(alt.NamedData("weights")).encode(MONTH_AXIS, HUE)
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(labelExpr=TICKS, tickCount=3, domain=False)
    high = alt.Y("weight:Q", title=None, scale=scale, axis=axis)
    dash = alt.StrokeDash("model:N", scale=alt.Scale(range=list(DASHES)), legend=None)
    lines = base.mark_line(strokeWidth=1.8).encode(high, dash)
    about = base.mark_point(size=60, opacity=0).encode(
        high, tooltip=tips(words, "title", "when", "told", own=TIPS)
    )
    return finished(lines, about)


def bands_chart(words: Words) -> Spec:
    """Draw a forecast's 90, 80 and 50 % ranges and its middle value after what was published."""
    paint = alt.param(name="colour", value=INK)
    hue = alt.expr(paint.name)
    base = alt.Chart(alt.NamedData("forecast")).encode(MONTH_AXIS)
    bands = [
        base.mark_area(color=hue, opacity=opacity, line=False).encode(
            people_axis(f"low_{cover}"), alt.Y2(f"high_{cover}")
        )
        for cover, opacity in ((90, 0.2), (80, 0.2), (50, 0.3))
    ]
    line = base.mark_line(color=hue, strokeWidth=1.8, point={"size": 16, "color": hue}).encode(
        y="middle:Q"
    )
    hover = base.mark_rule(strokeWidth=12, opacity=0).encode(
        y="low_90:Q",
        y2="high_90",
        tooltip=tips(words, "when", "ninety", "eighty", "fifty", "mid", own=TIPS),
    )
    seen = alt.Chart(alt.NamedData("observed")).encode(MONTH_AXIS)
    past = seen.mark_line(color=SOFT, strokeWidth=1).encode(y="value:Q")
    dots = seen.mark_point(filled=True, color=INK, size=20, opacity=1).encode(
        y="value:Q", tooltip=tips(words, "when", "seen", "who")
    )
    return finished(*bands, line, hover, past, dots, params=[paint])


MARKS = Drawing("marks", marks_chart)
WEIGHTS = Drawing("weights", weights_chart)
BANDS = Drawing("bands", bands_chart)
