"""Who is told what, and when: a scenario's tables of beliefs and rumours made into paths."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.model.minds.belief import Announced, Hearing, Rumour, path_of, unlearned
from rumbo.model.minds.talk import contacts_along
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.tree.beliefs import Held, held_of
from rumbo.scenario.tree.outcomes import Outcome, each_outcome, outcomes_of
from rumbo.scenario.tree.rumours import outcome_keys

Came = Mapping[str, bool]
"""Whether outcomes come, by ``event=outcome``; those of which that is not known are left out."""


class Beliefs(NamedTuple):
    """What is believed of every outcome, the same for all members.

    Attributes
    ----------
    outcomes
        Outcomes as ``event=outcome``; length O.
    on, effect
        Days on which each is known and from which it holds, counted from the first day of the run's
        warm-up; may lie outside the days; shape (O,).
    hearer
        Kind of hearers of each group: groups of one kind are told alike; shape (G,).
    path
        Chances on each day; for each outcome shape (T, H, P).
    blur
        Standard deviation of the day that hearers have in mind, in days; infinite for any day soon;
        for each outcome shape (T, H).
    unlearned
        Share of each belief that has given way to what is seen; shape (O, T).
    """

    outcomes: tuple[str, ...]
    on: Index
    effect: Index
    hearer: Index
    path: tuple[Array, ...]
    blur: tuple[Array, ...]
    unlearned: Array

    def on_day(self, outcome: int, t: int) -> Array:
        """Return what each group believes of an outcome at each place on a day, (G, P)."""
        return np.asarray(self.path[outcome][t][self.hearer])


def beliefs_of(calendar: Calendar, came: Came) -> Beliefs:
    """Return what is believed of a scenario's dated events.

    Branches of one tree share the beliefs of the days before they part, as these follow from the
    tree and not from the branch.

    Parameters
    ----------
    calendar
        The scenario's values by day.
    came
        Which outcomes come in the scenario.

    Returns
    -------
    Beliefs
        Without outcomes where the corridor has no dated events.
    """
    rows = outcomes_of(calendar.scenario.outcomes)
    outcomes = each_outcome(rows)
    held = [_held(calendar, one, rows, came) for one in outcomes]
    rumours = [_rumours(calendar, one) for one in outcomes]
    hearing = _hearing(calendar)
    hearer, first = _alike(hearing, held, rumours)
    ears = hearing._replace(speed=hearing.speed[:, first], lag=hearing.lag[:, first])
    on, effect = (_numbers(calendar, [getattr(o, d) for o in outcomes]) for d in _DATES)
    paths = []
    for i, one in enumerate(outcomes):
        heard = tuple(r._replace(hearers=r.hearers[first]) for r in rumours[i])
        told = (held[i].level[:, first], held[i].attention[:, first], held[i].lag[:, first])
        paths.append(path_of(Announced(*told, int(on[i]), came.get(one.key), heard), ears))
    return Beliefs(
        tuple(one.key for one in outcomes),
        on,
        effect,
        hearer,
        _together(paths, outcomes),
        tuple(one.blur[:, first] for one in held),
        _unlearned(calendar, outcomes, effect, came),
    )


_DATES = ("on", "takes_effect")


def _together(paths: Sequence[Array], outcomes: Sequence[Outcome]) -> tuple[Array, ...]:
    """Lower beliefs in what one event may bring where they sum to more than 1, all in proportion.

    Talk and rumours raise each on its own, and only one can come.
    """
    events = {one.event: np.zeros_like(paths[0]) for one in outcomes}
    for path, one in zip(paths, outcomes, strict=True):
        events[one.event] += path * bool(one.levers)
    pairs = zip(paths, outcomes, strict=True)
    return tuple(np.asarray(path / np.maximum(events[one.event], 1.0)) for path, one in pairs)


def _numbers(calendar: Calendar, days: Sequence[pd.Timestamp]) -> Index:
    """Return days as numbers, counted from the first day of the warm-up."""
    dates = np.array([np.datetime64(day, "D") for day in days], dtype="datetime64[D]")
    return np.asarray((dates - calendar.dates[0]).astype(np.int64))


def _held(calendar: Calendar, one: Outcome, every: Sequence[Outcome], came: Came) -> Held:
    scenario = calendar.scenario
    rows = scenario.beliefs
    mine = rows[(rows["event"] == one.event) & (rows["outcome"] == one.outcome)]
    usual = _chance_of(calendar, one.key, every, came)
    return held_of(mine, usual, calendar.dates, scenario.selectors)


def _chance_of(calendar: Calendar, key: str, every: Sequence[Outcome], came: Came) -> Array:
    """Return the tree's chance of an outcome by day, whatever it depends on being decided."""
    chance = np.zeros(len(calendar.dates))
    for one in (one for one in every if one.key == key):
        chance += one.probability * (
            _known_chance(calendar, one.given, every, came) if one.given else 1.0
        )
    return chance


def _known_chance(calendar: Calendar, key: str, every: Sequence[Outcome], came: Came) -> Array:
    """Return the same of an outcome that others depend on, once it is known what came."""
    chance = _chance_of(calendar, key, every, came)
    if key not in came:
        return chance
    on = next(one.on for one in every if one.key == key)
    return np.where(calendar.dates >= np.datetime64(on, "D"), float(came[key]), chance)


def _rumours(calendar: Calendar, one: Outcome) -> list[Rumour]:
    """Return the rumours of an outcome, in the order of their rows."""
    scenario, found = calendar.scenario, []
    places = scenario.network.places["id"].to_numpy()
    table = scenario.rumours
    day = _numbers(calendar, table["day"].tolist())
    for i, row in enumerate(table.itertuples(index=False)):
        if one.key in outcome_keys(scenario.outcomes, str(row.outcome)):
            among = np.isin(
                np.arange(len(scenario.groups)), scenario.selectors.people(str(row.group))
            )
            sizes = float(row.jump), float(row.half_life_days)
            found.append(Rumour(int(day[i]), among, places == row.place, *sizes))
    return found


def _hearing(calendar: Calendar) -> Hearing:
    """Return how fast news travels, for every group."""
    network = calendar.scenario.network
    values = [calendar.values(s) for s in range(len(calendar.segments))]
    number = {name: i for i, name in enumerate(network.places["id"])}
    ends = (
        np.array([number[name] for name in network.links[end]], dtype=np.int64)
        for end in ("from", "to")
    )
    return Hearing(
        calendar.segment_of,
        np.stack([v["minds.speed"].T for v in values]),
        np.stack([v["minds.lag"].T for v in values]),
        np.array([float(v["minds.contact"]) for v in values]),
        contacts_along(*ends),
    )


def _alike(
    hearing: Hearing, held: Sequence[Held], rumours: Sequence[Sequence[Rumour]]
) -> tuple[Index, Index]:
    """Return the kind of each group (G,), and the first group of each kind (H,)."""
    groups = hearing.speed.shape[1]
    told = [array.T for one in held for array in one]
    among: list[Flags] = [rumour.hearers[:, None] for of in rumours for rumour in of]
    travel = [np.moveaxis(a, 1, 0).reshape(groups, -1) for a in (hearing.speed, hearing.lag)]
    rows = [np.ascontiguousarray(row) for row in np.hstack([*told, *among, *travel])]
    kinds: dict[bytes, int] = {}
    hearer = np.array([kinds.setdefault(row.tobytes(), len(kinds)) for row in rows])
    return hearer, np.unique(hearer, return_index=True)[1]


def _unlearned(calendar: Calendar, outcomes: Sequence[Outcome], effect: Index, came: Came) -> Array:
    days = len(calendar.dates)
    shares = np.empty((len(outcomes), days))
    for i, one in enumerate(outcomes):
        segment = int(calendar.segment_of[min(max(int(effect[i]), 0), days - 1)])
        half_life = float(calendar.values(segment)["minds.unlearning"])
        shares[i] = unlearned(days, int(effect[i]), came.get(one.key), half_life)
    return shares
