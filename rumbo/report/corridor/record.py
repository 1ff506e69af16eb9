"""Held against the record: every series that the run speaks of, fitted or not."""

import math
from collections.abc import Iterator, Sequence

from rumbo.report.page.parts import DASH, Fold, PageBlock, Row, Section, Table, Text
from rumbo.report.page.words import text
from rumbo.report.read.record import as_it_was, part_title, record_of, series_title
from rumbo.report.read.run import Run
from rumbo.scores.record import FITTED, GIVEN, HELD_OUT, UNKNOWN, fit_of

HEADS = (
    "series", "record.head.verdict", "record.head.figures", "record.head.observed",
    "record.head.simulated", "record.head.log_rmse", "record.head.bias", "record.head.half",
    "record.head.wide", "record.head.fitted",
)  # fmt: skip

BEFORE = ("record.head.before_log_rmse", "record.head.before_wide")


SEEN = {
    FITTED: "record.fitted", HELD_OUT: "record.held_out", UNKNOWN: "record.not_recorded",
    GIVEN: "record.given",
}  # fmt: skip
"""What is said of whether the fit had seen a series."""


def record(run: Run) -> Section:
    """Return the record table: series and groups of series, and the series of each behind it."""
    words, rows = run.words, record_of(run).to_dict("records")
    blocks: list[PageBlock] = [Text(words("record.text")), Text(unknowns(run))]
    if not rows:
        blocks.append(Text(words("record.none" if as_it_was(run) else "record.never_was")))
        return Section("record", words("part.record"), blocks)
    whole = [row for row in rows if not row["of"]]
    table = _table(run, whole, words("record.table"))
    folds = [_fold(run, row, rows) for row in whole if _of_parts(row)]
    notes = [Text(one, "note") for one in _notes(run, rows)]
    blocks += [Text(_summary(run, rows)), table, *folds, *notes]
    return Section("record", words("part.record"), blocks)


def _of_parts(row: Row) -> bool:
    """Whether a row stands for the series of a group, be it one."""
    return bool(row["area"] == "*" or row["nationality"] == "*")


def unknowns(run: Run) -> str:
    """Say how many unknowns of the fit met how many figures, or that nothing was fitted."""
    words, fit = run.words, fit_of(run.data)
    if fit is None:
        return words("record.fit_none")
    day = words.day(fit.as_of, short=False)
    if not (fit.unknowns and fit.figures):
        return words("record.fit_unknown", day=day)
    told = {"unknowns": fit.unknowns, "figures": fit.figures, "seed": fit.seed or DASH}
    return words("record.fit", day=day, **told)


def _summary(run: Run, rows: Sequence[Row]) -> str:
    """Say how many series fail, and how many of those that the fit had not seen."""
    words, single = run.words, [row for row in rows if not _of_parts(row)]
    parts = {"all": single, "held_out": [row for row in single if row["fitted"] == HELD_OUT]}
    counts = {name: (sum(bool(r["fails"]) for r in own), len(own)) for name, own in parts.items()}
    sentence = words("record.summary", failing=counts["all"][0], count=counts["all"][1])
    if not any(row["fitted"] == FITTED for row in single):
        return sentence
    failing, count = counts["held_out"]
    return f"{sentence} {words('record.summary_held_out', failing=failing, count=count)}"


def _fold(run: Run, group: Row, rows: Sequence[Row]) -> Fold:
    title = series_title(run, group)
    return Fold(title, [_table(run, [row for row in rows if row["of"] == group["series"]], title)])


def _table(run: Run, rows: Sequence[Row], caption: str) -> Table:
    before = _has_before(run)
    heads = run.words.heads(*HEADS, *(BEFORE if before else ()))
    cells = [
        [_title(run, row), *_cells(run, row), *(_before_cells(run, row) if before else ())]
        for row in rows
    ]
    weak = [number for number, row in enumerate(rows) if row["fails"]]
    return Table(heads, cells, caption, lead=1, weak=weak)


def _has_before(run: Run) -> bool:
    return bool(run.records("record_before"))


def _cells(run: Run, row: Row) -> list[str]:
    words = run.words
    return [
        _verdict(run, row),
        words.digits(row["figures"]),
        DASH if math.isnan(row["observed"]) else words.exact(row["observed"]),
        _simulated(run, row),
        words.digits(row["log_rmse"], 2),
        _signed(run, row["bias"]),
        _share(run, row["cover_50"]),
        _share(run, row["cover_90"]),
        words(SEEN[row["fitted"]]),
    ]


def _title(run: Run, row: Row) -> str:
    """Return the title of a row; below that of its group, the part alone."""
    return part_title(run, row) if row["of"] else series_title(run, row)


def _verdict(run: Run, row: Row) -> str:
    """Return the mark of a series that fails; of a group, how many of its series do."""
    words = run.words
    if row["parts"] > 1 and row["failing"]:
        counts = {"failing": int(row["failing"]), "count": int(row["parts"])}
        return words("mark.group" if row["fails"] else "mark.group_part", **counts)
    return words("mark.fails") if row["fails"] else DASH


def _simulated(run: Run, row: Row) -> str:
    """Return the range of the mean over the figures' months, and its middle value."""
    words = run.words
    if math.isnan(row["simulated"]):
        return DASH
    return f"{words.span(row['low'], row['high'])} ({words.count(row['simulated'])})"


def _before_cells(run: Run, row: Row) -> list[str]:
    error, cover = row["before_log_rmse"], row["before_cover_90"]
    return [DASH if math.isnan(error) else run.words.digits(error, 2), _share(run, cover)]


def _signed(run: Run, value: float) -> str:
    return ("+" if round(value, 2) > 0 else "") + run.words.digits(value, 2)


def _share(run: Run, share: float) -> str:
    return DASH if math.isnan(share) else run.words.percent(share).lstrip("+")


def _notes(run: Run, rows: Sequence[Row]) -> Iterator[str]:
    """Say what is to be known of some of the series, where they are there."""
    words, bases = run.words, dict.fromkeys(text(row["base"]).split(".")[0] for row in rows)
    yield words("record.note.ranges")
    if "transit" in bases:
        yield words("record.note.transit")
    if "parole_arrivals" in bases:
        yield words("record.note.parole_arrivals")
    others = [base for base in bases if base not in ("transit", "parole_arrivals")]
    own = (words.maybe(f"record.note.{base}", "") for base in others)
    yield from filter(None, own)
    if _has_before(run):
        yield words("record.note.before")
