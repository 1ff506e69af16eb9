"""Crises in Flee's format: read, checked, and turned into ordinary scenarios.

Imports run and what lies below it.
"""

import os
from pathlib import Path

from rumbo.files.faults import Faults
from rumbo.flee.convert import to_scenario
from rumbo.flee.learned import learn_shares
from rumbo.flee.reader import read_crisis
from rumbo.scenario.scenario import Scenario

__all__ = ["learn_shares", "read_flee"]

Where = str | os.PathLike[str]


def read_flee(folder: Where, settings: Where | None = None) -> Scenario:
    """Read a crisis in Flee's format as a scenario whose rules are Flee's.

    Parameters
    ----------
    folder
        Folder that holds ``input_csv`` and ``source_data``.
    settings
        File of settings; ``simsetting.yml`` of the folder if None, and Flee's defaults if that is
        missing.

    Returns
    -------
    Scenario
        Recorded by day. What is dubious without keeping the crisis from running is in its
        ``warnings``.

    Raises
    ------
    Faults
        Everything that is wrong with the files, listed together.
    """
    path = Path(folder)
    crisis, faults = read_crisis(path, None if settings is None else Path(settings))
    if crisis is None:
        raise Faults(faults)
    return to_scenario(crisis, path)
