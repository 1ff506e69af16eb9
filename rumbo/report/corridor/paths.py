"""Beliefs and paces as figures: a chart for each thing, a line for people who differ."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rumbo.report.charts.minds import BELIEFS, EFFECT, NEWS, PACES
from rumbo.report.page.parts import Chart, Drawing, Figure, Legend, Mark, Row, Table
from rumbo.report.page.style import INK, colour
from rumbo.report.page.words import Words, text
from rumbo.report.read.names import outcomes_title
from rumbo.report.read.run import Run

DAYS = {NEWS: ("on", "minds.news"), EFFECT: ("takes_effect", "minds.effect")}
"""Column and words of each kind of day that is marked."""


Point = tuple[str, float]
"""A day in ISO form, and a value."""


class Trace(NamedTuple):
    """A path: what it is of, whose it is, and its values with their days."""

    of: str
    who: str
    points: Sequence[Point]


class Look(NamedTuple):
    """How paths look: what draws them, how large, and how their values are written."""

    drawing: Drawing
    size: str
    write: Callable[[Words, float], str]


def chance(words: Words, value: float) -> str:
    """Return a chance in per cent."""
    return words.percent(value).lstrip("+")


def factor(words: Words, value: float) -> str:
    """Return a factor."""
    return words("times", value=words.value(value))


CHANCES = Look(BELIEFS, "half", chance)
FACTORS = Look(PACES, "small", factor)


def figure(
    run: Run, name: str, titles: tuple[str, str], paths: Sequence[Trace], look: Look
) -> Figure:
    """Return paths as a figure.

    Parameters
    ----------
    run
        The run, which carries the weeks.
    name
        Anchor in the page.
    titles
        Title and description.
    paths
        What is drawn; who has the same paths throughout has one line.
    look
        How.
    """
    drawn = _merged(paths)
    hue = {who: n for n, who in enumerate(dict.fromkeys(path.who for path in drawn))}
    marks = [Mark(who, "line", f"--hue:{colour(n)}") for who, n in hue.items()]
    charts = [
        _chart(run, [path for path in drawn if path.of == of], hue, look)
        for of in dict.fromkeys(path.of for path in drawn)
    ]
    above = [Legend([*marks, *_day_marks(run.words)])]
    return Figure(name, *titles, charts, _table(run, drawn, titles[0], look), above)


def _merged(paths: Sequence[Trace]) -> list[Trace]:
    """Return paths of which those who have the same throughout are named together."""
    own: dict[str, list[Trace]] = {}
    for path in paths:
        own.setdefault(path.who, []).append(path)
    alike: dict[tuple[tuple[str, tuple[Point, ...]], ...], list[str]] = {}
    for who, mine in own.items():
        alike.setdefault(tuple((path.of, tuple(path.points)) for path in mine), []).append(who)
    named = {names[0]: "; ".join(names) for names in alike.values()}
    return [path._replace(who=named[path.who]) for path in paths if path.who in named]


def _chart(run: Run, paths: Sequence[Trace], hue: dict[str, int], look: Look) -> Chart:
    rows = [row for path in paths for row in _rows(run, path, hue[path.who], look)]
    data = {"lines": rows, "marks": _days(run), "usual": [{"value": 1}]}
    return Chart(look.drawing, data, paths[0].of, _described(run, paths, look), size=look.size)


def _rows(run: Run, path: Trace, line: int, look: Look) -> list[Row]:
    about = {"series": path.who, "line": line, "colour": colour(line)}
    return [
        {
            "month": at,
            "value": value,
            "when": run.words.day(at),
            "shown": look.write(run.words, value),
            **about,
        }
        for at, value in path.points
    ]


def _days(run: Run) -> list[Row]:
    """Return the days of awaited outcomes that lie in the weeks told of, each once."""
    told, found = run.background["minds"], dict[tuple[str, str], list[str]]()
    end = date.fromisoformat(told["from"][-1]) + timedelta(days=told["days"])
    for key in keys_awaited(run):
        for kind, (column, _) in DAYS.items():
            day = day_of(run, key, column)
            if told["from"][0] <= day < end.isoformat():
                found.setdefault((day, kind), []).append(outcomes_title(key, run))
    return [
        {
            "month": day,
            "kind": kind,
            "name": f"{'; '.join(names)}: {run.words(DAYS[kind][1])}",
            "dates": run.words.day(day),
        }
        for (day, kind), names in found.items()
    ]


def keys_awaited(run: Run) -> list[str]:
    """Return the outcomes that would change anything, as ``event=outcome``."""
    rows = [row for row in run.records("outcomes") if text(row.get("levers"))]
    return list(dict.fromkeys(f"{row['event']}={row['outcome']}" for row in rows))


def day_of(run: Run, key: str, column: str) -> str:
    """Return a day of an outcome, that of its news if it has no other."""
    rows = (row for row in run.records("outcomes") if f"{row['event']}={row['outcome']}" == key)
    row = next(rows)
    return text(row.get(column)) or text(row.get("on"))


def _day_marks(words: Words) -> list[Mark]:
    styles = {NEWS: f"--hue:{INK};border-top-style:dotted", EFFECT: f"--hue:{INK}"}
    return [Mark(words(DAYS[kind][1]), "line", style) for kind, style in styles.items()]


def _described(run: Run, paths: Sequence[Trace], look: Look) -> str:
    """Return in words what a chart shows: where each line is highest and lowest."""
    told = []
    for path in paths:
        if path.points:
            ends = [f(path.points, key=lambda pair: pair[1]) for f in (max, min)]
            told.append(_extremes(run.words, path, ends, look))
    return " ".join(told)


def _extremes(words: Words, path: Trace, ends: Sequence[Point], look: Look) -> str:
    (top, most), (low, least) = ends
    return words(
        "alt.path",
        title=path.of,
        who=path.who,
        top=words.day(top),
        most=look.write(words, most),
        low=words.day(low),
        least=look.write(words, least),
    )


def _table(run: Run, paths: Sequence[Trace], title: str, look: Look) -> Table:
    """Return the values drawn: a row for each path and week."""
    words = run.words
    rows = [
        [path.of, path.who, words.day(at), look.write(words, value)]
        for path in paths
        for at, value in path.points
    ]
    return Table(words.heads("series", "minds.who", "minds.day", "minds.value"), rows, title)
