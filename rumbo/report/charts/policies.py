"""The first days of policies as marks on charts of months, each a letter that a legend explains."""

from collections.abc import Iterator
from string import ascii_uppercase
from typing import NamedTuple

from rumbo.report.page.parts import Mark, Row
from rumbo.report.page.words import text
from rumbo.report.read.names import lever_title, scenario_record
from rumbo.report.read.run import Run

MOST = 6
"""Most policies that are marked: more letters would stand on each other on a phone."""


class Policy(NamedTuple):
    """A policy that begins within a run: its letter, its first day, and its title."""

    letter: str
    day: str
    title: str


def policies(run: Run) -> list[Policy]:
    """Return the policies that are marked, by their first days.

    They are those in which scenarios differ, then bundles of measures, as far as they begin within
    the run and act in it.
    """
    found = run.once("policies", lambda: _first_days(run))
    days = sorted((day, lever) for lever, day in list(found.items())[:MOST])
    return [
        Policy(ascii_uppercase[n], day, lever_title(lever, run))
        for n, (day, lever) in enumerate(days)
    ]


def _first_days(run: Run) -> dict[str, str]:
    """Return the first day of each policy, those that matter most first."""
    first, last = run.opening.isoformat(), run.closing.isoformat()
    begun: dict[str, str] = {}
    for lever, day in [*_placed(run), *_dated(run)]:
        if first < day < last:
            begun[lever] = min(day, begun.get(lever, day))
    bundles = run.background["corridor"].get("bundles") or {}
    asked = _asked(run)
    return {
        lever: begun[lever]
        for lever in sorted(begun, key=lambda each: (each not in asked, begun[each]))
        if lever in asked or lever in bundles
    }


def _dated(run: Run) -> Iterator[tuple[str, str]]:
    """Go through the policies that act in the simulation, and when they are first in force."""
    rows = [
        row for row in run.records("levers") if row.get("modelled") in (True, "true", "True", 1)
    ]
    # A lever that another scenario moves is marked where the first has it, if it does.
    own = [row for row in rows if run.scenarios[0] in (row.get("in") or [])]
    others = [row for row in rows if row["lever"] not in {one["lever"] for one in own}]
    every: dict[str, str] = {}
    for row in (*own, *others):
        lever, since = text(row["lever"]), text(row.get("since"))
        every[lever] = min(since, every.get(lever, since))
    yield from every.items()


def _placed(run: Run) -> Iterator[tuple[str, str]]:
    """Go through the deals that scenarios put on days of their own."""
    for name in run.scenarios:
        for deal in scenario_record(name, run).get("deals") or []:
            yield text(deal["name"]), text(deal["since"])


def _asked(run: Run) -> set[str]:
    """Return the policies that some scenarios leave out or place, and others do not."""
    left_out = [set(scenario_record(n, run).get("without") or []) for n in run.scenarios]
    return {*set().union(*left_out), *(lever for lever, _ in _placed(run))}


def policy_rows(run: Run) -> list[Row]:
    """Return the marks as rows of a chart; none of a run by days."""
    if run.dimension == "day":
        return []
    return [
        {"month": one.day, "letter": one.letter, "name": one.title, "dates": run.words.day(one.day)}
        for one in policies(run)
    ]


def policy_marks(run: Run) -> list[Mark]:
    """Return what the letters mean, as entries of a legend."""
    return [
        Mark(
            run.words("policy.mark", letter=row["letter"], day=row["dates"], title=row["name"]),
            "policy",
        )
        for row in policy_rows(run)
    ]
