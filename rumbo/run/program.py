"""A scenario made ready to run: structure numbered, every day's table worked out."""

from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.engine.likeness import same_arrays, same_room, same_table
from rumbo.engine.rates import Room, Wiring
from rumbo.engine.space import Space
from rumbo.model import MODELS, Arrivals, Model
from rumbo.model.caravans.formation import Formations, formations_of
from rumbo.model.form import arriving
from rumbo.model.measures import Labels, Ledger
from rumbo.model.minds.chain import ACROSS
from rumbo.model.minds.outlook import Outlook, learns, pacing_of
from rumbo.model.minds.world import Reckonings
from rumbo.model.noise import Noise
from rumbo.model.pace import Paces, Pacing, paces_of
from rumbo.model.rules import Ground
from rumbo.model.rules.smuggling import Fares, fares_of, same_fares, usual_name
from rumbo.model.terrain import ground_of
from rumbo.run.compiling.ranges import KnownRanges, build_noise
from rumbo.run.compiling.structure import fixed_of, in_force, space_of, structure_of
from rumbo.run.compiling.tables import Pool, RateTables
from rumbo.run.compiling.uncollected import uncollected
from rumbo.run.compiling.wiring import limits_of, rooms_ahead, rooms_of
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.corridor import same_ground
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.smuggling.usual import usual_checks


@dataclass(frozen=True)
class Program:
    """Everything the day loop needs, as arrays.

    Attributes
    ----------
    name
        The scenario's name.
    dates
        Days from the start of the warm-up to the last day; shape (T,).
    recorded
        First day that is recorded.
    step
        Days per step.
    segment
        Segment of each day: days on which the same values are in force; shape (T,).
    rate
        Tables by segment, each of shape (G, M); segments with the same values share one.
    limit
        Limits by segment; shape (S, Q).
    rooms
        How full places may be, by segment.
    entry
        Persons per day from outside; shape (T, E).
    values
        Parameters that crowding and the record look up, by segment.
    paces, pace
        The paces there are, and that of every day.
    learns
        Whether members look at who gets through.
    fares
        What prices of guided ways follow from, by segment; nothing where there are none.
    formations
        Caravans that may form.
    bits
        Of a number of expected people.
    """

    name: str
    model: Model
    record: str
    space: Space
    wiring: Wiring
    ledger: Ledger
    labels: Labels
    noise: Noise
    responses: tuple[str, ...]
    dates: NDArray[np.datetime64]
    recorded: int
    step: float
    segment: Index
    rate: tuple[Array, ...]
    limit: Array
    rooms: tuple[Room, ...]
    entry: Array
    counted: NDArray[np.bool_]
    values: tuple[dict[str, Array], ...]
    places: int
    crowd_place: Index
    stop_place: Index
    paces: Paces
    pace: Pacing
    learns: bool
    formations: Formations
    fares: tuple[Fares, ...] = ()
    bits: int = 64

    def in_force(self, t: int) -> dict[str, Array]:
        """Return the looked-up parameters on a day."""
        return self.values[int(self.segment[t])]

    @cached_property
    def told_place(self) -> Index:
        """Place that each transition is a stop at; the number of places if people get through."""
        if not self.learns:
            return self.stop_place
        told = self.stop_place.copy()
        told[self.space.of(*ACROSS)] = self.places
        return told

    @property
    def responding(self) -> tuple[str, ...]:
        """Families whose rates crowding multiplies from day to day."""
        rules = (rule for rule in self.model.rules if rule.name in self.responses)
        return tuple(family for rule in rules for family in rule.responding)

    def differs_from(self, other: "Program", since: int = 0) -> int:
        """First day on which the two programs differ; the number of days if they never do.

        Parameters
        ----------
        other
            A program of the same days.
        since
            Number of a day before which they are known to be the same.
        """
        if (
            self.space.move_key.tobytes() != other.space.move_key.tobytes()
            or self.noise.strength != other.noise.strength
            or self.noise.fit != other.noise.fit
            or self.responses != other.responses
            or self.learns != other.learns
        ):
            return 0
        same = cache(partial(self._same, other))
        pairs = zip(self.segment.tolist(), other.segment.tolist(), strict=True)
        entered = (self.entry == other.entry).all(axis=1)
        alike = self.pace.alike(other.pace, len(entered)) & self.formations.alike(other.formations)
        unlike = (
            t
            for t, pair in enumerate(pairs)
            if t >= since and not (entered[t] and alike[t] and same(*pair))
        )
        return next(unlike, len(entered))

    def _same(self, other: "Program", mine: int, yours: int) -> bool:
        """Whether a segment of this program equals one of another."""
        return (
            same_table(self.rate[mine], other.rate[yours])
            and same_room(self.rooms[mine], other.rooms[yours])
            and np.array_equal(self.limit[mine], other.limit[yours])
            and same_arrays(self.noise.doubts[mine], other.noise.doubts[yours])
            and same_arrays(self.noise.middles[mine], other.noise.middles[yours])
            and same_fares(self.fares[mine : mine + 1], other.fares[yours : yours + 1])
            and self.noise.reach_in(mine) == other.noise.reach_in(yours)
            and all(
                np.array_equal(self.values[mine][name], other.values[yours][name], equal_nan=True)
                for name in self.model.looked_up
            )
        )


@dataclass(frozen=True, eq=False)
class Compiled:
    """A program, and what others that are compiled beside it take over.

    Attributes
    ----------
    program
        The scenario made ready.
    scenario
        The scenario.
    calendar
        What is in force on each day.
    ground, arrivals
        Facts of its network, and who comes in.
    usual, values
        What checks usually do, and its values in force, by segment.
    pool, tables, ranges, known
        Arrays of values, the rates under them, their ranges as factors take them, and the logs of
        paces that follow from values and rates.
    """

    program: Program
    scenario: Scenario
    calendar: Calendar
    ground: Ground
    arrivals: Arrivals
    usual: dict[str, Array]
    values: list[dict[str, Array]]
    pool: Pool
    tables: RateTables
    ranges: KnownRanges
    known: Reckonings

    def outlook(self) -> Outlook:
        """Return what its paces are worked out from."""
        program = self.program

        def values_in(calendar: Calendar, segment: int) -> dict[str, Array]:
            own = in_force(calendar, program.model, self.scenario.rules, segment)
            return self.pool.of(own | self.usual)

        return Outlook(
            self.calendar, program.space, program.paces, values_in, self.tables.of, self.known
        )


def compile_scenario(scenario: Scenario) -> Program:
    """Number the structure and work out the tables of every day.

    Parameters
    ----------
    scenario
        What to run.

    Returns
    -------
    Program
    """
    return compile_beside(scenario).program


def compile_beside(scenario: Scenario, base: Compiled | None = None) -> Compiled:
    """Compile a scenario; what it has in common with another is taken over, not worked out again.

    Parameters
    ----------
    scenario
        What to run.
    base
        Another scenario, compiled. The program does not depend on it, only the time that it takes.

    Returns
    -------
    Compiled
    """
    compiled = compile_even(scenario, base)
    return paced(compiled, compiled.outlook())


def paced(compiled: Compiled, outlook: Outlook) -> Compiled:
    """Give the days of a program that was compiled with an even pace their own.

    Parameters
    ----------
    compiled
        What to give it to, as from `compile_even`.
    outlook
        What its paces are worked out from.

    Returns
    -------
    Compiled
    """
    pace = pacing_of(outlook)
    parts = compiled.calendar, compiled.values, compiled.ground, outlook.paces
    program = replace(compiled.program, pace=pace, formations=formations_of(*parts, pace))
    return replace(compiled, program=program)


@uncollected()
def compile_even(scenario: Scenario, base: Compiled | None = None) -> Compiled:
    """Compile a scenario as if nobody believed anything, which is soon done.

    Parameters
    ----------
    scenario, base
        As in `compile_beside`.

    Returns
    -------
    Compiled
        Its days are those of the scenario until `rumbo.model.minds.outlook.even_until`.
    """
    calendar = Calendar(scenario, base.calendar if base else None)
    model = MODELS[scenario.header.model]
    segments = range(len(calendar.segments))
    usual = {usual_name(name): own for name, own in usual_checks(scenario).items()}
    pool = Pool(base.pool if base else None)
    values = [pool.of(in_force(calendar, model, scenario.rules, s) | usual) for s in segments]
    ground = _ground(scenario, fixed_of(model, values), base)
    arrivals = arriving(model, scenario, calendar, ground, values)
    if base and not (ground is base.ground and arrivals.enters_as(base.arrivals)):
        base = None
    space = base.program.space if base else space_of(model, ground, arrivals)
    paces = base.program.paces if base else paces_of(model.rules, space)
    tables = RateTables(model, ground, space, base.tables if base else None)
    ranges = {drawn: {**laid} for drawn, laid in base.ranges.items()} if base else {}
    rooms = len(rooms_ahead(space))
    noise = build_noise(scenario, model, calendar, values, ground, arrivals, rooms, ranges)
    own: dict[str, Any] = {
        "name": scenario.name,
        "noise": noise,
        "responses": tuple(
            r.name for r in model.rules if r.name in scenario.rules and r.acts(space)
        ),
        "dates": calendar.dates,
        "recorded": calendar.recorded,
        "segment": calendar.segment_of,
        "rate": tuple(tables.of(v) for v in values),
        "limit": np.stack([limits_of(v, model, ground) for v in values]),
        "rooms": tuple(rooms_of(v, model) for v in values),
        "entry": arrivals.daily,
        "pace": Pacing(),
        "formations": formations_of(calendar, values, ground, paces, Pacing()),
        "learns": learns(scenario),
        "fares": tuple(fares_of(v, ground) for v in values if len(ground.guided)),
        "values": tuple({name: v[name] for name in model.looked_up} for v in values),
    }
    if base:
        program = replace(base.program, **own)
    else:
        shared = structure_of(scenario, model, ground, arrivals, space, noise, paces)
        program = Program(**own, **shared)
    known = Reckonings(base.known if base else None)
    return Compiled(
        program, scenario, calendar, ground, arrivals, usual, values, pool, tables, ranges, known
    )


def _ground(scenario: Scenario, fixed: dict[str, Array], base: Compiled | None) -> Ground:
    """Facts of the network: those of the base, if these are surely the same."""
    if (
        base is not None
        and same_ground(scenario, base.scenario)
        and all(np.array_equal(fixed[name], base.ground.fixed[name]) for name in fixed)
    ):
        return base.ground
    return ground_of(scenario, fixed)
