"""What is asked of a run: checked once, named once."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import NamedTuple

import numpy as np

from rumbo.engine.draws import key
from rumbo.engine.step import Luck
from rumbo.files.code import __version__, code_digest
from rumbo.files.faults import Collector
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.branching import Tree

By = Mapping[str, tuple[str, ...]]
"""Measures by name, with the dimensions that each is kept by."""

MODES = ("stochastic", "expected")

Asked = Scenario | Tree[Scenario]
"""What may be run: a scenario, or all its branches."""


class Branching(NamedTuple):
    """How the scenarios of a run are the branches of some: those of the first, then of the others.

    Attributes
    ----------
    scenarios
        Names of the scenarios that branch.
    branches
        Names of the branches, the same of each.
    probability
        Their probabilities.
    """

    scenarios: tuple[str, ...]
    branches: tuple[str, ...]
    probability: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class RunSpec:
    """A run as it was asked for.

    Attributes
    ----------
    scenarios
        Scenarios of the same corridor; names differ.
    members
        Number of runs of each that was asked for.
    seed
        Names the luck of the whole run.
    mode
        ``stochastic`` or ``expected``.
    by
        Dimensions that each measure is kept by, such as ``{"encounters": ("component", "group"),
        "transfers": ()}``; it is summed over its others, and other measures are left out. None
        keeps everything.
    layout
        Of which scenarios these are the branches; None if of none.

    Raises
    ------
    ValueError
        If something is out of its domain, or the scenarios do not fit together.
    """

    scenarios: tuple[Scenario, ...]
    members: int
    seed: int = 0
    mode: str = "stochastic"
    by: By | None = None
    layout: Branching | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be run together, before anything is written."""
        _check_scenarios(self.scenarios)
        for name, number in (("members", self.members), ("seed", self.seed)):
            if not isinstance(number, Integral) or isinstance(number, bool):
                raise ValueError(f"{name} must be a whole number, got {number!r}")
        if self.members < 1:
            raise ValueError(f"members must be 1 or more, got {self.members}")
        if not 0 <= self.seed < 2**63:  # a seed is kept as a signed 64-bit number
            raise ValueError(f"seed must be between 0 and 2**63 - 1, got {self.seed}")
        if self.mode not in MODES:
            raise ValueError(f"mode must be 'stochastic' or 'expected', got {self.mode!r}")

    @classmethod
    def of(
        cls,
        scenarios: Asked | Sequence[Asked],
        members: int | None = None,
        seed: int = 0,
        mode: str = "stochastic",
        by: By | None = None,
    ) -> "RunSpec":
        """Return the run of one scenario or several.

        Parameters
        ----------
        scenarios
            One scenario or several; or one tree of branches, or several with the same ones.
        members
            Number of runs of each; one for each draw of the posterior if None.
        seed, mode, by
            As the attributes.

        Raises
        ------
        ValueError
            As for the class; if neither ``members`` nor a posterior says how many members to run.
        """
        asked = tuple(scenarios) if isinstance(scenarios, Iterable) else (scenarios,)
        several, layout = laid_out(asked)
        fit = several[0].posterior if several else None
        if members is None and fit is None:
            raise ValueError("members is needed where scenarios have no posterior")
        size = fit.draws if members is None and fit else members or 0
        return cls(several, size, seed, mode, by, layout)

    @property
    def posterior(self) -> Posterior | None:
        """What a fit left for the members, or None."""
        return self.scenarios[0].posterior

    @property
    def stochastic(self) -> bool:
        """Whether moves are drawn."""
        return self.mode == "stochastic"

    @property
    def luck(self) -> Luck:
        """Which random numbers to use, members left out; those of a fit are never met again.

        What a fit left was drawn towards the figures with some luck. Met again, the same luck
        would make the members agree with the figures, and with one another, better than they know.
        So the streams of a run with a posterior are named by that posterior too.
        """
        fit, nobody = self.posterior, np.empty(0, dtype=np.int64)
        seed = int(key("luck", self.seed, fit.digest)) if fit else self.seed
        return Luck(seed, nobody, 0, self.stochastic)

    @property
    def size(self) -> int:
        """Number of members R: expected ones differ only by a posterior, else there is one."""
        return self.members if self.stochastic or self.posterior else 1

    @cached_property
    def id(self) -> str:
        """Name of the run: the same for the same scenarios, data, code and luck."""
        return run_id(self.scenarios, self.size, self.seed, self.mode, self.by, self.layout)

    @property
    def about(self) -> dict[str, str | int]:
        """Attributes of the result that say how it was made."""
        fit = self.posterior
        return {
            "title": self.scenarios[0].title["en"],
            "seed": self.seed,
            "mode": self.mode,
            "members": self.size,
            **({"posterior_as_of": fit.as_of.isoformat()} if fit else {}),
            "version": __version__,
            "run_id": self.id,
        }


def laid_out(asked: Sequence[Asked]) -> tuple[tuple[Scenario, ...], Branching | None]:
    """Return the scenarios to run, and of which they are the branches.

    Parameters
    ----------
    asked
        Scenarios, or trees with the same branches.

    Raises
    ------
    ValueError
        If there is anything else, or scenarios beside trees, or trees with other branches.
    """
    strange = [type(one).__name__ for one in asked if not isinstance(one, Scenario | Tree)]
    if strange:
        raise ValueError(
            f"expected scenarios, or what .branches(...) of them returned, got {strange[0]}: load "
            "a corridor with rumbo.load, and of a branch give its .scenario"
        )
    trees = [one for one in asked if isinstance(one, Tree)]
    plain = tuple(one for one in asked if isinstance(one, Scenario))
    if not trees:
        return plain, None
    layouts = {
        (tuple(b.name for b in one.branches), tuple(b.probability for b in one.branches))
        for one in trees
    }
    if plain or len(layouts) > 1:
        raise ValueError("trees run beside trees with the same branches: use .branches(...) of all")
    flat = tuple(branch.scenario for one in trees for branch in one.branches)
    return flat, Branching(tuple(one.base.name for one in trees), *layouts.pop())


def _check_scenarios(scenarios: Sequence[Scenario]) -> None:
    if not scenarios:
        raise ValueError("simulate needs at least one scenario")
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names):
        raise ValueError(f"scenarios need different names, got {names}: use scenario.named(...)")
    faults = Collector()
    for other in scenarios[1:]:
        for what, cure in _unlike(scenarios[0], other):
            message = f"'{other.name}' and '{scenarios[0].name}' do not have the same {what}"
            faults.add("scenarios", 0, message, cure)
    faults.check()


def _unlike(one: Scenario, other: Scenario) -> Iterator[tuple[str, str]]:
    """Go through what keeps two scenarios from being run together, and how to mend it."""
    if one.id != other.id:
        yield "corridor", "Make both from one corridor that was loaded"
        return
    if (one.start, one.end) != (other.start, other.end):
        yield "dates", f"Write .between('{one.start}', '{one.end}') after the one that differs"
    if one.step != other.step:
        yield "step", f"Write step: {one.step:g} in both headers"
    for rule in sorted({*one.header.rules} ^ {*other.header.rules}):
        yield (
            f"list of rules ('{rule}')",
            f"Write .with_rule('{rule}') after both, or after neither",
        )
    fits = [scenario.posterior.digest if scenario.posterior else "" for scenario in (one, other)]
    if fits[0] != fits[1]:
        yield "posterior", "Write .fitted(...) with the same one after both, or after neither"


def run_id(
    scenarios: Sequence[Scenario],
    members: int,
    seed: int,
    mode: str,
    by: By | None = None,
    layout: Branching | None = None,
) -> str:
    """Name of a run: hash of scenarios, data, code, seed, members, mode, sums kept and layout."""
    parts = [code_digest(), __version__, str(seed), str(members), mode]
    parts += [json.dumps(sorted(by.items()))] if by else []
    parts += [json.dumps(layout)] if layout else []
    parts += [part for s in scenarios for part in (s.name, s.digest())]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
