"""The record table as the report reads it: which series fail, and their mark."""

import pandas as pd

from rumbo.report.page.parts import Row
from rumbo.report.page.words import text
from rumbo.report.read.names import area_name, nationality_name, place_name, scenario_record
from rumbo.report.read.run import OBSERVED, Run
from rumbo.scores.record import record
from rumbo.scores.titles import parts_of

PARTS = {"encounters": ("zones", "gates"), "deaths": ("deaths_recorded",)}
"""Quantities that are held against the record by others: their parts, or what of them is seen."""


SPLIT = {"nationality": "record.by_nationality", "area": "record.by_area"}
"""Titles of all parts of a series, by what it is split by."""

NAMED_HERE = {
    "transit": "record.transit",
    "appointments": "record.appointments",
    "queue": "record.queue",
    "under_way": "record.under_way",
}
"""Titles of what the report tells of in the record table alone."""


def record_of(run: Run) -> pd.DataFrame:
    """Return the record table of a run; empty for a run of displacement, or of what never was."""
    table: pd.DataFrame = run.once("record", lambda: record(run.data))
    return table if as_it_was(run) else table.iloc[:0]


def as_it_was(run: Run) -> bool:
    """Whether the first scenario has the policies that were, none left out or on other days.

    What was counted says nothing of how well another world is simulated. Changed values are no
    other world: whoever sets them may mean to meet the record better.
    """
    policies = {text(row["lever"]) for row in run.records("levers")}
    told = parts_of(scenario_record(run.scenarios[0], run))
    return not any(
        part.kind in ("deal", "moved") or (part.kind == "without" and policies & {*part.what})
        for part in told
    )


def row_of(run: Run, key: str, **where: str) -> Row | None:
    """Return the row of a series, such as ``zones`` of ``nationality="VEN"``.

    Where a quantity is counted area by area alone, that of all areas tells of the whole.
    """
    if run.dimension == "day":
        return None
    base = OBSERVED.get(key, key)
    ends = {"nationality": "/", "area": "@", "place": "@", "region": "@"}
    named = [f"{base}{ends[name]}{label}" for name, label in where.items()]
    rows = {row["series"]: row for row in run.once("record rows", lambda: _rows(run))}
    return next((rows[name] for name in named or [base, f"{base}@*"] if name in rows), None)


def _rows(run: Run) -> list[Row]:
    rows: list[Row] = record_of(run).to_dict("records")
    return rows


def fails(run: Run, key: str, **where: str) -> bool:
    """Whether a series, or what tells of it, fails the record; not without a figure."""
    rows = (row_of(run, each, **where) for each in PARTS.get(key, (key,)))
    return any(row["fails"] for row in rows if row)


def marked(run: Run, title: str, key: str, **where: str) -> str:
    """Return the title of a series, with the mark of those that fail the record."""
    return run.words("mark.title", title=title) if fails(run, key, **where) else title


def measure_title(run: Run, key: str) -> str:
    """Return the title of a quantity, marked where it fails the record."""
    return marked(run, run.words(f"measure.{key}"), key)


def series_title(run: Run, row: Row) -> str:
    """Return the title of a row of the record table."""
    title = _base_title(run, row)
    for name in ("nationality", "area"):
        if row[name] == "*":
            return run.words(SPLIT[name], title=title, count=int(row["parts"]))
    part = part_title(run, row)
    return f"{title}: {part}" if part else title


def _base_title(run: Run, row: Row) -> str:
    words, base = run.words, text(row["base"])
    own = next((key for key, measure in OBSERVED.items() if measure == base), base)
    return words(NAMED_HERE.get(own, f"measure.{own}"))


def part_title(run: Run, row: Row) -> str:
    """Return the name of the nationality or area of a row; empty where it has neither."""
    nationality, area = text(row["nationality"]), text(row["area"])
    if nationality != "all":
        return nationality_name(nationality, run.words)
    each = area.split(";") if area != "all" else []
    return run.words.listed([_area(run, one) for one in each])


def _area(run: Run, area: str) -> str:
    if area in run.places:
        return place_name(run.places[area], run.words)
    if own := run.words.maybe(f"mode.{area}", ""):
        return own
    return run.words.maybe(f"region.{area}", area_name(area, run.words))
