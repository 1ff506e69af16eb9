"""The long table of quantiles, as CSV and as Parquet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rumbo.export.series import QUANTILES, QuantileBlock, ResultFacts

if TYPE_CHECKING:
    import pyarrow as pa


class Field(NamedTuple):
    """One column of the long table.

    Attributes
    ----------
    name
        Name in the header.
    type
        Type in the description of the data.
    hxl
        Humanitarian Exchange Language tag.
    description
        For readers.
    required
        Whether every row has a value.
    """

    name: str
    type: str
    hxl: str
    description: str
    required: bool = True


FIELDS = (
    Field("origin_date", "date", "#date+origin", "The day before the run starts"),
    Field("scenario_id", "string", "#meta+scenario", "Name of the scenario"),
    Field("target", "string", "#indicator+code", "Name of the quantity"),
    Field("location", "string", "#loc+code", "Place, area, region or group of people, or 'all'"),
    Field("target_end_date", "date", "#date+end", "Last day of the month"),
    Field("horizon", "integer", "#date+horizon", "Number of the month, 1 being the first"),
    Field("output_type", "string", "#meta+type", "Always 'quantile'"),
    Field("output_type_id", "number", "#meta+quantile", "Share of members at or below the value"),
    Field(
        "value",
        "number",
        "#indicator+num",
        "In the unit of the target; empty where suppressed",
        required=False,
    ),
    Field(
        "suppressed",
        "boolean",
        "#meta+suppressed",
        "Whether the value is above 0 and below 10, and therefore left empty",
    ),
)


@contextmanager
def long_table(
    csv: Path, parquet: Path, described: ResultFacts
) -> Iterator[Callable[[QuantileBlock], None]]:
    """Open the long table in both forms.

    Parameters
    ----------
    csv, parquet
        Where to write it.
    described
        What all targets share.

    Yields
    ------
    callable
        Writes the rows of a block.
    """
    from pyarrow.csv import CSVWriter
    from pyarrow.parquet import ParquetWriter

    schema = arrow_schema()
    with (
        CSVWriter(csv, schema) as comma_separated,
        ParquetWriter(parquet, schema, compression="zstd") as columnar,
    ):

        def add(block: QuantileBlock) -> None:
            rows = long_rows(block, described)
            comma_separated.write_table(rows)
            columnar.write_table(rows)

        yield add


def arrow_schema() -> "pa.Schema":
    """Return the columns of the long table with their types."""
    import pyarrow as pa

    types = {
        "date": pa.date32(),
        "string": pa.string(),
        "integer": pa.int32(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
    }
    return pa.schema(
        [pa.field(field.name, types[field.type], not field.required) for field in FIELDS]
    )


def long_rows(block: QuantileBlock, described: ResultFacts) -> "pa.Table":
    """Return a block with one row for each quantile.

    Parameters
    ----------
    block
        The block.
    described
        What all targets share.

    Returns
    -------
    pyarrow.Table
        By scenario, location, month and quantile.
    """
    import pyarrow as pa

    scenario, location, month, level = (axis.ravel() for axis in np.indices(block.values.shape))
    values = block.values.ravel()
    one = np.zeros(values.size, dtype=np.int64)

    def spread(labels: list[Any] | tuple[Any, ...], index: np.ndarray) -> Any:
        return pa.array(labels).take(pa.array(index))

    columns = [
        spread([described.origin], one),
        spread(described.scenarios, scenario),
        spread([block.target], one),
        spread(block.locations, location),
        spread(described.ends, month),
        pa.array((month + 1).astype(np.int32)),
        spread(["quantile"], one),
        spread(QUANTILES, level),
        pa.array(values, mask=np.isnan(values)),
        pa.array(block.suppressed.ravel()),
    ]
    return pa.Table.from_arrays(columns, schema=arrow_schema())
