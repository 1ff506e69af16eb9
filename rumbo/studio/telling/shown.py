"""What the page is told of a corridor before anything is asked: questions, levers, places, map."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from rumbo.answers.outlook.ahead import shipped_days
from rumbo.files.code import __version__
from rumbo.report.page.words import LANGUAGES, catalogue
from rumbo.report.read.names import (
    lever_title,
    place_name,
)
from rumbo.report.read.run import Run
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.scores.speaking import ASSUMED
from rumbo.studio.parts import BEDS, movable
from rumbo.studio.sheet import FlatMap, drawn_outlines, drawn_ways, sheet_of
from rumbo.studio.telling.levers import amount, as_day, shown_levers, sourced
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
        "levers": [*shown_levers(base, run)],
        "places": [*_places(run, sheet)],
        "ways": [*drawn_ways(run, sheet)],
        "outlines": [*drawn_outlines(run, sheet)],
        "viewBox": sheet.view,
        "words": words_of_page(),
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
            "since": as_day(one.since),
            "until": as_day(one.until),
            "movable": one.dated,
            "needs_place": one.of_beds,
        }


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
    source = sourced(run, row.get("source"))
    by = said("by.assumed")[language] if source == ASSUMED else f"{run.words('source')} {source}"
    return said("beds.known", beds=amount(row, run.words), source=by)[language]
