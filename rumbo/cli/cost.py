"""What a run costs: said before a large one, and asked about before a very large one."""

from itertools import islice
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from rumbo.run.program import Program
    from rumbo.run.spec import RunSpec
    from rumbo.scenario.scenario import Scenario

FEW = 1_000
"""Member runs below which nothing is weighed."""

LARGE = (1e9, 3600.0)
"""Bytes of results and seconds from which the cost is said."""

VERY_LARGE = (8e9, 24 * 3600.0)
"""Bytes, of results or of ways, and seconds beyond which ``--yes`` is asked for."""

SECONDS_A_DAY = 5e-5
SECONDS_A_CELL = {"stochastic": 1e-7, "expected": 3e-8}
"""What a member's day costs, and each cell of it; measured on one core, right to a factor of 2."""

FAR = 3
"""Links that people of a crisis may see ahead before that is weighed; 4 doubles what 3 costs."""

MOST_WAYS = 1_000_000
"""Ways after which they are counted no further: they would need 70 GB."""

CELLS_A_WAY, MOVES_A_WAY = 7, 70
"""Compartments and transitions for each way, in six published crises seen 1 to 6 links ahead."""

BYTES_A_MOVE, SECONDS_A_MOVE = 2000, 5e-5
"""What a transition takes in memory and to prepare; measured there, right to a factor of 2."""

SECONDS_A_CRISIS_DAY, SECONDS_A_DAYS_MOVE = 1.5e-3, 3e-8
"""What a member's day costs, and each transition of it; measured there, to a factor of 3."""


class Cost(NamedTuple):
    """What a run costs: member runs, bytes of results, processes and seconds."""

    runs: int
    size: float
    processes: int
    seconds: float

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"{self.runs:,} member runs make about {_bytes(self.size)} of results, in memory or a "
            f"temporary file, and need {_time(self.seconds)} on {self.processes} cores"
        )


class WaysCost(NamedTuple):
    """What it costs how far people of a crisis see: links ahead, ways, bytes, seconds."""

    links: int
    ways: int
    size: float
    prepared: float
    day: float

    def __str__(self) -> str:
        """Say it in a line."""
        many = "more than " if self.ways >= MOST_WAYS else ""
        return (
            f"people who see {self.links} links ahead know {many}{self.ways:,} ways, which make "
            f"about {CELLS_A_WAY * self.ways:,} compartments and {MOVES_A_WAY * self.ways:,} "
            f"moves, and need {_bytes(self.size)} of memory, "
            f"{_time(self.prepared)} to begin and {1000 * self.day:,.0f} ms a day for each member"
        )


def weigh_ways(spec: "RunSpec", workers: int | None, *, yes: bool) -> str:
    """Return what it costs that people of a crisis see far ahead, and refuse what is too much.

    Parameters
    ----------
    spec, workers, yes
        As in `weigh`.

    Returns
    -------
    str
        A line; empty if they do not see far.

    Raises
    ------
    Faults
        If it is very large.
    """
    from rumbo.run.workers import MOST_THREADS, cores

    costs = [ways_cost(one) for one in spec.scenarios if one.header.model == "displacement"]
    cost = max(costs, key=lambda one: one.ways, default=None)
    if cost is None or cost.links <= FAR:
        return ""
    days = (spec.scenarios[0].end - spec.scenarios[0].start).days + 1
    processes = workers or cores()
    runs = spec.size * len(spec.scenarios)
    seconds = cost.prepared + cost.day * days * runs / processes
    copies = processes if processes > MOST_THREADS else 1  # threads share what was prepared
    if not yes and (cost.size * copies > VERY_LARGE[0] or seconds > VERY_LARGE[1]):
        most = f"expected at most {_bytes(VERY_LARGE[0])} and {_time(VERY_LARGE[1])} in all"
        cure = f"Write {FAR} or less, or add --yes to run it all the same"
        raise Faults([Fault("awareness_level", 0, f"{cost}, {most}", cure)])
    return f"awareness_level: {cost}."


def ways_cost(scenario: "Scenario") -> WaysCost:
    """Return what it costs how far the people of a crisis see, without making it ready.

    Parameters
    ----------
    scenario
        A crisis.

    Returns
    -------
    WaysCost
    """
    from rumbo.model.rules import Ground
    from rumbo.model.rules.ways import ways_from
    from rumbo.scenario.calendar import Calendar

    links = int(Calendar(scenario).values(0)["flight.awareness"])
    groups = tuple(scenario.groups["id"])
    ground = Ground(scenario.network, groups, scenario.step, (), scenario.roles)
    places = range(len(ground.places)) if links else ()
    ways = (way for place in places for way in ways_from(ground, place, links))
    count = sum(1 for _ in islice(ways, MOST_WAYS))
    moves = MOVES_A_WAY * count
    day = SECONDS_A_CRISIS_DAY + SECONDS_A_DAYS_MOVE * moves
    return WaysCost(links, count, float(BYTES_A_MOVE * moves), SECONDS_A_MOVE * moves, day)


def weigh(spec: "RunSpec", workers: int | None, *, yes: bool, members: int | None = None) -> str:
    """Return what a large run costs, and refuse a very large one that nobody insists on.

    Parameters
    ----------
    spec
        What is to be run.
    workers
        As in `rumbo.simulate`.
    yes
        Whether it is to be run in any case.
    members
        Members that are run in all, where these are not those of the spec.

    Returns
    -------
    str
        A line; empty if the run is not large.

    Raises
    ------
    Faults
        If it is very large.
    """
    runs = (members or spec.size) * len(spec.scenarios)
    if runs < FEW:
        return ""
    cost = cost_of(spec, workers, runs)
    if not yes and (cost.size > VERY_LARGE[0] or cost.seconds > VERY_LARGE[1]):
        most = f"expected at most {_bytes(VERY_LARGE[0])} of results and {_time(VERY_LARGE[1])}"
        cure = "Ask for fewer members, or add --yes to run it all the same"
        raise Faults([Fault("--members", 0, f"{cost}, {most}", cure)])
    return f"{cost}." if cost.size > LARGE[0] or cost.seconds > LARGE[1] else ""


def cost_of(spec: "RunSpec", workers: int | None, runs: int) -> Cost:
    """Return what a run costs.

    Parameters
    ----------
    spec, workers
        As in `weigh`.
    runs
        Member runs in all.

    Returns
    -------
    Cost
    """
    from rumbo.run.program import compile_scenario
    from rumbo.run.workers import cores

    program = compile_scenario(spec.scenarios[0])
    processes = workers or cores()
    cells = len(program.space.groups) * len(program.space.compartments)
    seconds = (
        len(program.dates) * (SECONDS_A_DAY + SECONDS_A_CELL[spec.mode] * cells) * runs / processes
    )
    return Cost(runs, float(runs) * _record_size(program, spec), processes, seconds)


def _record_size(program: "Program", spec: "RunSpec") -> int:
    """Bytes that are kept of a member."""
    kept = spec.by or {one.name: one.by for one in program.ledger.measures}
    cells = sum(prod(len(program.labels[dim]) for dim in by) for by in kept.values())
    cells += 0 if spec.by else program.places  # shelter places that lack
    days = program.dates[program.recorded :]
    periods = len(days) if program.record == "day" else len(set(days.astype("datetime64[M]")))
    return 4 * cells * periods


def _bytes(size: float) -> str:
    return f"{size / 1e9:,.0f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.0f} seconds"
