"""Rumbo: how people move along a migration corridor, day by day, and how sure one can be."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rumbo.files.code import __version__ as __version__

if TYPE_CHECKING:
    from rumbo.ahead import forecast
    from rumbo.figures import figures
    from rumbo.files.faults import Fault, Faults
    from rumbo.fit import attribute, fit
    from rumbo.flee import learn_shares, read_flee
    from rumbo.report import write_report
    from rumbo.runs import open_run
    from rumbo.scenario import Scenario, check, load
    from rumbo.score import score
    from rumbo.simulate import simulate

_HOME = {
    "Fault": "rumbo.files.faults",
    "Faults": "rumbo.files.faults",
    "Scenario": "rumbo.scenario",
    "attribute": "rumbo.fit",
    "check": "rumbo.scenario",
    "figures": "rumbo.figures",
    "fit": "rumbo.fit",
    "forecast": "rumbo.ahead",
    "learn_shares": "rumbo.flee",
    "load": "rumbo.scenario",
    "open_run": "rumbo.runs",
    "read_flee": "rumbo.flee",
    "score": "rumbo.score",
    "simulate": "rumbo.simulate",
    "write_report": "rumbo.report",
}

__all__ = [
    "Fault", "Faults", "Scenario", "attribute", "check", "figures", "fit", "forecast",
    "learn_shares", "load", "open_run", "read_flee", "score", "simulate", "write_report",
]  # fmt: skip


class _Package(ModuleType):
    """Keeps ``rumbo.simulate`` the function when the module of that name is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import rumbo`` stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'rumbo' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
