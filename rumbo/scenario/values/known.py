"""What of a corridor was known on a day: settings, levers, entries and figures."""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.faults import Fault, Faults
from rumbo.scenario.caravans.events import events_known
from rumbo.scenario.deals.terms import deals_known
from rumbo.scenario.folder import Content
from rumbo.scenario.header import Header
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.questions.checks import askable
from rumbo.scenario.settings import NEVER, Setting, each_setting
from rumbo.scenario.tree.awaited import levers_awaited, outcomes_known
from rumbo.scenario.tree.beliefs import beliefs_in, beliefs_known
from rumbo.scenario.tree.rumours import rumours_in, rumours_known
from rumbo.scenario.values.unsized import LastOfItsKind

_ANNOUNCED = ("announced", "until_announced")
"""Days of a calendar from which something was known."""


class _Step(NamedTuple):
    """A row of the calendar, and the days on which its start and its end were known."""

    since: pd.Timestamp
    until: pd.Timestamp
    known: pd.Timestamp
    end_known: pd.Timestamp


def levers_known(levers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of a calendar that were known on a day.

    Parameters
    ----------
    levers
        The calendar, as in ``levers.csv``.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Rows that had begun or been announced. ``until`` is NaT unless it had come, been announced,
        or follows from the start of a single day; announcements still to come are NaT.
    """
    begun = (levers["since"] <= day) | (levers["announced"] <= day)
    ended = (levers["until"] <= day) | (levers["until_announced"] <= day)
    single = levers["until"] == levers["since"] + pd.Timedelta(days=1)
    told = {name: levers[name].where(levers[name] <= day) for name in _ANNOUNCED}
    table = levers.assign(until=levers["until"].where(ended | single), **told)
    return table[begun].reset_index(drop=True)


def settings_known(
    settings: pd.DataFrame,
    levers: pd.DataFrame,
    day: pd.Timestamp,
    awaited: Collection[str] = (),
) -> pd.DataFrame:
    """Return settings as they were known on a day.

    Parameters
    ----------
    settings
        The rows, checked; changes made afterwards are always known.
    levers
        The whole calendar.
    day
        The day.
    awaited
        Levers known by then as what an event may bring, whenever they were announced.

    Returns
    -------
    pandas.DataFrame
        Rows known on the day, their ends open unless known. Factors of levers that were known
        before their sizes have those that `LastOfItsKind` gives.
    """
    steps = _steps(levers) | _awaited_steps(levers, awaited, day)
    rows = list(each_setting(settings))
    there = [_there(row, steps, day) for row in rows]
    sizes = LastOfItsKind(row for row in rows if _sized(row, steps, day))
    table = settings.copy()
    for i, row in enumerate(rows):
        for name, value in _as_of(row, steps, day, sizes).items():
            table.loc[i, name] = value
    return table[np.array(there, dtype=bool)].reset_index(drop=True)


def settings_in_force(
    settings: pd.DataFrame, levers: pd.DataFrame, outcomes: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Return settings as they were known on a day, without those of what was not decided by then.

    Parameters
    ----------
    settings, levers, outcomes
        The rows, the whole calendar, and what events may bring.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        As `settings_known`; branches of events have the rows that are left out.
    """
    awaited = levers_awaited(outcomes, levers_known(levers, day), day)
    table = settings_known(settings, levers, day, awaited)
    undecided = [lever for lever, decided in awaited.items() if not decided]
    return table[~table["lever"].isin(undecided)].reset_index(drop=True)


def _there(row: Setting, steps: dict[str, list[_Step]], day: pd.Timestamp) -> bool:
    return bool(row.change) or _sized(row, steps, day) or _unsized(row, steps, day)


def _sized(row: Setting, steps: dict[str, list[_Step]], day: pd.Timestamp) -> bool:
    """Whether a row's value was known on the day."""
    return not _known_on(row, steps) > day


def _known_on(row: Setting, steps: dict[str, list[_Step]]) -> pd.Timestamp:
    """Return the day on which a row was known; NaT if it always was."""
    if not pd.isna(row.known):
        return row.known
    step = _step_of(row, steps)
    return step.known if step else row.since


def _unsized(row: Setting, steps: dict[str, list[_Step]], day: pd.Timestamp) -> bool:
    """Whether on the day a row's lever was known, what it multiplies by not yet."""
    step = _step_of(row, steps)
    sizeless = row.operation == "multiply" and row.known > day
    return bool(sizeless and step and step.known <= day)


def _end_known(row: Setting, steps: dict[str, list[_Step]]) -> pd.Timestamp:
    """Return the day on which a row's end was known: when it came, unless announced before."""
    if not pd.isna(row.until_known):
        return row.until_known
    step = _step_of(row, steps)
    return step.end_known if step and step.until == row.until else row.until


def _as_of(
    row: Setting, steps: dict[str, list[_Step]], day: pd.Timestamp, sizes: LastOfItsKind
) -> dict[str, object]:
    """Return the cells of a row that read otherwise on the day."""
    if row.change:
        return {}
    cells: dict[str, object] = {}
    if _end_known(row, steps) > day:
        cells |= {"until": NEVER, "until_known": NEVER}
    if _unsized(row, steps, day):
        cells |= sizes.size_of(row)
    return cells


def _steps(levers: pd.DataFrame) -> dict[str, list[_Step]]:
    """Return the calendar's rows by lever, in order of their first days."""
    steps: dict[str, list[_Step]] = {}
    columns = ("since", "until", "announced", "until_announced")
    dates = (levers[name].astype(object) for name in columns)
    for lever, since, until, start, end in zip(levers["lever"], *dates, strict=True):
        known = start if start < since else since
        step = _Step(since, until, known, end if end < until else until)
        steps.setdefault(lever, []).append(step)
    return {lever: sorted(own, key=lambda step: step.since) for lever, own in steps.items()}


def _awaited_steps(
    levers: pd.DataFrame, awaited: Collection[str], day: pd.Timestamp
) -> dict[str, list[_Step]]:
    """Return the steps of levers that an event may bring, all of them known by the day."""
    mine = _steps(levers[levers["lever"].isin(awaited)])
    bare = [_Step(NEVER, NEVER, day, NEVER)]
    return {
        lever: [step._replace(known=min(step.known, day)) for step in mine.get(lever, bare)]
        for lever in awaited
    }


def _step_of(row: Setting, steps: dict[str, list[_Step]]) -> _Step | None:
    """Return the row of the calendar under which a setting begins: the last begun by its day."""
    own = steps.get(row.lever)
    if not own:
        return None
    begun = [step for step in own if step.since <= row.since]
    return begun[-1] if begun else own[0]


def inflows_known(inflows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the entries that were known on a day; without ``known``, once their month had ended.

    Parameters
    ----------
    inflows
        The entries, as in ``inflows.csv``.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Months ahead have no rows: what would come is for whoever runs on to say.
    """
    ended = inflows["month"] + pd.offsets.MonthBegin(1)
    return inflows[inflows["known"].fillna(ended) <= day].reset_index(drop=True)


def content_known(content: Content, day: pd.Timestamp) -> Content:
    """Return a corridor's tables as they were known on a day.

    Parameters
    ----------
    content
        The tables.
    day
        The day.

    Returns
    -------
    Content

    Raises
    ------
    Faults
        If none of the entries were known.
    """
    inflows = inflows_known(content.inflows, day)
    if len(content.inflows) and not len(inflows):
        message = f"on {day:%Y-%m-%d} none of the entries were known"
        raise Faults([Fault("inflows.csv", 0, message, "Choose a later day")])
    levers = levers_known(content.levers, day)
    awaited = levers_awaited(content.outcomes, levers, day)
    settings = settings_known(content.settings, content.levers, day, awaited)
    outcomes = outcomes_known(content.outcomes, levers, settings, day)
    known = replace(
        content,
        inflows=inflows,
        settings=settings,
        levers=levers,
        outcomes=outcomes,
        figures=content.figures[content.figures["published"] <= day],
        beliefs=beliefs_known(beliefs_in(content.beliefs, outcomes), day),
        rumours=rumours_known(rumours_in(content.rumours, outcomes), day),
        events=events_known(content.events, day),
        deals=deals_known(content.deals, {*levers["lever"]} & {*settings["lever"]}, day),
    )
    return replace(known, questions=askable(known))


def header_known(header: Header, content: Content) -> Header:
    """Return what a corridor says of itself, without levers and months that it does not know of.

    Parameters
    ----------
    header
        What it says.
    content
        Its tables as they were known.

    Returns
    -------
    Header
    """
    levers, newest = set(content.levers["lever"]), content.figures["month"].max()
    gone = [
        name
        for name in ("expelled", "hindcast")
        if (asked := getattr(header, name)) and asked.lever not in levers
    ]
    if header.origins and not pd.Timestamp(header.origins.last) <= newest:
        gone.append("origins")
    bundles = {lever: words for lever, words in header.bundles.items() if lever in levers}
    return header.model_copy(update={**dict.fromkeys(gone), "bundles": bundles})


def check_posterior(posterior: Posterior | None, day: pd.Timestamp) -> None:
    """Refuse what a fit found as of a later day.

    Parameters
    ----------
    posterior
        What a fit found, if anything.
    day
        The day as of which a scenario is wanted.

    Raises
    ------
    Faults
        If the fit looked at what came after the day.
    """
    if posterior and pd.Timestamp(posterior.as_of) > day:
        message = f"the posterior is as of {posterior.as_of}, after {day:%Y-%m-%d}"
        raise Faults([Fault("as_known", 0, message, "Fit as of the day, or leave it out")])
