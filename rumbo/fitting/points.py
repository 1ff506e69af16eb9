"""Points within the ranges of a corridor's values: what a run gives with values held there.

A point says where in their ranges some values stand. Each is run twice without chance, with a lever
and without it, on the central draw of the fit; finished points are kept, so that a long study can
be interrupted.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.files.atomic import is_whole, sweep, write_arrays
from rumbo.files.code import code_digest
from rumbo.files.faults import Fault, Faults
from rumbo.run.program import Compiled, compile_beside
from rumbo.run.result import Months
from rumbo.run.sets import held_at, told_apart
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Job, Members, Progress, Task, run_chunks
from rumbo.scenario.arrays import Array
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import each_setting
from rumbo.scenario.values.held import ranged
from rumbo.scenario.values.history import build_history

Pair = tuple[str, str]
"""A parameter, and the lever that brings its values; empty for values that none brings. A belief is
named as in `rumbo.scenario.tree.doubts`."""

EFFECT, WAITING, DEATHS, STOPS = OUTPUTS = ("effect", "waiting", "deaths", "stops")
"""What is told of a point: the share by which encounters in destination zones differ without the
lever; people waiting, as a mean over the last months; deaths; and stops."""

LAST_MONTHS = 12
"""Months at the end of the run over which people waiting are averaged: one of each season."""

SUMS = {"encounters": ("component",), "waiting": ("place",), "deaths": (), "stops": ()}

TURNS = 8
"""Times that factors are lowered until values are allowed; each time at least one is mended."""

POINTS = "points"


@dataclass(frozen=True, eq=False)
class Headline:
    """What is asked of points.

    Attributes
    ----------
    scenario
        A scenario with a posterior, whose first draw is run.
    lever
        What the other scenario is without.
    """

    scenario: Scenario
    lever: str

    @classmethod
    def of(cls, scenario: Scenario, lever: str = "") -> "Headline":
        """Return a question to the central draw of a fitted scenario.

        Parameters
        ----------
        scenario
            A scenario with a posterior.
        lever
            The lever; that of the corridor's hindcast, or its first one, if empty.

        Raises
        ------
        Faults
            If there is no posterior or no such lever.
        """
        if scenario.posterior is None:
            cure = "Use scenario.fitted(), or fit the corridor first"
            raise Faults([Fault("sensitivity", 0, "the scenario has no posterior", cure)])
        lever = lever or _headline(scenario)
        scenario.without(lever)
        return cls(scenario.fitted(scenario.posterior.first(1)), lever)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs that have a range, sorted; beliefs that move somebody among them."""
        told = {(one.parameter, one.lever) for one in told_apart(compile_beside(self.scenario))}
        return tuple(sorted({*ranged(self.scenario.settings)} | told))

    @property
    def digest(self) -> str:
        """Hash of all that the outputs depend on; tables of earlier tests are left out."""
        said = self.scenario.untested().digest()
        return hashlib.sha256(f"{code_digest()} {said} {self.lever}".encode()).hexdigest()


def _headline(scenario: Scenario) -> str:
    asked = scenario.header.hindcast
    levers = [asked.lever] if asked else [one for one in scenario.settings["lever"] if one]
    if not levers:
        cure = "Add settings that a lever brings"
        raise Faults([Fault("sensitivity", 0, "the corridor has no lever to leave out", cure)])
    return str(levers[0])


@dataclass(frozen=True, eq=False)
class Answers:
    """What points gave.

    Attributes
    ----------
    values
        Outputs in the order of `OUTPUTS`, NaN where a point could not be run; shape (N, 4).
    lowered
        Which points had a factor lowered, because two values together led beyond what their
        parameter allows, by pair; shapes (N,).
    reasons
        Why a point could not be run, empty where it could; length N.
    """

    values: Array
    lowered: dict[Pair, NDArray[np.bool_]]
    reasons: tuple[str, ...]


def run_points(
    question: Headline,
    pairs: Sequence[Pair],
    places: Array,
    *,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Answers:
    """Run points, or read those that are kept.

    Parameters
    ----------
    question
        What is asked of each.
    pairs
        Pairs whose values are held; the others stay as the fit has them. Length K.
    places
        Standard deviations from the middle of each range; shape (N, K).
    folder
        Where finished points are kept; nowhere if None.
    workers
        As in `rumbo.simulate`.
    progress
        Called after every finished point.

    Returns
    -------
    Answers
    """
    store = None if folder is None else _Store(folder, question, pairs, places)
    task = partial(_run, question, compile_beside(question.scenario), tuple(pairs), places)
    chunks = [(n,) for n in range(len(places))]
    found: dict[int, Months] = {}
    with closing(
        run_chunks(partial(_wave, task), [POINTS], chunks, workers, store, progress)
    ) as runs:
        for chunk, months in runs:
            found[chunk[0]] = months[0]
    told = [found[n] for n in range(len(places))]
    lowered = np.array([one["lowered"] for one in told], dtype=np.bool_).reshape(len(told), -1)
    return Answers(
        np.array([one["values"] for one in told], dtype=np.float64),
        {pair: lowered[:, k] for k, pair in enumerate(pairs)},
        tuple(str(one["reason"]) for one in told),
    )


def _wave(task: Task, points: Sequence[Members], _workers: int) -> Iterator[list[Job]]:
    """Return points with what runs them, all at once: they share one compiled scenario."""
    yield [(task, point) for point in points]


def _run(
    question: Headline, base: Compiled, pairs: tuple[Pair, ...], places: Array, chunk: Members
) -> list[Months]:
    """Run one point: its outputs, which pairs were lowered, and why it could not be run."""
    at = dict(zip(pairs, places[chunk[0]].tolist(), strict=True))
    values, lowered, reason = np.full(len(OUTPUTS), np.nan), set[Pair](), ""
    try:
        scenario, lowered = allowed_at(question.scenario, at)
        values = _outputs(question, scenario, base)
        reason = "" if np.isfinite(values).all() else "its counts are not finite"
    except ValueError as fault:  # Faults are such
        reason = str(fault).split("\n")[0]
    marks = np.array([pair in lowered for pair in pairs], dtype=np.bool_)
    return [{"values": values, "lowered": marks, "reason": np.array(reason)}]


def allowed_at(scenario: Scenario, at: dict[Pair, float]) -> tuple[Scenario, set[Pair]]:
    """Return a scenario whose values stand at a place of their ranges, within what is allowed.

    Parameters
    ----------
    scenario
        The scenario.
    at
        Standard deviations from the middle of the range, by pair.

    Returns
    -------
    tuple
        The scenario, and the pairs of factors that were lowered: where two values together lead
        beyond what a parameter allows, they lead to its bound.

    Raises
    ------
    Faults
        If values are not allowed for another reason.
    """
    held = held_at(scenario, at)
    lowered = set[Pair]()
    for _ in range(TURNS):
        try:
            Calendar(held)
        except Faults as faults:
            held, more = _lowered(held, faults)
            lowered |= more
        else:
            break
    return held, lowered


def _lowered(scenario: Scenario, faults: Faults) -> tuple[Scenario, set[Pair]]:
    """Return the scenario with the factors lowered that led too far, and their pairs."""
    settings, pairs = scenario.settings.copy(), set[Pair]()
    for fault in faults.faults:
        meant = (settings["file"] == fault.file) & (settings["row"] == fault.row)
        rows = np.flatnonzero((meant & (settings["operation"] == "multiply")).to_numpy(dtype=bool))
        if not rows.size:
            raise faults
        row, column = int(rows[0]), settings.columns.get_loc("value")
        settings.iloc[row, column] *= _share_allowed(scenario, row)
        pairs.add((str(settings["parameter"].iloc[row]), str(settings["lever"].iloc[row])))
    return replace(scenario, settings=settings), pairs


def _share_allowed(scenario: Scenario, row: int) -> float:
    """Return by what a factor is to be multiplied so that its values come to the bound."""
    name = str(scenario.settings["parameter"].iloc[row])
    parameter, table = PARAMETERS[name], scenario.settings_in_force
    rows = each_setting(table[table["parameter"] == name])
    history = build_history(parameter, rows, scenario.selectors)
    mine = next(each_setting(scenario.settings.iloc[[row]]))
    (entry,) = build_history(parameter, [mine], scenario.selectors).entries
    first = np.datetime64(scenario.start, "D").astype(int) - scenario.warm_up
    days = [day for day in (first, *history.dates) if max(first, entry.since) <= day < entry.until]
    values = np.concatenate([history.values(int(day)).ravel() for day in days])
    # A hair inside, so that rounding does not lead beyond the bound again.
    if values.max() > parameter.high:
        return parameter.high / float(values.max()) * (1.0 - 1e-12)
    return parameter.low / float(values.min()) * (1.0 + 1e-12)


def _outputs(question: Headline, scenario: Scenario, base: Compiled) -> Array:
    """Run a scenario with the lever and without; return the outputs, shape (4,)."""
    both = [scenario.named("with"), scenario.without(question.lever).named("without")]
    runs = execute(RunSpec.of(both, 1, 0, "expected", SUMS), 1, beside=base).isel(member=0)
    zones = runs["encounters"].sel(component=scenario.roles.zones).sum("month")
    with_it, without = (float(one) for one in zones.values)
    one = runs.isel(scenario=0)
    totals = [float(one[name].sum()) for name in (DEATHS, STOPS)]
    return np.array([without / with_it - 1.0, _waiting(scenario, one), *totals])


def _waiting(scenario: Scenario, run: xr.Dataset) -> float:
    places = scenario.network.places
    mine = places["country"].isin(scenario.roles.waiting).to_numpy(dtype=bool)
    waiting = run["waiting"].isel(place=np.flatnonzero(mine), month=slice(-LAST_MONTHS, None))
    return float(waiting.sum("place").mean())


class _Store:
    """Finished points on the disk, by what was asked of them."""

    def __init__(
        self, folder: Path, question: Headline, pairs: Sequence[Pair], places: Array
    ) -> None:
        what = f"{question.digest} {list(pairs)}".encode()
        self._folder = folder
        self._names = [
            # 64 bits name a point among the few thousand that share a folder.
            hashlib.sha256(what + place.tobytes()).hexdigest()[:16]
            for place in places
        ]
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)

    def _path(self, points: Members) -> Path:
        return self._folder / f"{self._names[points[0]]}.npz"

    def has(self, scenario: str, points: Members) -> bool:
        """Whether a point is there, whole."""
        return is_whole(self._path(points))

    def read(self, scenario: str, points: Members) -> Months:
        """Return a point as it was written."""
        with np.load(self._path(points), allow_pickle=False) as file:
            return dict(file)

    def write(self, scenario: str, points: Members, measures: Months) -> None:
        """Keep a point."""
        write_arrays(self._path(points), measures)
