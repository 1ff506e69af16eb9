"""What the page is told of a corridor before anything is asked: questions, levers, places, map."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pandas as pd

from rumbo.answers.outlook.ahead import shipped_days
from rumbo.files.code import __version__
from rumbo.report.page.words import LANGUAGES, MINUS, Words, as_number, catalogue, text
from rumbo.report.read.names import (
    lever_title,
    parameter_title,
    place_name,
    selector_title,
    source_titles,
)
from rumbo.report.read.run import Run
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.scores.speaking import ASSUMED, quality_of
from rumbo.studio.parts import BEDS, movable
from rumbo.studio.sheet import FlatMap, drawn_outlines, drawn_ways, sheet_of
from rumbo.studio.told import Told, both
from rumbo.studio.wording import PAGE, Text, said, texts_in

SHARED = (
    "take_data",
    "take_picture",
    "take_drawing",
    "data_table",
    "source",
    "legend.wide",
    "legend.half",
    "cost.text",
    "refusals.title",
    "refusal.person",
    "refusal.search",
    "refusal.success",
    "refusal.interval",
    "refusal.small",
    "what_ranges_hold",
    "to",
)
"""Texts of the report that the page says too."""


def desk_of(base: Scenario, run: Run) -> Told:
    """Return what the page is told of a corridor.

    Parameters
    ----------
    base
        The corridor.
    run
        A run of it.

    Returns
    -------
    dict
        Ready for JSON.
    """
    sheet = sheet_of(run)
    return {
        "corridor": {"id": base.id, "title": dict(base.title)},
        "version": __version__,
        "months": [f"{month:%Y-%m}" for month in pd.date_range(base.start, base.end, freq="MS")],
        "first": base.start.isoformat(),
        "last": base.end.isoformat(),
        "ahead": next(reversed(shipped_days(base)), ""),
        "questions": [*_questions(base)],
        "levers": [*_levers(base, run)],
        "places": [*_places(run, sheet)],
        "ways": [*drawn_ways(run, sheet)],
        "outlines": [*drawn_outlines(run, sheet)],
        "labels": [],
        "viewBox": sheet.view,
        "tree": [],
        "words": words_of_page(),
        "record": [],
    }


def words_of_page() -> dict[str, Text]:
    """Return every text that the page says, its own and those of the report."""
    return {key: catalogue()[key] for key in SHARED} | texts_in(PAGE)


def titles_of(base: Scenario, run: Run) -> dict[str, Text]:
    """Return the titles of questions and levers, as ``question ID`` and ``lever ID``."""
    asked = questions_of(base.questions).values()
    titles = {f"question {one.key}": _worded(one.words, "title") for one in asked}
    levers = {f"lever {key}": both(run, partial(lever_title, key)) for key in movable(base)}
    return titles | levers


def _worded(words: dict[str, str], stem: str) -> Text:
    return {language: words[f"{stem}_{language}"] for language in LANGUAGES}


def _questions(base: Scenario) -> Iterator[Told]:
    for one in questions_of(base.questions).values():
        yield {
            "id": one.key,
            "title": _worded(one.words, "title"),
            "about": _worded(one.words, "about"),
            "since": _day(one.since),
            "until": _day(one.until),
            "movable": one.dated,
            "needs_place": one.of_beds,
        }


def _day(when: Any) -> str | None:
    return None if pd.isna(when) else f"{when:%Y-%m-%d}"


def _levers(base: Scenario, run: Run) -> Iterator[Told]:
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
            "since": _day(since),
            "until": _day(until),
            "movable": dated,
            "source": _sourced(run, ";".join(dict.fromkeys(own["source"]))),
            "about": both(run, partial(_about, _day(since), _day(until), mine)),
            "settings": [_setting(row, run) for row in mine],
        }


def _about(since: str | None, until: str | None, rows: Sequence[Told], run: Run) -> str:
    """Return on which days a lever holds, and who speaks for its values."""
    words = run.words
    first, last = words.day(since), words.day(until) if until else ""
    days = said("levers.between" if last else "levers.from", since=first, until=last)
    kinds = dict.fromkeys(_speaker(row)[words.language] for row in rows)
    who = said("levers.who", who=", ".join(kinds))
    return f"{days[words.language]} {who[words.language]}"


def _speaker(row: Told) -> Text:
    """Return who speaks for a value, in a few words."""
    return said("by.assumed" if quality_of(row) == ASSUMED else "by.record")


def _setting(row: Told, run: Run) -> Told:
    return {
        "amount": both(run, lambda own: _amount(row, own.words)),
        "text": both(run, partial(_meaning, row)),
        "by": _speaker(row),
        "source": _sourced(run, row.get("source")),
    }


def _meaning(row: Told, run: Run) -> str:
    """Return the unit of a value, what it means, and where it holds."""
    unit = text(row.get("unit")) or "-"
    parameter = run.background["parameters"][row["parameter"]]
    unit = unit if f"unit.{unit}" in catalogue() else parameter["unit"]
    told = f"{run.words.maybe(f'unit.{unit}', unit)}: {parameter_title(row['parameter'], run)}"
    return ", ".join(filter(None, (told, selector_title(row.get("at"), run))))


def _amount(row: Told, words: Words) -> str:
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


def _sourced(run: Run, keys: object) -> str:
    return "; ".join(label for label, _ in source_titles(keys, run)) or ASSUMED


def _places(run: Run, sheet: FlatMap) -> Iterator[Told]:
    beds = {row["at"]: row for row in run.records("settings") if row["parameter"] == BEDS}
    for key, row in run.places.items():
        if row.get("kind") != "airport":
            x, y = sheet.point(float(row["lon"]), float(row["lat"]))
            known = both(run, partial(_beds, beds.get(key)))
            name = both(run, partial(_name, row))
            told = {"id": key, "name": name, "country": row["country"]}
            yield {**told, "beds": key in beds, "known": known, "x": x, "y": y}


def _name(row: Told, run: Run) -> str:
    return place_name(row, run.words)


def _beds(row: Told | None, run: Run) -> str:
    """Return how many shelter places are known, and by whom."""
    language = run.words.language
    if row is None:
        return said("beds.unknown")[language]
    source = _sourced(run, row.get("source"))
    by = said("by.assumed")[language] if source == ASSUMED else f"{run.words('source')} {source}"
    return said("beds.known", beds=_amount(row, run.words), source=by)[language]
