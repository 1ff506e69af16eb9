"""Stored forecasts, one file an origin and model, in the layout of a forecast hub."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rumbo.files.atomic import sweep, write_whole
from rumbo.forecasting.form import Forecast
from rumbo.forecasting.table import from_table, to_table

DIGEST = b"rumbo"
"""Name of the digest among a file's metadata."""


class ForecastStore:
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
            metadata = pq.read_schema(path).metadata or {}
        except pa.ArrowInvalid:
            return False
        return bool(metadata.get(DIGEST) == digest.encode())

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
