"""The Vega-Lite specifications of the pages of scores and of the forecast."""

from typing import TYPE_CHECKING

from rumbo.report.charts.series import finished, month_axis, people_axis
from rumbo.report.page.style import DASHES, INK, SOFT, Spec
from rumbo.report.page.words import Words

if TYPE_CHECKING:
    import altair as alt

APART = 0.9
"""Room beside the marks of one month ahead, in steps between the marks of two models."""

TICKS = "format(datum.value, '.2~f')"


def scorecard_specifications(words: Words) -> dict[str, Spec]:
    """Return the specifications of the page of scores, by name."""
    return {"marks": finished(marks_chart(words)), "weights": finished(weights_chart(words))}


def outlook_specifications(words: Words) -> dict[str, Spec]:
    """Return the specifications of the page of a forecast, by name."""
    return {"bands": finished(bands_chart(words))}


def marks_chart(words: Words) -> "alt.LayerChart":
    """Draw a number with its range by month ahead, for one model or two, and a line to meet."""
    import altair as alt

    base = alt.Chart(alt.NamedData("marks")).encode(
        alt.X("ahead:O", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        alt.XOffset("model:N", scale=alt.Scale(paddingOuter=APART)),
        alt.Color("colour:N", scale=None, legend=None),
    )
    axis = alt.Axis(labelExpr=TICKS, tickCount=4, domain=False)
    scale = alt.Scale(zero=False, nice=False)
    bars = base.mark_rule(strokeWidth=2).encode(
        alt.Y("low:Q", title=None, axis=axis, scale=scale), alt.Y2("high")
    )
    shape = alt.Shape("model:N", scale=alt.Scale(range=["circle", "diamond"]), legend=None)
    dots = base.mark_point(filled=True, size=34, opacity=1).encode(shape, y="value:Q")
    about = base.mark_rule(strokeWidth=10, opacity=0).encode(
        alt.Y("low:Q"), alt.Y2("high"), tooltip=tips(words, "title", "ahead", "told")
    )
    line = (
        alt.Chart(alt.NamedData("line"))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(alt.Y("at:Q"))
    )
    # Nothing to see: with it every panel of a figure has the same heights.
    ends = alt.Chart(alt.NamedData("ends")).mark_rule(opacity=0).encode(alt.Y("at:Q"))
    layers = alt.layer(line, bars, dots, about, ends)
    return layers.properties(width="container", height="container")


def weights_chart(words: Words) -> "alt.LayerChart":
    """Draw the weight of each member of the stack by origin."""
    import altair as alt

    base = alt.Chart(alt.NamedData("weights")).encode(
        month_axis(words), alt.Color("colour:N", scale=None, legend=None)
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(labelExpr=TICKS, tickCount=3, domain=False)
    high = alt.Y("weight:Q", title=None, scale=scale, axis=axis)
    dash = alt.StrokeDash("model:N", scale=alt.Scale(range=list(DASHES)), legend=None)
    lines = base.mark_line(strokeWidth=1.8).encode(high, dash)
    about = base.mark_point(size=60, opacity=0).encode(
        high, tooltip=tips(words, "title", "when", "told")
    )
    layers = alt.layer(lines, about)
    return layers.properties(width="container", height="container")


def bands_chart(words: Words) -> "alt.LayerChart":
    """Draw a forecast's 90, 80 and 50 % ranges and its middle value after what was published."""
    import altair as alt

    paint = alt.param(name="colour", value=INK)
    hue = alt.expr(paint.name)
    base = alt.Chart(alt.NamedData("forecast")).encode(month_axis(words))
    bands = [
        base.mark_area(color=hue, opacity=opacity, line=False).encode(
            people_axis(words, f"low_{cover}"), alt.Y2(f"high_{cover}")
        )
        for cover, opacity in ((90, 0.2), (80, 0.2), (50, 0.3))
    ]
    line = base.mark_line(color=hue, strokeWidth=1.8, point={"size": 16, "color": hue}).encode(
        y="middle:Q"
    )
    hover = base.mark_rule(strokeWidth=12, opacity=0).encode(
        y="low_90:Q", y2="high_90", tooltip=tips(words, "when", "ninety", "eighty", "fifty", "mid")
    )
    seen = alt.Chart(alt.NamedData("observed")).encode(month_axis(words))
    past = seen.mark_line(color=SOFT, strokeWidth=1).encode(y="value:Q")
    dots = seen.mark_point(filled=True, color=INK, size=20, opacity=1).encode(
        y="value:Q", tooltip=tips(words, "when", "seen", "who")
    )
    layers = alt.layer(*bands, line, hover, past, dots)
    return layers.add_params(paint).properties(width="container", height="container")


def tips(words: Words, *fields: str) -> "list[alt.Tooltip]":
    """Return what is told of a mark when it is pointed at."""
    import altair as alt

    return [alt.Tooltip(f"{name}:N", title=words(TIPS[name])) for name in fields]


TIPS = {
    "title": "scorecard.tip.model",
    "ahead": "scorecard.tip.ahead",
    "told": "scorecard.tip.told",
    "ninety": "outlook.range_90",
    "eighty": "outlook.range_80",
    "fifty": "outlook.range_50",
    **{name: f"tip.{name}" for name in ("when", "mid", "seen", "who")},
}
"""Keys of the words beside what is told."""
