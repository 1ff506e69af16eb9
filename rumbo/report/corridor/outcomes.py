"""How this was tested: what came out when the corridor was put to the test, test by test."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from rumbo.report.corridor.hangs import EFFECT, same_fit, share, value_title
from rumbo.report.page.parts import DASH, Heading, PageBlock, Row, Section, Table, Text, trimmed
from rumbo.report.page.words import as_number, capital, text
from rumbo.report.read.names import area_name, lever_title, nationality_name
from rumbo.report.read.record import NAMED_HERE
from rumbo.report.read.run import Run
from rumbo.scores.sensitivity import TOGETHER, strongest

SHOWN = 10
"""Values of which a table of sensitivities tells."""


def how_tested(run: Run) -> Section | None:
    """Return what tests gave, or None of a corridor that was not tested."""
    blocks = [*_sensitivity(run), *_tests(run)]
    about = Text(run.words("results.text"))
    return Section("tested", run.words("results.part"), [about, *blocks]) if blocks else None


def _sensitivity(run: Run) -> Iterator[PageBlock]:
    words, rows = run.words, run.records("sensitivity")
    if not rows:
        return
    lever = lever_title(text(rows[0]["without"]), run)
    yield Heading(words("hangs.title"))
    yield Text(words("hangs.about", lever=lever))
    yield from _of_another_fit(run, rows)
    for output in dict.fromkeys(text(row["output"]) for row in rows):
        title = _output(run, output, lever)
        mine = [row for row in rows if row["output"] == output and row["parameter"] != TOGETHER]
        heads = words.heads("hangs.head.value", *COLUMNS.values())
        yield Table(heads, [_moved(run, row) for row in mine[:SHOWN]], title)
        if told := share(run, strongest(rows, output)):
            yield Text(told, "note")


COLUMNS = {
    "mu_star": "hangs.head.mu_star",
    "mu": "hangs.head.mu",
    "sigma": "hangs.head.sigma",
    "first": "hangs.head.first",
    "total": "hangs.head.total",
}
"""Columns of a table of sensitivities, and what they are called."""

SHARES = ("first", "total")
"""Those that are shares of variance."""


def _output(run: Run, output: str, lever: str) -> str:
    words, measure = run.words, run.words(f"measure.{'zones' if output == EFFECT else output}")
    if output == EFFECT:
        return words("hangs.effect", measure=measure, lever=lever)
    return words("hangs.waiting", measure=measure) if output == "waiting" else measure


def _moved(run: Run, row: Row) -> list[str]:
    cells = [(_share if name in SHARES else _size)(run, row, name) for name in COLUMNS]
    return [value_title(run, row), *cells]


def _size(run: Run, row: Row, name: str) -> str:
    """Return how far an output moves: a difference in points of per cent, or a count."""
    value, words = float(row[name]), run.words
    written = words.percent(value, 1) if row["output"] == EFFECT else words.signed(value)
    return written if name == "mu" else written.lstrip("+")


def _share(run: Run, row: Row, name: str) -> str:
    ends = [as_number(row.get(key)) for key in (name, f"{name}_low", f"{name}_high")]
    if None in ends:
        return DASH
    middle, low, high = (run.words.digits(end or 0.0, 2) for end in ends)
    return f"{middle} ({low} {run.words('to')} {high})"


def _tests(run: Run) -> Iterator[PageBlock]:
    """Go through all other tests: a title, a text and a table for each."""
    named: dict[str, list[Row]] = {}
    for row in run.records("tested"):
        named.setdefault(text(row["test"]), []).append(row)
    for test, rows in named.items():
        yield Heading(capital(_named(run, f"title.{test}", test)))
        if about := run.words.maybe(f"tested.{test}", ""):
            yield Text(about)
        yield from _of_another_fit(run, rows)
        yield _table(run, rows)
        commands = dict.fromkeys(text(row.get("command")) for row in rows)
        if shown := [Markup("<code>{}</code>").format(one) for one in commands if one]:
            told = Markup.escape(run.words("results.command", command="{}"))
            yield Text(Markup(told).format(Markup("; ").join(shown)), "note")


def _of_another_fit(run: Run, rows: Sequence[Row]) -> Iterator[Text]:
    """Say it where rows were found when the corridor had another fit than the one shown."""
    others = [row for row in rows if text(row.get("posterior")) and not same_fit(run, row)]
    if not run.background.get("posterior") or not others:
        return
    if len(others) == len(rows):
        yield Text(run.words("results.other_fit"), "note")
        return
    named = dict.fromkeys(_series(run, text(row["series"])) for row in others)
    yield Text(run.words("results.other_fit_of", series="; ".join(named)), "note")


def _table(run: Run, rows: Sequence[Row]) -> Table:
    return trimmed(Table(run.words.heads(*HEADS), [_row(run, row) for row in rows]))


HEADS = (
    "series",
    "results.head.figure",
    "results.head.found",
    "results.head.range",
    "results.head.n",
)


def _row(run: Run, row: Row) -> list[str]:
    words, ends = run.words, [as_number(row.get(name)) for name in ("low", "high")]
    span = DASH if None in ends else f"{words.value(ends[0])} {words('to')} {words.value(ends[1])}"
    return [
        _series(run, text(row["series"])),
        _named(run, text(row["figure"]), text(row["figure"])),
        DASH if as_number(row["value"]) is None else words.value(row["value"]),
        span,
        DASH if as_number(row.get("n")) is None else words.value(row["n"]),
    ]


def _named(run: Run, key: str, otherwise: str) -> str:
    return run.words.maybe(f"tested.{key}", otherwise.replace("_", " "))


def _series(run: Run, key: str) -> str:
    """Return what a series is called: by its own text, as in the record table, or as a lever."""
    if counted := run.words.maybe(f"component.{key.partition('.')[2]}", ""):
        return counted
    base, _, part = re.sub("[/@]", "\n", key, count=1).partition("\n")
    title = run.words.maybe(NAMED_HERE.get(base, f"measure.{base}"), "")
    if f"tested.{key}" in run.words.own or not title:
        return _named(run, key, lever_title(key, run))
    name = nationality_name if "/" in key else area_name
    return f"{title}: {name(part, run.words)}" if part else title
