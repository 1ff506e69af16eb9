"""Names in both languages: of quantities, locations, scenarios, units and columns."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rumbo.scores.titles import TitlePart, outcomes_in, parts_of

ALL = "all"
"""Location of a total."""

LANGUAGES = ("en", "es")

SIDES = ("with", "without")
"""Sides of a question."""

REGIONS = ("country", "admin1")
"""Selectors of settings that stand for a part of the map, which has a name."""

OF_ROLE = ("waiting",)
"""Measures that a corridor names as they are where people wait on their way, not everywhere."""

OF_PAGE = ("visible_crowd",)
"""Measures that a corridor names as they stand on a page, below what they are a part of."""


class Both(NamedTuple):
    """A text in both languages."""

    en: str
    es: str

    def formatted(self, **values: "Both") -> "Both":
        """Fill in texts by name."""
        filled = ({name: text[i] for name, text in values.items()} for i in range(2))
        return Both(*(text.format(**one) for text, one in zip(self, filled, strict=True)))


class Location(NamedTuple):
    """A location: its kind, identifier, name in both languages, and country if it has one."""

    kind: str
    id: str
    name: Both
    country: str = ""


@cache
def catalogue() -> dict[str, Both]:
    """Return every text of the exports by its key."""
    text = files("rumbo.exporting").joinpath("texts.csv").read_text("utf-8")
    return {row["key"]: Both(row["en"], row["es"]) for row in csv.DictReader(text.splitlines())}


def said(key: str, otherwise: str = "") -> Both:
    """Return a text; what stands for it in both languages where there is none."""
    return catalogue().get(key) or Both(otherwise or key, otherwise or key)


class Names:
    """What a result calls its things.

    Parameters
    ----------
    background
        What the result carries beside its numbers; a corridor's own texts come before ours.
    """

    def __init__(self, background: dict[str, Any]) -> None:
        self._own = background.get("texts") or {}
        self._places = {place["id"]: place for place in background["places"]}
        self._groups = {group["id"]: group for group in background["groups"]}
        self._scenarios = {one["name"]: one for one in background["scenarios"]}
        self._parameters = background.get("parameters") or {}
        self._levers = _lever_names(background)
        self._sides = _side_names(background)
        self._outcomes = {
            f"{row['event']}={row['outcome']}": Both(row["name_en"], row["name_es"])
            for row in background.get("outcomes") or []
        }
        self.waiting = frozenset((background.get("roles") or {}).get("waiting") or ())

    def own(self, key: str, otherwise: str = "") -> Both:
        """Return the corridor's own text of a key, or else ours, or else a plain one."""
        texts = self._own.get(key)
        return Both(texts["en"], texts["es"]) if texts else said(key, otherwise)

    def location(self, kind: str, identifier: str) -> Location:
        """Return what a location is."""
        if kind == "place":
            return self._place(identifier)
        if kind == "group":
            group = self._groups.get(identifier, {})
            names = (group.get(f"name_{one}") or identifier for one in LANGUAGES)
            return Location(kind, identifier, Both(*names))
        if kind == ALL:
            return Location(kind, identifier, said(ALL))
        name = self.own(f"{kind}.{identifier}", identifier.replace("_", " "))
        return Location(kind, identifier, name)

    def _place(self, identifier: str) -> Location:
        place = self._places[identifier]
        name = self.own(f"place.{identifier}", str(place.get("name") or identifier))
        return Location("place", identifier, name, str(place.get("country") or ""))

    def quantity(self, measure: str, otherwise: str, component: str = "", kind: str = ALL) -> Both:
        """Return what a quantity is, by what it is given."""
        key = f"measure.{measure}"
        whole = key not in self._own or measure in (*OF_ROLE, *OF_PAGE)
        english = otherwise if whole else ""
        name = said(key, otherwise) if whole else self.own(key, otherwise)
        name = Both(english or name.en, name.es)
        if component:
            name = self.own(f"component.{component}", f"{measure}: {component}")
        if kind == ALL:
            return name
        by = said(f"by.{kind}")
        return Both(f"{name.en}, {by.en}", f"{name.es}, {by.es}")

    def scenario(self, name: str) -> Both:
        """Return a scenario's title, with its name where another has the same."""
        title = self._title(name)
        others = (self._title(other) for other in self._scenarios if other != name)
        return Both(*(f"{one} ({name})" for one in title)) if title in others else title

    def _title(self, name: str) -> Both:
        """Return the title of its side of a question, its own, or that of what it has."""
        if name in self._sides:
            return self._sides[name]
        if name == "base":
            return said("scenario.base")
        based, came = outcomes_in(name, self._outcomes)
        if came:
            told = _joined("; ", [self._outcomes[key] for key in came])
            return _joined(": ", [self._title(based), told]) if based else told
        # What branches has no record of its own: its branches say what it has besides.
        own = (one for key, one in self._scenarios.items() if key.startswith(f"{name}, "))
        record = self._scenarios.get(name) or next(own, {}) | {"named": False}
        if record.get("named"):
            return Both(name, name)
        parts = [self._part(part) for part in parts_of(record)]
        return _joined("; ", parts) if parts else said("scenario.base")

    def _part(self, part: TitlePart) -> Both:
        """Return one thing that a scenario has and the corridor does not."""
        what = part.what
        if part.kind == "without":
            listed = _joined(", ", map(self._lever, what))
            return said("scenario.without").formatted(what=listed)
        if part.kind == "change":
            return self._change(what)
        if part.kind == "deal":
            return _joined(", ", [self._lever(what["name"]), *_terms(what)])
        named = self._lever(what["lever"])
        if what.get("only"):
            listed = _joined(", ", map(self._parameter, what["only"]))
            named = Both(*(f"{lever} ({only})" for lever, only in zip(named, listed, strict=True)))
        return _joined(", ", [named, *_days_said(what)])

    def _change(self, change: dict[str, Any]) -> Both:
        """Return a changed parameter: its value, where, for whom, and its days."""
        number = f"{float(change['value']):.15g}"  # as it was written, without a rounding error
        told = _joined(": ", [self._parameter(change["parameter"]), Both(number, number)])
        where = [self._at(change["at"])] if change.get("at") else []
        where += [self._who(change["group"])] if change.get("group") else []
        if where:
            listed = zip(told, _joined(", ", where), strict=True)
            told = Both(*(f"{what} ({at})" for what, at in listed))
        return _joined(", ", [told, *_days_said(change)])

    def _parameter(self, name: str) -> Both:
        known = self._parameters.get(name) or {}
        return Both(*(known.get(f"meaning_{one}") or name for one in LANGUAGES))

    def _at(self, at: str) -> Both:
        """Return the name of a place, country or region; others stand as they are written."""
        if at in self._places:
            return self.location("place", at).name
        kind, _, label = at.partition(":")
        return self.own(f"kind.{label}", label) if kind in REGIONS else Both(at, at)

    def _who(self, group: str) -> Both:
        kind = "group" if group in self._groups else "nationality"
        return self.location(kind, group).name

    def _lever(self, lever: str) -> Both:
        return self._levers.get(lever, Both(lever, lever))


def change_text(change: dict[str, Any]) -> str:
    """Return a changed parameter as a formula, with where, for whom and its days."""
    where = [str(change[key]) for key in ("at", "group") if change.get(key)]
    at = f" ({', '.join(where)})" if where else ""
    return f"{change['parameter']} = {change['value']}{at}{_days(change)}"


def _joined(between: str, texts: Iterable[Both]) -> Both:
    return Both(*map(between.join, zip(*texts, strict=True)))


def _terms(deal: dict[str, Any]) -> Iterator[Both]:
    """Go through the terms of a deal that is placed: of each side, but where they are usual."""
    yield from _days_said({"since": deal["since"]})
    for name, usual in (("ramp", 0), ("compliance", 1.0), ("until", "")):
        own = {actor: value for actor, value in deal[name].items() if value != usual}
        alike = len({*map(str, deal[name].values())}) == 1
        values = [str(next(iter(own.values())))] if alike and own else []
        values = values or [f"{actor} {value}".strip() for actor, value in own.items()]
        if values:
            plain = Both(*["; ".join(values)] * 2)
            yield said(f"terms.{name}").formatted(what=plain)


def _days_said(row: dict[str, Any]) -> Iterator[Both]:
    for name in ("since", "until"):
        if day := row.get(name):
            yield said(f"terms.{name}").formatted(what=Both(*[str(day)] * 2))


def _days(row: dict[str, Any]) -> str:
    days = [str(row.get(key) or "") for key in ("since", "until")]
    return f" {days[0]}/{days[1]}" if any(days) else ""


def _side_names(background: dict[str, Any]) -> dict[str, Both]:
    """Return the titles of the two sides of a question, by scenario; none where none is asked."""
    question = background.get("question")
    if not question:
        return {}
    words = question["words"]
    sides = {side: Both(*(words[f"{side}_{one}"] for one in LANGUAGES)) for side in SIDES}
    return {question[side]: title for side, title in sides.items()}


def _lever_names(background: dict[str, Any]) -> dict[str, Both]:
    """Return the titles of levers: of their bundles, or of their only row."""
    rows: dict[str, set[Both]] = {}
    for row in background["levers"]:
        rows.setdefault(row["lever"], set()).add(Both(row["name_en"], row["name_es"]))
    names = {lever: found.pop() for lever, found in rows.items() if len(found) == 1}
    bundles = background["corridor"].get("bundles") or {}
    return names | {lever: Both(text["en"], text["es"]) for lever, text in bundles.items()}


def identifiers(names: list[str]) -> list[str]:
    """Return an identifier without blanks or signs for each name, no two alike.

    Parameters
    ----------
    names
        Names that readers gave.

    Returns
    -------
    list of str
        Small letters of the Latin alphabet, digits and underscores.
    """
    found: list[str] = []
    for name in names:
        plain = _plain(name) or "scenario"
        number, one = 2, plain
        while one in found:
            number, one = number + 1, f"{plain}_{number}"
        found.append(one)
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", letters.lower()).strip("_")[:60].strip("_")
