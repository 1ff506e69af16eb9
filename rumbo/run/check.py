"""Everything that keeps a corridor from running, found without running it."""

from pathlib import Path

from rumbo.files.faults import Fault, Faults
from rumbo.run.program import compile_scenario
from rumbo.scenario.scenario import Scenario, load


def check(name_or_folder: str | Path) -> list[Fault]:
    """Return everything that is wrong with a corridor's files; empty if it can be run.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    list of Fault
        By file and row.
    """
    try:
        load_ready(name_or_folder)
    except Faults as faults:
        return list(faults.faults)
    return []


def load_ready(name_or_folder: str | Path) -> Scenario:
    """Read a corridor, and see whether what its files say together can be run.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    Scenario

    Raises
    ------
    Faults
        Everything that is wrong with the files; if nothing is, what keeps them from being run.
    """
    scenario = load(name_or_folder)
    compile_scenario(scenario)
    return scenario
