"""Figures as they were known on a day: the only door to data for fits and forecasts."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.scenario.arrays import Index, Months
from rumbo.scenario.calendar import entering, highest
from rumbo.scenario.changes import day_of
from rumbo.scenario.folder import table_digest
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import Backdrop
from rumbo.scenario.values.known import inflows_known, levers_known, settings_in_force
from rumbo.scores.figures import (
    ESTIMATES,
    MOST_ASSUMED,
    NO_ENTRY,
    Key,
    Series,
    Span,
    counts_of,
    fill_labels,
    last_published,
    spanning,
    spans_of,
)

__all__ = ["HINDSIGHT", "Key", "Known", "Series", "figures", "known", "published"]

HINDSIGHT = date(2199, 12, 31)
"""Day as of which every figure is known: forecasts are scored by the latest figures."""


class _Practice(NamedTuple):
    """How a measure is revised after its first publication."""

    revision_sd: float
    settles_after_months: int


@dataclass(frozen=True, eq=False)
class Known:
    """What had been published by a day; nothing later can be had from it.

    Attributes
    ----------
    as_of
        The day.
    backdrop
        What else is to be known of the corridor, the same on every day.
    """

    as_of: date
    backdrop: Backdrop
    _table: pd.DataFrame
    _rows: dict[Key, Index]
    _calendar: pd.DataFrame
    _practice: dict[tuple[str, str], _Practice]
    _spans: dict[Key, list[Span]] = field(default_factory=dict)

    @property
    def months(self) -> Months:
        """Months of which any figure was known, in order; shape (T,)."""
        return np.unique(self._table["month"].to_numpy().astype("datetime64[M]"))

    @cached_property
    def digest(self) -> str:
        """Hash of all that was known: figures, calendar, usual revisions, and the corridor."""
        rest = repr((self.as_of, self.backdrop, sorted(self._practice.items())))
        rest += repr(sorted(self._spans.items()))
        parts = (rest, table_digest(self._table), table_digest(self._calendar))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def keys(self, measure: str, component: str = "", *, spans: bool = False) -> list[Key]:
        """Return the series there are of a measure, in order; those of spans alone if asked for."""
        known = {*self._rows, *self._spans} if spans else self._rows
        return sorted(key for key in known if key[:2] == (measure, component))

    def series(self, key: Key) -> Series:
        """Return a series up to the last month published by the day.

        Of a month published several times, it has the last figure published by the day. Where only
        a lowest and a highest value were given, it has their mean.

        Parameters
        ----------
        key
            What is counted.

        Returns
        -------
        Series

        Raises
        ------
        Faults
            If nothing had been published, a month is missing in the middle or stands twice.
        """
        rows = self._table.iloc[self._rows.get(key, [])]
        last = last_published(rows, ["month"], ESTIMATES).sort_values("month", kind="stable")
        months = last["month"].to_numpy().astype("datetime64[M]")
        _check_months(key, months, last.index.tolist(), self.as_of)
        value = last["value"].fillna((last["low"] + last["high"]) / 2.0)
        return Series(key, months, value.to_numpy(dtype=np.float64))

    def spans(self, key: Key) -> list[Span]:
        """Return the sums over several months that had been published by the day.

        Parameters
        ----------
        key
            What is counted.

        Returns
        -------
        list of Span
            In order of their months, of each the last published; they may overlap one another and
            the months of `series`.
        """
        return list(self._spans.get(key, []))

    def counts(self, key: Key) -> list[Span]:
        """Return all figures of a series that may have gaps and spans.

        Parameters
        ----------
        key
            What is counted.

        Returns
        -------
        list of Span
            Single months, of stocks every estimate, then spans, each in order and as last
            published by the day. Empty if nothing had been published.
        """
        rows = self._table.iloc[self._rows.get(key, [])]
        last = last_published(rows, ["month"], ESTIMATES).sort_values("month", kind="stable")
        return [*counts_of(last.assign(month_end=last["month"])), *self.spans(key)]

    def revision_sd(self, key: Key, month: str | np.datetime64) -> float:
        """Return how much a month's figure may still be revised.

        Parameters
        ----------
        key
            What is counted.
        month
            The month.

        Returns
        -------
        float
            Standard deviation of the log of the settled figure over the one known on the day; 0
            once settled, or where ``publication.csv`` says nothing of the measure.
        """
        practice = self._practice.get((key.measure, key.component))
        if practice is None:
            return 0.0
        settled = np.asarray(month, dtype="datetime64[M]") + practice.settles_after_months
        return practice.revision_sd if np.datetime64(self.as_of, "M") <= settled else 0.0

    def calendar(self) -> pd.DataFrame:
        """Return the levers and events that were known of on the day.

        Returns
        -------
        pandas.DataFrame
            One row a lever, in order of dates: lever, since, until, actor. Those that had begun or
            been announced; ``until`` is NaT unless it had come, been announced, or follows from
            the start of a single day.
        """
        return self._calendar.copy()


def _calendar(levers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    table = levers_known(levers, day)
    table = table.sort_values(["since", "lever"], kind="stable", ignore_index=True)
    return table[["lever", "since", "until", "actor"]]


def _check_months(key: Key, months: Months, rows: list[int], as_of: date) -> None:
    faults = Collector()
    if not len(months):
        message = f"nothing of '{key}' had been published by {as_of}"
        faults.add("figures.csv", 0, message, "Choose a later day, or add the figures")
    for row, before, after in zip(rows[1:], months[:-1], months[1:], strict=True):
        step = int((after - before).astype(int))
        if step == 0:
            message = f"'{key}' has {before} twice, expected one figure a month"
            faults.add("figures.csv", row, message, "Remove one of the two rows")
        elif step > 1:
            message = (
                f"'{key}' has nothing between {before} and {after}, expected consecutive months"
            )
            cure = "Add the missing months, or leave out those before the gap"
            faults.add("figures.csv", row, message, cure)
    faults.check()


def known(scenario: Scenario, as_of: date | str) -> Known:
    """Return what had been published by a day.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        The day.

    Returns
    -------
    Known

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    day, table = published(scenario, as_of)
    practice = {
        (row.measure, row.component): _Practice(row.revision_sd, int(row.settles_after_months))
        for row in scenario.publication.itertuples(index=False)
    }
    calendar = _calendar(scenario.levers, pd.Timestamp(day))
    table = fill_labels(table)
    whole = spanning(table)
    parts = table[whole].groupby(list(Key._fields))
    spans = {Key(*key): spans_of(rows) for key, rows in parts}
    table = table[~whole]
    rows = table.groupby(list(Key._fields)).indices
    there = {Key(*key): at for key, at in rows.items()}
    backdrop = _backdrop(_as_known(scenario, pd.Timestamp(day)))
    return Known(day, backdrop, table, there, calendar, practice, spans)


def _as_known(scenario: Scenario, day: pd.Timestamp) -> Scenario:
    """Leave out settings and entries known later; unlike `Scenario.as_known` none need be known."""
    content = replace(scenario.content, inflows=inflows_known(scenario.inflows, day))
    settings = settings_in_force(scenario.settings, scenario.levers, scenario.outcomes, day)
    return replace(scenario, content=content, settings=settings)


def _backdrop(scenario: Scenario) -> Backdrop:
    counted = [(one.measure, one.component) for one in scenario.targets.values()]
    return Backdrop(
        nationalities=tuple(dict.fromkeys(scenario.groups["nationality"])),
        roles=scenario.roles,
        counted=tuple(dict.fromkeys(counted)),
        registered=_registered(scenario),
        unstopped=_unstopped(scenario),
        expelled=scenario.header.expelled,
    )


def _registered(scenario: Scenario) -> tuple[str, ...]:
    """Nationalities of whose entries over land in the run's months few are assumed."""
    table = entering(scenario)
    sums = (
        table[~table["route"].isin(NO_ENTRY)].groupby("nationality")[["persons", "assumed"]].sum()
    )
    few = sums["assumed"] <= MOST_ASSUMED * sums["persons"]
    return tuple(map(str, sums.index[few]))


def _unstopped(scenario: Scenario) -> tuple[str, ...]:
    """Nationalities whose chance of being stopped is 0 in every country that stops people."""
    nations = scenario.groups["nationality"]
    places = scenario.network.places["country"].isin(scenario.roles.stopping)
    chance = highest(scenario, "checkpoint.chance")[places.to_numpy(dtype=bool)]
    stopped = set(nations[(chance > 0).any(axis=0)])
    return tuple(code for code in dict.fromkeys(nations) if code not in stopped)


def figures(scenario: Scenario, as_of: date | str | None = None) -> pd.DataFrame:
    """Return the corridor's observed figures.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        Day up to which figures had to be published; all figures if None.

    Returns
    -------
    pandas.DataFrame
        One row a figure: measure, component, area, nationality, month, month_end (the last of a
        span, whose value is the sum of its months), value, low, high, unit, published,
        published_basis, publisher, source, quality. Without rows before the first publication.

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    if as_of is None:
        return scenario.figures.reset_index(drop=True)
    return published(scenario, as_of)[1].reset_index(drop=True)


def published(scenario: Scenario, as_of: date | str) -> tuple[date, pd.DataFrame]:
    """Return a day, and the figures published by it with their rows in the file as index.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        The day.

    Returns
    -------
    tuple of datetime.date and pandas.DataFrame
        Columns as of `figures`.

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    day = day_of("figures", "as_of", as_of)
    return day.date(), scenario.figures[scenario.figures["published"] <= day]
