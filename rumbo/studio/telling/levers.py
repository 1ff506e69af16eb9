"""The levers of a corridor as the page shows them."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pandas as pd

from rumbo.report.page.words import MINUS, Words, as_number, catalogue, text
from rumbo.report.read.names import lever_title, parameter_title, selector_title, source_titles
from rumbo.report.read.run import Run
from rumbo.scenario.scenario import Scenario
from rumbo.scores.speaking import ASSUMED, quality_of
from rumbo.studio.parts import movable
from rumbo.studio.told import Told, both
from rumbo.studio.wording import Text, said


def as_day(when: Any) -> str | None:
    """Return a day as the page writes it; None where there is none."""
    return None if pd.isna(when) else f"{when:%Y-%m-%d}"


def shown_levers(base: Scenario, run: Run) -> Iterator[Told]:
    """Return the levers that can be moved: their days, values in their units, and who speaks."""
    names, first = movable(base), pd.Timestamp(base.start)
    last = pd.Timestamp(base.end)
    for key, dated in names.items():
        mine = [row for row in run.records("settings") if row["lever"] == key]
        rows = base.settings[base.settings["lever"] == key]
        own = base.levers[base.levers["lever"] == key]
        since = min(rows["since"].min(), own["since"].min())
        until = rows["until"].max() if not rows["until"].isna().any() else pd.NaT
        if since > last or until <= first:
            continue
        yield {
            "id": key,
            "name": both(run, partial(lever_title, key)),
            "since": as_day(since),
            "until": as_day(until),
            "movable": dated,
            "source": sourced(run, ";".join(dict.fromkeys(own["source"]))),
            "about": both(run, partial(_about, as_day(since), as_day(until), mine)),
            "settings": [_setting(row, run) for row in mine],
        }


def _about(since: str | None, until: str | None, rows: Sequence[Told], run: Run) -> str:
    """Return on which days a lever holds, and who speaks for its values."""
    words = run.words
    first, last = words.day(since), words.last_day(until) if until else ""
    days = said("levers.between" if last else "levers.from", since=first, until=last)
    kinds = dict.fromkeys(_speaker(row)[words.language] for row in rows)
    who = said("levers.who", who=", ".join(kinds))
    return f"{days[words.language]} {who[words.language]}"


def _speaker(row: Told) -> Text:
    """Return who speaks for a value, in a few words."""
    return said("by.assumed" if quality_of(row) == ASSUMED else "by.record")


def _setting(row: Told, run: Run) -> Told:
    return {
        "amount": both(run, lambda own: amount(row, own.words)),
        "text": both(run, partial(_meaning, row)),
        "by": _speaker(row),
        "source": sourced(run, row.get("source")),
    }


def _meaning(row: Told, run: Run) -> str:
    """Return the unit of a value, what it means, and where it holds."""
    unit = text(row.get("unit")) or "-"
    parameter = run.background["parameters"][row["parameter"]]
    unit = unit if f"unit.{unit}" in catalogue() else parameter["unit"]
    told = f"{run.words.maybe(f'unit.{unit}', unit)}: {parameter_title(row['parameter'], run)}"
    return ", ".join(filter(None, (told, selector_title(row.get("at"), run))))


def amount(row: Told, words: Words) -> str:
    """Return a value as it was set, and its range where it has one."""
    value, low, high = (_number(row.get(name)) for name in ("value", "low", "high"))
    if low == high or not low or not high:
        return value
    return f"{value} ({low} {words('to')} {high})"


def _number(value: object) -> str:
    """Return a number of a file, in groups of three digits; one without a limit is not told."""
    number = as_number(value)
    if number is None or not math.isfinite(number):
        return ""
    return f"{number:,.4f}".rstrip("0").rstrip(".").replace("-", MINUS)


def sourced(run: Run, keys: object) -> str:
    """Return the titles of sources, or that a value is assumed."""
    return "; ".join(label for label, _ in source_titles(keys, run)) or ASSUMED
