"""How months ahead of a day are drawn: ranges after what was known, and what came."""

import altair as alt

from rumbo.report.charts.series import MONTH_AXIS, finished, people_axis, tips
from rumbo.report.page.parts import Drawing
from rumbo.report.page.style import INK, SOFT, Spec
from rumbo.report.page.words import Words

TIPS = {"ninety": "forecast.range_90", "fifty": "forecast.range_50", "came": "outlook.came"}
"""Keys of the words beside what is told of marks."""


def ahead_chart(words: Words) -> Spec:
    """Draw 90 and 50 % ranges and the middle after what was known, and rings for what came."""
    paint = alt.param(name="colour", value=INK)
    hue = alt.expr(paint.name)
    base = alt.Chart(alt.NamedData("ahead")).encode(MONTH_AXIS)
    bands = [
        base.mark_area(color=hue, opacity=opacity, line=False).encode(
            people_axis(f"low_{cover}"), alt.Y2(f"high_{cover}")
        )
        for cover, opacity in ((90, 0.22), (50, 0.36))
    ]
    line = base.mark_line(color=hue, strokeWidth=1.8, point={"size": 16, "color": hue}).encode(
        y="middle:Q"
    )
    hover = base.mark_rule(strokeWidth=12, opacity=0).encode(
        y="low_90:Q", y2="high_90", tooltip=tips(words, "when", "ninety", "fifty", "mid", own=TIPS)
    )
    known = alt.Chart(alt.NamedData("known")).encode(MONTH_AXIS, alt.Y("value:Q"))
    past = known.mark_line(color=SOFT, strokeWidth=1)
    dots = known.mark_point(filled=True, color=INK, size=20, opacity=1).encode(
        tooltip=tips(words, "when", "seen")
    )
    came = alt.Chart(alt.NamedData("came")).encode(MONTH_AXIS, alt.Y("value:Q"))
    rings = came.mark_point(filled=False, color=INK, size=44, strokeWidth=1.6, opacity=1).encode(
        tooltip=tips(words, "when", "came", own=TIPS)
    )
    return finished(*bands, line, hover, past, dots, rings, params=[paint])


AHEAD = Drawing("ahead", ahead_chart)
