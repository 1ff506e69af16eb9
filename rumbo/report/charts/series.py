"""The Vega-Lite specifications: each drawn once with named data, which the page fills in."""

from typing import TYPE_CHECKING

from rumbo.report.page.style import COLOURS, DASHES, GRID, INK, SOFT, Spec
from rumbo.report.page.words import Words

if TYPE_CHECKING:
    import altair as alt

DAYS = "utcdate(datum.value) == 1 ? utcFormat(datum.value, '%b') : utcFormat(datum.value, '%-d %b')"
"""How an axis of days names its ticks: months where they begin."""


def specifications(words: Words) -> dict[str, Spec]:
    """Return the specifications of all charts of months and of the calendar, by name."""
    return {
        "fan": finished(fan_chart(words)),
        "levels": finished(levels_chart(words)),
        "calendar": finished(calendar_chart(words)),
    }


def day_specifications(words: Words) -> dict[str, Spec]:
    """Return the specifications of the charts of days and of the calendar, by name."""
    return {
        "crowd": finished(crowd_chart(words)),
        "calendar": finished(calendar_chart(words, by_day=True)),
    }


def finished(chart: "alt.LayerChart") -> Spec:
    """Return a chart as plain JSON, in the report's style."""
    spec = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    return {**spec, "config": _config()}


def _config() -> Spec:
    axis = {"labelColor": SOFT, "gridColor": GRID, "domainColor": "#b9b9b4", "tickColor": "#b9b9b4"}
    return {
        "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 11, "labelPadding": 4},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": SOFT},
    }


def month_axis(words: Words) -> "alt.X":
    """Return the axis of months, each year named once."""
    import altair as alt

    year = "utcmonth(datum.value) == 0 || datum.index == 0 ? utcFormat(datum.value, '%Y') : ''"
    return alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            labelExpr=f"[utcFormat(datum.value, '%b'), {year}]",
            tickCount={"expr": "width < 220 ? 3 : width < 420 ? 5 : 9"},
            grid=False,
            labelFlush=False,
        ),
    )


def day_axis() -> "alt.X":
    """Return the axis of days, each year named once."""
    import altair as alt

    begins = "utcmonth(datum.value) == 0 && utcdate(datum.value) == 1"
    year = f"datum.index == 0 || {begins} ? utcFormat(datum.value, '%Y') : ''"
    return alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            labelExpr=f"[{DAYS}, {year}]",
            tickCount={"expr": "width < 220 ? 3 : width < 420 ? 5 : 9"},
            grid=False,
            labelFlush=False,
            labelSeparation=9,
        ),
    )


def people_axis(words: Words, field: str) -> "alt.Y":
    """Return the axis of numbers of people, written as the language does."""
    import altair as alt

    grouped = 10_000 if words.language == "es" else 1_000
    written = (
        f"abs(datum.value) >= {grouped} ? format(datum.value, ',') : format(datum.value, '~r')"
    )
    axis = alt.Axis(labelExpr=written, tickCount={"expr": "height < 130 ? 3 : 5"}, domain=False)
    return alt.Y(f"{field}:Q", title=None, axis=axis)


def number_label(words: Words) -> str:
    """Return the expression that writes a tick's number as the language does."""
    grouped = 10_000 if words.language == "es" else 1_000
    return f"abs(datum.value) >= {grouped} ? format(datum.value, ',') : format(datum.value, '~r')"


def fan_chart(words: Words) -> "alt.LayerChart":
    """Draw one series with its 90 % and 50 % ranges, its middle value and reported figures."""
    import altair as alt

    paint = alt.param(name="colour", value=COLOURS[0])
    hue = alt.expr(paint.name)
    base = alt.Chart(alt.NamedData("simulated")).encode(month_axis(words))
    low = people_axis(words, "low")
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=SOFT).encode(y="zero:Q")
    wide = base.mark_area(color=hue, opacity=0.22).encode(low, alt.Y2("high"))
    half = base.mark_area(color=hue, opacity=0.35).encode(alt.Y("low_half:Q"), alt.Y2("high_half"))
    line = base.mark_line(color=hue, strokeWidth=1.6, point={"size": 9, "color": hue}).encode(
        y="middle:Q"
    )
    seen = alt.Chart(alt.NamedData("observed")).encode(alt.X("month:T", scale={"type": "utc"}))
    bars = seen.mark_rule(color=INK, strokeWidth=2.5, opacity=0.75).encode(
        alt.Y("low:Q"), alt.Y2("high")
    )
    dots = seen.mark_point(filled=True, color=INK, size=26, opacity=1).encode(y="value:Q")
    hover = _hover(words, base)
    about = seen.mark_point(size=160, opacity=0).encode(
        y="value:Q", tooltip=_tips(words, "when", "seen", "who")
    )
    layers = alt.layer(zero, wide, half, line, bars, dots, hover, about)
    return layers.add_params(paint).properties(width="container", height="container")


def levels_chart(words: Words) -> "alt.LayerChart":
    """Draw one series of several scenarios, each with its 90 % range and middle value."""
    import altair as alt

    base = alt.Chart(alt.NamedData("simulated")).encode(
        month_axis(words), alt.Color("colour:N", scale=None, legend=None)
    )
    dash = alt.StrokeDash("scenario:O", scale={"range": list(DASHES)}, legend=None)
    wide = base.mark_area(opacity=0.2).encode(people_axis(words, "low"), alt.Y2("high"))
    line = base.mark_line(strokeWidth=1.8).encode(dash, y="middle:Q")
    layers = alt.layer(wide, line, _hover(words, base, "title"))
    return layers.properties(width="container", height="container")


def crowd_chart(words: Words) -> "alt.LayerChart":
    """Draw one series by day in each scenario, with its ranges, and what was registered."""
    import altair as alt

    base = alt.Chart(alt.NamedData("simulated")).encode(
        day_axis(), alt.Color("colour:N", scale=None, legend=None), alt.Detail("scenario:O")
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=SOFT).encode(y="zero:Q")
    wide = base.mark_area(opacity=0.2).encode(people_axis(words, "low"), alt.Y2("high"))
    half = base.mark_area(opacity=0.3).encode(alt.Y("low_half:Q"), alt.Y2("high_half"))
    dash = alt.StrokeDash("scenario:O", scale={"range": list(DASHES)}, legend=None)
    line = base.mark_line(strokeWidth=1.6).encode(dash, y="middle:Q")
    seen = alt.Chart(alt.NamedData("observed")).encode(alt.X("month:T", scale={"type": "utc"}))
    dots = seen.mark_point(filled=True, color=INK, size=18, opacity=0.9).encode(y="value:Q")
    about = seen.mark_point(size=120, opacity=0).encode(
        y="value:Q", tooltip=_tips(words, "when", "seen", "who")
    )
    layers = alt.layer(zero, wide, half, line, dots, _hover(words, base, "title"), about)
    return layers.properties(width="container", height="container")


def _hover(words: Words, base: "alt.Chart", *first: str) -> "alt.Chart":
    tips = _tips(words, *first, "when", "wide", "half", "mid")
    return base.mark_rule(strokeWidth=9, opacity=0).encode(y="low:Q", y2="high", tooltip=tips)


def _tips(words: Words, *fields: str) -> "list[alt.Tooltip]":
    import altair as alt

    return [alt.Tooltip(f"{name}:N", title=words(f"tip.{name}")) for name in fields]


def calendar_chart(words: Words, *, by_day: bool = False) -> "alt.LayerChart":
    """Draw the levers as bars and events as dots, each under its name."""
    import altair as alt

    hues = alt.Scale(domain=["modelled", "context"], range=[COLOURS[0], "#8a8a86"])
    row = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0.15))
    kind = alt.Color("kind:N", scale=hues, legend=None)
    tips = _tips(words, "name", "dates")
    base = alt.Chart(alt.NamedData("levers")).encode(row)
    along = alt.Scale(type="utc", nice=False)
    first = alt.X("since:T", title=None, scale=along, axis=_years(by_day))
    bars = base.mark_bar(height=7, yOffset=8, cornerRadius=3).encode(
        first, alt.X2("until"), color=kind, tooltip=tips
    )
    dots = (
        base.mark_point(filled=True, size=55, yOffset=8, opacity=1)
        .encode(first, color=kind, tooltip=tips)
        .transform_filter("datum.event")
    )
    names = base.mark_text(align="left", yOffset=-5, fontSize=11.5, limit=alt.expr("width")).encode(
        x=alt.value(0), text="name:N", tooltip=tips
    )
    # Nothing to see: it makes the axis span the whole run.
    ends = alt.Chart(alt.NamedData("run")).mark_point(opacity=0).encode(first)
    layers = (bars, dots, names, ends) if by_day else (bars, dots, names)
    return alt.layer(*layers).properties(width="container", height="container")


def _years(by_day: bool) -> "alt.Axis":
    import altair as alt

    named = f"({DAYS})" if by_day else "utcFormat(datum.value, '%b')"
    year = "utcmonth(datum.value) == 0 || datum.index == 0 ? utcFormat(datum.value, ' %Y') : ''"
    return alt.Axis(
        orient="top",
        labelExpr=f"{named} + ({year})",
        tickCount={"expr": "width < 420 ? 5 : 10"},
        gridDash=[2, 3],
    )
