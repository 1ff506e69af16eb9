"""What the page's script draws: specifications, and the data of each chart, as JSON."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rumbo.files.direction import isolated
from rumbo.report.page.parts import Chart, Figure, Row
from rumbo.report.page.words import Words


def drawing_json(figures: Iterable[Figure], words: Words) -> str:
    """Return the specifications that figures name, and the data of their charts."""
    charts = {f"{each.name}-{n}": one for each in figures for n, one in enumerate(each.charts)}
    specify = dict(chart.drawing for chart in charts.values())
    return script_json(
        {
            "specs": {name: make(words) for name, make in specify.items()},
            "charts": [_packed_chart(name, chart) for name, chart in charts.items()],
            "locale": words.chart_locale(),
        }
    )


def script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(_apart(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _apart(value: Any) -> Any:
    """Return a value whose texts turn nothing but themselves."""
    if isinstance(value, str):
        return isolated(value)
    if isinstance(value, dict):
        return {name: _apart(one) for name, one in value.items()}
    return [_apart(one) for one in value] if isinstance(value, list | tuple) else value


def _packed_chart(name: str, chart: Chart) -> Row:
    data = {key: pack(rows) for key, rows in chart.data.items()}
    params = {"colour": chart.colour, **chart.params}
    told = {"id": name, "spec": chart.drawing.name, "title": chart.title, "alt": chart.alt}
    return {**told, "params": params, "data": data}


def pack(rows: Sequence[Row]) -> Row:
    """Return rows as columns, a column of few different values as those and their numbers."""
    names = list(rows[0]) if rows else []
    return {
        "length": len(rows),
        "columns": {name: _column([row[name] for row in rows]) for name in names},
    }


def _column(values: list[Any]) -> Any:
    if not all(isinstance(value, str) for value in values):
        return values
    different = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if 2 * len(different) > len(values):
        return values
    return {"values": list(different), "codes": [different[value] for value in values]}
