"""A crisis in Flee's format as an ordinary scenario: the same tables as a corridor's folder."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.cells import Column
from rumbo.flee.crisis import Crisis
from rumbo.flee.days import OPEN, Days
from rumbo.scenario.folder import Content
from rumbo.scenario.header import Header, Words
from rumbo.scenario.network import LINKS, PLACES, Network
from rumbo.scenario.parameters import PARAMETERS, RULE_NAMES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.schema import TABLES
from rumbo.scenario.settings import SETTINGS

FOLDER = "flee-folder"
"""Key of the source of everything in the folder."""

GROUP = "displaced"

Row = dict[str, Any]


def to_scenario(crisis: Crisis, folder: Path) -> Scenario:
    """Turn a crisis into a scenario whose rules are Flee's.

    Parameters
    ----------
    crisis
        What was read.
    folder
        Where it was read from.

    Returns
    -------
    Scenario
        Model ``displacement``, recorded by day.
    """
    tables = _Tables(crisis)
    content = tables.content()
    header = tables.header()
    return Scenario(
        header, content, folder, header.start, header.end, header.rules, content.settings,
        warnings=crisis.warnings,
    )  # fmt: skip


def ids_of(names: Sequence[str]) -> list[str]:
    """Return an id for each name: the name without what an id may not hold, told apart if alike."""
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[^\w.-]+", "_", name).strip("_.-") or "place"
        number, one = 1, plain
        while one in found:
            number += 1
            one = f"{plain}-{number}"
        found.append(one)
    return found


class _Tables:
    """The tables of a corridor's folder, made from a crisis."""

    def __init__(self, crisis: Crisis) -> None:
        self._crisis = crisis
        self._days = Days(crisis)
        self._ids = ids_of(crisis.locations["name"])
        links = self._days.links
        start, end = (links[side].to_numpy(dtype=int) for side in ("start", "end"))
        self._from = [self._ids[i] for i in start]
        self._to = [self._ids[i] for i in end]
        self._link_ids = [f"{a}>{b}:road" for a, b in zip(self._from, self._to, strict=True)]

    def header(self) -> Header:
        crisis = self._crisis
        home = self._days.home
        return Header(
            id=ids_of([crisis.name])[0],
            title=Words(en=f"Displacement: {crisis.name}", es=f"Desplazamiento: {crisis.name}"),
            description=Words(
                en=f"People displaced in {home}, on the roads and in camps, by Flee's rules.",
                es=f"Desplazados de {home}, en camino y en campos, con las reglas de Flee.",
            ),
            start=crisis.start,
            end=crisis.start + timedelta(days=crisis.days - 1),
            model="displacement",
            step=1.0,
            warm_up=0,
            record="day",
            rules=RULE_NAMES["displacement"],
            licence="terms of the folder that was read; figures of camps: UNHCR, CC BY 4.0",
        )

    def content(self) -> Content:
        network = Network(
            _table(self._places(), PLACES), _table(self._links(), LINKS, self._link_ids)
        )
        made: dict[str, list[Row]] = {
            "groups": [self._group()],
            "inflows": list(self._inflows()),
            "sources": [self._source()],
            "levers": list(self._levers()),
            "figures": list(self._figures()),
            "capacities": [],
        }
        frames = {name: _table(rows, TABLES[f"{name}.csv"]) for name, rows in made.items()}
        rows = list(self._settings())
        settings = _table(rows, SETTINGS).assign(
            change=0, file="settings.csv", row=np.arange(2, len(rows) + 2)
        )
        return Content(network=network, settings=settings, basemap={}, **frames)

    def _places(self) -> list[Row]:
        closed = {place for _, place, _, _ in self._days.camp_closures}
        return [
            {
                "id": self._ids[i], "name": place.name, "country": place.country,
                "admin1": place.region, "lat": place.lat, "lon": place.lon,
                "population": place.population, "kind": place.kind,
                "roles": "town" if i in closed else "", "source": FOLDER,
            }
            for i, place in enumerate(self._crisis.locations.itertuples(index=False))
        ]  # fmt: skip

    def _links(self) -> list[Row]:
        return [
            {
                "from": self._from[i], "to": self._to[i], "mode": "road", "distance_km": link.km,
                "typical_hours": 24.0 * link.km / link.speed, "method": "routes.csv",
            }
            for i, link in enumerate(self._days.links.itertuples(index=False))
        ]  # fmt: skip

    def _group(self) -> Row:
        return {
            "id": GROUP, "nationality": "OTH", "household": "all",
            "name_en": "displaced people", "name_es": "personas desplazadas", "source": FOLDER,
        }  # fmt: skip

    def _source(self) -> Row:
        title = f"{self._crisis.name}: folder in Flee's format"
        return {"source": FOLDER, "publisher": "authors of the folder", "title": title}

    def _inflows(self) -> Iterator[Row]:
        common = {"group": GROUP, "source": FOLDER}
        displaced = self._days.displaced
        for t, p in zip(*np.nonzero(displaced), strict=True):
            yield {
                **common, **self._dated(int(t)), "place": self._ids[p], "route": "displaced",
                "persons": float(displaced[t, p]),
            }  # fmt: skip
        for p in np.flatnonzero(self._days.registered):
            yield {
                **common, **self._dated(0), "place": self._ids[p], "route": "registered",
                "persons": float(self._days.registered[p]),
            }  # fmt: skip

    def _dated(self, day: int) -> Row:
        when = self._when(day)
        return {"day": when, "month": when.replace(day=1)}

    def _when(self, day: int) -> pd.Timestamp:
        return pd.Timestamp(self._crisis.start) + pd.Timedelta(days=day)

    def _levers(self) -> Iterator[Row]:
        for i, row in enumerate(self._crisis.closures.itertuples(index=False)):
            if row.since >= self._crisis.days or row.kind not in _CLOSED:
                continue
            en, es = _CLOSED[row.kind]
            names = {"one": row.name1, "two": row.name2}
            yield {
                "lever": _lever(i), "since": self._when(row.since),
                "until": self._until(row.until if row.until >= 0 else self._crisis.days),
                "name_en": en.format(**names), "name_es": es.format(**names), "source": FOLDER,
            }  # fmt: skip

    def _until(self, day: int) -> pd.Timestamp:
        return pd.NaT if day >= self._crisis.days else self._when(day)

    def _figures(self) -> Iterator[Row]:
        """Counts of camps as registered, and again where a new registration corrected them."""
        registers, number = (
            self._crisis.registers,
            dict(zip(self._crisis.locations["name"], self._ids, strict=True)),
        )
        dates = sorted({-(10**6), *registers.corrections["day"].tolist()})
        shown: dict[tuple[str, int], float] = {}
        last = registers.corrected(as_of=10**6)
        for when in (*dates[1:], 10**6):
            known = registers.corrected(as_of=when - 1) if when < 10**6 else last
            for name, rows in zip(known.names, known.rows, strict=True):
                for day, persons in zip(rows["day"], rows["persons"], strict=True):
                    if name not in number or shown.get((name, day)) == persons:
                        continue
                    revised = (name, day) in shown
                    shown[name, day] = persons
                    published = _revised(dates, when) if revised else int(day)
                    yield self._figure(number[name], int(day), persons, published)

    def _figure(self, place: str, day: int, persons: float, published: int) -> Row:
        return {
            **self._dated(day), "measure": "waiting", "area": place, "value": persons,
            "unit": "persons", "published": self._when(published), "published_basis": "assumed",
            "publisher": "UNHCR", "source": FOLDER,
        }  # fmt: skip

    def _settings(self) -> Iterator[Row]:
        s, days = self._crisis.settings, self._days
        for name, value in (
            ("flight.awareness", s.awareness_level), ("flight.reach", s.max_move_speed),
            ("flight.walk", s.max_walk_speed), ("flight.on_foot", s.start_on_foot),
            ("flight.softening", s.softening), ("flight.distance_power", s.distance_power),
            ("flight.weight_softening", s.weight_softening),
            ("flight.weight_power", s.weight_power), ("flight.buffer", s.capacity_buffer),
            ("flight.stints", s.avoid_short_stints),
        ):  # fmt: skip
            yield _setting(name, float(value))
        for name, column in (("flight.walking", "walking"), ("flight.roads", "roads")):
            for at, value in zip(self._link_ids, days.links[column], strict=True):
                if value != PARAMETERS[name].default:
                    yield _setting(name, float(value), at=at)
        yield from self._capacities()
        yield from self._dated_settings()
        yield from self._camp_closures()
        yield from self._link_closures()

    def _capacities(self) -> Iterator[Row]:
        """Room of camps; Flee takes those of day 0 off it although they are there."""
        places = self._crisis.locations["capacity"].to_numpy(dtype=float)
        rows = zip(self._ids, places, self._days.registered, self._days.camp, strict=True)
        for at, capacity, registered, camp in rows:
            room = (capacity - registered) * self._crisis.settings.capacity_scaling
            if camp:
                yield _setting("flight.camp", 1.0, at=at)
            if camp and room >= 1:
                yield _setting("flight.room", room, at=at)
                yield _setting("shelter.places", capacity, at=at)

    def _dated_settings(self) -> Iterator[Row]:
        days = self._days
        for name, table in (
            ("flight.chance", days.chance), ("flight.town", days.town.astype(float)),
            ("flight.score", days.score),
        ):  # fmt: skip
            for place, at in enumerate(self._ids):
                for first, after, value in stretches(table[:, place]):
                    if value != PARAMETERS[name].default:
                        yield _setting(name, value, at=at, **self._span(first, after))

    def _camp_closures(self) -> Iterator[Row]:
        days = self._days
        for i, place, since, until in days.camp_closures:
            for name, value in (
                ("flight.chance", days.closed_camp_chance[place]), ("flight.town", 1.0),
                ("flight.camp", 0.0), ("flight.score", days.town_score[place]),
            ):  # fmt: skip
                if since < min(until, self._crisis.days):
                    span = {"since": self._when(since), "until": self._until(until)}
                    yield _setting(name, float(value), at=self._ids[place], lever=_lever(i), **span)

    def _link_closures(self) -> Iterator[Row]:
        closed = self._days.closed_by
        for link, at in enumerate(self._link_ids):
            for first, after, row in stretches(closed[:, link].astype(float)):
                if row != OPEN:
                    span = {"since": self._when(first), "until": self._until(after)}
                    yield _setting("link.open", 0.0, at=at, lever=_lever(int(row)), **span)

    def _span(self, first: int, after: int) -> Row:
        return {"since": self._when(first) if first else pd.NaT, "until": self._until(after)}


_CLOSED = {
    "country": ("Border {one}–{two} closed", "Frontera {one}–{two} cerrada"),
    "location": ("Roads of {one} closed", "Caminos de {one} cerrados"),
    "camp": ("Camp {one} not open", "Campo {one} sin abrir"),
    "idpcamp": ("Camp {one} not open", "Campo {one} sin abrir"),
}


def _lever(row: int) -> str:
    return f"closure-{row + 1}"


def _revised(dates: list[int], when: int) -> int:
    """Day of the correction that made counts known before ``when`` what they are."""
    return max(day for day in dates if day < when)


def stretches(values: NDArray[np.float64]) -> Iterator[tuple[int, int, float]]:
    """Return the runs of equal values: first day, first day after, value."""
    first = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    for begin, end in zip(first, [*first[1:], len(values)], strict=True):
        yield int(begin), int(end), float(values[begin])


def _setting(parameter: str, value: float, **cells: Any) -> Row:
    unit = PARAMETERS[parameter].unit
    return {"parameter": parameter, "value": value, "unit": unit, "source": FOLDER, **cells}


def _table(rows: list[Row], columns: Sequence[Column], ids: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows as a table is read: every column there, with its type."""
    series = {c.name: _cells([row.get(c.name) for row in rows], c) for c in columns}
    return pd.DataFrame({**series, "id": list(ids)} if len(ids) else series)


def _cells(values: list[Any], column: Column) -> pd.Series:
    if column.kind.startswith("number"):
        return pd.Series([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    if column.kind in ("date", "month"):
        return pd.Series([pd.NaT if v is None else v for v in values], dtype="datetime64[ns]")
    return pd.Series(["" if v is None else str(v) for v in values], dtype=str)
