"""Months ahead of a day, as the page is told of them: ranges, the sentence, outcomes weighed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from rumbo.answers.outlook.weights import (
    Weights,
    chances_by,
    check_weights,
    described_by,
    kept_members,
    mixed_anew,
)
from rumbo.report.outlook.first import answer, sentences
from rumbo.report.outlook.months import COSTS, OF_PLACE, branch_topic
from rumbo.report.page.own import own_texts
from rumbo.report.page.words import Words
from rumbo.report.read.outlook import ENDS, MIXED, OutlookTable, ends_of, read_about, read_outlook
from rumbo.scores.branches import own_weights
from rumbo.studio.ahead.asked import MEMBERS, AheadAsked
from rumbo.studio.ahead.weighed import moved_by_hand, tree_of
from rumbo.studio.jobs import Event
from rumbo.studio.question import weights_by_event
from rumbo.studio.told import Told, printed
from rumbo.studio.wording import LANGUAGES, Text, said

STOCKS = ("waiting", "beds_short")

Tables = Mapping[str, OutlookTable]
"""An outlook, by the language in which it is told."""


def ahead_steps(work: Iterable[Event], asked: AheadAsked) -> Iterator[Told]:
    """Go through how far the months ahead are, then what they are.

    Parameters
    ----------
    work
        What the worker says, which runs `looked_ahead`.
    asked
        What is asked.

    Yields
    ------
    dict
        Steps, as they are sent to the page.
    """
    for kind, value in work:
        if kind == "done":
            yield {"step": "outlook", "outlook": told_ahead(value, asked)}
        else:
            yield {"step": "progress", "part": "outlook", "done": value[0], "of": value[1]}


def told_ahead(path: str, asked: AheadAsked) -> Told:
    """Return what the page is told of months ahead, ready for JSON.

    Parameters
    ----------
    path
        The file that `looked_ahead` returned.
    asked
        What is asked: other weights need no new run.

    Raises
    ------
    Faults
        If its outcomes cannot be weighed so.
    """
    about, given = read_about(Path(path)), weights_by_event(asked.weights)
    ahead = own_weights(about["branches"])
    weights = {event: own for event, own in given.items() if event in ahead}
    check_weights(about["branches"], weights, about["members"], asked.language)
    tables = _tables(Path(path), about, weights)
    moved = [*moved_by_hand(about, weights)]
    if idle := [event for event in given if event not in weights]:
        moved.append(said("ahead.idle", events=", ".join(idle)))
    first, *rest = _sentences(tables)
    sentence, aside = _parted(first)
    return {
        "members": about["members"],
        "months": about["months"],
        "series": [*_every_series(tables)],
        "sentence": sentence,
        "aside": aside,
        "rest": [*rest, *moved],
        "who": _each(tables, lambda table: answer(table).who),
        "names": {"base": _drawn(tables, moved=bool(weights))},
        "differs": [said("ahead.day", day=about["as_of"]), *moved],
        "tree": tree_of(about, weights),
        "source": said("ahead.source", version=about["version"], members=about["members"]),
    }


def _each(tables: Tables, speak: Callable[[OutlookTable], str]) -> Text:
    return {language: speak(table) for language, table in tables.items()}


def _tables(path: Path, about: Told, weights: Weights) -> Tables:
    """Return an outlook in each language, mixed by the weights that are given."""
    own = own_texts(about)
    table = read_outlook(path, Words(LANGUAGES[0], own))
    if weights:
        chances = chances_by(about["branches"], weights)
        ranges = mixed_anew(table.ranges, kept_members(path.parent / MEMBERS), chances)
        table = replace(table, about=described_by(about, weights), ranges=ranges)
    return {one: replace(table, words=Words(one, own)) for one in LANGUAGES}


def _sentences(tables: Tables) -> Iterator[Text]:
    """Go through what is said; whom a bed lacks comes first where beds are given."""
    beds = tables[LANGUAGES[0]].about["beds"]
    there = _each(tables, lambda table: sentences(table)[0])
    if beds and beds["given"]:
        yield _lacking(tables, beds["value"])
        yield there
        return
    yield there
    if beds:
        yield _each(tables, lambda table: sentences(table)[1])


def _parted(text: Text) -> tuple[Text, Text]:
    """Return a sentence without the bracket at its end, and that bracket."""
    parts = {language: own.removesuffix(".").partition(" (") for language, own in text.items()}
    first, last = ({one: part[n] for one, part in parts.items()} for n in (0, 2))
    return first, {language: f"({own}" for language, own in last.items()}


def _lacking(tables: Tables, beds: float) -> Text:
    """Return how many will find no shelter in the last month, with the places that are given."""
    table = tables[LANGUAGES[0]]
    last = table.ahead("beds_short", table.about["place"])[-1]
    months = _each(tables, lambda own: own.words.month(last["month"]))
    places = _each(tables, lambda own: own.place_name)
    ends = table.words.counts(ends_of(last))
    named = {name: ends[name] for name in ("low", "middle", "high")}
    return said("ahead.short", month=months, place=places, beds=table.words.digits(beds), **named)


def _drawn(tables: Tables, *, moved: bool) -> Text:
    """Return what is drawn: all branches, each by its chance; or by weights moved by hand."""
    name = _each(tables, lambda table: branch_topic(table, {"branch": MIXED}))
    return said("ahead.by_hand", name=name) if moved else name


def _every_series(tables: Tables) -> Iterator[Told]:
    """Go through what is told of the place, then of human cost in the whole corridor."""
    first = tables[LANGUAGES[0]]
    place = str(first.about["place"])
    for name, at in (*((one, place) for one in OF_PLACE), *((one, "") for one in COSTS)):
        if first.ahead(name, at):
            yield _series(tables, name, at)


def _series(tables: Tables, name: str, place: str) -> Told:
    rows = next(iter(tables.values())).ahead(name, place)
    ends = {end: printed(np.array([row[end] for row in rows])) for end in ENDS}
    unit = "unit.days" if name == "days_waited" else "unit.persons"
    titles = _each(tables, lambda table: _title(table, name, place))
    units = _each(tables, lambda table: table.words(unit))
    told = {"base": ends, "changed": None, "difference": None, "sum": None, "weak": False}
    return {"id": name, "name": titles, "unit": units, "stock": name in STOCKS, **told}


def _title(table: OutlookTable, name: str, place: str) -> str:
    """Return what a series is called; people at a place by what they are called there."""
    if not place:
        return table.title(name)
    told = table.words("here.waiting") if name == "waiting" else table.title(name)
    return f"{table.place_name}: {told}"
