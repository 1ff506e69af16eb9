"""Which quantities of a result are exported, and by what kind of location each is given."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from rumbo.exporting.names import ALL, OF_ROLE, Both, Names
from rumbo.exporting.series import NATIONALITY, ON_THE_WAY, PRICE, WAY, ExportTarget

if TYPE_CHECKING:
    import xarray as xr


def find_targets(runs: "xr.Dataset", names: Names) -> list[ExportTarget]:
    """Return the quantities of a result; flows along links are on the map only.

    Parameters
    ----------
    runs
        The result.
    names
        What things are called.

    Returns
    -------
    list of ExportTarget
    """
    targets: list[ExportTarget] = []
    for name, values in runs.data_vars.items():
        if "month" not in values.dims or "link" in values.dims:
            continue
        if values.attrs.get("what") == PRICE:
            targets += [_price(str(name), values, str(way), names) for way in values[WAY].values]
            continue
        targets += _targets(str(name), values, "", names)
        if name in OF_ROLE:
            targets += _of_role(str(name), values, names)
        for part in runs["component"].values if "component" in values.dims else ():
            targets += _targets(str(name), values, str(part), names)
    return targets


def _targets(name: str, values: "xr.DataArray", part: str, names: Names) -> Iterator[ExportTarget]:
    what, unit = str(values.attrs.get("what", "flow")), str(values.attrs.get("units", ""))
    what = "flow" if unit == "person-days" else what  # a month holds the sum over its days
    described = str(values.attrs.get("long_name", name))
    whole = f"{name}_{part.lower()}" if part else name
    for kind in (ALL, *_kinds(values, part)):
        title = names.quantity(name, described, part, kind)
        full = whole if kind == ALL else f"{whole}_by_{kind}"
        where = {"component": part} if part else {}
        yield ExportTarget(full, name, where, kind, title, unit, what)


def _of_role(name: str, values: "xr.DataArray", names: Names) -> Iterator[ExportTarget]:
    """Return a quantity where people wait on their way, as the record and the report have it."""
    there = np.isin(values["country"].values.astype(str), list(names.waiting))
    if there.any() and not there.all():
        title, unit = names.own(f"measure.{name}", name), str(values.attrs.get("units", ""))
        places = {"place": values["place"].values[there].tolist()}
        yield ExportTarget(f"{name}{ON_THE_WAY}", name, places, ALL, title, unit, "stock")


def _kinds(values: "xr.DataArray", part: str) -> list[str]:
    """Return what a quantity is given by, beside its total.

    Areas of two components are different regions that share names: only parts are given by area.
    People present are given by place and by nationality, not by group as well, to bound the tables.
    """
    dims: list[str] = [one for one in ("area", "region", "place", "group") if one in values.dims]
    finest = part or (values.attrs.get("what") == "stock" and "place" in dims)
    if "component" in values.dims and not part:
        dims.remove("area")
    if finest and "group" in dims:
        dims.remove("group")
    by_nation = "group" in values.dims and NATIONALITY in values.coords
    return [*dims, NATIONALITY] if by_nation else dims


def _price(name: str, values: "xr.DataArray", way: str, names: Names) -> ExportTarget:
    """Return the price of one guided way, by group; prices of several are not added up."""
    title = names.quantity(name, str(values.attrs.get("long_name", name)))
    title = Both(*(f"{text}: {way}" for text in title))
    place = re.sub(r"[^a-z0-9]+", "_", way.partition(":")[0].lower())
    unit = str(values.attrs.get("units", ""))
    return ExportTarget(f"{name}_{place}", name, {WAY: way}, "group", title, unit, PRICE)
