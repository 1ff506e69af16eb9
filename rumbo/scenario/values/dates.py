"""What may be wrong with the days of a setting."""

from collections.abc import Iterator

import pandas as pd


def date_faults(
    since: pd.Timestamp, until: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp
) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with a setting's first day and first day after.

    Parameters
    ----------
    since, until
        The two days; NaT where open.
    first, last
        Days that the corridor has data for.

    Yields
    ------
    tuple of str
        What is wrong, and how to mend it.
    """
    if since >= until:
        yield (
            f"since {since:%Y-%m-%d} is not before until {until:%Y-%m-%d}",
            "Swap the two dates; until is the first day after",
        )
    elif since > last or until <= first:
        yield (
            f"the dates lie outside the run, expected a day between {first:%Y-%m-%d}"
            f" and {last:%Y-%m-%d}",
            "Mend the dates or remove the row",
        )


def end_faults(until: pd.Timestamp, known: pd.Timestamp) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the day on which a setting's end was known.

    Parameters
    ----------
    until, known
        First day after and the day it was known; NaT where open or not said.

    Yields
    ------
    tuple of str
        What is wrong, and how to mend it.
    """
    if pd.isna(until) and not pd.isna(known):
        yield (
            f"until_known is {known:%Y-%m-%d}, but there is no until",
            "Give until as well, or leave until_known empty",
        )
    elif known > until:
        yield (
            f"until_known {known:%Y-%m-%d} is after until {until:%Y-%m-%d}, when it was seen",
            "Mend the date, or leave it empty for an end that nobody announced",
        )
