"""The deal in force: how far each side keeps it, what it does, and which sizes are judgement."""

from collections.abc import Iterator, Sequence

from rumbo.report.charts.deals import KEPT
from rumbo.report.corridor.levers import source_link
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Chart,
    Figure,
    Fold,
    Heading,
    Legend,
    Mark,
    PageBlock,
    Row,
    Section,
    Table,
    Text,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import (
    deal_terms,
    group_title,
    lever_title,
    scenario_title,
    selector_title,
)
from rumbo.report.read.run import Run

SIDES = (
    "deals.side",
    "deals.agreed",
    "deals.since",
    "deals.until",
    "deals.ramp",
    "deals.kept",
)
"""Columns of the table of what sides undertook, beside the source."""

PER_DAY = "persons/day"
"""Unit of what a side can carry."""


def deals(run: Run) -> Section | None:
    """Return what deals are in force and how far they are kept, or None where there is none."""
    told = run.records("deals")
    if not told:
        return None
    blocks: list[PageBlock] = [Text(run.words("deals.text"))]
    for number, rows in enumerate(_alike(told)):
        blocks += _deal(run, rows, number)
    return Section("deals", run.words("deals.part"), blocks)


def _alike(told: Sequence[Row]) -> list[list[Row]]:
    """Return deals, those under the same terms in several scenarios together."""
    found: dict[str, list[Row]] = {}
    for row in told:
        found.setdefault(f"{row['deal']} {row['sides']}", []).append(row)
    return list(found.values())


def _deal(run: Run, rows: Sequence[Row], number: int) -> Iterator[PageBlock]:
    words, sides = run.words, rows[0]["sides"]
    title = lever_title(rows[0]["deal"], run)
    yield Heading(title)
    named = words.listed([scenario_title(row["scenario"], run) for row in rows])
    about = words("deals.in", scenarios=named, terms=deal_terms(rows[0], words))
    yield Text(about)
    yield _kept(run, f"deal-{number}", title, [side for side in sides if side["settings"]])
    yield _sides(run, title, sides)
    yield Fold(words("deals.sources", deal=title), [_sources(run, sides)])
    carried = [*_carried(run, sides)]
    if carried:
        yield Bullets(carried)
    yield Text(_judged(run, sides), "note")
    yield Fold(words("deals.sizes", deal=title), [_sizes(run, sides)])


def _name(run: Run, side: Row) -> str:
    actor = text(side["actor"])
    return run.words.maybe(f"kind.{actor}", actor) if actor else run.words("deals.all_sides")


def _kept(run: Run, name: str, title: str, sides: Sequence[Row]) -> Figure:
    """Return the figure of how far each side keeps a deal, and the days on which that changes."""
    words = run.words
    rows = [row for n, side in enumerate(sides) for row in _rows(run, side, n)]
    marks = [Mark(_name(run, s), "line", f"--hue:{colour(n)}") for n, s in enumerate(sides)]
    cells = [[row["side"], row["when"], row["shown"]] for row in rows]
    heads = words.heads("deals.side", "deals.day", "deals.kept")
    most = [words("deals.alt", side=_name(run, s), kept=_share(run, s)) for s in sides]
    chart = Chart(KEPT, {"kept": rows}, "", " ".join(most), size="half")
    titles = words("deals.figure", deal=title), words("deals.figure.text")
    return Figure(name, *titles, [chart], Table(heads, cells, titles[0]), [Legend(marks)])


def _rows(run: Run, side: Row, number: int) -> list[Row]:
    return [
        {
            "month": day,
            "share": share,
            "low": low,
            "high": high,
            "when": run.words.day(day),
            "shown": _percent(run, share, low, high),
            "side": _name(run, side),
            "line": number,
            "colour": colour(number),
        }
        for day, share, low, high in side["path"]
    ]


def _percent(run: Run, share: float, low: float, high: float) -> str:
    middle, *ends = (run.words.percent(one).lstrip("+") for one in (share, low, high))
    return middle if low == high else f"{middle} ({ends[0]} {run.words('to')} {ends[1]})"


def _share(run: Run, side: Row) -> str:
    share = float(side["compliance"])
    low, high = (share if side[end] is None else float(side[end]) for end in ("low", "high"))
    return _percent(run, share, low, high)


def _sides(run: Run, title: str, sides: Sequence[Row]) -> Table:
    """Return what each side undertook, from when until when, how fast and how far."""
    words = run.words
    rows = [
        [
            _name(run, side),
            words.column(side, "agreed") or DASH,
            words.day(side["since"]),
            words.last_day(side["until"]) or words("deals.open"),
            words("deals.days", days=side["ramp"]) if side["ramp"] else words("deals.at_once"),
            _share(run, side) if side["settings"] else words("deals.no_size"),
        ]
        for side in sides
    ]
    return Table(words.heads(*SIDES), rows, words("deals.sides", deal=title), wrap=True)


def _sources(run: Run, sides: Sequence[Row]) -> Table:
    """Return who reported what each side undertook."""
    rows = [[_name(run, side), source_link(run, side["source"])] for side in sides]
    return Table(run.words.heads("deals.side", "source"), rows, wrap=True)


def _carried(run: Run, sides: Sequence[Row]) -> Iterator[str]:
    """Go through the most people a day that each side can carry."""
    for side in sides:
        for row in side["settings"]:
            if text(row.get("unit")) == PER_DAY and text(row.get("operation")) != "multiply":
                yield run.words(
                    "deals.carries",
                    side=_name(run, side),
                    what=_parameter(run, row),
                    value=run.words.value(row["value"]),
                    range=_range(run, row),
                )


def _judged(run: Run, sides: Sequence[Row]) -> str:
    """Say how many of the sizes are judgement."""
    rows = [row for side in sides for row in side["settings"]]
    judged = sum(_quality(row) == "assumed" for row in rows)
    counts = {"count": run.words.digits(len(rows)), "assumed": run.words.digits(judged)}
    return run.words("deals.all_judged" if judged == len(rows) else "deals.judgement", **counts)


def _quality(row: Row) -> str:
    """Return the quality of a size; that of one without a source is assumed."""
    return "assumed" if text(row.get("source")) in ("", "assumed") else text(row.get("quality"))


def _parameter(run: Run, row: Row) -> str:
    known = (run.background.get("parameters") or {}).get(text(row["parameter"])) or {}
    return run.words.column(known, "meaning") or text(row["parameter"])


def _range(run: Run, row: Row) -> str:
    words, low, high = run.words, as_number(row.get("low")), as_number(row.get("high"))
    if low is None or high is None:
        return words("range_unknown")
    return f"{words.value(low)} {words('to')} {words.value(high)}"


def _sizes(run: Run, sides: Sequence[Row]) -> Table:
    """Return the sizes of a deal when all of it is kept, by side, with who speaks for each."""
    words = run.words
    rows = []
    for side, row in ((one, row) for one in sides for row in one["settings"]):
        value = words.value(row["value"])
        if text(row.get("operation")) == "multiply":
            value = words("times", value=value)
        quality = _quality(row)
        rows.append(
            [
                _name(run, side),
                _parameter(run, row),
                value,
                _range(run, row),
                selector_title(row.get("at"), run),
                group_title(row.get("group"), run),
                words.maybe(f"quality.{quality}", quality),
                source_link(run, row.get("source")),
            ]
        )
    heads = words.heads(
        "deals.side", "deals.what", "value", "range", "at", "for", "quality", "source"
    )
    return Table(heads, rows, wrap=True)
