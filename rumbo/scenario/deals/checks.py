"""Checks of ``deals.csv``, and of the settings that belong to deals."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from rumbo.files.faults import Collector, choose, choose_or_add
from rumbo.files.tables import CsvTable
from rumbo.scenario.deals.dating import first_day
from rumbo.scenario.deals.terms import TABLE, Deal, deals_of
from rumbo.scenario.network import check_unique, show
from rumbo.scenario.settings import NEVER, Surroundings, check_settings
from rumbo.scenario.tree.outcomes import outcomes_of
from rumbo.scenario.values.dates import date_faults


class Beside(NamedTuple):
    """What deals are checked against.

    Attributes
    ----------
    levers
        The calendar; None where it cannot be read.
    settings
        All settings; None where they cannot be read.
    first, last
        Days that the corridor has data for; NaT if not known.
    """

    levers: pd.DataFrame | None
    settings: pd.DataFrame | None
    first: pd.Timestamp
    last: pd.Timestamp


def check_deals(
    table: CsvTable, outcomes: CsvTable | None, beside: Beside, faults: Collector
) -> None:
    """Note deals that cannot be placed, and settings that are of no side of theirs.

    Parameters
    ----------
    table
        Rows of ``deals.csv``.
    outcomes
        Rows of ``outcomes.csv``; None where they cannot be read.
    beside
        What they are checked against.
    faults
        Where faults are noted.
    """
    cure = "Keep one of the two rows, or give them different actors"
    check_unique(table, ["deal", "actor"], "side", faults, cure)
    for number, row in zip(table.row.tolist(), table.frame.itertuples(index=False), strict=True):
        for message, mend in (*_row_faults(row, beside), *_bundle_faults(row, beside)):
            faults.add(table.file, number, message, mend)
    for number, message, mend in _side_faults(table):
        faults.add(table.file, number, message, mend)
    if any(fault.file == table.file for fault in faults.faults):
        return
    deals = deals_of(table.frame)
    if beside.settings is not None and beside.levers is not None:
        _check_rows(beside.settings, deals, beside.levers, faults)
    if outcomes is not None:
        _check_outcomes(outcomes, deals, faults)


def _row_faults(row: Any, beside: Beside) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the dates and numbers of a row."""
    yield from date_faults(row.since, row.until, beside.first, beside.last)
    if pd.isna(row.since) and not pd.isna(row.until):
        yield "until is given without since", "Give both, or neither for a deal to be placed"
    if row.ramp_days % 1 > 0:
        yield f"ramp_days is {row.ramp_days:g}, expected whole days", "Write a whole number"
    if row.low > row.compliance:
        yield f"low {row.low:g} is above compliance {row.compliance:g}", "Mend or swap them"
    if row.compliance > row.high:
        yield f"compliance {row.compliance:g} is above high {row.high:g}", "Mend or swap them"


def _bundle_faults(row: Any, beside: Beside) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the lever that a row names."""
    if not row.deal or beside.levers is None:
        return
    known = sorted({*beside.levers["lever"]})
    if row.deal not in known:
        cure = choose_or_add(row.deal, known, "levers.csv")
        yield f"deal is '{row.deal}', an unknown lever", cure
    elif beside.settings is not None and row.deal not in {*beside.settings["lever"]}:
        yield (
            f"deal is '{row.deal}', a lever without settings",
            "Give it a setting, or leave it out",
        )


def _side_faults(table: CsvTable) -> Iterator[tuple[int, str, str]]:
    """Go through what is wrong between the sides of a deal."""
    frame = table.frame.assign(line=table.row)
    for deal, rows in frame.groupby("deal", sort=False):
        begun = rows["since"].notna()
        if begun.any() and not begun.all():
            line = int(rows["line"][~begun].iloc[0])
            message = f"since is empty, but not for another side of '{deal}'"
            yield line, message, "Give every side a first day, or none"
        if len(rows) > 1 and (rows["actor"] == "").any():
            line = int(rows["line"][rows["actor"] == ""].iloc[0])
            yield line, f"actor is empty, but '{deal}' has several sides", "Name the actor"


def _check_rows(
    settings: pd.DataFrame, deals: Mapping[str, Deal], levers: pd.DataFrame, faults: Collector
) -> None:
    """Note settings of no side of their deal, or that begin before it."""
    told = settings[settings["lever"].isin([*deals]) | (settings["actor"] != "")]
    for row in told.itertuples(index=False):
        for message, cure in _setting_faults(row, deals.get(str(row.lever)), levers):
            faults.add(str(row.file), int(str(row.row)), message, cure)


def _setting_faults(row: Any, deal: Deal | None, levers: pd.DataFrame) -> Iterator[tuple[str, str]]:
    if deal is None:
        message = f"actor is '{row.actor}', but lever '{row.lever}' is no deal"
        yield message, f"Leave actor empty, or add the lever to {TABLE}"
        return
    actors = [side.actor for side in deal.sides if side.actor]
    if row.actor and row.actor not in actors:
        cure = choose(row.actor, actors) if actors else "Leave it empty"
        yield f"actor is '{row.actor}', no side of '{deal.key}'", cure
        return
    first = deal.side(row.actor).since if deal.in_force else first_day(deal, levers)
    begins = row.since < first or (pd.isna(row.since) and deal.in_force)
    if begins:
        since = "always" if pd.isna(row.since) else f"from {show(row.since)} on"
        message = f"it holds {since}, before '{deal.key}' does, from {show(first)} on"
        yield message, f"Mend since, or that in {TABLE}"
    elif row.until <= first:
        message = f"it ends on {show(row.until)}, before '{deal.key}' begins, on {show(first)}"
        yield message, "Mend until, or the first day of the deal"


def _check_outcomes(outcomes: CsvTable, deals: Mapping[str, Deal], faults: Collector) -> None:
    """Note outcomes that bring a deal which is not in force."""
    for number, one in zip(outcomes.row.tolist(), outcomes_of(outcomes.frame), strict=True):
        for lever in one.levers:
            if lever in deals and not deals[lever].in_force:
                message = f"levers names '{lever}', a deal without dates"
                cure = f"Give it a since in {TABLE}, or leave it out"
                faults.add(outcomes.file, number, message, cure)


def waiting(table: CsvTable | None) -> frozenset[str]:
    """Return the deals that are not in force as a corridor stands."""
    if table is None:
        return frozenset()
    return frozenset(table.frame["deal"][table.frame["since"].isna()]) - {""}


def check_all_settings(
    settings: pd.DataFrame, ahead: frozenset[str], around: Surroundings, faults: Collector
) -> pd.DataFrame:
    """Note the faults of settings in force, and apart from them of each deal that is not.

    Parameters
    ----------
    settings
        All settings.
    ahead
        Deals that are not in force; see `waiting`.
    around
        What settings are checked against; those that are not in force may lie on any days.
    faults
        Where faults are noted.

    Returns
    -------
    pandas.DataFrame
        The settings in force.
    """
    mine = settings["lever"].isin(ahead)
    check_settings(settings[~mine], around, faults)
    for _, rows in settings[mine].groupby("lever", sort=False):
        check_settings(rows, replace(around, first=NEVER, last=NEVER), faults)
    return settings[~mine]
