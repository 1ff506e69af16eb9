"""What is known of figures before an edition comes, and what it changes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import labels_of
from rumbo.scores.figures import ESTIMATES, fill_labels, last_published, of_months
from rumbo.updating.counted import KEY

ALIKE = ["measure", *KEY, "month", "who"]
"""What tells figures apart: of stocks that several estimate, also who says it."""

FEW = 100
"""Counts below which a share says little."""

UNUSUAL = 2.0
"""Times its usual size beyond which a revision is marked."""


def held_on(scenario: Scenario, day: pd.Timestamp) -> pd.DataFrame:
    """Return the figures of single months as they were known on a day, of each the last.

    Parameters
    ----------
    scenario
        The corridor.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Columns of ``figures.csv`` and ``who``.
    """
    figures = of_months(fill_labels(scenario.figures))
    figures = figures[figures["day"].isna() & (figures["published"] <= day)]
    return last_published(_with_who(figures), ALIKE)


def _with_who(figures: pd.DataFrame) -> pd.DataFrame:
    several = figures["measure"].isin(ESTIMATES)
    return figures.assign(who=figures["source"].where(several, ""))


def compared(figures: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Set an edition's figures beside what was known.

    Parameters
    ----------
    figures
        Of the edition.
    held
        What `held_on` returns.

    Returns
    -------
    pandas.DataFrame
        The edition's figures with ``old`` (NaN where there was none), ``since``, the day on which
        that was published, and ``revised``.
    """
    middle = held["value"].fillna((held["low"] + held["high"]) / 2.0)  # of an estimate's ends
    before = held.assign(value=middle)[[*ALIKE, "value", "published"]]
    before = before.rename(columns={"value": "old", "published": "since"})
    both = _with_who(figures).merge(before, how="left", on=ALIKE)
    changed = both["since"].notna() & (both["old"] != both["value"])
    return both.assign(revised=changed)


class Practice(NamedTuple):
    """How a measure is usually published.

    Attributes
    ----------
    delay
        Days after the end of a month.
    revision
        Standard deviation of the log of a settled figure over its first; NaN if not known.
    settles
        Months until it is settled.
    """

    delay: int
    revision: float
    settles: int


def practice_of(scenario: Scenario, measure: str, component: str) -> Practice | None:
    """Return how a measure is usually published; of all components together, the widest.

    Parameters
    ----------
    scenario
        The corridor.
    measure, component
        What is counted.

    Returns
    -------
    Practice or None
        None where ``publication.csv`` says nothing of it.
    """
    table = scenario.publication
    mine = table[table["measure"] == measure]
    own = mine[mine["component"] == component]
    rows = own if len(own) else mine
    if rows.empty:
        return None
    highest = rows[["delay_days", "revision_sd", "settles_after_months"]].max()
    delay, revision, settles = (float(one) for one in highest)
    return Practice(int(delay), revision, int(settles))


class Revision(NamedTuple):
    """A figure that an edition changes.

    Attributes
    ----------
    series
        What it counts, in words.
    month
        Its month.
    old, new
        Before and now.
    usual
        Usual size of a revision, as a share; NaN if not known.
    """

    series: str
    month: str
    old: float
    new: float
    usual: float

    @property
    def share(self) -> float:
        """Change as a share of what was known; infinite where that was 0."""
        return self.new / self.old - 1 if self.old else np.inf

    @property
    def unusual(self) -> bool:
        """Whether it is far larger than usual, and of no small count."""
        large = max(self.old, self.new) >= FEW
        return bool(large and abs(self.share) > UNUSUAL * self.usual)


def revisions(scenario: Scenario, both: pd.DataFrame) -> list[Revision]:
    """Return the figures that an edition changes, the largest changes first."""
    found = []
    for row in both[both["revised"]].itertuples():
        practice = practice_of(scenario, row.measure, row.component)
        usual = practice.revision if practice else np.nan
        series = named(row.measure, row.component, row.area, row.nationality)
        found.append(Revision(series, f"{row.month:%Y-%m}", row.old, row.value, usual))
    return sorted(found, key=lambda one: -abs(one.new - one.old))


def named(*labels: str) -> str:
    """Name a series by those of its labels that say something, its component also where all."""
    measure, component, *rest = labels
    parts = [measure, component, *(one for one in rest if one != "all")]
    return " ".join(one for one in parts if one)


class NewMonths(NamedTuple):
    """Months of which nothing was known of some series.

    Attributes
    ----------
    series
        What is counted, in words.
    by
        ``total``, ``nationality`` or ``area``.
    first, last
        First and last month.
    figures
        How many figures.
    """

    series: str
    by: str
    first: str
    last: str
    figures: int


def new_months(both: pd.DataFrame) -> list[NewMonths]:
    """Return the figures of which nothing was known, series by series."""
    new = both[both["since"].isna()]
    by = np.where(new["area"] != "all", "area", "total")
    by = np.where(new["nationality"] != "all", "nationality", by)
    groups = new.assign(by=by).groupby(["measure", "component", "by"], sort=False)
    return [
        NewMonths(
            named(measure, component),
            split,
            f"{rows['month'].min():%Y-%m}",
            f"{rows['month'].max():%Y-%m}",
            len(rows),
        )
        for (measure, component, split), rows in groups
    ]


class Fed(NamedTuple):
    """A family of series that an edition adds to.

    Attributes
    ----------
    family
        Id of the family.
    before, after
        Last month before and now; empty where there is none.
    new, revised
        Figures of which nothing was known, and that change.
    """

    family: str
    before: str
    after: str
    new: int
    revised: int


def fed(scenario: Scenario, both: pd.DataFrame, held: pd.DataFrame) -> list[Fed]:
    """Return what a fit or forecast as of the edition's day would read anew, family by family."""
    found = []
    for family, target in scenario.targets.items():
        there = [*map(tuple, both[["measure", *KEY]].drop_duplicates().to_numpy())]
        series = labels_of(target, there, list(dict.fromkeys(scenario.groups["nationality"])))
        mine, old = _of(both, series), _of(held, series)
        new, revised = mine["since"].isna(), mine["revised"]
        if new.any() or revised.any():
            before, after = _last(old["month"]), _last(pd.concat([old["month"], mine["month"]]))
            found.append(Fed(family, before, after, int(new.sum()), int(revised.sum())))
    return found


def _of(table: pd.DataFrame, series: Sequence[tuple[str, str, str, str]]) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(table[["measure", *KEY]])
    return table[keys.isin(series)]


def _last(months: pd.Series) -> str:
    return f"{months.max():%Y-%m}" if len(months) else ""


class BesideParts(NamedTuple):
    """How a count of all components meets the sum of what is known of each.

    Attributes
    ----------
    months
        Months that both have.
    same
        Of these, those in which they are equal.
    worst
        Month in which they differ most.
    together, parts
        Both counts of that month.
    """

    months: int
    same: int
    worst: str
    together: float
    parts: float


def beside_parts(
    scenario: Scenario, figures: pd.DataFrame, held: pd.DataFrame
) -> BesideParts | None:
    """Set totals of all components beside the sum of the components, where all are known."""
    both = with_parts(scenario, figures, held)
    if both.empty:
        return None
    gap = (both["value"] - both["parts"]).abs()
    worst = both.loc[gap.idxmax()]
    month = f"{worst['month']:%Y-%m}"
    together, parts = float(worst["value"]), float(worst["parts"])
    return BesideParts(len(both), int((gap == 0).sum()), month, together, parts)


def with_parts(scenario: Scenario, figures: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return totals of all components with ``parts``, the sum over components that are known."""
    whole = figures[figures["component"] == "all"]
    names = scenario.roles.components
    parts = held[held["component"].isin(names) & held["measure"].isin(whole["measure"].unique())]
    parts = parts[(parts["area"] == "all") & (parts["nationality"] == "all")]
    sums = parts.groupby("month")["value"].agg(["sum", "size"])
    sums = sums[sums["size"] == len(names)]["sum"].rename("parts").reset_index()
    totals = whole[(whole["area"] == "all") & (whole["nationality"] == "all")]
    return totals.merge(sums, on="month").reset_index(drop=True)
