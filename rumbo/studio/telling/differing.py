"""What differs from the record, in words, and on which days."""

from rumbo.report.read.names import place_name
from rumbo.report.read.run import Run
from rumbo.studio.parts import BedsAsked, LeverAsked
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.told import Told, both
from rumbo.studio.wording import LANGUAGES, Text, said


def differs(asked: ScenarioAsked, run: Run, titles: dict[str, Text]) -> list[Text]:
    """Return what differs from the record, a sentence each; nothing where it is the record.

    Parameters
    ----------
    asked
        What is asked.
    run
        A run of the corridor.
    titles
        Titles of questions and levers, by id.
    """
    told = []
    if asked.question:
        key, since, until = asked.question
        told.append(_dated("differs.question", titles[f"question {key}"], since, until))
    told += [_lever(one, titles[f"lever {one.id}"]) for one in asked.levers]
    return [*told, *(_beds(one, run) for one in asked.beds)]


def joined(texts: list[Text]) -> Text:
    """Return several texts as one, in each language."""
    return {language: "; ".join(text[language] for text in texts) for language in LANGUAGES}


def _lever(one: LeverAsked, name: Text) -> Text:
    if not one.on:
        return said("differs.off", name=name)
    return _dated("differs.moved", name, one.since, one.until)


def _dated(key: str, name: Text, since: str | None, until: str | None) -> Text:
    days = [
        said(f"days.{way}", day=day) for way, day in (("since", since), ("until", until)) if day
    ]
    if not days:
        return name
    joined = {language: ", ".join(day[language] for day in days) for language in name}
    return said(key, name=name, days=joined)


def _beds(one: BedsAsked, run: Run) -> Text:
    name = both(run, lambda own: place_name(own.places[one.place], own.words))
    beds = f"{one.beds:,.0f}"
    if one.since:
        return said("differs.beds_since", place=name, beds=beds, day=one.since)
    return said("differs.beds", place=name, beds=beds)


def marks(asked: ScenarioAsked, run: Run, titles: dict[str, Text]) -> list[Told]:
    """Return the days on which the sides part, for the charts: day and name."""
    told = []
    if question := run.background.get("question"):
        having = {one: question["words"][f"with_{one}"] for one in LANGUAGES}
        told.append({"day": question["from"], "name": having})
    begun = {row["lever"]: row["since"] for row in reversed(run.records("levers")) if row["since"]}
    first, last = (f"{day:%Y-%m-%d}" for day in (run.opening, run.closing))
    for one in asked.levers:
        days = dict.fromkeys(filter(None, (begun.get(one.id), one.since)))
        told += [
            {"day": day, "name": titles[f"lever {one.id}"]} for day in days if first <= day < last
        ]
    return told
