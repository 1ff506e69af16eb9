"""What is asked of a run, and the name that follows from it."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from rumbo.files.code import __version__, code_digest
from rumbo.scenario.scenario import Scenario

By = Mapping[str, tuple[str, ...]]
"""Measures by name, with the dimensions that each is kept by."""


def members_of(scenarios: Sequence[Scenario], members: int, mode: str) -> int:
    """Return how many members a run has: expected ones differ only by a posterior, else it has one.

    Parameters
    ----------
    scenarios, members, mode
        As asked of `rumbo.simulate`.

    Returns
    -------
    int
    """
    return members if mode == "stochastic" or scenarios[0].posterior else 1


def run_id(
    scenarios: Sequence[Scenario], members: int, seed: int, mode: str, by: By | None = None
) -> str:
    """Name of a run: hash of scenarios, data, code, version, seed, members, mode and sums kept."""
    parts = [code_digest(), __version__, str(seed), str(members), mode]
    parts += [json.dumps(sorted(by.items()))] if by else []
    parts += [part for s in scenarios for part in (s.name, s.digest())]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def versions(scenarios: Sequence[Scenario], members: int, seed: int, mode: str) -> dict[str, str]:
    """Return the attributes that say how a result was made."""
    return {"version": __version__, "run_id": run_id(scenarios, members, seed, mode)}
