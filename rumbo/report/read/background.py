"""What a corridor tells of itself, without any run."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from rumbo.report.page.own import own_texts
from rumbo.report.page.words import Words
from rumbo.report.read.run import Run


def of_background(told: Mapping[str, Any]) -> Run:
    """Return a run without results, which tells of the corridor alone.

    Parameters
    ----------
    told
        What a corridor tells of itself, as `rumbo.run.about.background` gives it.

    Returns
    -------
    Run
    """
    return Run(xr.Dataset(), dict(told), Words("en", own_texts(told)))
