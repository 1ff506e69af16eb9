"""The map of an export: places, links, and monthly flows along links."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rumbo.export.series import LEAST, ResultFacts, published, quantiles
from rumbo.scores.quantiles import RANGE_90

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

CRS = "EPSG:4326"

PLACE_COLUMNS = ("id", "name", "country", "admin1", "kind", "population", "source")
LINK_COLUMNS = ("id", "from", "to", "mode", "distance_km", "typical_hours", "licence")
NUMBERS = ("population", "distance_km", "typical_hours")

LAYERS = {
    "places": "Places of the corridor; towns and crossings, not the sites of shelters",
    "links": "Links between places, drawn straight: they are not the ways that people take",
    "flows": "People starting along a link in a month: median and 90 % range over members. "
    "Values above 0 and below 10 are empty and marked; months below 10 are left out",
}

FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""Date of change written into the file, so that equal results give equal bytes."""


def write_geopackage(runs: "xr.Dataset", described: ResultFacts, path: Path) -> None:
    """Write the map.

    Parameters
    ----------
    runs
        The result.
    described
        What all targets share.
    path
        The file to write.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    places, links = _places(described), _links(described)
    layers = {"places": places, "links": links, "flows": _flows(runs, links)}
    try:
        with _fixed_date():
            for name, table in layers.items():
                _write(table, path, name)
    except (DataLayerError, DataSourceError, FeatureError, GeometryError) as error:
        raise OSError(f"{path.name}: {error}") from error


def _write(table: "gpd.GeoDataFrame", path: Path, layer: str) -> None:
    from pyogrio import read_info

    table.to_file(
        path,
        layer=layer,
        driver="GPKG",
        engine="pyogrio",
        DESCRIPTION=LAYERS[layer],
        geometry_type="Point" if layer == "places" else "LineString",
    )
    written = read_info(path, layer=layer)["features"]
    if written != len(table):
        raise OSError(f"{path.name}: {written} of {len(table)} {layer} written")


@contextmanager
def _fixed_date() -> Iterator[None]:
    from pyogrio import get_gdal_config_option, set_gdal_config_options

    before = get_gdal_config_option("OGR_CURRENT_DATE")
    set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    try:
        yield
    finally:
        set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _places(described: ResultFacts) -> "gpd.GeoDataFrame":
    import geopandas as gpd

    table = _table(described.background["places"], ("lat", "lon", *PLACE_COLUMNS))
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table[list(PLACE_COLUMNS)], geometry=points, crs=CRS)


def _links(described: ResultFacts) -> "gpd.GeoDataFrame":
    import geopandas as gpd
    import shapely

    where = {place["id"]: (place["lon"], place["lat"]) for place in described.background["places"]}
    records = described.background["links"]
    ends = [[where[link["from"]], where[link["to"]]] for link in records]
    lines = shapely.linestrings(np.array(ends, dtype=float).reshape(-1, 2, 2))
    return gpd.GeoDataFrame(_table(records, LINK_COLUMNS), geometry=lines, crs=CRS)


def _table(records: list[dict[str, Any]], columns: tuple[str, ...]) -> "pd.DataFrame":
    """Return some columns of records; numbers as numbers even where all are missing."""
    import pandas as pd

    table = pd.DataFrame(records, columns=list(columns))
    return table.astype({name: float for name in columns if name in NUMBERS})


def _flows(runs: "xr.Dataset", links: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    import geopandas as gpd

    ends = quantiles(runs["passages"], "link", RANGE_90)
    scenario, link, month = np.nonzero(ends[..., -1] >= LEAST)
    values, small = published(ends[scenario, link, month])
    row = links.set_index("id").loc[runs["link"].values[link].tolist()].reset_index()
    content = {
        "scenario": runs["scenario"].values[scenario].astype(object),
        "month": runs["month"].values[month],
        "link": row["id"],
        "from": row["from"],
        "to": row["to"],
        "mode": row["mode"],
        "low_90": values[:, 0],
        "median": values[:, 1],
        "high_90": values[:, 2],
        "suppressed": small.any(axis=1),
    }
    return gpd.GeoDataFrame(content, geometry=row.geometry, crs=CRS)
