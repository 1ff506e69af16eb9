"""The table of what was measured: kept row by row in a file, so that it goes on after a stop.

A row holds for the code that it was measured with: of the package, and of the file that measures.
"""

import hashlib
import inspect
import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table as Printed

import rumbo

PACKAGE = Path(rumbo.__file__).parent
KEPT = Path("runs") / "bench" / "table.jsonl"
"""Where the table is kept, from where the benchmarks are started."""

SHARED = [Path(__file__).with_name(name) for name in ("bundled.py", "timing.py", "plain_loop.c")]
"""What more than one benchmark measures with."""

Measure = Callable[[], tuple[str, float]]
"""Measures one thing: what is told of it, and the value that is held against the goal."""


class Bench(NamedTuple):
    """One thing to measure.

    Attributes
    ----------
    name
        A short name, by which it is chosen.
    what
        What is measured, and in which unit.
    measure
        Measures it.
    floor, goal
        What must be met, and what is aimed at; None where a value is only told.
    sign
        Whether the value is to be at most or at least that.
    """

    name: str
    what: str
    measure: Measure
    floor: float | None = None
    goal: float | None = None
    sign: str = "<="

    @property
    def code(self) -> str:
        """Digest of the package, of the file that measures, and of what benchmarks share."""
        file = Path(inspect.getfile(self.measure))
        return f"{package_digest()}-{digest([file, *SHARED])}"

    def measured(self) -> "Row":
        """Measure, and return the row."""
        text, value = self.measure()
        about = (self.floor, self.goal, self.sign, self.code)
        return Row(self.name, self.what, text, float(value), *about)


class Row(NamedTuple):
    """What was measured; see `Bench`."""

    name: str
    what: str
    text: str
    value: float
    floor: float | None
    goal: float | None
    sign: str
    code: str

    def meets(self, bound: float | None) -> str:
        """Say whether the value meets a bound; nothing where there is none."""
        if bound is None:
            return ""
        met = self.value <= bound if self.sign == "<=" else self.value >= bound
        return "yes" if met else "NO"


def digest(files: Iterable[Path]) -> str:
    """Return a short digest of the content of files."""
    content = hashlib.sha256()
    for path in files:
        content.update(path.name.encode() + b"\0" + path.read_bytes())
    return content.hexdigest()[:12]


@cache
def package_digest() -> str:
    """Return a digest of the package: its code, its corridors and its pages."""
    files = (path for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts)
    return digest(sorted(path for path in files if path.is_file()))


class Table:
    """Rows in a file, one a line; of those of one name the last counts.

    Parameters
    ----------
    path
        The file; made with the first row.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self) -> dict[str, Row]:
        """Return the rows by name; a line that a stop cut off is left out."""
        text = self._path.read_text("utf-8") if self._path.exists() else ""
        return {row.name: row for row in map(_read, text.splitlines()) if row}

    def add(self, row: Row) -> None:
        """Keep a row at once, on a line of its own even after one that was cut off."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(row._asdict(), ensure_ascii=False)
        with self._path.open("a+b") as file:
            file.write(f"{self._ahead()}{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def _ahead(self) -> str:
        written = self._path.read_bytes()
        return "" if not written or written.endswith(b"\n") else "\n"


def _read(line: str) -> Row | None:
    try:
        return Row(**json.loads(line))
    except (TypeError, ValueError):
        return None


def fill(benches: Iterable[Bench], table: Table, *, again: bool = False) -> Iterator[Row]:
    """Go through benches, and measure those that the table does not hold for this code.

    Parameters
    ----------
    benches
        What to measure.
    table
        Where rows are kept as soon as they are measured.
    again
        Whether to measure also what the table holds.

    Yields
    ------
    Row
        As kept or measured.
    """
    kept = {} if again else table.rows()
    for bench in benches:
        row = kept.get(bench.name)
        if row is None or row.code != bench.code:
            row = bench.measured()
            table.add(row)
        yield row


def show(rows: Iterable[Row]) -> None:
    """Print the rows that were measured with this package, beside their floors and goals."""
    printed = Printed(title=f"Rumbo {rumbo.__version__} on {os.cpu_count()} cores")
    for column in ("name", "what", "measured", "value", "floor", "met", "goal", "met"):
        printed.add_column(column, no_wrap=column == "name")
    for row in rows:
        if row.code.startswith(package_digest()):
            printed.add_row(*_cells(row))
    Console(width=170).print(printed)


def _cells(row: Row) -> list[str]:
    cells = [row.name, row.what, row.text, f"{row.value:.3g}"]
    for bound in (row.floor, row.goal):
        cells += ["" if bound is None else f"{row.sign} {bound:g}", row.meets(bound)]
    return cells
