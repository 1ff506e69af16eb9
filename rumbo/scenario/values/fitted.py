"""Whether the parts of a posterior fit together."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rumbo.files.faults import Collector, choose
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.values.sets import SETS

if TYPE_CHECKING:
    from rumbo.scenario.posterior import Posterior

FAMILIES = ("entry", "stop", "cross", "request", "present", "deport")
"""Families that may have paths: entries over land, stops, crossings between ports, asking for an
appointment, coming to a gate without one, and returns of those stopped."""


def check_parts(posterior: "Posterior", farthest: float) -> None:
    """Refuse parts of a posterior that do not fit together.

    Parameters
    ----------
    posterior
        What is made.
    farthest
        Largest value and log factor either way.

    Raises
    ------
    Faults
        If they do not.
    """
    faults, cure = Collector(), "Make it again"
    given = () if posterior.sets is None else (posterior.sets,)
    arrays = [*posterior.values.values(), *posterior.paths.values(), *given]
    draws = {np.shape(one)[:1] for one in arrays}
    if len(draws) != 1 or draws & {(), (0,)}:
        faults.add("posterior", 0, f"it holds {sorted(draws)} draws, expected one number", cure)
    if not posterior.paths.keys() <= {*FAMILIES}:
        names = ", ".join(sorted(posterior.paths))
        faults.add("posterior", 0, f"paths are {names}, expected {', '.join(FAMILIES)}", cure)
    if not _in_turn(posterior.months) or (posterior.paths and not posterior.months):
        faults.add("posterior", 0, "months do not follow each other, expected YYYY-MM", cure)
    if len({*posterior.nationalities}) < len(posterior.nationalities):
        faults.add("posterior", 0, "a nationality is there twice, expected each once", cure)
    for parameter, _ in posterior.values:
        if parameter not in PARAMETERS:
            hint = choose(parameter, list(PARAMETERS))
            faults.add("posterior", 0, f"there is no parameter '{parameter}'", hint)
    shape = (len(posterior.months), len(posterior.nationalities))
    for shapes, rest in ((posterior.values, ()), (posterior.paths, shape)):
        for name, one in shapes.items():
            if np.shape(one)[1:] != rest or not (np.abs(one) <= farthest).all():
                form = f"({', '.join(map(str, ('draws', *rest)))})"
                message = f"{name}: expected shape {form} and numbers within {farthest:g}"
                faults.add("posterior", 0, message, cure)
    if given and not np.isin(given[0], range(SETS)).all():
        faults.add("posterior", 0, f"sets are not numbers from 0 to {SETS - 1}", cure)
    faults.check()


def _in_turn(months: Sequence[str]) -> bool:
    """Whether months are written as they should be and follow each other without a gap."""
    if not all(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) for month in months):
        return False
    # Months counted from year 0, so that neighbours differ by 1.
    number = [12 * int(month[:4]) + int(month[5:]) for month in months]
    return number == list(range(number[0], number[0] + len(number))) if number else True
