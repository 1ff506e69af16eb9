"""Beliefs: what groups hold possible of a dated event's outcomes, as ``beliefs.csv`` says it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.faults import Collector, choose_or_add
from rumbo.files.tables import CsvTable
from rumbo.scenario.arrays import Array
from rumbo.scenario.network import check_unique
from rumbo.scenario.selectors import Selectors, UnknownSelector
from rumbo.scenario.values.dates import date_faults

USUAL = {"blur_days": 7.0, "lag_days": 3.0, "attention_days": 30.0}
"""Blur, lag and attention where no row gives them; all three assumed."""


class Held(NamedTuple):
    """What is told of an outcome, by day and group.

    Attributes
    ----------
    level
        Chance that is told.
    blur
        Standard deviation of the day people have in mind, in days; infinite for any day soon.
    lag, attention
        Days until it is heard, and days in which attention grows e-fold. All have shape (T, G).
    """

    level: Array
    blur: Array
    lag: Array
    attention: Array


def check_beliefs(
    table: CsvTable, outcomes: pd.DataFrame | None, selectors: Selectors, faults: Collector
) -> None:
    """Note beliefs in unknown outcomes or of unknown groups, or that do not fit together.

    Parameters
    ----------
    table
        The rows of ``beliefs.csv``.
    outcomes
        The rows of ``outcomes.csv``: event, outcome; None if they cannot be read.
    selectors
        What groups mean.
    faults
        Where faults are noted.
    """
    known = None if outcomes is None else outcomes.groupby("event")["outcome"].agg(list).to_dict()
    for number, row in zip(table.row.tolist(), table.frame.itertuples(index=False), strict=True):
        for message, cure in _faults_of(row, known, selectors):
            faults.add(table.file, number, message, cure)
    key = ["event", "outcome", "group", "since"]
    check_unique(table, key, "belief", faults, "Keep one of the two rows, or change its since")
    strange = _check_sums(table, faults)
    for event, rows in table.frame.assign(row=table.row).groupby("event"):
        found = event not in strange and (known is None or event in known)
        if found and not any([*group_faults(one, selectors)] for one in rows["group"]):
            _check_overlaps(table.file, rows, selectors, faults)


def _faults_of(
    row: Any, known: dict[str, list[str]] | None, selectors: Selectors
) -> Iterator[tuple[str, str]]:
    if known is not None and row.event and row.event not in known:
        cure = choose_or_add(row.event, list(known), "outcomes.csv")
        yield f"event is '{row.event}', an unknown event", cure
    elif known is not None and row.outcome and row.event and row.outcome not in known[row.event]:
        message = f"outcome is '{row.outcome}', which {row.event} does not have"
        yield message, choose_or_add(row.outcome, known[row.event], "outcomes.csv")
    yield from group_faults(row.group, selectors)
    yield from date_faults(row.since, row.until, pd.NaT, pd.NaT)
    if row.low > row.belief:
        yield f"low {row.low:g} is above belief {row.belief:g}", "Mend or swap them"
    if row.high < row.belief:
        yield f"high {row.high:g} is below belief {row.belief:g}", "Mend or swap them"
    if row.attention_days == 0:
        yield "attention_days is 0, expected more", "Write days, or leave the cell empty"


def group_faults(text: str, selectors: Selectors) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the text that says which groups a row is of."""
    try:
        selectors.people(text)
    except UnknownSelector as unknown:
        yield unknown.message, unknown.cure


def _check_sums(table: CsvTable, faults: Collector) -> set[str]:
    """Note events of which rows of one group from one day on sum to more than 1; return them."""
    key = [table.frame[name] for name in ("event", "group", "since")]
    total = table.frame["belief"].groupby(key, dropna=False).transform("sum")
    first = ~table.frame[["event", "group", "since"]].duplicated()
    # A billionth is left to decimals that do not add up exactly.
    for i in np.flatnonzero(((total > 1.0 + 1e-9) & first).to_numpy()):
        message = f"beliefs in {table.frame['event'].iloc[i]} sum to {total.iloc[i]:g}"
        faults.add(table.file, int(table.row[i]), f"{message}, expected 1 at most", LOWER)
    return {*table.frame["event"][total > 1.0 + 1e-9]}


LOWER = "Lower them: of one event's outcomes only one can come"
"""What to do about beliefs that sum to more than 1."""


def _check_overlaps(file: str, rows: pd.DataFrame, selectors: Selectors, faults: Collector) -> None:
    """Note beliefs in one event that sum to more than 1 where rows of other days or groups meet."""
    days = pd.concat([rows["since"], rows["until"]]).dropna().sort_values().unique()
    always = pd.Timestamp("1800-01-01") if not len(days) else days[0] - pd.Timedelta(days=1)
    dates = np.array([always, *days], dtype="datetime64[D]")
    none = np.zeros(len(dates))
    parts = [held_of(own, none, dates, selectors).level for _, own in rows.groupby("outcome")]
    total = np.sum(parts, axis=0)
    for t, g in np.argwhere(total > 1.0 + 1e-9)[:1]:
        meeting = [
            row.row
            for row in rows.itertuples(index=False)
            if _days_of(row, dates)[t] and g in selectors.people(row.group)
        ]
        group = selectors.groups["id"].iloc[g]
        from_day = f" from {dates[t]} on" * bool(t > 0)
        message = f"beliefs in {rows['event'].iloc[0]} sum to {total[t, g]:g} for {group}{from_day}"
        named = ", ".join(map(str, meeting))
        faults.add(file, meeting[-1], f"{message} (rows {named}), expected 1 at most", LOWER)


def beliefs_in(beliefs: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the beliefs in outcomes that are there.

    Parameters
    ----------
    beliefs
        Rows of ``beliefs.csv``.
    outcomes
        Rows of ``outcomes.csv``: event, outcome.

    Returns
    -------
    pandas.DataFrame
    """
    there = {*zip(outcomes["event"], outcomes["outcome"], strict=True)}
    pairs = zip(beliefs["event"], beliefs["outcome"], strict=True)
    return beliefs[np.array([pair in there for pair in pairs], dtype=bool)]


def beliefs_known(beliefs: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the beliefs that had been told by a day, their ends open unless they had come.

    Parameters
    ----------
    beliefs
        The rows of ``beliefs.csv``.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
    """
    told = beliefs["since"].isna() | (beliefs["since"] <= day)
    ended = beliefs["until"].where(beliefs["until"] <= day)
    return beliefs.assign(until=ended)[told]


def held_of(
    beliefs: pd.DataFrame, usual: Array, dates: NDArray[np.datetime64], selectors: Selectors
) -> Held:
    """Return what is told of one outcome on every day.

    Of several rows the more specific group wins, in the order all, household, nationality, id;
    then the later ``since``. Days and groups without a row have the usual.

    Parameters
    ----------
    beliefs
        The outcome's rows of ``beliefs.csv``.
    usual
        Chance where no row says otherwise: that of the tree; shape (T,).
    dates
        Every day; shape (T,).
    selectors
        What groups mean.

    Returns
    -------
    Held
    """
    shape = len(dates), len(selectors.groups)
    level = np.repeat(usual[:, None], shape[1], axis=1)
    more = {name: np.full(shape, value) for name, value in USUAL.items()}
    rank = [selectors.rank("", text)[1] for text in beliefs["group"]]
    # A row without a first day comes before all that have one.
    rows = beliefs.assign(rank=rank).sort_values(["rank", "since"], na_position="first")
    for row in rows.itertuples(index=False):
        cells = np.ix_(_days_of(row, dates), selectors.people(row.group))
        level[cells] = row.belief
        for name, usually in USUAL.items():
            value = getattr(row, name)
            more[name][cells] = usually if np.isnan(value) else value
    return Held(level, more["blur_days"], more["lag_days"], more["attention_days"])


def _days_of(row: Any, dates: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Which days a row holds on."""
    days = pd.DatetimeIndex(dates)
    return np.asarray(~(days < row.since) & ~(days >= row.until))
