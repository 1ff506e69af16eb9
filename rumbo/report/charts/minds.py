"""How beliefs and paces are drawn: lines by week, with the days of events marked."""

from collections.abc import Iterator

import altair as alt

from rumbo.report.charts.series import DAY_AXIS, HUE, finished, tips
from rumbo.report.page.parts import Drawing
from rumbo.report.page.style import DASHES, INK, SOFT, Spec
from rumbo.report.page.words import Words

NEWS, EFFECT = "news", "effect"
"""Kinds of days that are marked: on which it is known what comes, and from which it holds."""

MARKED = {NEWS: [2, 3], EFFECT: [1, 0]}
"""Dashes of the rules that mark them."""


def belief_chart(words: Words) -> Spec:
    """Draw chances, from 0 to 1."""
    axis = alt.Axis(format="%", tickCount=3, domain=False)
    scale = alt.Scale(domain=[0, 1])
    return _lines(words, alt.Y("value:Q", title=None, axis=axis, scale=scale))


def pace_chart(words: Words) -> Spec:
    """Draw factors on a log axis, with a line at 1."""
    label = f"'{words('times', value='')}' + format(datum.value, '~r')"
    axis = alt.Axis(labelExpr=label, tickCount=6, domain=False)
    scale = alt.Scale(type="log", nice=False)
    usual = alt.Chart(alt.NamedData("usual")).mark_rule(color=SOFT).encode(y="value:Q")
    return _lines(words, alt.Y("value:Q", title=None, axis=axis, scale=scale), usual)


def _lines(words: Words, y: alt.Y, *below: alt.Chart) -> Spec:
    base = alt.Chart(alt.NamedData("lines")).encode(DAY_AXIS, y, HUE, alt.Detail("series:N"))
    dash = alt.StrokeDash("line:O", scale={"range": list(DASHES)}, legend=None)
    near = base.mark_point(size=160, opacity=0).encode(
        tooltip=tips(words, "series", "when", "shown", own=TIPS)
    )
    return finished(*below, *_marks(words), base.mark_line(strokeWidth=1.8).encode(dash), near)


TIPS = {"series": "minds.who", "shown": "minds.value"}


def _marks(words: Words) -> Iterator[alt.Chart]:
    """Draw the days of events, told when they are pointed at."""
    for kind, dash in MARKED.items():
        marks = alt.Chart(alt.NamedData("marks")).transform_filter(f"datum.kind == '{kind}'")
        rules = marks.mark_rule(color=INK, opacity=0.6, strokeDash=dash)
        yield rules.encode(alt.X("month:T"), tooltip=tips(words, "name", "dates"))


BELIEFS = Drawing("beliefs", belief_chart)
PACES = Drawing("paces", pace_chart)
