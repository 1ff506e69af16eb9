"""Tables made by others: read, and every fault noted with its row and one cure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector


@dataclass(frozen=True)
class CheckedTable:
    """A table with the name of its file, and where its faults are noted with their cure."""

    name: str
    rows: pd.DataFrame
    cure: str
    faults: Collector

    def fault(self, fault: str) -> None:
        """Note a fault of the table."""
        self.faults.add(self.name, 0, fault, self.cure)

    def holds(self, columns: Collection[str]) -> bool:
        """Note columns that are missing, or that there are no rows; return whether all is there."""
        missing = [column for column in columns if column not in self.rows.columns]
        if missing:
            self.fault(f"columns are missing: {', '.join(missing)}")
        elif not len(self.rows):
            self.fault("the table has no rows, expected one or more")
        return not missing and len(self.rows) > 0

    def note(self, right: "pd.Series[bool]", fault: str, kind: str = "") -> None:
        """Note the same fault of each row that is not right."""
        for row in np.flatnonzero(~np.asarray(right, dtype=bool)):
            self.faults.add(self.name, int(row) + 2, fault, self.cure, kind or fault)

    def note_cells(
        self, column: str, right: "Callable[[pd.Series[str]], pd.Series[bool]]", expected: str
    ) -> None:
        """Note each cell of a column that is not as expected."""
        cells = self.rows[column].astype(str)
        for row in np.flatnonzero(~right(cells).to_numpy()):
            fault = f"'{column}' is '{cells.iloc[row]}', expected {expected}"
            self.faults.add(self.name, int(row) + 2, fault, self.cure, f"column '{column}'")


def are_numbers(cells: "pd.Series[str]") -> "pd.Series[bool]":
    """Return which cells hold a finite number."""
    numbers: pd.Series[bool] = np.isfinite(pd.to_numeric(cells, errors="coerce"))
    return numbers


def read_table(path: Path, cure: str, faults: Collector) -> CheckedTable:
    """Return a ``.csv`` or ``.parquet``; empty and with a fault where it cannot be read."""
    rows = pd.DataFrame()
    if not path.is_file():
        faults.add(path.name, 0, f"{path} is not there", cure)
        return CheckedTable(path.name, rows, cure, faults)
    try:
        csv = path.suffix == ".csv"
        rows = pd.read_csv(path, keep_default_na=False) if csv else pd.read_parquet(path)
    except (ValueError, OSError, pd.errors.ParserError) as error:
        faults.add(path.name, 0, f"the table cannot be read ({error})", cure)
    return CheckedTable(path.name, rows, cure, faults)
