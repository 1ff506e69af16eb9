"""What is told of members ahead: counts that start from the last figure, and people at places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rumbo.answers.outlook.ahead import RunsAhead
from rumbo.answers.outlook.asked import OutlookAsked
from rumbo.fitting.record import APPOINTMENTS, QUEUE, WAITING
from rumbo.fitting.views import TOTAL, on_the_way, views_of
from rumbo.forecasting.onward import changes_ahead, luck_of, paths_onward
from rumbo.scenario.arrays import Array
from rumbo.scenario.calendar import settings_at
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.roles import TRANSIT
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.ranges import value_at

if TYPE_CHECKING:
    import xarray as xr

BEDS, SEEK = "shelter.places", "shelter.seek"
"""Parameters of the shelter places known at a place, and of the share of people who seek one."""

SHORT, TOWARDS, AWAY, TAKEN = "beds_short", "set_out_for", "set_out_from", "taken_to"
"""Series of a place beside `WAITING`: people beyond the shelter places known, those who set out for
it and from it, and those whom authorities took there."""

COSTS = ("days_waited", "transfers", "kidnappings", "deaths")
"""Human cost of the whole corridor."""


class SeriesAhead(NamedTuple):
    """Members of one series.

    Attributes
    ----------
    series
        Its name: a family of counts, or what is told of a place or of the corridor.
    place
        Id of the place; empty where it is of the whole corridor.
    first
        Number of the first month that there are values of.
    values
        By branch, member and month; persons; shape (B, R, T - first).
    """

    series: str
    place: str
    first: int
    values: Array


def families(runs: RunsAhead) -> dict[str, Key]:
    """Return the counts of everybody that a figure of the day is there of, by family."""
    return families_known(runs.problem.known)


def families_known(seen: Known) -> dict[str, Key]:
    """Return the counts of everybody that a figure was known of, by family."""
    views = views_of(seen.backdrop.roles)
    keys = {name: view.total for name, view in views.items()} | {APPOINTMENTS: Key(APPOINTMENTS)}
    return {n: key for n, key in keys.items() if key in seen.keys(key.measure, key.component)}


def series_ahead(runs: RunsAhead, asked: OutlookAsked, seed: int) -> Iterator[SeriesAhead]:
    """Go through all that is told of: counts, the place, the queue, and human cost.

    Parameters
    ----------
    runs
        The runs.
    asked
        The place, and its shelter places where they are given.
    seed
        Names the luck of the errors of counts, and of the shelter places of each member and the
        share of people who seek one.

    Yields
    ------
    SeriesAhead
    """
    yield from _counts(runs, seed)
    yield from _of_place(runs, asked, seed)
    yield SeriesAhead(QUEUE, "", 0, _members(runs.data[QUEUE]))
    yield SeriesAhead(WAITING, "", 0, _members(_waiting(runs)))
    for name in COSTS:
        values = _members(runs.data[name])
        # A harm of which no rate was known on the day is not told of, rather than told to be none.
        if values.any():
            yield SeriesAhead(name, "", 0, values)


def _counts(runs: RunsAhead, seed: int) -> Iterator[SeriesAhead]:
    """Go through counts of everybody: each member changes from the last published figure on."""
    for name, key in families(runs).items():
        observed = runs.problem.known.series(key)
        at = int((observed.last - runs.months[0]).astype(int))
        if not 0 <= at < len(runs.months) - 1:
            continue
        made = []
        for n in range(len(runs.branches)):
            counts = _everybody(runs, name, runs.data.isel(scenario=n))
            changes = changes_ahead(counts, at, len(runs.months) - at - 1)
            # The same luck in every branch, so that these differ by what comes alone.
            paths = paths_onward(observed, changes, TOTAL, luck_of(observed, seed, at))
            made.append(np.expm1(paths))
        yield SeriesAhead(name, "", at + 1, np.stack(made))


def _everybody(runs: RunsAhead, family: str, data: "xr.Dataset") -> Array:
    """Return what a count sees of everybody by member and month: a register of those it is of."""
    record = runs.problem.record
    if not family.startswith(TRANSIT):
        return np.asarray(record.seen(family, data).sum(axis=2))
    registers = {on_the_way(one): one for one in runs.problem.scenario.roles.transit}
    every, whom = runs.problem.nationalities, registers[family].nationalities
    mine = [n for n, name in enumerate(every) if not whom or name in whom]
    return np.asarray(record.seen(TRANSIT, data)[..., mine].sum(axis=2))


def _of_place(runs: RunsAhead, asked: OutlookAsked, seed: int) -> Iterator[SeriesAhead]:
    place = asked.place
    present = _members(runs.data[WAITING].sel(place=place))
    yield SeriesAhead(WAITING, place, 0, present)
    if asked.beds is not None or shelter_setting(runs, BEDS, place) is not None:
        rng, members = np.random.default_rng((seed, 8)), present.shape[1]
        known, seeking = (_drawn(runs, name, place, rng, members) for name in (BEDS, SEEK))
        outside = present - _members(runs.data["held"].sel(place=place))
        beds = known if asked.beds is None else asked.beds
        short = np.maximum(outside * seeking - beds, 0.0)
        yield SeriesAhead(SHORT, place, 0, short)
    links = runs.problem.scenario.network.links
    for name, end in ((TOWARDS, "to"), (AWAY, "from")):
        mine = (links[end] == place).to_numpy(dtype=bool)
        yield SeriesAhead(name, place, 0, _members(runs.data["passages"].isel(link=mine)))
    yield SeriesAhead(TAKEN, place, 0, _members(runs.data["transfers"].sel(place=place)))


def _drawn(runs: RunsAhead, name: str, place: str, rng: np.random.Generator, members: int) -> Array:
    """Return the value of each member, from the range of what is set; shape (1, R, 1)."""
    spread, one = rng.standard_normal(members).tolist(), shelter_setting(runs, name, place)
    usual = [PARAMETERS[name].default] * members
    values = usual if one is None else [value_at(PARAMETERS[name], one, z) for z in spread]
    return np.array(values)[None, :, None]


def shelter_setting(runs: RunsAhead, name: str, place: str) -> Setting | None:
    """Return what holds at a place on the day, by the precedence of settings; None if nothing."""
    scenario = runs.branches[0].scenario
    number = scenario.network.places["id"].tolist().index(place)
    found: Setting | None = settings_at(scenario, name, runs.problem.known.as_of)[number]
    return found


def _waiting(runs: RunsAhead) -> "xr.DataArray":
    """Return people present where the corridor has people wait."""
    places, roles = runs.problem.scenario.network.places, runs.problem.scenario.roles
    inside = places["country"].isin(roles.waiting).to_numpy(dtype=bool)
    return runs.data[WAITING].isel(place=inside)


def _members(values: "xr.DataArray") -> Array:
    """Return values summed over all but branch, member and month; shape (B, R, T)."""
    dims = ("scenario", "member", "month")
    summed = values.sum([dim for dim in values.dims if dim not in dims])
    return np.asarray(summed.transpose(*dims).values, dtype=np.float64)
