"""The map of an export: places, links, people waiting, and monthly flows along links; styled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rumbo.exporting.series import LEAST, ResultFacts, published, quantiles
from rumbo.exporting.styles import STYLED, styles
from rumbo.scores.quantiles import RANGE_90

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

CRS = "EPSG:4326"

PLACE_COLUMNS = ("id", "name", "country", "admin1", "kind", "population", "source")
LINK_COLUMNS = ("id", "from", "to", "mode", "distance_km", "typical_hours", "licence")
NUMBERS = ("population", "distance_km", "typical_hours")

WAITING, FLOWS = STYLED

LAYERS = {
    "places": "Places of the corridor; towns and crossings, not the sites of shelters",
    "links": "Links between places, drawn straight: they are not the ways that people take",
    WAITING: "People present at a place, mean over the days of a month: median and 90 % range over "
    "members. Values above 0 and below 10 are empty and marked; months below 10 are left out",
    FLOWS: "People starting along a link in a month: median and 90 % range over members. "
    "Values above 0 and below 10 are empty and marked; months below 10 are left out",
}

FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""Date of change written into the file, so that equal results give equal bytes."""

VERSION = "1.2"
"""Of the format: what programs of some years ago open without a warning."""


def write_geopackage(runs: "xr.Dataset", facts: ResultFacts, path: Path) -> None:
    """Write the map.

    Parameters
    ----------
    runs
        The result.
    facts
        What all quantities share.
    path
        The file to write.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    places, links = _places(facts), _links(facts)
    layers = {"places": places, "links": links}
    if "waiting" in runs:
        layers[WAITING] = _waiting(runs, facts, places)
    layers[FLOWS] = _flows(runs, facts, links)
    try:
        with _fixed_date():
            for name, table in layers.items():
                _write(table, path, name)
            _write_styles(path, {name: layers[name] for name in STYLED if name in layers}, facts)
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
        VERSION=VERSION,
        geometry_type="LineString" if layer in ("links", FLOWS) else "Point",
    )
    written = read_info(path, layer=layer)["features"]
    if written != len(table):
        raise OSError(f"{path.name}: {written} of {len(table)} {layer} written")


def _write_styles(path: Path, layers: "dict[str, gpd.GeoDataFrame]", facts: ResultFacts) -> None:
    from pyogrio import write_dataframe

    # The table that QGIS looks for when it opens a layer.
    write_dataframe(styles(layers, facts), path, layer="layer_styles", driver="GPKG")


@contextmanager
def _fixed_date() -> Iterator[None]:
    from pyogrio import get_gdal_config_option, set_gdal_config_options

    before = get_gdal_config_option("OGR_CURRENT_DATE")
    set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    try:
        yield
    finally:
        set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _places(facts: ResultFacts) -> "gpd.GeoDataFrame":
    import geopandas as gpd

    table = _table(facts.background["places"], ("lat", "lon", *PLACE_COLUMNS))
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table[list(PLACE_COLUMNS)], geometry=points, crs=CRS)


def _links(facts: ResultFacts) -> "gpd.GeoDataFrame":
    import geopandas as gpd
    import shapely

    where = {place["id"]: (place["lon"], place["lat"]) for place in facts.background["places"]}
    records = facts.background["links"]
    ends = [[where[link["from"]], where[link["to"]]] for link in records]
    lines = shapely.linestrings(np.array(ends, dtype=float).reshape(-1, 2, 2))
    return gpd.GeoDataFrame(_table(records, LINK_COLUMNS), geometry=lines, crs=CRS)


def _table(records: list[dict[str, Any]], columns: tuple[str, ...]) -> "pd.DataFrame":
    """Return some columns of records; numbers as numbers even where all are missing."""
    import pandas as pd

    table = pd.DataFrame(records, columns=list(columns))
    return table.astype({name: float for name in columns if name in NUMBERS})


def _waiting(
    runs: "xr.Dataset", facts: ResultFacts, places: "gpd.GeoDataFrame"
) -> "gpd.GeoDataFrame":
    """Return people present, by scenario, place and month."""
    row, content = _monthly(runs["waiting"], "place", facts, places)
    spots = [facts.names.location("place", one).name for one in row["id"]]
    named = {
        "place": row["id"],
        "name_en": [name.en for name in spots],
        "name_es": [name.es for name in spots],
        "country": row["country"],
    }
    return _layer(content, named, row)


def _flows(runs: "xr.Dataset", facts: ResultFacts, links: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Return people starting along links, by scenario, link and month."""
    row, content = _monthly(runs["passages"], "link", facts, links)
    named = {"link": row["id"], "from": row["from"], "to": row["to"], "mode": row["mode"]}
    return _layer(content, named, row)


def _monthly(
    values: "xr.DataArray", by: str, facts: ResultFacts, shapes: "gpd.GeoDataFrame"
) -> "tuple[gpd.GeoDataFrame, dict[str, Any]]":
    """Return the shapes and ranges of what reaches ten in a month."""
    ordered = values.transpose("scenario", "member", by, "month", ...).to_numpy()
    total = ordered.sum(axis=tuple(range(4, ordered.ndim)), dtype=np.float64)
    ends = quantiles(total, RANGE_90)
    scenario, where, month = np.nonzero(ends[..., -1] >= LEAST)
    shown, small = published(ends[scenario, where, month])
    labels = values[by].values[where].tolist()
    days = np.array([day.isoformat() for day in facts.ends], dtype="datetime64[ms]")
    content = {
        "scenario_id": np.array(facts.ids, dtype=object)[scenario],
        "scenario": np.array(facts.scenarios, dtype=object)[scenario],
        "month": np.array([f"{day:%Y-%m}" for day in facts.ends], dtype=object)[month],
        "date": days[month],
        "low_90": shown[:, 0],
        "median": shown[:, 1],
        "high_90": shown[:, 2],
        "suppressed": small.any(axis=1),
    }
    return shapes.set_index("id").loc[labels].reset_index(), content


def _layer(
    content: dict[str, Any], named: dict[str, Any], row: "gpd.GeoDataFrame"
) -> "gpd.GeoDataFrame":
    import geopandas as gpd

    first = {name: content.pop(name) for name in ("scenario_id", "scenario", "month", "date")}
    return gpd.GeoDataFrame({**first, **named, **content}, geometry=row.geometry, crs=CRS)
