"""Everything that keeps a corridor from running, found without running it."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.model.minds.outlook import RULE
from rumbo.report.page.own import check_texts
from rumbo.run.program import Compiled, compile_beside
from rumbo.run.sets import drawn, held, told_apart, unheard
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.deals.dating import of_side
from rumbo.scenario.deals.terms import TABLE
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.questions.frozen import frozen
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.tree.doubts import BELIEF, ranged_beliefs
from rumbo.scenario.tree.outcomes import Outcome, outcomes_of
from rumbo.scenario.values.history import deal_kept, kept_name
from rumbo.scenario.values.moving import ends_of
from rumbo.scenario.values.sets import SETS


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
    return compiled_ready(name_or_folder).scenario


def compiled_ready(name_or_folder: str | Path) -> Compiled:
    """Read a corridor as `load_ready` does, and return it compiled."""
    compiled = compile_beside(with_words_checked(load(name_or_folder)))
    _check_sets(compiled)
    return compiled


def _check_sets(compiled: Compiled) -> None:
    """Refuse ranges whose drawn values lead out of what parameters allow, times what multiplies."""
    pairs = drawn(compiled)
    for number in range(SETS if pairs else 0):
        try:
            Calendar(held(compiled.scenario, pairs, number))
        except Faults as faults:
            cure = "Narrow the range, or lower what multiplies it"
            told = [
                replace(f, message=f"{f.message}, within ranges", cure=cure) for f in faults.faults
            ]
            raise Faults(told) from None


class Ranges(NamedTuple):
    """What ranges of a corridor's settings and beliefs do.

    Attributes
    ----------
    factors, sets
        Number of rows whose range moves members by factors, and by drawn sets of values.
    unmoved
        The others, and why they move no member.
    """

    factors: int
    sets: int
    unmoved: list[Fault]


def ranges_of(compiled: Compiled) -> Ranges:
    """Return what the ranges of a corridor's settings and beliefs do.

    Parameters
    ----------
    compiled
        The corridor, from `compiled_ready`.

    Returns
    -------
    Ranges
    """
    settings = compiled.scenario.settings
    rows = list(each_setting(settings[settings["low"].notna() | settings["high"].notna()]))
    told = ranged_beliefs(compiled.scenario.beliefs)
    kept = _kept(compiled.scenario)
    if (every := len(rows) + len(told) + len(kept)) and "shocks" not in compiled.scenario.rules:
        message = f"none of {every} ranges moves a member: the rule 'shocks' is switched off"
        return Ranges(0, 0, [Fault("settings", 0, message, "Switch it on, or leave them out")])
    why = [*_reasons(compiled, rows), *_reasons_of_beliefs(compiled, told)]
    rows += told
    moved = [
        (row.parameter, row.lever) for row, reason in zip(rows, why, strict=True) if not reason
    ]
    noise = compiled.program.noise
    factors = sum(pair in noise.carried for pair in moved)
    unmoved = [
        Fault(
            row.file,
            row.row,
            f"the range of {row.parameter} moves no member: {reason[0]}",
            reason[1],
        )
        for row, reason in zip(rows, why, strict=True)
        if reason
    ]
    sets, left = len(moved) - factors, [pair for pair in kept if pair not in noise.carried]
    return Ranges(factors + len(kept) - len(left), sets, [*unmoved, *map(_kept_alike, left)])


def _kept(scenario: Scenario) -> list[tuple[str, str]]:
    """Return each parameter of a deal that is kept within a range, and what names that range."""
    found = []
    for deal in scenario.deals_in_force.values():
        for side in (side for side in deal.sides if side.ranged):
            rows = scenario.settings[of_side(scenario.settings, deal, side)]
            name = kept_name(deal.key, side.actor)
            found += [(parameter, name) for parameter in dict.fromkeys(rows["parameter"])]
    return found


def _kept_alike(pair: tuple[str, str]) -> Fault:
    parameter, deal = pair[0], deal_kept(pair[1])
    message = f"all members keep '{deal}' alike in {parameter}: no factor carries it"
    return Fault(TABLE, 0, message, "Leave it, if its other values are meant")


def _reasons(compiled: Compiled, rows: list[Setting]) -> list[tuple[str, str] | None]:
    """Say why rows move no member, and what to do; None of those that do."""
    off, names = unheard(compiled), {row.parameter for row in rows}
    moving = {one[:2] for name in names - {*off} for one in compiled.calendar.moving(name)}
    days = [pd.Timestamp(compiled.calendar.dates[n]) for n in (0, -1)]
    return [
        None if row[:2] in moving else _reason(row, off.get(row.parameter, ""), *days)
        for row in rows
    ]


def _reasons_of_beliefs(compiled: Compiled, rows: list[Setting]) -> list[tuple[str, str] | None]:
    """Say the same of beliefs."""
    scenario, moving = compiled.scenario, {row.row for row in told_apart(compiled)}
    outcomes = {one.key: one for one in outcomes_of(scenario.outcomes)}
    off = "" if RULE in scenario.rules else f"the rule '{RULE}' is switched off"
    days = [pd.Timestamp(compiled.calendar.dates[n]) for n in (0, -1)]
    return [
        None
        if row.row in moving
        else _why_not(row, outcomes[row.lever.partition("/")[0]]) or _reason(row, off, *days)
        for row in rows
    ]


def _why_not(row: Setting, one: Outcome) -> tuple[str, str] | None:
    """Say why nobody's pace could hang on a belief, whatever its range."""
    if not one.levers:
        return "its outcome has no levers, so nobody awaits it", "Leave low and high empty"
    if row.since >= one.on:
        return "it begins once the news has come", "Leave it out, or mend since"
    return None


def _reason(row: Setting, off: str, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, str]:
    if off:
        return off, "Leave the range out, or switch the rule on"
    if not ends_of(PARAMETERS.get(row.parameter, BELIEF), row):
        return "it has no width", "Give it ends on either side of the value"
    if row.since > last or row.until <= first:
        return "it holds on no day of the run", "Leave it, if runs of other days are meant"
    return "other rows overrule it on every day", "Leave out the rows that do not count"


def with_words_checked(scenario: Scenario) -> Scenario:
    """See whether the report can print what a corridor says in its own words.

    Parameters
    ----------
    scenario
        A scenario of the corridor.

    Returns
    -------
    Scenario
        The same, warned of texts that the report never prints, and of people held for nothing.

    Raises
    ------
    Faults
        If a text holds other values than the report puts into it.
    """
    faults, warnings = Collector(), Collector()
    rows = scenario.words.iterrows()
    texts = ((int(row), str(one["key"]), {"en": one["en"], "es": one["es"]}) for row, one in rows)
    check_texts(texts, faults, warnings)
    _check_named(scenario, warnings)
    faults.check()
    told = dict.fromkeys((*scenario.warnings, *warnings.faults, *frozen(scenario)))
    return replace(scenario, warnings=tuple(told))


def _check_named(scenario: Scenario, warnings: Collector) -> None:
    """Note names of what the corridor does not have, which are never printed."""
    for beginning, known in _named(scenario).items():
        for row, key in scenario.words["key"].items():
            name = key.removeprefix(beginning)
            if key != name and name not in known:
                message = f"key is '{key}', but the corridor has no '{name}'"
                cure = choose(name, sorted(known - {""}))
                warnings.add("words.csv", int(str(row)), message, cure)


def _named(scenario: Scenario) -> dict[str, set[str]]:
    """What may stand after the beginnings of keys that name parts of the corridor."""
    places, figures = scenario.network.places, scenario.figures
    roles = {role for cell in places["roles"] for role in cell.split(";")}
    areas = {*places["zone"], *places["office"], *figures["area"], *scenario.roles.regions}
    return {
        "area.": areas,
        "kind.": {*places["kind"], *places["country"], *places["admin1"], *roles},
        "nationality.": set(scenario.groups["nationality"]),
        "place.": set(places["id"]),
    }
