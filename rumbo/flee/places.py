"""Locations and routes in Flee's format."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.cells import BEYOND_EARTH, MOST_PERSONS, NOT_COUNTED, ROUND_EARTH
from rumbo.files.faults import Collector, choose
from rumbo.flee.crisis import CAMPS, KINDS, LOCATION_COLUMNS, ROUTE_COLUMNS
from rumbo.flee.tables import Number, Row, Sheet, fits, read_sheet

_NAMED = 8
"""Columns of locations that have their place; those beyond are attributes."""

_POPULATION, _CAPACITY = (
    Number(name, 0, MOST_PERSONS, integer=True, empty=0, beyond=NOT_COUNTED)
    for name in ("population", "capacity")
)
# 180 for both: swapped columns are found, and set right, afterwards.
_LATITUDE = Number("latitude", -180, 180, empty=np.nan)
_LONGITUDE = Number("longitude", -180, 180, empty=np.nan)
_KM = Number("distance", 0, ROUND_EARTH, above=True, beyond=BEYOND_EARTH)
_REDIRECTION = Number("forced_redirection", 0, 2, integer=True, empty=0)
_LINK_ATTRIBUTES = {
    "max_move_speed": Number("max_move_speed", 1, empty=np.nan),
    "walk_probability": Number("walk_probability", 0, 1, empty=0),
}


def read_locations(path: Path, faults: Collector, warnings: Collector) -> pd.DataFrame:
    """Read ``locations.csv``.

    Parameters
    ----------
    path
        The file.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    pandas.DataFrame
        As `Crisis.locations`; cells at fault are NaN or empty.
    """
    before = len(faults.faults)
    sheet = read_sheet(path, faults, heading="name")
    if not sheet.rows and len(faults.faults) == before:
        faults.add(sheet.file, 0, "the file holds no location", "Add a row for each location")
    most = max(_NAMED, len(sheet.header))
    # The day of conflict and the size may be left out, what stands before them may not.
    rows = [row for row in sheet.rows if fits(row, 6, most, faults)]
    locations = pd.DataFrame(
        [_location(row, faults, warnings) for row in rows], columns=list(LOCATION_COLUMNS)
    )
    _note_repeated(sheet.file, locations, faults)
    _note_unused(sheet, sheet.headings(_NAMED).values(), warnings)
    return _turned(sheet.file, locations, warnings)


def _location(row: Row, faults: Collector, warnings: Collector) -> tuple[object, ...]:
    if not row[0]:
        faults.add(row.file, row.line, "name is empty", "Give the location a name")
    kind = _kind(row, faults)
    camp = kind in CAMPS
    people = (_CAPACITY if camp else _POPULATION).read(row, 7, faults)
    sizes = (0.0, people) if camp else (people, 0.0)
    position = (_LATITUDE.read(row, 3, faults), _LONGITUDE.read(row, 4, faults))
    day = _conflict_day(row, kind, warnings)
    return (row[0], row[1], row[2] or "unknown", *position, kind, *sizes, day, row.line)


def _kind(row: Row, faults: Collector) -> str:
    """Find the kind that the type holds; ``idpcamp`` goes before ``camp``, which it contains."""
    text = row[5].lower()
    signs = {
        "idpcamp": "idpcamp",
        "camp": "camp",
        "conflict": "conflict_zone",
        "town": "town",
        "default": "town",
        "forward": "forwarding_hub",
        "marker": "marker",
    }
    kind = next((kind for sign, kind in signs.items() if sign in text), None)
    if kind is None:
        message = f"location_type '{row[5]}' is unknown"
        faults.add(row.file, row.line, message, choose(text, KINDS), "location_type")
    return kind or ""


def _conflict_day(row: Row, kind: str, warnings: Collector) -> int:
    """Read what conflicts.csv overrules, and so cannot be a fault."""
    day = Number("conflict_date", integer=True, empty=-1).read(row, 6, Collector())
    if np.isnan(day) and kind == "conflict_zone":
        message = (
            f"conflict_date is '{row[6]}', expected a day from the start; conflicts.csv counts"
        )
        warnings.add(row.file, row.line, message, "Write a whole number", "conflict_date")
    return -1 if np.isnan(day) else int(day)


def _note_repeated(file: str, locations: pd.DataFrame, faults: Collector) -> None:
    again = locations["name"].duplicated() & (locations["name"] != "")
    for row, name in zip(locations["row"][again], locations["name"][again], strict=True):
        first = locations["row"][locations["name"] == name].iloc[0]
        message = f"location '{name}' stands there twice, first in row {first}"
        faults.add(file, int(row), message, "Remove or rename one", "repeated")


def _note_unused(sheet: Sheet, names: Iterable[str], warnings: Collector) -> None:
    for name in names:
        message = f"column '{name}' is not used here, and can have an effect in Flee"
        cure = "Nothing needs to be done; results may differ from Flee's"
        warnings.add(sheet.file, 1, message, cure)


def _turned(file: str, locations: pd.DataFrame, warnings: Collector) -> pd.DataFrame:
    """Take coordinates as latitude, longitude, whatever their headings say."""
    lat, lon = locations["lat"].astype(float), locations["lon"].astype(float)
    other_way = (lat.abs() > 90) & (lon.abs() <= 90)
    impossible = (lat.abs() > 90) & (lon.abs() > 90)
    message = (
        "stands at more than 90 degrees north: the coordinates are taken as longitude, latitude"
    )
    _warn_rows(file, locations[other_way], message, "Write latitude, longitude", warnings)
    nowhere = impossible | lat.isna() | lon.isna()
    message = "has no position, and is left off maps"
    _warn_rows(file, locations[nowhere], message, "Write latitude, longitude", warnings)
    return locations.assign(
        lat=lat.where(~other_way, lon).mask(impossible),
        lon=lon.where(~other_way, lat).mask(impossible),
    )


def _warn_rows(file: str, rows: pd.DataFrame, message: str, cure: str, warnings: Collector) -> None:
    """Warn once of all rows that are alike, at the first."""
    if len(rows):
        more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
        name = rows["name"].iloc[0]
        warnings.add(file, int(rows["row"].iloc[0]), f"'{name}'{more} {message}", cure)


def read_routes(
    path: Path, locations: pd.DataFrame, faults: Collector, warnings: Collector
) -> pd.DataFrame:
    """Read ``routes.csv``.

    Parameters
    ----------
    path
        The file.
    locations
        As `Crisis.locations`; unknown names are not noted if it is empty.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    pandas.DataFrame
        As `Crisis.routes`; cells at fault are NaN.
    """
    sheet = read_sheet(path, faults, heading="name1")
    attributes = {name: at for at, name in sheet.headings(4).items()}
    most = max(4, len(sheet.header))
    rows = [row for row in sheet.rows if fits(row, 3, most, faults)]
    known = [name for name in dict.fromkeys(locations["name"]) if name]
    routes = pd.DataFrame(
        [_route(row, known, attributes, faults) for row in rows], columns=list(ROUTE_COLUMNS)
    )
    _note_unused(sheet, [name for name in attributes if name not in _LINK_ATTRIBUTES], warnings)
    _warn_of_routes(sheet.file, routes, locations, warnings)
    return routes


def _route(
    row: Row, known: Sequence[str], attributes: dict[str, int], faults: Collector
) -> tuple[object, ...]:
    for name in (row[0], row[1]):
        if known and name not in known:
            faults.add(
                row.file, row.line, f"unknown location '{name}'", choose(name, known), "locations"
            )
    if row[0] == row[1]:
        faults.add(
            row.file, row.line, f"the route leads from '{row[0]}' to itself", "Mend or remove it"
        )
    km = _KM.read(row, 2, faults)
    flag = _REDIRECTION.read(row, 3, faults)
    beyond = len(row.cells)
    others = [
        number.read(row, attributes.get(name, beyond), faults)
        for name, number in _LINK_ATTRIBUTES.items()
    ]
    return (row[0], row[1], km, 0 if np.isnan(flag) else int(flag), *others, row.line)


def _warn_of_routes(
    file: str, routes: pd.DataFrame, locations: pd.DataFrame, warnings: Collector
) -> None:
    forced = routes[routes["redirection"] > 0]
    if len(forced):
        message = f"forced_redirection is set on {len(forced)} routes, and has no effect in Flee"
        cure = "Nothing needs to be done; people are not forced along these routes"
        warnings.add(file, int(forced["row"].iloc[0]), message, cure)
    pairs = [tuple(sorted(pair)) for pair in zip(routes["start"], routes["end"], strict=True)]
    again = pd.Series(pairs, index=routes.index, dtype=object).duplicated()
    for row, start, end in routes.loc[again, ["row", "start", "end"]].itertuples(index=False):
        message = f"'{start}' and '{end}' are linked twice, which counts twice in Flee"
        warnings.add(file, int(row), message, "Remove one of the routes", "repeated")
    apart = ~locations["name"].isin([*routes["start"], *routes["end"]])
    lonely = locations[apart & bool(len(routes))]
    message = "has no route: nobody can leave or arrive"
    _warn_rows("locations.csv", lonely, message, "Add a route in routes.csv", warnings)
