"""An edition held against what is known: its day, its age, totals that had settled."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults
from rumbo.scenario.scenario import Scenario
from rumbo.updating.edition import Edition
from rumbo.updating.forms import INCIDENTS
from rumbo.updating.known import FEW, named, practice_of, with_parts
from rumbo.updating.vintages import Vintage

MOST_CHANGED = 0.2
"""Share by which a settled total may change: beyond it the file is another's, or not whole."""

SOURCE, ASSUMED = "source", "assumed"
"""What the day of publication rests on."""


def day_published(
    scenario: Scenario, edition: Edition, asked: str | None, kept: Vintage | None
) -> tuple[date, str]:
    """Return the day on which an edition was published, and what it rests on.

    Parameters
    ----------
    scenario
        The corridor.
    edition
        The edition.
    asked
        The day as it was given; None if it was not.
    kept
        The same file where it is kept already: its day is that of the first time.

    Returns
    -------
    tuple of datetime.date and str
        Without a day, the end of the last month and the usual delay after it, ``assumed``.

    Raises
    ------
    Faults
        If the day is none, or comes before the end of the last month; if none was given and no
        delay is known.
    """
    if kept is not None:
        return kept.published, SOURCE if asked else ASSUMED
    ends = (edition.last + pd.offsets.MonthEnd(1)).date()
    if asked is None:
        return _usual_day(scenario, edition, ends), ASSUMED
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        message = f"is '{asked}', expected a date"
        cure = "Write it as year-month-day, such as 2023-12-27"
        raise Faults([Fault("--published", 0, message, cure)]) from None
    incidents = edition.form is not None and edition.form.layout == INCIDENTS
    if day < ends and not incidents:
        message = f"is {day}, before {ends}, the end of the last month in {edition.file}"
        cure = "Write the day on which the file was published"
        raise Faults([Fault("--published", 0, message, cure)])
    return day, SOURCE


def _usual_day(scenario: Scenario, edition: Edition, ends: date) -> date:
    whats = {(one.measure, one.component) for one in edition.figures.itertuples()}
    practices = [practice_of(scenario, *what) for what in sorted(whats)]
    delays = [one.delay for one in practices if one is not None]
    if len(delays) < len(practices):
        cure = "Give the day on which the file was published, as year-month-day"
        message = f"is not given, and publication.csv knows no usual delay of {edition.source}"
        raise Faults([Fault("--published", 0, message, cure)])
    return ends + timedelta(days=max(delays))


def check_newest(
    scenario: Scenario, edition: Edition, day: date, kept: list[Vintage], faults: Collector
) -> None:
    """Note an edition that is older than one that is kept, or than its source's figures."""
    if edition.form is None:  # what is typed in comes in any order
        return
    cure = "Add editions in the order in which they were published"
    later = [one for one in kept if one.published > day]
    if later:
        last = max(later, key=lambda one: one.published)
        message = f"the edition of {day} is older than that of {last.published}, which is kept"
        faults.add(edition.file, 0, message, cure)
        return
    figures = scenario.figures
    months = figures.loc[figures["source"] == edition.source, "month"]
    if len(months) and months.max() > edition.last:
        message = (
            f"the file ends with {edition.last:%Y-%m}, "
            f"but one kept before it with {months.max():%Y-%m}"
        )
        faults.add(edition.file, 0, message, cure)


def check_settled(
    scenario: Scenario,
    edition: Edition,
    day: date,
    both: pd.DataFrame,
    held: pd.DataFrame,
    faults: Collector,
) -> None:
    """Note totals that differ by more than a fifth from what had settled."""
    totals = both[(both["area"] == "all") & (both["nationality"] == "all")]
    sums = with_parts(scenario, totals, held)
    known = pd.concat([totals, sums.assign(old=sums["parts"])], ignore_index=True)
    known = known[known["old"].notna() & (known["old"] >= FEW)]
    settled = np.array(
        [
            _settled(scenario, one.measure, one.component, one.month, day)
            for one in known.itertuples()
        ],
        dtype=np.bool_,
    )
    known = known[settled]
    wrong = known[(known["value"] / known["old"] - 1).abs() > MOST_CHANGED]
    if wrong.empty:
        return
    first = wrong.iloc[0]
    months = len(wrong.drop_duplicates("month"))
    more = f" (and {months - 1} more months)" if months > 1 else ""
    message = (
        f"the total of {named(first['measure'], first['component'])} in {first['month']:%Y-%m} is "
        f"{first['value']:,.0f}, far from {first['old']:,.0f}, which had settled"
    )
    cure = "See that the file is whole and of this border, or mend what figures.csv held"
    faults.add(edition.file, 0, message + more, cure)


def _settled(
    scenario: Scenario, measure: str, component: str, month: pd.Timestamp, day: date
) -> bool:
    practice = practice_of(scenario, measure, component)
    if practice is None:
        return False
    settles = month + pd.DateOffset(months=practice.settles)
    return bool(settles < pd.Timestamp(day))


def check_same_day(edition: Edition, day: date, both: pd.DataFrame, faults: Collector) -> None:
    """Note figures that differ from others published on the very day."""
    same = both[both["revised"] & (both["since"] == pd.Timestamp(day))]
    if same.empty:
        return
    first = same.iloc[0]
    series = named(*(first[name] for name in ("measure", "component", "area", "nationality")))
    more = f" (and {len(same) - 1} more figures)" if len(same) > 1 else ""
    message = (
        f"{series} in {first['month']:%Y-%m} is {first['value']:,.0f}, but was published on "
        f"{day} as {first['old']:,.0f}"
    )
    cure = "Give the day on which this file was published with --published"
    faults.add(edition.file, int(first["row"]), message + more, cure)
