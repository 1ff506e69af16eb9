"""The calendar of policies and events, from dated facts and a table of neutral names."""

from pathlib import Path

import pandas as pd

from transcription.common import Shared, rows

COLUMNS = (
    "lever",
    "since",
    "until",
    "name_en",
    "name_es",
    "actor",
    "announced",
    "until_announced",
    "source",
    "quality",
    "note",
)

NAMES = Path(__file__).with_name("lever_names.csv")
"""Lever, names and, where a fact's own dates do not say them, dates; `until` is the day after.

``announced`` and ``until_announced`` are the days from which start and end were publicly known,
where that was before they came. An event of which no fact was gathered has its own dates and actor.
"""

COPIED = ("lever", "name_en", "name_es", "announced", "until_announced", "note")
"""Columns that stand in the table of names."""


def levers(shared: Shared) -> pd.DataFrame:
    """Return the calendar in order of dates."""
    facts = shared.table("facts/policy_timeline.csv").set_index("id")
    facts = facts.reindex([*facts.index, ""])
    names = pd.read_csv(NAMES, dtype=str, keep_default_na=False)
    records = [_lever(name, facts.loc[name["fact"]]) for name in names.to_dict("records")]
    return rows(records, COLUMNS).sort_values(["since", "lever"], kind="stable", ignore_index=True)


def _lever(name: dict[str, str], fact: pd.Series) -> dict[str, object]:
    sourced = not pd.isna(fact["source_url"])
    return {
        **{key: name[key] for key in COPIED},
        "since": name["since"] or fact["date_start"],
        "until": name["until"] or _day_after(fact["date_end"]),
        "actor": name["actor"] or fact["actor"],
        "source": name["fact"] if sourced else "assumed",
        "quality": fact["quality"] if sourced else "assumed",
    }


def _day_after(day: object) -> str:
    """Return the first day on which something that lasted to a day is over; nothing if it lasts."""
    if not isinstance(day, str):
        return ""
    return (pd.Timestamp(day) + pd.Timedelta(days=1)).strftime("%Y-%m-%d")
