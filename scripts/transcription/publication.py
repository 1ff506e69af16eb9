"""Days on which figures could first be known."""

import pandas as pd

from transcription.common import Shared

LAGS = {"CBP": 20, "Mexico": 40, "Honduras": 15, "Panama": 15, "COMAR": 15, "OHSS": 97}
"""Usual days from the end of a month to publication; OHSS as for its edition of December 2024."""

Published = tuple[str, str]
"""A day, and whether a source gives it or it is assumed."""


def month_end(month: str) -> pd.Timestamp:
    """Return the last day of a month."""
    return pd.Period(month, "M").to_timestamp(how="end").normalize()


def usual(month: str, agency: str) -> Published:
    """Return the day by an agency's usual lag."""
    return _iso(month_end(month) + pd.Timedelta(days=LAGS[agency])), "assumed"


def first_known(month: str, agency: str, stated: str) -> Published:
    """Return the day a source states if it lies between the month's end and the usual day."""
    day, basis = usual(month, agency)
    if len(stated) == len(day) and _iso(month_end(month)) <= stated < day:
        return stated, "source"
    return day, basis


def stated_day(stated: str) -> Published:
    """Return a stated day; the last of the month where only a month is stated."""
    if len(stated) == 10:
        return stated, "source"
    return _iso(month_end(stated if len(stated) == 7 else f"{stated}-12")), "assumed"


def stated(shared: Shared, sources: str) -> str:
    """Return the day, month or year that the latest of some sources south of the border states."""
    table = shared.table("data/south/sources.csv").set_index("source")["published"]
    return latest([str(table.get(key, "")) for key in sources.split(";")])


def latest(stated: list[str]) -> str:
    """Return the latest of some stated days, months or years; the day a difference can be taken."""
    return max(stated, key=lambda day: (stated_day(day)[0], len(day)))


def _iso(day: pd.Timestamp) -> str:
    return day.strftime("%Y-%m-%d")
