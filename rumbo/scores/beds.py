"""Shelter places of scenarios, and of which people short of beds two of them can be compared."""

from collections.abc import Mapping, Sequence
from typing import Any

SHORT = ("shelter_shortfall", "visible_crowd")
"""Measures of people beyond the shelter places known: where none are known, nobody is counted."""

Spell = tuple[str, float | None]
"""From which day how many places there are, None where none are known."""


def spells_of(background: Mapping[str, Any], name: str) -> dict[str, list[Spell]]:
    """Return the shelter places of a scenario, by place.

    Parameters
    ----------
    background
        What a result carries beside its numbers.
    name
        Of the scenario.

    Returns
    -------
    dict of str to list of (str, float or None)
        From the first day; places of which nobody knows any are left out.
    """
    records = {one["name"]: one for one in background.get("scenarios") or []}
    beds = records.get(name, {}).get("beds") or {}
    return {place: [(day, number) for day, number in rows] for place, rows in beds.items()}


def places_added(background: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return places of which beds are known on days in one scenario, and in another are not.

    People short of beds there are counted in the one alone: of these, and of sums over all places,
    the two cannot be compared.

    Parameters
    ----------
    background
        What a result carries beside its numbers.
    names
        The scenarios of the result.

    Returns
    -------
    list of str
        In the order in which scenarios have them.
    """
    spells = [spells_of(background, name) for name in names]
    known = [{place: _known(rows) for place, rows in own.items()} for own in spells]
    places = dict.fromkeys(place for own in known for place in own)
    return [place for place in places if len({own.get(place) for own in known}) > 1]


def _known(rows: Sequence[Spell]) -> tuple[tuple[str, bool], ...]:
    """Return from which day places are known, and from which they are not."""
    told = [(day, number is not None) for day, number in rows]
    return tuple(one for n, one in enumerate(told) if n == 0 or one[1] != told[n - 1][1])
