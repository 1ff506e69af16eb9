"""What a result carries beside its numbers, so that it can be told without the corridor."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.engine.arrays import Array
from rumbo.model.caravans.road import CARAVANS
from rumbo.model.minds.outlook import came_in, learns
from rumbo.model.minds.telling import Crowds, Paced, told_minds
from rumbo.model.riding import ride_days
from rumbo.run.program import Program
from rumbo.scenario.calendar import entering
from rumbo.scenario.deals.dating import of_side
from rumbo.scenario.deals.terms import Deal, Side, kept_path
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.questions.apart import apart, unlike_rows
from rumbo.scenario.questions.asking import named_question
from rumbo.scenario.questions.beds import beds_of
from rumbo.scenario.questions.moving import SIDES, Shift
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.narrowed import narrowed
from rumbo.scores.figures import RIDE_DAYS

ROUND_FIGURES = pd.DateOffset(months=6)
"""Figures this long before and after the run are carried along."""


def background(scenarios: Sequence[Scenario], more: Mapping[str, Any] | None = None) -> str:
    """Return what the report tells beside the numbers, as JSON.

    Parameters
    ----------
    scenarios
        The scenarios of one corridor.
    more
        What follows from how they were run, by name.

    Returns
    -------
    str
        Corridor, its roles and own texts, scenarios, places, links, groups, levers, settings,
        deals, outcomes of dated events and beliefs in them, the question asked, how far a fit
        narrowed the sizes of levers, figures, sources, who enters, how an earlier version met the
        record, what tests gave, and base map.
    """
    if not more:
        return _without_more(tuple(scenarios))
    return _mapping(_parts(scenarios) | {name: _text(part) for name, part in more.items()})


@lru_cache(maxsize=2)
def _without_more(scenarios: tuple[Scenario, ...]) -> str:
    """Return the same where nothing more follows: megabytes, asked for every month."""
    return _mapping(_parts(scenarios))


def _parts(scenarios: Sequence[Scenario]) -> dict[str, str]:
    return {**_of_base(scenarios[0]), **of_scenarios(tuple(scenarios))}


def _mapping(texts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {texts[name]}" for name in sorted(texts)) + "}"


@lru_cache(maxsize=2)
def of_scenarios(scenarios: tuple[Scenario, ...]) -> dict[str, str]:
    """Return the parts of `background` that follow from all scenarios together, as JSON.

    Parameters
    ----------
    scenarios
        The scenarios of one corridor.

    Returns
    -------
    dict
        Texts by name; a session asks for them every month, so that those asked last are kept.
    """
    texts = {
        "scenarios": _text(
            [
                {
                    "name": s.name,
                    "without": list(s.without_),
                    "changes": list(s.changes),
                    **s.describe_more(),
                    **_moved(s),
                    **apart(scenarios[0], s),
                    **beds_of(s),
                }
                for s in scenarios
            ]
        ),
        "levers": _text(levers(scenarios)),
    }
    if told := deals(scenarios):
        texts["deals"] = _text(told)
    if left_out := back(scenarios):
        texts["settings"] = _text([*records(scenarios[0].settings_whole), *left_out])
    if question := asked(scenarios):
        texts["question"] = _text(question)
    return texts


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


@lru_cache(maxsize=2)
def _of_base(one: Scenario) -> dict[str, str]:
    """What follows from the first scenario alone, as JSON: a session asks for it many times."""
    content: dict[str, Any] = {
        "corridor": {
            "id": one.id,
            "title": one.title,
            "description": one.description,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "licence": one.licence,
            "bundles": one.bundles,
        },
        "roles": one.roles.described(),
        "texts": one.texts,
        "places": records(one.network.places),
        "links": records(one.network.links),
        "groups": records(one.groups),
        "parameters": {
            name: {"unit": p.unit, "meaning_en": p.meaning_en, "meaning_es": p.meaning_es}
            for name, p in PARAMETERS.items()
        },
        "settings": records(one.settings_whole),
        "figures": records(_near(one)),
        "sources": records(one.sources),
        "inflows": records(entering(one)),
        "record_before": records(one.record_before),
        "sensitivity": records(one.sensitivity),
        "tested": records(one.tested),
        "basemap": one.basemap,
    }
    if len(one.outcomes):
        content["outcomes"] = records(one.outcomes)
        content["beliefs"] = records(one.beliefs)
        content["rumours"] = records(one.rumours)
    if CARAVANS.name in one.header.rules and len(one.caravans):
        content["events"] = records(one.events)
    if one.posterior:
        content["posterior"] = one.posterior.summary()
        content["narrowed"] = narrowed(one.posterior)
    return {name: _text(part) for name, part in content.items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows; days as ISO dates, empty cells as None."""
    plain = table.copy()
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object).where(plain.notna(), None)
    rows: list[dict[str, Any]] = plain.to_dict("records")
    return rows


def back(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the settings of levers that the first scenario leaves out and another one has."""
    gone = {*scenarios[0].without_}
    rows = [one.settings[one.settings["lever"].isin(gone)] for one in scenarios[1:]]
    return records(pd.concat(rows).drop_duplicates(["file", "row"])) if gone and rows else []


def levers(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the calendar of levers: what is modelled, and in which scenarios it is in force."""
    sides = [(deal["deal"], side) for deal in deals(scenarios) for side in deal["sides"]]
    sized = {(deal, side["actor"]) for deal, side in sides if side["settings"]}
    idle = {(deal, side["actor"]) for deal, side in sides} - sized
    modelled = {*scenarios[0].settings["lever"]} | {row["lever"] for row in back(scenarios)}
    rows = dict[tuple[Any, ...], dict[str, Any]]()
    for one in scenarios:
        elsewhere, name = {deal.key for deal in one.placed}, one.name
        for row in records(one.levers_moved):
            told = rows.setdefault(tuple(row.values()), row | {"modelled": False, "in": []})
            acts = (row["lever"], row["actor"]) not in idle  # a side of a deal without a size
            told["modelled"] |= acts and row["lever"] in modelled | elsewhere
            told["in"] += [name] * (row["lever"] not in one.without_)
    return [*rows.values()]


def deals(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the deals in force in each scenario: who does what, and what share of it by day."""
    return [deal for one in scenarios for deal in _deals_of(one)]


@lru_cache(maxsize=4)
def _deals_of(one: Scenario) -> list[dict[str, Any]]:
    """Return those of one scenario: a base is asked for again and again."""
    told, table = [], records(one.deals)
    for deal in one.deals_in_force.values():
        mine = (row for row in table if row["deal"] == deal.key)
        sides = [{**row, **_of_side(one, deal, deal.side(row["actor"] or ""))} for row in mine]
        told.append({"scenario": one.name, "deal": deal.key, "sides": sides})
    return told


def _moved(one: Scenario) -> dict[str, Any]:
    """Return the settings of a scenario that were moved in time, each under its own lever."""
    rows = one.moved_settings()
    levers = {parameter: shift.lever for shift in one.moved for parameter in _moving(one, shift)}
    told = rows.assign(lever=rows["parameter"].map(levers))
    return {"shifted": records(told)} if len(told) else {}


def _moving(one: Scenario, shift: Shift) -> list[str]:
    settings = one.content.settings
    return list(settings.loc[shift.covers(settings), "parameter"])


def asked(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return the question that scenarios answer: its words, its days, and who is which side."""
    # What is changed further keeps the side it comes from: the first of each side is asked of.
    sides = {one.asking.side: one for one in reversed(scenarios) if one.asking}
    keys = {one.asking.question for one in sides.values() if one.asking}
    if {*sides} != {*SIDES} or len(keys) != 1:
        return {}
    question, told = named_question(scenarios[0], keys.pop()), sides["with"].asking
    return {
        "id": question.key,
        "words": question.words,
        "source": ";".join(dict.fromkeys(part.source for part in question.parts)),
        "about_beds": question.of_beds,
        "from": f"{_parting(*sides.values()):%Y-%m-%d}",
        "since": told.since if told else "",
        "until": told.until if told else "",
        **{side: one.name for side, one in sides.items()},
    }


def _parting(one: Scenario, other: Scenario) -> pd.Timestamp:
    """Return the first day on which two scenarios differ, in a setting or in news heard."""
    alone = unlike_rows(one, other)
    first = pd.Timestamp(one.start)
    begun = pd.concat([alone["since"].fillna(first), _news(one, other)])
    return max(first, begun.min()) if len(begun) else first


def _news(one: Scenario, other: Scenario) -> pd.Series:
    """Return the days on which people hear of events that turn out in two ways."""
    unlike = {*one.realised.items()} ^ {*other.realised.items()} if learns(one) else set()
    keys = one.outcomes["event"] + "=" + one.outcomes["outcome"]
    return one.outcomes.loc[keys.isin({f"{event}={outcome}" for event, outcome in unlike}), "on"]


def _of_side(one: Scenario, deal: Deal, side: Side) -> dict[str, Any]:
    """Return the terms of a side, its settings, and days from which it does another share."""
    days = {"since": side.since, "until": side.until}
    terms = {"ramp": side.ramp, "compliance": side.compliance}
    ends = {"low": side.low, "high": side.high}
    return {
        **{name: None if pd.isna(day) else f"{day:%Y-%m-%d}" for name, day in days.items()},
        **{name: None if np.isnan(end) else end for name, end in ends.items()},
        **terms,
        "settings": records(one.settings[of_side(one.settings, deal, side)]),
        "path": kept_path(side, one.start, one.end),
    }


def minds(
    scenarios: Sequence[Scenario],
    programs: Sequence[Program],
    measures: Mapping[str, NDArray[np.float32]],
) -> dict[str, Any]:
    """Return beliefs and paces for `background`, empty where nobody believes anything.

    Parameters
    ----------
    scenarios, programs
        What was run.
    measures
        What was recorded, by name; shape (scenarios, members, months, ...).

    Returns
    -------
    dict
        Under ``minds``; see `told_minds`. Its ``one_way`` says whether events turn out alike in all
        scenarios: what is believed after the news is else only that of one.
    """
    minded = [n for n, one in enumerate(scenarios) if learns(one)]
    if not minded:
        return {}
    # Beliefs in what depends on other outcomes are told as where these come.
    most = max(minded, key=lambda n: len(came_in(scenarios[n])))
    program = programs[most]
    mean = (
        measures[name][most].mean(axis=(0, 1), dtype=np.float64) for name in ("queue", "waiting")
    )
    paced = [Paced(programs[n].name, programs[n].pace) for n in minded]
    told = told_minds(scenarios[most], paced, program.paces, program.recorded, Crowds(*mean))
    ways = {frozenset(came_in(scenarios[n]).items()) for n in minded}
    return {"minds": told | {"one_way": len(ways) == 1}} if told["from"] else {}


def _near(scenario: Scenario) -> pd.DataFrame:
    if scenario.header.record == "day":
        return scenario.figures
    month = pd.to_datetime(scenario.figures["month"])
    first = pd.Timestamp(scenario.start).replace(day=1) - ROUND_FIGURES
    last = pd.Timestamp(scenario.end) + ROUND_FIGURES
    end = pd.to_datetime(scenario.figures["month_end"]).fillna(month)
    return scenario.figures[(end >= first) & (month <= last)]


def coordinates(scenario: Scenario, shelter: Array) -> dict[str, tuple[str, Any]]:
    """Return what is known of places, links and groups, as coordinates of a result."""
    return {**_named(scenario), "shelter_places": ("place", shelter)}


@lru_cache(maxsize=2)
def _named(scenario: Scenario) -> dict[str, tuple[str, Any]]:
    """What follows from the network and the groups alone: a session asks for it every month."""
    places, links, groups = scenario.network.places, scenario.network.links, scenario.groups
    return {
        "lat": ("place", places["lat"].to_numpy(dtype=float)),
        "lon": ("place", places["lon"].to_numpy(dtype=float)),
        "place_name": ("place", places["name"].tolist()),
        "country": ("place", places["country"].tolist()),
        "kind": ("place", places["kind"].tolist()),
        "shelter_places": ("place", []),  # keeps its turn among the others
        "link_from": ("link", links["from"].tolist()),
        "link_to": ("link", links["to"].tolist()),
        "mode": ("link", links["mode"].tolist()),
        RIDE_DAYS: ("link", ride_days(scenario)),
        "nationality": ("group", groups["nationality"].tolist()),
        "household": ("group", groups["household"].tolist()),
    }
