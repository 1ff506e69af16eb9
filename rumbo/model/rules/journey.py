"""Journeys of people in flight, step by step: what may happen to them, and to what share.

What differs between people in one place is how far they travelled lately and today. Both are kept
on a scale of equal points, `SCALE` to a day's reach; what falls between two points is shared
between them so that the mean is exact.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from rumbo.engine.space import NOWHERE, Compartment, Move
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.ways import Way, links_out, ways_from

SCALE = 2
"""Points of the scale of travel in a day's reach: camps as with more of them, in less time."""

LONGEST = 3
"""Highest point of the scale of recent travel: one and a half days' reach."""

SURE = 1e60
"""Rate per day of what happens for certain; its exits are shared out in proportion."""

NO_WAY = 1e-40
"""Weight of staying when every way is closed, beside which any open way counts for all."""

ALWAYS, SETS_OUT, RESTS, GOES_ON, STOPS, CHOOSES, OPEN, CLOSED, STRANDED = range(9)
"""What the rate of a transition follows."""

Shares = list[tuple[int, float]]
"""Points of a scale, and the share of people at each."""


class Step(NamedTuple):
    """A transition, and what its rate follows.

    Attributes
    ----------
    move
        The transition.
    by
        What its rate follows: one of the names above.
    of
        Number of the place, way or link that this is looked up for.
    share
        Share of the people concerned.
    forced
        Whether people are so short of a day's travel that they may have to go on.
    sure
        Whether this happens only where people go on for certain (True) or may stay (False); None
        where it makes no difference.
    """

    move: Move
    by: int
    of: int
    share: float
    forced: bool = False
    sure: bool | None = None


def on_scale(days: float, top: int) -> Shares:
    """Share a length of travel between the two points of the scale that it lies between.

    Parameters
    ----------
    days
        Travel over a day's reach.
    top
        Highest point there is; longer travel is put there.

    Returns
    -------
    list of (int, float)
        Points and shares, which sum to 1 and have the mean ``days`` below the top.
    """
    x = min(days * SCALE, top)
    low = min(int(x + 1e-9), top)  # rounding must not put a whole point below itself
    part = x - low
    return [(low, 1.0)] if part < 1e-9 else [(low, 1.0 - part), (low + 1, part)]


def covered(point: int) -> float:
    """Return the way covered in a day at a point of its scale, over a day's reach.

    The points lie at 0 and in the middle between the marks, so that none falls on the mark of a
    whole day, where it is decided whether people go on.
    """
    return max(point - 0.5, 0.0) / SCALE


def on_day(days: float) -> Shares:
    """Share a way covered today, below a day's reach, between two points of its scale."""
    x = days * SCALE
    low = int(x + 0.5)
    part = 2.0 * x if low == 0 else x + 0.5 - low
    return [(low, 1.0 - part), (low + 1, part)] if part > 1e-9 else [(low, 1.0)]


def resting(recent: float, today: float) -> Shares:
    """Return where a day leaves people on the scale of recent travel: half of both together."""
    return on_scale((recent + today) / 2.0, LONGEST)


class Journey:
    """Everything that may happen to people on the way, as steps.

    Parameters
    ----------
    ground
        Facts of the network, with the values that shape the structure in ``fixed``.
    """

    def __init__(self, ground: Ground) -> None:
        fixed = ground.fixed
        self._ground = ground
        self._reach = float(fixed["flight.reach"])
        self._walk = float(fixed["flight.walk"])
        self._on_foot = float(fixed["flight.on_foot"]) > 0
        self._walking = fixed["flight.walking"]
        self._km = ground.links["distance_km"].to_numpy(dtype=np.float64)
        hours = ground.links["typical_hours"].to_numpy(dtype=np.float64)
        self._speed = np.round(self._km / hours * 24.0, 6)
        self._out = links_out(ground)
        awareness = int(fixed["flight.awareness"])
        self.ways: list[Way] = []
        self._from: dict[int, list[int]] = {}
        for place in range(len(ground.places)) if awareness else ():
            for way in ways_from(ground, place, awareness):
                self._from.setdefault(place, []).append(len(self.ways))
                self.ways.append(way)
        camp = ground.places["kind"].isin(("camp", "idpcamp")).to_numpy()
        town = np.zeros(len(camp), dtype=bool)
        town[ground.having("town")] = True
        self._camp, self._lasting = camp, camp & ~town
        left = ("conflict_zone", "forwarding_hub", "marker")
        self._left = ground.places["kind"].isin(left).to_numpy()

    def arrival(self, place: int) -> Compartment:
        """Return the compartment of people who are new in a place."""
        return Compartment("arrived", place, stage=int(self._on_foot))

    def steps(self, starts: Iterable[Compartment]) -> Iterator[Step]:
        """Return the steps of all that people who come in can reach."""
        waiting, known = list(starts), set()
        after = {
            "waiting": self._waiting,
            "arrived": self._arrived,
            "choosing": self._choosing,
            "following": self._following,
            "travelling": self._travelling,
        }
        while waiting:
            spot = waiting.pop()
            if spot in known:
                continue
            known.add(spot)
            for step in after[spot.status](spot):
                yield step
                if step.move.target is not None:
                    waiting.append(step.move.target)

    def _waiting(self, here: Compartment) -> Iterator[Step]:
        if here.route:
            yield from self._following(here)
            return
        at_once = bool(self._left[here.at])
        sure = False if at_once else None
        out = Move("set_out", here, here._replace(status="choosing"), here.at)
        yield Step(out, SETS_OUT, here.at, 1.0, sure=sure)
        yield from self._at_once(here, False) if at_once else ()
        if here.recent:
            for to, share in self._rest(here, 0.0):
                yield Step(Move("rest", here, to, here.at), RESTS, here.at, share)

    def _arrived(self, here: Compartment) -> Iterator[Step]:
        forced = here.recent / SCALE + covered(here.today) < 1.0
        at_once = (forced or bool(self._left[here.at])) and not self._lasting[here.at]
        sure = False if at_once else None
        onto = Move("go_on", here, here._replace(status="choosing"), here.at)
        yield Step(onto, GOES_ON, here.at, 1.0, forced, sure)
        yield from self._at_once(here, forced) if at_once else ()
        for to, share in self._rest(here, covered(here.today)):
            yield Step(Move("stop_over", here, to, here.at), STOPS, here.at, share, forced)

    def _at_once(self, here: Compartment, forced: bool) -> Iterator[Step]:
        """Return the choice of those who go on for certain: it spares them a pass."""
        for step in self._choosing(here):
            yield step._replace(forced=forced, sure=True)

    def _choosing(self, here: Compartment) -> Iterator[Step]:
        stay = list(self._rest(here, covered(here.today)))
        for number in self._from.get(here.at, []):
            way = self.ways[number]
            yield from self._go(here, way.links[0], way.stops[1:], CHOOSES, number, way.stops[-1])
            for to, share in stay if self._camp[way.stops[-1]] else ():
                back = Move("turn_back", here, to, here.at, toward=way.stops[-1])
                yield Step(back, CHOOSES, number, share)
        for to, share in stay:
            yield Step(Move("strand", here, to, here.at), STRANDED, here.at, share)

    def _following(self, here: Compartment) -> Iterator[Step]:
        link = next(
            one for one in self._out[here.at] if self._ground.destination[one] == here.route[0]
        )
        end = here.route[-1]
        yield from self._go(here, link, here.route[1:], OPEN, link, end)
        for to, share in self._rest(here._replace(route=()), covered(here.today)):
            if self._camp[end]:
                yield Step(Move("turn_back", here, to, here.at, toward=end), OPEN, link, share)
            yield Step(Move("strand", here, to, here.at), CLOSED, link, share)

    def _go(
        self, here: Compartment, link: int, route: tuple[int, ...], by: int, of: int, end: int
    ) -> Iterator[Step]:
        """Return the steps of taking a link; the day's travel so far comes on top."""
        fresh = here.stage
        road = Compartment("travelling", link, fresh, 0, here.recent, 0, route)
        for to, share in self._advance(road, covered(here.today)):
            yield Step(Move("go", here, to, here.at, link, toward=end), by, of, share)

    def _travelling(self, here: Compartment) -> Iterator[Step]:
        start = int(self._ground.origin[here.at])
        for to, share in self._advance(here, 0.0):
            if to.status == "travelling":
                yield Step(Move("advance", here, to, NOWHERE, here.at), ALWAYS, here.at, share)
                continue
            yield Step(Move("arrive", here, to, to.at, here.at), OPEN, here.at, share)
            for back, part in self._put_back(here, start):
                yield Step(
                    Move("put_back", here, back, start, here.at), CLOSED, here.at, share * part
                )

    def _put_back(self, road: Compartment, start: int) -> Iterator[tuple[Compartment, float]]:
        left = (self._km[road.at] - self._done(road)) / self._reach
        return self._rest(Compartment("waiting", start, recent=road.recent), max(left, 0.0))

    def _advance(self, road: Compartment, today: float) -> Iterator[tuple[Compartment, float]]:
        """Return where a day on a link leads, and what share of people there."""
        fresh = bool(road.moved)
        walking = 1.0 if fresh else float(self._walking[road.at])
        for speed, share, field in (
            (self._speed[road.at], 1.0 - walking, "stage"),
            (self._walk, walking, "today"),
        ):
            if share > 0:
                for to, part in self._day(road, today, float(speed), field):
                    yield to, share * part

    def _day(
        self, road: Compartment, today: float, speed: float, field: str
    ) -> Iterator[tuple[Compartment, float]]:
        done, recent, km = self._done(road), road.recent / SCALE, float(self._km[road.at])
        if done + speed <= km:
            longer = road._replace(**{field: getattr(road, field) + 1})
            for point, share in resting(recent, today + speed / self._reach):
                yield longer._replace(recent=point), share
            return
        place = int(self._ground.destination[road.at])
        today += (km - done) / self._reach
        if today * self._reach >= speed:
            yield from self._rest(
                Compartment("waiting", place, 0, 0, road.recent, 0, road.route), today
            )
            return
        if self._lasting[place] and not road.route:
            yield Compartment("arrived", place), 1.0
            return
        for point, share in on_day(today):
            status = "following" if road.route else "arrived"
            new = Compartment(status, place, 0, 0, road.recent, point, road.route)
            if covered(point) < 1.0:
                yield new, share
                continue
            for to, part in self._rest(new, 1.0):
                yield to, share * part

    def _done(self, road: Compartment) -> float:
        """Kilometres done on a link."""
        return float(road.stage * self._speed[road.at] + road.today * self._walk)

    def _rest(self, here: Compartment, today: float) -> Iterator[tuple[Compartment, float]]:
        """Return where people are who stay for the night."""
        stays = Compartment("waiting", here.at, 0, here.stage, 0, 0, here.route)
        if self._lasting[here.at] and not here.route:
            yield stays, 1.0
            return
        for point, share in resting(here.recent / SCALE, today):
            yield stays._replace(recent=point), share
