"""Months ahead of a day, as the page asks for them: what is taken, run and told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rumbo.answers.outlook.asked import OutlookSize, asked_of
from rumbo.answers.outlook.outlook import outlook
from rumbo.report.outlook.first import answer
from rumbo.report.outlook.months import COSTS, OF_PLACE
from rumbo.report.page.own import own_texts
from rumbo.report.page.words import Words
from rumbo.report.read.outlook import ENDS, OutlookTable, read_about, read_outlook
from rumbo.run.workers import Progress
from rumbo.scenario.scenario import Scenario
from rumbo.studio.parts import DAY
from rumbo.studio.runs import Event
from rumbo.studio.told import Told, printed
from rumbo.studio.wording import LANGUAGES, Refused, Text, said

DRAWN = 40
"""Members that are run on; assumed: few enough to wait for."""

FIELDS = {"as_of", "months", "place", "language"}

STOCKS = ("waiting", "beds_short")


class AheadAsked(NamedTuple):
    """What is asked of the months ahead of a day: the day, how many, where, in which language."""

    as_of: str | None
    months: int
    place: str
    language: str


def read_ahead(content: Mapping[str, Any], base: Scenario) -> AheadAsked:
    """Check what is asked of the months ahead, and return it.

    Parameters
    ----------
    content
        What the page sends.
    base
        The corridor.

    Returns
    -------
    AheadAsked

    Raises
    ------
    Refused
        If something is wrong with its form.
    Faults
        If no months ahead can be told of the day or place.
    """
    language, place = content.get("language") or "en", content.get("place") or None
    day, months = content.get("as_of") or None, content.get("months", 3)
    faults = [said("scenario.field", name=str(name)[:40]) for name in {*content} - FIELDS]
    if language not in LANGUAGES:
        faults.append(said("scenario.name"))
    if place is not None and place not in [*base.network.places["id"]]:
        faults.append(said("place", name=str(place)[:40]))
    if day is not None and not (isinstance(day, str) and DAY.fullmatch(day)):
        faults.append(said("day.form", day=str(day)[:40]))
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 6:
        faults.append(said("ahead.months"))
    if faults:
        raise Refused(faults)
    own = asked_of(base, day, months, place, language=language)
    return AheadAsked(own.as_of.isoformat(), months, own.place, language)


def looked_ahead(base: Scenario, asked: AheadAsked, folder: Path, progress: Progress) -> str:
    """Run the months ahead, and return the file that says what they are of.

    Parameters
    ----------
    base
        The corridor.
    asked
        What is asked, checked.
    folder
        Where fits, runs and tables are kept.
    progress
        Told how far it is.
    """
    ahead = outlook(
        replace(base, posterior=None),
        asked.as_of,
        folder,
        months=asked.months,
        place=asked.place,
        size=OutlookSize(drawn=DRAWN),
        progress=progress,
        language=asked.language,
    )
    return str(ahead.write(folder))


def ahead_steps(work: Iterable[Event]) -> Iterator[Told]:
    """Go through how far the months ahead are, then what they are.

    Parameters
    ----------
    work
        What the worker says, which runs `looked_ahead`.

    Yields
    ------
    dict
        Steps, as they are sent to the page.
    """
    for kind, value in work:
        if kind == "done":
            yield {"step": "outlook", "outlook": told_ahead(value)}
        else:
            yield {"step": "progress", "part": "outlook", "done": value[0], "of": value[1]}


def told_ahead(path: str) -> Told:
    """Return what the page is told of months ahead, ready for JSON.

    Parameters
    ----------
    path
        The file that `looked_ahead` returned.
    """
    about = read_about(Path(path))
    own = own_texts(about)
    tables = {one: read_outlook(Path(path), Words(one, own)) for one in LANGUAGES}
    place, first = str(about["place"]), tables[LANGUAGES[0]]
    wanted = [(name, place) for name in OF_PLACE] + [(name, "") for name in COSTS]
    series = [_series(tables, *one) for one in wanted if first.ahead(*one)]
    return {
        "months": about["months"],
        "series": series,
        "sentence": {one: answer(table).sentence for one, table in tables.items()},
        "who": said("ahead.who", day=about["as_of"]),
        "source": said("ahead.source", version=about["version"], members=about["members"]),
    }


def _series(tables: Mapping[str, OutlookTable], name: str, place: str) -> Told:
    rows = next(iter(tables.values())).ahead(name, place)
    ends = {end: printed(np.array([row[end] for row in rows])) for end in ENDS}
    named: Text = {one: _title(table, name, place) for one, table in tables.items()}
    unit = "unit.days" if name == "days_waited" else "unit.persons"
    units: Text = {one: table.words(unit) for one, table in tables.items()}
    told = {"base": ends, "changed": None, "difference": None, "sum": None, "weak": False}
    return {"id": name, "name": named, "unit": units, "stock": name in STOCKS, **told}


def _title(table: OutlookTable, name: str, place: str) -> str:
    """Return what a series is called; people at a place by what they are called there."""
    if not place:
        return table.title(name)
    told = table.words("here.waiting") if name == "waiting" else table.title(name)
    return f"{table.place_name}: {told}"
