"""From what is written on the command line to scenarios."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from rumbo.cli.deals import parse_deal
from rumbo.files.faults import Fault, Faults
from rumbo.files.reachable import no_folder
from rumbo.run.check import with_words_checked
from rumbo.run.spec import RunSpec
from rumbo.scenario.scenario import Scenario, load

if TYPE_CHECKING:
    from rumbo.cli.requests import RunRequest

T = TypeVar("T")

RUNS = Path("runs")
"""Where runs are kept for which no folder was named."""

_CHANGE = re.compile(
    r"(?P<parameter>[\w.]+)"
    r"(?:@(?P<at>[^/=]+?))?"
    r"(?:/(?P<group>[^:/=]+))?"
    r"(?::(?P<since>\d{4}-\d\d-\d\d)?(?:\.\.(?P<until>\d{4}-\d\d-\d\d))?)?"
    r"=(?P<value>[^=]+)"
)


class FaultsTogether:
    """Faults of steps that do not depend on each other, to be told together."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def take(self, step: Callable[[], T], otherwise: T) -> T:
        """Return what a step gives; another thing, and note its faults, where it cannot."""
        try:
            return step()
        except Faults as faults:
            self.add(faults.faults)
            return otherwise

    def add(self, faults: Iterable[Fault]) -> None:
        """Note faults."""
        self._found += faults

    def check(self) -> None:
        """Raise what was noted, if anything.

        Raises
        ------
        Faults
            Everything, each once.
        """
        if self._found:
            raise Faults(dict.fromkeys(self._found))


def ask(
    corridor: str,
    start: str | None = None,
    end: str | None = None,
    without: Sequence[str] | None = None,
    changes: Sequence[str] | None = None,
    deals: Sequence[str] | None = None,
    posterior: bool | Path = False,
) -> Scenario:
    """Return the scenario that a command asks for.

    Parameters
    ----------
    corridor
        Name or folder.
    start, end
        First and last day; the corridor's own if None.
    without
        Levers and rules to leave out.
    changes
        Changed values, as `parse_change` reads them.
    deals
        Deals placed or kept in part, as `parse_deal` reads them.
    posterior
        File of the posterior that members are drawn from; True for the corridor's own.

    Returns
    -------
    Scenario

    Raises
    ------
    Faults
        All that is wrong with what was asked.
    """
    scenario, gathered = with_words_checked(load(corridor)), FaultsTogether()
    scenario = _based(scenario, start, end, posterior, gathered)
    scenario = gathered.take(partial(altered, scenario, without, changes, deals), scenario)
    gathered.check()
    return scenario


def _based(
    scenario: Scenario,
    start: str | None,
    end: str | None,
    posterior: bool | Path,
    gathered: FaultsTogether,
) -> Scenario:
    """Return a scenario over the days and with the members asked for."""
    if posterior:
        fit = None if posterior is True else posterior
        scenario = gathered.take(partial(scenario.fitted, fit), scenario)
    if start or end:
        days = start or scenario.start, end or scenario.end
        scenario = gathered.take(partial(scenario.between, *days), scenario)
    return scenario


def run_sides(asked: "RunRequest") -> tuple[Scenario, Scenario]:
    """Return what ``rumbo run`` and ``rumbo compare`` ask for, before and after all changes.

    Parameters
    ----------
    asked
        What was asked for.

    Returns
    -------
    tuple of Scenario

    Raises
    ------
    Faults
        All that is wrong with what was asked, the folder to write among it.
    """
    base, gathered = with_words_checked(load(asked.corridor)), FaultsTogether()
    gathered.add(no_folder("--out", asked.out or RUNS))
    base = _based(base, asked.start, asked.end, asked.posterior or asked.fitted, gathered)
    for rule in asked.with_rule or ():
        base = gathered.take(partial(base.with_rule, rule), base)
    changed = partial(altered, base, asked.without, asked.changes, asked.deals)
    other = gathered.take(changed, base)
    gathered.check()
    return base, other.named(asked.name) if asked.name else other


def altered(
    scenario: Scenario,
    without: Sequence[str] | None,
    changes: Sequence[str] | None,
    deals: Sequence[str] | None,
) -> Scenario:
    """Return a scenario without some levers, with some values changed and some deals placed.

    Parameters
    ----------
    scenario
        The scenario.
    without, changes, deals
        As in `ask`.

    Returns
    -------
    Scenario

    Raises
    ------
    Faults
        All that is wrong with what was asked.
    """
    known = {*scenario.deals["deal"]}
    placed = {re.split("[:,]", text)[0].strip() for text in deals or ()}
    wrong = [
        Fault("--without", 0, f"'{name}' is placed by --deal", "Leave out one of the two")
        for name in dict.fromkeys(without or ())
        if name in placed
    ]
    # Other levers first: a deal may hold on the days of what was left out.
    steps = [
        *((_without, name) for name in without or () if name not in known),
        *((_with_deal, text) for text in deals or ()),
        *((_with_change, text) for text in changes or ()),
        *((_without, name) for name in without or () if name in known),
    ]
    for step, text in steps:
        try:
            scenario = step(scenario, text)
        except Faults as faults:
            wrong += faults.faults
    if wrong:
        raise Faults(wrong)
    return scenario


def _without(scenario: Scenario, text: str) -> Scenario:
    return scenario.without(text)


def _with_deal(scenario: Scenario, text: str) -> Scenario:
    return scenario.deal(**parse_deal(text))


def _with_change(scenario: Scenario, text: str) -> Scenario:
    return scenario.change(**parse_change(text))


def parse_change(text: str) -> dict[str, Any]:
    """Read a change such as ``checkpoint.chance@harbour/VEN:2024-01-01=0.4``.

    Parameters
    ----------
    text
        ``parameter[@at][/group][:since[..until]]=value``.

    Returns
    -------
    dict
        Arguments of `rumbo.Scenario.change`.

    Raises
    ------
    Faults
        If the text has another form or its value is not a number.
    """
    match = _CHANGE.fullmatch(text.strip())
    value = _number(match["value"]) if match else math.nan
    if match is None or math.isnan(value):
        cure = "Write parameter[@at][/group][:since[..until]]=number, such as transfer.seats=120"
        raise Faults([Fault("--set", 0, f"'{text}' cannot be read as a change", cure)])
    return {**match.groupdict(), "value": value}


def parse_month(option: str, text: str) -> np.datetime64:
    """Return the month given to an option.

    Raises
    ------
    Faults
        If it is none.
    """
    try:
        return np.datetime64(date.fromisoformat(f"{text}-01"), "M")
    except ValueError:
        cure = "Write it as year-month, such as 2023-12"
        raise Faults([Fault(option, 0, f"is '{text}', expected a month", cure)]) from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def compared_sides(asked: "RunRequest") -> list[Scenario]:
    """Return the two sides of a comparison.

    Parameters
    ----------
    asked
        What was asked.

    Returns
    -------
    list of Scenario
        The corridor as it stands, and with all that is asked.

    Raises
    ------
    Faults
        All that is wrong with what was asked, or if nothing differs.
    """
    if not (asked.without or asked.changes or asked.deals):
        raise _nothing_to_compare("there is nothing to compare with")
    base, other = run_sides(asked)
    if base.name == other.name:
        raise _nothing_to_compare(f"both sides are '{base.name}'")
    return [base, other]


def _nothing_to_compare(why: str) -> Faults:
    cure = (
        "Add --without LEVER, --set PARAMETER=VALUE or --deal DEAL; rumbo list levers shows the "
        "levers, rumbo list deals the deals"
    )
    return Faults([Fault("rumbo compare", 0, why, cure)])


def default_folder(spec: RunSpec, name: str = "") -> Path:
    """Return the folder of a run for which none was given: the same for the same run.

    Parameters
    ----------
    spec
        The run.
    name
        What it is called; as its last scenario if empty.
    """
    last = spec.scenarios[-1]
    # Short enough for every file system, with room for the id.
    plain = re.sub(r"[^a-z0-9]+", "-", f"{last.id}-{name or last.name}".lower()).strip("-")[:60]
    return RUNS / f"{plain}-{spec.id[:8]}"
