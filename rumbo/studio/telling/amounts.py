"""The amounts that an answer tells of, first the one that is asked for."""

from rumbo.report.answer.effects import over_asked
from rumbo.report.answer.flows import named, short_of_beds, waiting_at
from rumbo.report.read.beds import beds_at, has_beds, places_added, side_with_beds
from rumbo.report.read.ranges import Amount, spread
from rumbo.report.read.run import QUANTITIES, Run

ASKED, SHORT = "zones", "shelter_shortfall"
"""Quantity that an answer tells of, and where beds are asked of."""


def amounts_told(place: str | None, beds: bool, run: Run) -> list[Amount]:
    """Return what is told, that first which is asked for: of the place one plans for, if any."""
    there = _there(run, place) if place else []
    # Where beds are given at more places, sums over all places cannot be compared.
    every = SHORT if beds and not places_added(run) else ASKED
    return [*(reversed(there) if beds else there), _amount(run, every)]


def _amount(run: Run, key: str) -> Amount:
    values = over_asked(run, run.series(key), QUANTITIES[key].what)
    return Amount(run.words(f"measure.{key}"), values)


def _there(run: Run, place: str) -> list[Amount]:
    """Return what is told of a place: who is there, and who finds no bed where beds are known."""
    words, name = run.words, named(run, place)
    present = Amount(
        f"{name}: {words('here.waiting')}", over_asked(run, waiting_at(run, place), "stock")
    )
    if not has_beds(run, place) or place in places_added(run):
        return [present]
    short = over_asked(run, short_of_beds(run, place), "stock")
    return [present, Amount(f"{name}: {words('here.short')}", short)]


def beds_alone(place: str | None, beds: bool, run: Run) -> list[str]:
    """Return beds short where none are known but those given: told of that side alone."""
    if not place or not beds or place not in places_added(run):
        return []
    number = side_with_beds(run, place)
    if number is None:
        return []
    values = over_asked(run, short_of_beds(run, place), "stock").isel(scenario=number)
    given = beds_at(run, place, number).told(run.words)
    title = f"{named(run, place)}: {run.words('here.short_of', beds=given)}"
    ends = spread(values)
    return [f"{title}: {run.words.span(ends.low, ends.high)}"]
