"""Who waits and who goes: what people believe of dated events, and how that sets their pace."""

from collections.abc import Iterator, Sequence
from math import exp

import pandas as pd
import xarray as xr

from rumbo.report.corridor.paths import CHANCES, FACTORS, Point, Trace, day_of, figure, keys_awaited
from rumbo.report.page.parts import Figure, Heading, PageBlock, Row, Section, Table, Text
from rumbo.report.page.style import colour
from rumbo.report.page.words import capital
from rumbo.report.read.names import (
    group_title,
    nationality_name,
    outcomes_title,
    place_name,
    scenario_title,
)
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run

DECISIONS = {"planning": "minds.planning", "going": "minds.going", "asking": "minds.asking"}
"""What people decide, in the order in which it is shown."""

NAMED = 4
"""Nationalities named of those who believe the same."""

SHOWN = 8
"""Nationalities, and months, of a table of the queue."""

TABLES = 4
"""Scenarios of which the queue is told."""

RISE, FALL = 1.4, 1.1
"""What the log of the pace rises and falls by per belief under the plain step; assumed, the middle
of the draws nearest to the dated cases (``docs/minds-record.md``)."""


def minds(run: Run) -> Section | None:
    """Return what people believe and how fast they go, or None where nobody awaits anything."""
    if not run.background.get("minds"):
        return None
    words, awaited = run.words, [outcomes_title(key, run) for key in keys_awaited(run)]
    blocks: list[PageBlock] = [
        Text(words("minds.text", events="; ".join(awaited))),
        Text(words("minds.two_rules"), "warning"),
        _beliefs(run),
        *_paces(run),
        *_plain_step(run),
        *_queue(run),
    ]
    return Section("minds", words("minds.part"), blocks)


def _beliefs(run: Run) -> Figure:
    """Return the figure of beliefs; where events turn out in several ways, until the news."""
    words, told = run.words, run.background["minds"]
    about = [words("text.beliefs", place=place_name(run.places[told["place"]], words))]
    about += [] if _one_way(run) else [words("minds.until")]
    paths = [
        Trace(outcomes_title(one["outcome"], run), hearers(run, one["groups"]), _shown(run, one))
        for one in told["beliefs"]
        if one["outcome"] in keys_awaited(run)
    ]
    return figure(run, "beliefs", (words("figure.beliefs"), " ".join(about)), paths, CHANCES)


def _shown(run: Run, one: Row) -> list[Point]:
    """Return what is shown of a belief: where events part, all have it in common until then."""
    known, eve = day_of(run, one["outcome"], "on"), [tuple(one["eve"])] if one["eve"] else []
    points = _by_week(run, one["held"])
    after = [point for point in points if point[0] >= known]
    before = [point for point in points if not eve or point[0] < eve[0][0]]
    return [*before, *eve, *(after if _one_way(run) else [])]


def _one_way(run: Run) -> bool:
    """Whether events turn out alike in all scenarios; results of earlier versions do not say."""
    return not run.branches and bool(run.background["minds"].get("one_way", True))


def _by_week(run: Run, values: Sequence[float]) -> list[Point]:
    return list(zip(run.background["minds"]["from"], values, strict=True))


def _paces(run: Run) -> Iterator[PageBlock]:
    """Go through what is told of paces, a figure for each scenario that has any."""
    words, paces = run.words, run.background["minds"]["paces"]
    if paces:
        yield Heading(words("minds.paces"))
        yield Text(words("minds.paces.text"))
    for n, name in enumerate(dict.fromkeys(one["scenario"] for one in paces)):
        mine = [one for one in paces if one["scenario"] == name]
        mine.sort(key=lambda one: list(DECISIONS).index(one["decision"]))
        paths = [
            Trace(_decision(run, one), group_title(one["group"], run), _by_week(run, one["pace"]))
            for one in mine
        ]
        title = words("figure.paces", scenario=scenario_title(name, run))
        yield figure(run, f"paces-{n}", (title, words("text.paces")), paths, FACTORS)


def _plain_step(run: Run) -> Iterator[PageBlock]:
    """Go through what the plain step makes of the same beliefs, until an outcome would hold."""
    words, told = run.words, run.background["minds"]
    paths = []
    for one in (one for one in told["beliefs"] if one["outcome"] in keys_awaited(run)):
        effect = day_of(run, one["outcome"], "takes_effect")
        points = [(day, exp(RISE * held)) for day, held in _shown(run, one) if day < effect]
        title = outcomes_title(one["outcome"], run)
        paths.append(Trace(title, hearers(run, one["groups"]), points))
    if not any(path.points for path in paths):
        return
    factors = {"most": RISE, "half": 0.5 * RISE, "after": -FALL}
    # Two digits: the draws behind them spread by more.
    named = {name: words.value(float(f"{exp(log):.2g}")) for name, log in factors.items()}
    place = place_name(run.places[told["place"]], words)
    yield Heading(words("minds.plain"))
    yield Text(words("minds.plain.text", **named))
    titles = words("figure.plain"), words("text.plain", place=place)
    yield figure(run, "plain", titles, paths, FACTORS)


def _decision(run: Run, one: Row) -> str:
    place = place_name(run.places[one["place"]], run.words)
    return capital(run.words(DECISIONS[one["decision"]], place=place))


def hearers(run: Run, groups: Sequence[str]) -> str:
    """Return who believes the same, by nationality."""
    words, every = run.words, {row["id"]: row["nationality"] for row in run.records("groups")}
    if len(groups) == len(every):
        return capital(words("everyone"))
    codes = dict.fromkeys(every[group] for group in groups)
    names = [nationality_name(code, words) for code in codes]
    if len(names) <= NAMED + 1:
        return words.listed(names)
    return words("minds.more", names=", ".join(names[:NAMED]), count=len(names) - NAMED)


def _queue(run: Run) -> Iterator[PageBlock]:
    """Go through who is in the queue around the dates of events, a table for each scenario."""
    months = _months_around(run)
    if "queue" not in run.data.variables or not months:
        return
    people = _by_nationality(run).sel(month=months)
    if not bool(people.any()):
        return
    yield Heading(run.words("minds.queue"))
    yield Text(run.words("minds.queue.text"))
    for number in range(min(len(run.scenarios), TABLES)):
        yield _queue_table(run, people.isel(scenario=number), number)


def _months_around(run: Run) -> list[pd.Timestamp]:
    """Return the months of the run in which dates of events lie, with those beside them."""
    days = {day_of(run, key, at) for key in keys_awaited(run) for at in ("on", "takes_effect")}
    firsts = {pd.Timestamp(day[:7]) + pd.DateOffset(months=n) for day in days for n in (-1, 0, 1)}
    return sorted(firsts & {*pd.DatetimeIndex(run.data["month"].values)})[:SHOWN]


def _by_nationality(run: Run) -> xr.DataArray:
    """Return people in the queue, along ``nationality``; those with most first."""
    people = run.sums("queue", "group").groupby("nationality").sum()
    size = people.isel(scenario=0).mean(("member", "month"))
    most = sorted(people["nationality"].values, key=lambda code: -float(size.sel(nationality=code)))
    return people.sel(nationality=most[:SHOWN])


def _queue_table(run: Run, people: xr.DataArray, number: int) -> Table:
    words, months = run.words, people["month"].values
    rows = []
    for code in people["nationality"].values:
        ends = [spread(people.sel(nationality=code, month=month)) for month in months]
        name = nationality_name(str(code), words)
        rows.append([name, *(words.span(each.low, each.high) for each in ends)])
    heads = [words.month(pd.Timestamp(month), short=True) for month in months]
    title = words("minds.queue.table", scenario=scenario_title(run.scenarios[number], run))
    return Table([words("minds.nationality"), *heads], rows, title, colour=colour(number))
