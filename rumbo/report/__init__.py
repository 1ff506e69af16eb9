"""Pages from a saved result: one HTML file, in English or Spanish, read without a network.

Imports files and scores. Inside, each room imports only those before it: page, read, charts,
corridor, crisis, forecasts.
"""

import os
from pathlib import Path

import xarray as xr

from rumbo.report.corridor.page import content
from rumbo.report.crisis import learned
from rumbo.report.crisis import page as crisis
from rumbo.report.forecasts.outlook import write_outlook
from rumbo.report.forecasts.scorecard import write_scorecard
from rumbo.report.page.parts import Row
from rumbo.report.page.render import render, write_page
from rumbo.report.page.words import Words
from rumbo.report.read.run import Run, read_run

__all__ = ["write_outlook", "write_report", "write_scorecard"]


def write_report(runs: xr.Dataset, path: str | os.PathLike[str], *, language: str = "en") -> Path:
    """Write one HTML file that shows a result to planners and journalists.

    The file holds everything it needs and is read without a network. A run of displacement, by
    day, gets a page about camps and roads; learned shares one about camps alone; a run of the
    corridor one about its months.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.learn_shares`` returned, or the ``result.nc`` of a run
        folder.
    path
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ValueError
        If the language is unknown or the result lacks a variable.
    """
    return write_page(Path(path), page(read_run(runs, Words(language))))


def page(run: Run) -> str:
    """Return the page of a run as text."""
    name, told = _told(run)
    return render(name, {**told, "t": run.words}, run.words)


def _told(run: Run) -> tuple[str, Row]:
    """Return the name of a run's template and the values of its names."""
    if run.learned:
        return "learned.html", learned.content(run)
    if run.dimension == "day":
        return "displacement.html", crisis.content(run)
    return "template.html", content(run)
