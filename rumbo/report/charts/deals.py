"""How it is drawn how far a deal is kept: steps by day, with ranges, a line for each side."""

from typing import Literal

import altair as alt

from rumbo.report.charts.series import DAY_AXIS, HUE, finished, tips
from rumbo.report.page.parts import Drawing
from rumbo.report.page.style import DASHES, Spec
from rumbo.report.page.words import Words

STEP: Literal["step-after"] = "step-after"
"""A share holds from its day on until the next."""


def kept_chart(words: Words) -> Spec:
    """Draw shares from 0 to 1 that hold from day to day."""
    axis = alt.Axis(format="%", tickCount=3, domain=False)
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.NamedData("kept")).encode(DAY_AXIS, HUE, alt.Detail("side:N"))
    low = alt.Y("low:Q", title=None, axis=axis, scale=scale)
    wide = base.mark_area(opacity=0.22, interpolate=STEP).encode(low, alt.Y2("high"))
    dash = alt.StrokeDash("line:O", scale={"range": list(DASHES)}, legend=None)
    line = base.mark_line(strokeWidth=1.8, interpolate=STEP).encode(dash, y="share:Q")
    near = base.mark_point(size=160, opacity=0).encode(
        y="share:Q", tooltip=tips(words, "side", "when", "shown", own=TIPS)
    )
    return finished(wide, line, near)


TIPS = {"side": "deals.side", "shown": "deals.kept"}

KEPT = Drawing("kept", kept_chart)
