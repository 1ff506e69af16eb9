"""A run held against the record: on the screen, as a page, as a table, as JSON."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rumbo.cli.flee import plain
from rumbo.cli.terminal import say
from rumbo.cli.words import language
from rumbo.files.atomic import write_text
from rumbo.files.faults import Fault, Faults
from rumbo.files.inert import to_csv

if TYPE_CHECKING:
    import xarray as xr

NARROW = (0, 1, 2, 5, 6, 7, 8, 9)
"""Columns of the table that the screen shows."""


def show_record(result: "xr.Dataset", out: Path | None, *, as_json: bool) -> None:
    """Print the record table of a result, and write it where asked.

    Parameters
    ----------
    result
        A run of a corridor.
    out
        A file: ``.csv`` gets every series, any other name a page in Markdown; none if None.
    as_json
        Whether the last line is one JSON object: the fit and every series.

    Raises
    ------
    Faults
        If the run is one of displacement, by day.
    """
    from rumbo.scores.record import fit_of, record

    if "month" not in result.dims:
        cure = "Score it: rumbo score RUN"
        raise Faults([Fault("rumbo record", 0, "the run is not recorded by month", cure)])
    _print(result)
    if out:
        text = to_csv(record(result)) if out.suffix == ".csv" else _page(result)
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, text)
        say(f"Record table: {out}")
    if as_json:  # alone on its line, and the last
        fit, rows = fit_of(result), record(result).to_dict("records")
        series = [{name: plain(value) for name, value in row.items()} for row in rows]
        say(json.dumps({"fit": fit and fit._asdict(), "series": series}, allow_nan=False))


def _page(result: "xr.Dataset") -> str:
    from rumbo.report import record_page

    return record_page(result, language())


def _print(result: "xr.Dataset") -> None:
    from rich import box
    from rich.table import Table as Shown

    from rumbo.cli.listing import screen
    from rumbo.report import record_section
    from rumbo.report.page.parts import Table, Text

    for block in record_section(result, language()).blocks:
        if isinstance(block, Text):
            say(block.text)
        elif isinstance(block, Table):
            shown = Shown(*(block.heads[n] for n in NARROW), box=box.SIMPLE_HEAD)
            for row in block.rows:
                shown.add_row(*(str(row[n]) for n in NARROW))
            screen().print(shown)
