"""Stored forecasts, one file an origin and model, in the layout of a forecast hub."""

import ast
import hashlib
import importlib.util
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rumbo.files import sweep, write_whole
from rumbo.forecast.form import Forecast
from rumbo.forecast.table import from_table, to_table

DIGEST = b"rumbo"
"""Name of the digest among a file's metadata."""


class Store:
    """A folder of forecasts: ``<model>/<day>-<model>.parquet``.

    Parameters
    ----------
    folder
        Made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, day: date) -> Path:
        """Return the file of a model's forecast as of a day."""
        return self.folder / name / f"{day}-{name}.parquet"

    def has(self, name: str, day: date, digest: str) -> bool:
        """Whether a forecast is kept that came of the same figures, settings and code."""
        path = self.path(name, day)
        if not path.exists():
            return False
        try:
            kept = pq.read_schema(path).metadata or {}
        except pa.ArrowInvalid:
            return False
        return bool(kept.get(DIGEST) == digest.encode())

    def read(self, name: str, day: date) -> Forecast:
        """Return a forecast; the same to the last bit, whether just written or years ago."""
        return from_table(pq.read_table(self.path(name, day)).to_pandas())

    def write(self, forecast: Forecast, name: str, day: date, digest: str) -> None:
        """Write a forecast whole, or leave what there was.

        Parameters
        ----------
        forecast, name, day
            As in `to_table`.
        digest
            Of all that it came of.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        rows = pa.Table.from_pandas(to_table(forecast, name, day), preserve_index=False)
        rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), DIGEST: digest})
        path = self.path(name, day)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda unfinished: pq.write_table(rows, unfinished))

    def sweep(self) -> None:
        """Remove what a stopped writer left."""
        for folder in self.folder.glob("*/"):
            sweep(folder)


def code_digest(component: object) -> str:
    """Return a digest of a component's settings and of the code that it runs.

    Parameters
    ----------
    component
        The component, or anything else whose ``repr`` says what was asked.

    Returns
    -------
    str
        It differs if its ``repr`` differs, or its module or any module of the package that this
        one needs.
    """
    found = hashlib.sha256(repr(component).encode())
    for path in sorted(_needed(type(component).__module__, set())):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _needed(module: str, seen: set[Path]) -> set[Path]:
    """Files of a module and of those of the same package that it imports, one by one."""
    package = module.partition(".")[0]
    found = importlib.util.find_spec(module)
    path = Path(found.origin) if found and found.origin else None
    if path is None or path in seen:
        return seen
    seen.add(path)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package + "."):
            _needed(str(node.module), seen)
    return seen
