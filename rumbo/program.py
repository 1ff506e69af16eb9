"""A scenario made ready to run: structure numbered, every day's table worked out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.calendar import Calendar
from rumbo.draws import keys
from rumbo.entries import Entries, read_entries
from rumbo.measures import CROWD, Labels, Ledger, build_ledger
from rumbo.noise import ENTRY, FAMILIES, Noise
from rumbo.parameters import PARAMETERS
from rumbo.rates import Array, Day, Wiring
from rumbo.rules import RULES, Ground, LimitOf, Rule, Values
from rumbo.scenario import Scenario
from rumbo.space import NOWHERE, Compartment, Index, Space, build_space

REGIONS = ("darien", "mexico_central_america", "us_border")


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
    entry
        Persons per day from outside; shape (T, E).
    values
        Parameters that crowding and the record look up, by segment.
    """

    name: str
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
    entry: Array
    counted: NDArray[np.bool_]
    values: tuple[dict[str, Array], ...]
    places: int
    crowd_place: Index
    stop_place: Index

    def in_force(self, t: int) -> dict[str, Array]:
        """Return the looked-up parameters on a day."""
        return self.values[int(self.segment[t])]

    def differs_from(self, other: "Program") -> int:
        """First day on which the two programs differ; the number of days if they never do."""
        if (
            self.space.move_key.tobytes() != other.space.move_key.tobytes()
            or self.noise.strength != other.noise.strength
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
            and np.array_equal(self.limit[mine], other.limit[yours])
            and a.keys() == b.keys()
            and all(np.array_equal(a[name], b[name]) for name in a)
            and all(
                np.array_equal(self.values[mine][name], other.values[yours][name], equal_nan=True)
                for name in _LOOKED_UP
            )
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
    rules = tuple(rule for rule in RULES if rule.name in scenario.rules)
    ground = Ground(
        scenario.network, tuple(scenario.groups["id"]), scenario.step, tuple(calendar.modes)
    )
    inflows = read_entries(scenario, calendar, ground)
    starts = {Compartment(*pair) for pair in zip(inflows.status, inflows.place, strict=True)}
    space = _space(ground, starts)
    values = [_in_force(calendar, rules, s) for s in range(len(calendar.segments))]
    noise = _noise(scenario, calendar, ground, inflows)
    labels = _labels(ground)
    return Program(
        name=scenario.name,
        space=space,
        wiring=_wiring(space, ground, noise, inflows),
        ledger=_ledger(space, ground, labels),
        labels=labels,
        noise=noise,
        responses=tuple(rule.name for rule in rules if rule.respond),
        dates=calendar.dates,
        recorded=calendar.recorded,
        step=scenario.step,
        segment=calendar.segment_of,
        rate=np.stack([segment_rates(v, ground, space, rules) for v in values]),
        limit=np.stack([_limits(v, ground) for v in values]),
        entry=inflows.daily(calendar, values),
        counted=inflows.counted,
        values=tuple({name: v[name] for name in _LOOKED_UP} for v in values),
        places=len(ground.places),
        crowd_place=_place_if(space, CROWD),
        stop_place=_stop_place(space),
    )


_LOOKED_UP = (
    "checkpoint.capacity", "shelter.places", "mexico.count", "harm.undercount", "kidnap.reported",
)  # fmt: skip


def segment_rates(values: Values, ground: Ground, space: Space, rules: tuple[Rule, ...]) -> Array:
    """Rates of all transitions under constant values, shape (G, M)."""
    table = np.zeros((len(ground.groups), len(space.moves)))
    for rule in RULES:
        for kind, rate in rule.rates(values, ground, space).items():
            table[:, space.of(kind)] = rate
    return table


def _space(ground: Ground, starts: set[Compartment]) -> Space:
    moves = [move for rule in RULES for move in rule.moves(ground)]
    return build_space(ground.groups, starts, moves, ground.place_names, ground.link_names)


def _in_force(calendar: Calendar, rules: tuple[Rule, ...], segment: int) -> dict[str, Array]:
    values = dict(calendar.values(segment))
    for rule in RULES:
        if rule not in rules:
            for name, neutral in rule.neutral.items():
                values[name] = np.full_like(values[name], neutral)
    return values


def _limits(values: Values, ground: Ground) -> Array:
    """Persons per day that can pass each limit, shape (Q,)."""
    everyone = len(ground.groups)
    return np.array(
        [
            np.broadcast_to(values[limit.parameter], everyone)[groups[0]]
            for _, limit, groups in _limit_groups(ground)
        ]
    )


def _limit_groups(ground: Ground) -> Iterator[tuple[str, LimitOf, Index]]:
    """Name, limit and groups of every limit; a parameter by group gives one limit to each group."""
    everyone = np.arange(len(ground.groups))
    for limit in (limit for rule in RULES for limit in rule.limits):
        if PARAMETERS[limit.parameter].by_group:
            for g in everyone:
                yield f"{limit.name} of {ground.groups[g]}", limit, everyone[g : g + 1]
        else:
            yield limit.name, limit, everyone


def _noise(scenario: Scenario, calendar: Calendar, ground: Ground, entries: Entries) -> Noise:
    quiet = "shocks" not in scenario.rules
    first = calendar.values(0)
    limits = tuple(limit.parameter for _, limit, _ in _limit_groups(ground))
    unsure = {name for family in (*FAMILIES, ENTRY) for name, _ in family.unsure} | set(limits)
    segments = range(len(calendar.segments))
    return Noise(
        tuple(ground.place_names),
        entries.label,
        {} if quiet else {f.name: float(first[f.shock]) for f in (*FAMILIES, ENTRY) if f.shock},
        [{} if quiet else _doubts(calendar, s, sorted(unsure), entries) for s in segments],
        limits,
    )


def _doubts(
    calendar: Calendar, segment: int, unsure: list[str], entries: Entries
) -> dict[tuple[str, str], Array]:
    """Ranges as log standard deviations, by place or entry; groups share the widest."""
    found = {}
    for name in unsure:
        for lever, sd in calendar.doubts(name, segment).items():
            if name == "entries.coverage":
                found[name, lever] = np.broadcast_to(sd, (len(sd),))[entries.group]
            elif PARAMETERS[name].by_group:
                found[name, lever] = sd.max(axis=-1)
            else:
                found[name, lever] = sd
    return found


def _wiring(space: Space, ground: Ground, noise: Noise, entries: Entries) -> Wiring:
    limit_of = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    limit_turn = np.zeros(len(space.moves), dtype=np.int64)
    limits = list(_limit_groups(ground))
    for q, (_, limit, groups) in reversed(list(enumerate(limits))):
        limit_of[space.of(*limit.kinds)] = q
        limit_turn[space.of(*limit.kinds)] = int(len(groups) < len(ground.groups))
    return Wiring(
        factor_of=noise.factor_of(space),
        limit_of=limit_of,
        limit_turn=limit_turn,
        limit_key=keys(("limit", name) for name, _, _ in limits),
        entry_group=entries.group,
        entry_target=np.array(
            [space.index[Compartment(*p)] for p in zip(entries.status, entries.place, strict=True)],
            dtype=np.int64,
        ),
        entry_key=keys(entries.key),
    )


def _place_if(space: Space, statuses: tuple[str, ...]) -> Index:
    wanted = np.isin([c.status for c in space.compartments], statuses)
    return np.where(wanted, space.place, NOWHERE)


def _stop_place(space: Space) -> Index:
    """Place that each transition is a stop at, or `NOWHERE`."""
    found = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    rows = space.of("stop")
    found[rows] = space.at(rows)
    return found


def _labels(ground: Ground) -> Labels:
    sectors = ground.places["sector"].fillna("").iloc[ground.having("us_sector")]
    offices = ground.places["field_office"].fillna("").iloc[ground.having("port_of_entry")]
    return {
        "component": ("USBP", "OFO"),
        "area": tuple(dict.fromkeys([*sectors, *offices])),
        "group": ground.groups,
        "place": tuple(ground.place_names),
        "link": tuple(ground.link_names),
        "region": REGIONS,
    }


def _ledger(space: Space, ground: Ground, labels: Labels) -> Ledger:
    number = {name: i for i, name in enumerate(labels["area"])}
    sector = ground.places["sector"].fillna("").to_list()
    office = ground.places["field_office"].fillna("").to_list()
    country = ground.places["country"].to_list()

    def flow_cell(measure: str, m: int) -> tuple[int, ...] | None:
        move = space.moves[m]
        if measure == "encounters":
            port = move.kind == "appointment"
            return int(port), number[(office if port else sector)[move.place]]
        if measure == "evasions":
            return (number[sector[move.place]],)
        if measure == "deaths":
            darien = country[move.place] in ("CO", "PA")
            return (2 if move.kind == "die_crossing" else 0 if darien else 1,)
        if measure == "moved_again":
            return () if move.source.moved else None
        if measure == "passages":
            return (move.link,)
        by_place = {"mexico_encounters", "transfers", "asylum_applications", "kidnappings"}
        return (move.place,) if measure in by_place else ()

    in_mexico = set(ground.moving_places.tolist())

    def stock_cell(measure: str, c: int) -> tuple[int, ...] | None:
        place = space.compartments[c].at
        if measure == "days_waited":
            return () if place in in_mexico else None
        return (place,)

    return build_ledger(space, labels, flow_cell, stock_cell)


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
    for rule in RULES:
        if rule.respond is not None and rule.name in program.responses:
            yield from rule.respond(day, program.in_force(t)).items()
