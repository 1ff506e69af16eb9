"""Rumbo: how people move along a migration corridor, day by day, and how sure one can be."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rumbo.files.code import __version__ as __version__

if TYPE_CHECKING:
    from rumbo.exporting.folder import export
    from rumbo.files.faults import Fault as Fault
    from rumbo.files.faults import Faults
    from rumbo.fitting.attribution import attribute
    from rumbo.fitting.fit import fit
    from rumbo.flee import learn_shares as learn_shares
    from rumbo.flee import read_flee
    from rumbo.forecasting.forecast import forecast
    from rumbo.report import write_report
    from rumbo.run.check import check
    from rumbo.run.folder import open_run
    from rumbo.run.simulate import simulate
    from rumbo.scenario.figures import figures
    from rumbo.scenario.scenario import Scenario, load
    from rumbo.scores.branches import mixture
    from rumbo.scores.run import score

_HOME = {
    "Fault": "rumbo.files.faults",
    "Faults": "rumbo.files.faults",
    "Scenario": "rumbo.scenario.scenario",
    "attribute": "rumbo.fitting.attribution",
    "check": "rumbo.run.check",
    "export": "rumbo.exporting.folder",
    "figures": "rumbo.scenario.figures",
    "fit": "rumbo.fitting.fit",
    "forecast": "rumbo.forecasting.forecast",
    "learn_shares": "rumbo.flee",
    "load": "rumbo.scenario.scenario",
    "mixture": "rumbo.scores.branches",
    "open_run": "rumbo.run.folder",
    "read_flee": "rumbo.flee",
    "score": "rumbo.scores.run",
    "simulate": "rumbo.run.simulate",
    "write_report": "rumbo.report",
}

__all__ = [
    "Faults", "Scenario", "attribute", "check", "export", "figures", "fit", "forecast", "load",
    "mixture", "open_run", "read_flee", "score", "simulate", "write_report",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import rumbo`` stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'rumbo' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public, whether it was used before or not."""
    return sorted([*__all__, "__version__"])
