"""Of which people short of beds two scenarios can be compared."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

PLACES = "shelter.places"
"""Parameter that says how many shelter places there are."""

SHORT = ("shelter_shortfall", "visible_crowd")
"""Measures of people beyond the shelter places known: where none are known, nobody is counted."""


def known_places(runs: "xr.Dataset") -> dict[str, float]:
    """Return the shelter places of each place that a result tells of; NaN where none are known."""
    if "shelter_places" not in runs.coords:
        return {}
    names, places = (runs[name].values for name in ("place", "shelter_places"))
    return dict(zip(names.astype(str).tolist(), places.astype(float).tolist(), strict=True))


def places_added(
    background: Mapping[str, Any], names: Sequence[str], known: Mapping[str, float]
) -> list[str]:
    """Return places of which beds are given in one scenario, and none are known in another.

    People short of beds there are counted in the one alone: of these, and of sums over all places,
    the two cannot be compared.

    Parameters
    ----------
    background
        What a result carries beside its numbers.
    names
        The scenarios of the result.
    known
        Shelter places of each place in the corridor; NaN where none are known.

    Returns
    -------
    list of str
        In the order in which they are given.
    """
    changes = {one["name"]: one.get("changes") or [] for one in background.get("scenarios") or []}
    given = [_given(changes.get(name, [])) for name in names]
    return [
        place
        for place in dict.fromkeys(place for own in given for place in own)
        if place in known and not all(isfinite(own.get(place, known[place])) for own in given)
    ]


def _given(changes: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Shelter places that changes give, by place; the last of each."""
    mine = (row for row in changes if row["parameter"] == PLACES)
    return {str(row["at"]): float(row["value"]) for row in mine if row.get("at")}
