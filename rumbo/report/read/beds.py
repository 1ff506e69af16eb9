"""Shelter places: how many are known or given, where, and in which scenario."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rumbo.report.page.parts import DASH
from rumbo.report.page.words import Words, as_number, text
from rumbo.report.read.contrast import Contrast
from rumbo.report.read.names import place_name, scenario_record
from rumbo.report.read.ranges import Index
from rumbo.report.read.run import Run
from rumbo.scores.beds import SHORT, Spell, spells_of
from rumbo.scores.beds import places_added as added


class Beds(NamedTuple):
    """Shelter places at a place.

    Attributes
    ----------
    known
        From which day how many, over the days of the run; empty where none are ever known.
    low, high
        The range of a number that holds throughout; NaN where it has none.
    source
        Keys of those who say so.
    """

    known: tuple[Spell, ...]
    low: float
    high: float
    source: str

    def told(self, words: Words) -> str:
        """Return how many there are; where they change, from which days."""
        (_, first), *later = self.known
        numbers = [DASH if number is None else words.digits(number) for _, number in later]
        days = [words("since", day=words.day(day)) for day, _ in later]
        more = "; ".join(f"{day}: {number}" for day, number in zip(days, numbers, strict=True))
        start = DASH if first is None else words.digits(first)
        return f"{start} ({more})" if more else start


def beds_at(run: Run, place: str, number: int = 0) -> Beds:
    """Return the shelter places at a place in a scenario, by its number."""
    known = _in_run(run, spells_of(run.background, run.scenarios[number]).get(place, []))
    said = (scenario_record(run.scenarios[number], run).get("beds_said") or {}).get(place) or {}
    low, high = (as_number(said.get(end)) for end in ("low", "high"))
    if low is None or high is None or len(known) > 1:
        low = high = np.nan
    return Beds(known, low, high, text(said.get("source")))


def _in_run(run: Run, spells: list[Spell]) -> tuple[Spell, ...]:
    """Return the spells that last into the run and begin within it; none if no place is known."""
    first, after = f"{run.opening:%Y-%m-%d}", f"{run.closing:%Y-%m-%d}"
    ends = [*(day for day, _ in spells), after][1:]
    mine = [one for one, end in zip(spells, ends, strict=True) if one[0] < after and end > first]
    return tuple(mine) if any(number is not None for _, number in mine) else ()


def has_beds(run: Run, place: str, number: int = 0) -> bool:
    """Whether shelter places are known at a place, or given, in a scenario by its number."""
    return bool(beds_at(run, place, number).known)


def times_with_beds(run: Run, place: str, number: int = 0) -> Index:
    """Return the numbers of the months in which a scenario knows shelter places throughout.

    In others nobody is counted as short of one. Of days, where the run was recorded by day.
    """
    known = beds_at(run, place, number).known
    times = [f"{at:%Y-%m-%d}" for at in (run.opening, *run.times[1:], run.closing)]
    ends = [*(day for day, _ in known), times[-1]][1:]
    gaps = [(day, end) for (day, beds), end in zip(known, ends, strict=True) if beds is None]
    whole = [
        bool(known) and not any(begin < after and until > at for begin, until in gaps)
        for at, after in pairwise(times)
    ]
    return np.flatnonzero(whole)


def places_added(run: Run) -> list[str]:
    """Return places of which beds are known in one scenario, and in another are not."""
    return added(run.background, run.scenarios)


def side_with_beds(run: Run, place: str) -> int | None:
    """Return the scenario in which a place that was added has beds on all days told of."""
    for number in range(len(run.scenarios)):
        known = beds_at(run, place, number).known
        if known and all(places is not None for _, places in known):
            return number
    return None


def given(run: Run, place: str, number: int) -> bool:
    """Whether the shelter places of a place are given in a scenario by whoever asks."""
    return place in (scenario_record(run.scenarios[number], run).get("beds_given") or [])


def comparable(run: Run, keys: Iterable[str]) -> list[str]:
    """Return those quantities of which scenarios can be compared in sums over all places.

    Not those of beds where these are known at a place in one scenario alone: see `places_added`.
    """
    return [key for key in keys if key not in SHORT or not places_added(run)]


def uncompared(run: Run) -> list[str]:
    """Say at which places those short of beds are counted in one scenario alone."""
    places = (place_name(run.places[place], run.words) for place in places_added(run))
    listed = ", ".join(places)
    return [run.words("ask.beds.added", places=listed)] if listed else []


def within_known(run: Run, asked: Contrast) -> Iterator[str]:
    """Say where a number given lies within the range of that known: then more may be short."""
    words = run.words
    for place in (one for one in run.places if given(run, one, asked.having)):
        mine, known = (beds_at(run, place, n) for n in (asked.having, asked.lacking))
        number = mine.known[0][1] if mine.known else None
        if number is not None and known.low < number < known.high:
            ends = {end: words.digits(getattr(known, end)) for end in ("low", "high")}
            name, beds = place_name(run.places[place], words), mine.told(words)
            yield words("ask.beds.within", place=name, beds=beds, **ends)
