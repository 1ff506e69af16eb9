"""What a run costs: said before a large one, and asked about before a very large one."""

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from rumbo.run.program import Program
    from rumbo.run.spec import RunSpec

FEW = 1_000
"""Member runs below which nothing is weighed."""

LARGE = (1e9, 3600.0)
"""Bytes of results and seconds from which the cost is said."""

VERY_LARGE = (8e9, 24 * 3600.0)
"""Bytes of results and seconds beyond which ``--yes`` is asked for."""

SECONDS_A_DAY, SECONDS_A_CELL = 5e-5, 1.6e-7
"""What a member's day costs, and each cell of it; measured on one core, right to a factor of 2."""


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


def weigh(spec: "RunSpec", workers: int | None, *, yes: bool) -> str:
    """Return what a large run costs, and refuse a very large one that nobody insists on.

    Parameters
    ----------
    spec
        What is to be run.
    workers
        As in `rumbo.simulate`.
    yes
        Whether it is to be run in any case.

    Returns
    -------
    str
        A line; empty if the run is not large.

    Raises
    ------
    Faults
        If it is very large.
    """
    if spec.size * len(spec.scenarios) < FEW:
        return ""
    cost = cost_of(spec, workers)
    if not yes and (cost.size > VERY_LARGE[0] or cost.seconds > VERY_LARGE[1]):
        most = f"expected at most {_bytes(VERY_LARGE[0])} of results and {_time(VERY_LARGE[1])}"
        cure = "Ask for fewer members, or add --yes to run it all the same"
        raise Faults([Fault("--members", 0, f"{cost}, {most}", cure)])
    return f"{cost}." if cost.size > LARGE[0] or cost.seconds > LARGE[1] else ""


def cost_of(spec: "RunSpec", workers: int | None) -> Cost:
    """Return what a run costs.

    Parameters
    ----------
    spec, workers
        As in `weigh`.

    Returns
    -------
    Cost
    """
    import joblib

    from rumbo.run.program import compile_scenario

    program = compile_scenario(spec.scenarios[0])
    runs, processes = spec.size * len(spec.scenarios), workers or joblib.cpu_count()
    cells = len(program.space.groups) * len(program.space.compartments)
    seconds = len(program.dates) * (SECONDS_A_DAY + SECONDS_A_CELL * cells) * runs / processes
    return Cost(runs, float(runs) * _record_size(program, spec), processes, seconds)


def _record_size(program: "Program", spec: "RunSpec") -> int:
    """Bytes that are kept of a member."""
    kept = spec.by or {one.name: one.by for one in program.model.measures}
    cells = sum(prod(len(program.labels[dim]) for dim in by) for by in kept.values())
    cells += 0 if spec.by else program.places  # shelter places that lack
    days = program.dates[program.recorded :]
    periods = len(days) if program.record == "day" else len(set(days.astype("datetime64[M]")))
    return 4 * cells * periods


def _bytes(size: float) -> str:
    return f"{size / 1e9:,.0f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3600)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds / 60:,.0f} minutes"
