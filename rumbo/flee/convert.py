"""A crisis in Flee's format as an ordinary scenario: the same tables as a corridor's folder."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rumbo.files.cells import Column
from rumbo.flee.crisis import Crisis, ids_of
from rumbo.flee.days import Days
from rumbo.flee.parameters import DEFAULTS, FOLDER, Row, date_of, end_of, lever_of, setting_rows
from rumbo.scenario.folder import Content
from rumbo.scenario.header import Header, TwoLanguages
from rumbo.scenario.network import LINKS, PLACES, Network
from rumbo.scenario.parameters import RULE_NAMES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.schema import TABLES
from rumbo.scenario.settings import SETTINGS

GROUP = "displaced"


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
    days = Days(crisis)
    content, header = _content(days), _header(days)
    return Scenario(
        header,
        content,
        folder,
        header.start,
        header.end,
        header.rules,
        content.settings,
        warnings=crisis.warnings,
    )


def _header(days: Days) -> Header:
    crisis, home = days.crisis, days.home
    return Header(
        id=ids_of([crisis.name])[0],
        title=TwoLanguages(en=f"Displacement: {crisis.name}", es=f"Desplazamiento: {crisis.name}"),
        description=TwoLanguages(
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


def _content(days: Days) -> Content:
    links = _table(list(_links(days)), LINKS, days.link_ids)
    network = Network(_table(list(_places(days)), PLACES), links)
    tables: dict[str, list[Row]] = {
        "groups": [_group()],
        "inflows": list(_inflows(days)),
        "sources": list(_sources(days)),
        "levers": list(_levers(days)),
        "figures": list(_figures(days)),
        "capacities": [],
    }
    frames = {name: _table(rows, TABLES[f"{name}.csv"]) for name, rows in tables.items()}
    rows = list(setting_rows(days))
    settings = _table(rows, SETTINGS).assign(
        change=0, file="settings.csv", row=np.arange(2, len(rows) + 2)
    )
    return Content(network=network, settings=settings, basemap={}, **frames)


def _places(days: Days) -> Iterator[Row]:
    closed = {place for _, place, _, _ in days.camp_closures}
    for i, place in enumerate(days.crisis.locations.itertuples(index=False)):
        yield {
            "id": days.crisis.place_ids[i],
            "name": place.name,
            "country": place.country,
            "admin1": place.region,
            "lat": place.lat,
            "lon": place.lon,
            "population": place.population,
            "kind": place.kind,
            "roles": "town" if i in closed else "",
            "source": FOLDER,
        }


def _links(days: Days) -> Iterator[Row]:
    ids = days.crisis.place_ids
    for link in days.links.itertuples(index=False):
        yield {
            "from": ids[link.start],
            "to": ids[link.end],
            "mode": "road",
            "distance_km": link.km,
            "typical_hours": 24.0 * link.km / link.speed,
            "method": "routes.csv",
        }


def _group() -> Row:
    return {
        "id": GROUP,
        "nationality": "OTH",
        "household": "all",
        "name_en": "displaced people",
        "name_es": "personas desplazadas",
        "source": FOLDER,
    }


def _sources(days: Days) -> Iterator[Row]:
    title = f"{days.crisis.name}: folder in Flee's format"
    yield {"source": FOLDER, "publisher": "authors of the folder", "title": title}
    yield {"source": DEFAULTS, "publisher": "Flee", "title": "default settings"}


def _inflows(days: Days) -> Iterator[Row]:
    for t, p in zip(*np.nonzero(days.displaced), strict=True):
        yield _inflow(days, int(t), int(p), "displaced", days.displaced[t, p])
    for p in np.flatnonzero(days.registered):
        yield _inflow(days, 0, int(p), "registered", days.registered[p])


def _inflow(days: Days, day: int, place: int, route: str, persons: float) -> Row:
    return {
        "group": GROUP,
        "source": FOLDER,
        **_dated(days, day),
        "place": days.crisis.place_ids[place],
        "route": route,
        "persons": float(persons),
    }


def _dated(days: Days, day: int) -> Row:
    when = date_of(days, day)
    return {"day": when, "month": when.replace(day=1)}


_CLOSED = {
    "country": ("Border {one}–{two} closed", "Frontera {one}–{two} cerrada"),
    "location": ("Roads of {one} closed", "Caminos de {one} cerrados"),
    "camp": ("Camp {one} not open", "Campo {one} sin abrir"),
    "idpcamp": ("Camp {one} not open", "Campo {one} sin abrir"),
}


def _levers(days: Days) -> Iterator[Row]:
    crisis = days.crisis
    for i, row in enumerate(crisis.closures.itertuples(index=False)):
        if row.since >= crisis.days or row.kind not in _CLOSED:
            continue
        en, es = _CLOSED[row.kind]
        names = {"one": row.name1, "two": row.name2}
        yield {
            "lever": lever_of(i),
            "since": date_of(days, row.since),
            "until": end_of(days, row.until if row.until >= 0 else crisis.days),
            "name_en": en.format(**names),
            "name_es": es.format(**names),
            "source": FOLDER,
        }


_EVER = 10**6
"""A day before, or after, all days of any crisis: runs have at most 100,000."""


def _figures(days: Days) -> Iterator[Row]:
    """Counts of camps as registered, and again where a new registration corrected them."""
    crisis = days.crisis
    registers = crisis.registers
    ids = dict(zip(crisis.locations["name"], crisis.place_ids, strict=True))
    dates = sorted({-_EVER, *registers.corrections["day"].tolist()})
    shown: dict[tuple[str, int], float] = {}
    last = registers.corrected(as_of=_EVER)
    for when in (*dates[1:], _EVER):
        known = registers.corrected(as_of=when - 1) if when < _EVER else last
        for name, rows in zip(known.names, known.rows, strict=True):
            for day, persons in zip(rows["day"], rows["persons"], strict=True):
                if name not in ids or shown.get((name, day)) == persons:
                    continue
                revised = (name, day) in shown
                shown[name, day] = persons
                published = _revised(dates, when) if revised else int(day)
                yield _figure(days, ids[name], int(day), persons, published)


def _figure(days: Days, place: str, day: int, persons: float, published: int) -> Row:
    return {
        **_dated(days, day),
        "measure": "waiting",
        "area": place,
        "value": persons,
        "unit": "persons",
        "published": date_of(days, published),
        "published_basis": "assumed",
        "publisher": "UNHCR",
        "source": FOLDER,
    }


def _revised(dates: list[int], when: int) -> int:
    """Day of the correction that made counts known before ``when`` what they are."""
    return max(day for day in dates if day < when)


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
