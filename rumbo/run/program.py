"""A scenario made ready to run: structure numbered, every day's table worked out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import Day, Room, Wiring
from rumbo.engine.space import NOWHERE, Space, build_space
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.model import MODELS, Arrivals, Model
from rumbo.model.measures import Labels, Ledger, build_ledger
from rumbo.model.noise import ENTRY, Noise
from rumbo.model.rules import Ground, Values
from rumbo.run.wiring import limit_groups, limits_of, rooms_ahead, rooms_of, wire
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario


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
    rate, limit
        Tables by segment; shapes (S, G, M), (S, Q).
    rooms
        How full places may be, by segment.
    entry
        Persons per day from outside; shape (T, E).
    values
        Parameters that crowding and the record look up, by segment.
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
    rate: Array
    limit: Array
    rooms: tuple[Room, ...]
    entry: Array
    counted: NDArray[np.bool_]
    values: tuple[dict[str, Array], ...]
    places: int
    crowd_place: Index
    stop_place: Index

    def in_force(self, t: int) -> dict[str, Array]:
        """Return the looked-up parameters on a day."""
        return self.values[int(self.segment[t])]

    @property
    def responding(self) -> tuple[str, ...]:
        """Families whose rates crowding multiplies from day to day."""
        rules = (rule for rule in self.model.rules if rule.name in self.responses)
        return tuple(family for rule in rules for family in rule.responding)

    def differs_from(self, other: "Program") -> int:
        """First day on which the two programs differ; the number of days if they never do."""
        if (
            self.space.move_key.tobytes() != other.space.move_key.tobytes()
            or self.noise.strength != other.noise.strength
            or self.noise.fit != other.noise.fit
            or self.responses != other.responses
        ):
            return 0
        pairs = list(zip(self.segment.tolist(), other.segment.tolist(), strict=True))
        same = {pair: self._same(other, *pair) for pair in set(pairs)}
        alike = np.array([same[pair] for pair in pairs]) & (self.entry == other.entry).all(axis=1)
        return len(alike) if alike.all() else int(np.argmin(alike))

    def _same(self, other: "Program", mine: int, yours: int) -> bool:
        """Whether a segment of this program equals one of another."""
        a, b = self.noise.doubts[mine], other.noise.doubts[yours]
        return (
            np.array_equal(self.rate[mine], other.rate[yours])
            and _same_room(self.rooms[mine], other.rooms[yours])
            and np.array_equal(self.limit[mine], other.limit[yours])
            and a.keys() == b.keys()
            and all(np.array_equal(a[name], b[name]) for name in a)
            and all(
                np.array_equal(self.values[mine][name], other.values[yours][name], equal_nan=True)
                for name in self.model.looked_up
            )
        )


def _same_room(one: Room, other: Room) -> bool:
    return one.power == other.power and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("near", "full", "turns")
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
    calendar = Calendar(scenario)
    model = MODELS[scenario.header.model]
    segments = range(len(calendar.segments))
    values = [_in_force(calendar, model, scenario.rules, s) for s in segments]
    ground = Ground(
        scenario.network,
        tuple(scenario.groups["id"]),
        scenario.step,
        tuple(calendar.modes),
        _fixed(model, values),
    )
    arrivals = model.arrivals(scenario, calendar, ground, values)
    if not arrivals.target:
        raise Faults([_nobody(scenario)])
    space = _space(model, ground, arrivals)
    toward = rooms_ahead(space)
    noise = _noise(scenario, model, calendar, ground, arrivals, len(toward))
    labels = model.labels(ground)
    return Program(
        name=scenario.name,
        model=model,
        record=scenario.header.record,
        space=space,
        wiring=wire(model, space, ground, noise, arrivals, toward),
        ledger=build_ledger(model.measures, space, labels, model.axes, model.facts(ground, labels)),
        labels=labels,
        noise=noise,
        responses=tuple(r.name for r in model.rules if r.respond and r.name in scenario.rules),
        dates=calendar.dates,
        recorded=calendar.recorded,
        step=scenario.step,
        segment=calendar.segment_of,
        rate=np.stack([segment_rates(v, ground, space, model) for v in values]),
        limit=np.stack([limits_of(v, model, ground) for v in values]),
        rooms=tuple(rooms_of(v, model) for v in values),
        entry=arrivals.daily,
        counted=arrivals.counted,
        values=tuple({name: v[name] for name in model.looked_up} for v in values),
        places=len(ground.places),
        crowd_place=_place_if(space, model.crowd),
        stop_place=_stop_place(space),
    )


def _nobody(scenario: Scenario) -> Fault:
    message = f"nobody enters from {scenario.start} to {scenario.end}"
    return Fault("inflows.csv", 0, message, "Write persons for these days, or choose others")


def segment_rates(values: Values, ground: Ground, space: Space, model: Model) -> Array:
    """Rates of all transitions under constant values, shape (G, M)."""
    table = np.zeros((len(ground.groups), len(space.moves)))
    for rule in model.rules:
        for kind, rate in rule.rates(values, ground, space).items():
            table[:, space.of(kind)] = rate
    return table


def _space(model: Model, ground: Ground, arrivals: Arrivals) -> Space:
    moves = [move for rule in model.rules for move in rule.moves(ground)]
    starts = set(arrivals.target)
    return build_space(ground.groups, starts, moves, ground.place_names, ground.link_names)


def _in_force(
    calendar: Calendar, model: Model, rules: tuple[str, ...], segment: int
) -> dict[str, Array]:
    values = dict(calendar.values(segment))
    for rule in model.rules:
        if rule.name not in rules:
            for name, neutral in rule.neutral.items():
                values[name] = np.full_like(values[name], neutral)
    return values


def _fixed(model: Model, values: list[dict[str, Array]]) -> dict[str, Array]:
    """Return the values that shape the structure; they may not change during a run."""
    faults = Collector()
    for name in model.fixed:
        if any(not np.array_equal(one[name], values[0][name]) for one in values):
            faults.add(
                "settings",
                0,
                f"{name} changes during the run, expected one value for all days",
                "Remove its dates",
            )
    faults.check()
    return {name: values[0][name] for name in model.fixed}


def _noise(
    scenario: Scenario,
    model: Model,
    calendar: Calendar,
    ground: Ground,
    arrivals: Arrivals,
    rooms: int,
) -> Noise:
    quiet = "shocks" not in scenario.rules
    first = calendar.values(0)
    limits = tuple(limit.parameter for _, limit, _ in limit_groups(model, ground))
    unsure = {name for family in (*model.families, ENTRY) for name, _ in family.unsure} | set(
        limits
    )
    fitted = set(scenario.posterior.values) if scenario.posterior else set()
    doubts = [_doubts(calendar, s, sorted(unsure), arrivals) for s in range(len(calendar.segments))]
    return Noise(
        families=model.families,
        place_names=tuple(ground.place_names),
        entry_label=arrivals.label,
        entry_fitted=arrivals.counted,
        group_label=tuple(scenario.groups["nationality"]),
        strength={} if quiet else _strength(model, first),
        doubts=[{k: d[k] for k in d if k in fitted} if quiet else d for d in doubts],
        limits=limits,
        rooms=rooms,
        posterior=scenario.posterior,
    )


def _strength(model: Model, values: Values) -> dict[str, float]:
    """Coefficient of variation of each family's monthly noise."""
    return {f.name: float(values[f.shock]) for f in (*model.families, ENTRY) if f.shock}


def _doubts(
    calendar: Calendar, segment: int, unsure: list[str], arrivals: Arrivals
) -> dict[tuple[str, str], Array]:
    """Ranges as log standard deviations, by place or entry; groups share the widest."""
    ranges = {}
    for name in unsure:
        for lever, sd in calendar.doubts(name, segment).items():
            if name == "entries.coverage":
                ranges[name, lever] = np.broadcast_to(sd, (len(sd),))[arrivals.group]
            elif PARAMETERS[name].by_group:
                ranges[name, lever] = sd.max(axis=-1)
            else:
                ranges[name, lever] = sd
    return ranges


def _place_if(space: Space, statuses: tuple[str, ...]) -> Index:
    wanted = np.isin([c.status for c in space.compartments], statuses)
    return np.where(wanted, space.place, NOWHERE)


def _stop_place(space: Space) -> Index:
    """Place that each transition is a stop at, or `NOWHERE`."""
    place = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    rows = space.of("stop")
    place[rows] = space.at(rows)
    return place


def describe(program: Program) -> pd.Series:
    """Sizes of a program, for readers and benchmarks."""
    groups, moves = program.rate.shape[1:]
    return pd.Series(
        {
            "groups": groups,
            "compartments": len(program.space.compartments),
            "transitions": moves,
            "cells": groups * len(program.space.compartments),
            "segments": len(program.rate),
            "entries": program.entry.shape[1],
            "days": len(program.dates),
        }
    )


def respond(program: Program, t: int, day: Day) -> Iterator[tuple[str, Array]]:
    """How crowding multiplies each family of rates on a day: (family, (R, P))."""
    for rule in program.model.rules:
        if rule.respond is not None and rule.name in program.responses:
            yield from rule.respond(day, program.in_force(t)).items()
