"""What happens at one place, month by month: who is there, who comes and goes, and how long."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from rumbo.report.page.parts import DASH, Row
from rumbo.report.page.words import as_number
from rumbo.report.read.beds import beds_at, given
from rumbo.report.read.names import place_name, scenario_record
from rumbo.report.read.run import Run
from rumbo.scores.days import covered, length

FEW = 10.0
"""People a month below which no length of stay is worked out."""


Over = Callable[[xr.DataArray], xr.DataArray]
"""Puts a series by month together."""


def by_month(values: xr.DataArray) -> xr.DataArray:
    """Leave months apart."""
    return values


def waiting_at(run: Run, place: str) -> xr.DataArray:
    """Return people present at a place: (scenario, member, month)."""
    return run.series("waiting", place=place)


def coming(run: Run, place: str) -> xr.DataArray:
    """Return people who set out for a place by any way, or were taken there, in each month."""
    return _along(run, place, "link_to") + _taken(run, place)


def leaving(run: Run, place: str) -> xr.DataArray:
    """Return people who set out from a place by any way, in each month."""
    return _along(run, place, "link_from")


def short_of_beds(run: Run, place: str) -> xr.DataArray:
    """Return people who seek a shelter at a place beyond its shelter places."""
    return run.sums("shelter_shortfall", "place").sel(place=place)


def at_place(run: Run, variable: str, place: str) -> xr.DataArray:
    """Return a measure that is counted by place, at one."""
    return run.sums(variable, "place").sel(place=place)


def days_there(run: Run, place: str, over: Over = by_month) -> xr.DataArray:
    """Return how many days people are at a place, by Little's law.

    Days that people are present over people who leave by whatever way. NaN where hardly anybody
    does, and in results of before, which do not say how many left.

    Parameters
    ----------
    run, place
        The run, and the place.
    over
        Sums each of them over months; a mean of what months say would weigh most those in which
        few leave.
    """
    present = over(waiting_at(run, place) * length(run.data))
    if "departures" not in run.data:
        return present * np.nan
    gone = over(at_place(run, "departures", place))
    return present / gone.where(gone >= over(FEW * covered(run.data)))


def _along(run: Run, place: str, end: str) -> xr.DataArray:
    mine = np.flatnonzero(run.data[end].values.astype(str) == place)
    return run.sums("passages", "link").isel(link=mine).sum("link")


def _taken(run: Run, place: str) -> xr.DataArray | float:
    parts = [at_place(run, name, place) for name in ("transfers", "dispersed") if name in run.data]
    return sum(parts, start=0.0)


def short_with(run: Run, place: str, number: int) -> str:
    """Return what beds short are called, with the number of places of a scenario."""
    words, beds = run.words, beds_at(run, place, number)
    told = beds.told(words)
    if np.isfinite(beds.low) and np.isfinite(beds.high):
        told = f"{told} ({words.digits(beds.low)} {words('to')} {words.digits(beds.high)})"
    return words("here.short_of", beds=told)


def places_text(run: Run, place: str, number: int) -> str:
    """Return how many shelter places a scenario reckons with at a place, with their range."""
    words, beds = run.words, beds_at(run, place, number)
    key = "here.beds.given" if given(run, place, number) else "here.beds.known"
    said = words(key, place=named(run, place), beds=beds.told(words))
    if not (np.isfinite(beds.low) and np.isfinite(beds.high)):
        return said
    ends = {"low": words.digits(beds.low), "high": words.digits(beds.high)}
    return f"{said} {words('here.beds.range', **ends)}"


def seekers(run: Run, place: str, number: int = 0) -> Row | None:
    """Return which share of people at a place seeks a shelter; None where everybody does."""
    shares: dict[str, Row] = scenario_record(run.scenarios[number], run).get("seek") or {}
    return shares.get(place)


def share_range(run: Run, row: Row) -> dict[str, str]:
    """Return a share and the ends of its range as they are written, by their names."""
    numbers = {name: as_number(row.get(name)) for name in ("value", "low", "high")}
    percent = run.words.percent
    return {n: DASH if v is None else percent(v).lstrip("+") for n, v in numbers.items()}


def named(run: Run, place: str) -> str:
    """Return the name of a place."""
    return place_name(run.places.get(place, {"id": place}), run.words)
