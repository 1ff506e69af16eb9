"""Deals between governments as they are written on the command line, and as they are listed."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rumbo.cli.words import language, said
from rumbo.files.faults import Fault, Faults
from rumbo.scenario.deals.asking import share_in_words
from rumbo.scenario.deals.dating import of_side
from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.meanings import lever_titles

_DAY = r"\d{4}-\d\d-\d\d"
_DEAL = re.compile(
    rf"(?P<name>[^:,=]+)(?::(?P<since>{_DAY})?(?:\.\.(?P<until>{_DAY})?)?)?(?P<more>(?:,[^,]+)*)"
)
_TERM = re.compile(r"(?P<term>until|ramp|compliance)(?:@(?P<actor>[^=]+))?=(?P<value>[^=]+)")

FORM = (
    "deal[:since[..until]][,ramp=days][,compliance[@side]=share], such as pact:2024-09-01,ramp=14"
)


def parse_deal(text: str) -> dict[str, Any]:
    """Read a deal such as ``pact:2024-09-01..2025-01-20,ramp=14,compliance@XA=0.3..0.6..0.9``.

    Parameters
    ----------
    text
        ``deal[:since[..until]]`` and, after commas, ``ramp=``, ``compliance=`` and ``until=``, each
        also for one side, as ``compliance@actor=``.

    Returns
    -------
    dict
        Arguments of `rumbo.Scenario.deal`.

    Raises
    ------
    Faults
        If the text has another form.
    """
    match = _DEAL.fullmatch(text.strip())
    if match is None:
        raise _unreadable(text)
    asked: dict[str, Any] = {"name": match["name"].strip(), "since": match["since"]}
    terms: dict[str, Any] = {"until": match["until"]} if match["until"] else {}
    for part in filter(None, match["more"].split(",")):
        found = _TERM.fullmatch(part.strip())
        if found is None:
            raise _unreadable(part)
        term, actor = found["term"], found["actor"]
        before = terms.get(term, {})
        if not isinstance(before, dict) or (before and not actor) or actor in before:
            raise _twice(text, part)
        value = _value(term, found["value"])
        terms[term] = before | {actor: value} if actor else value
    return asked | terms


def _value(term: str, text: str) -> Any:
    if term == "until":
        return text
    try:
        numbers = tuple(float(part) for part in text.split(".."))
    except ValueError:
        raise _unreadable(f"{term}={text}") from None
    return numbers[0] if len(numbers) == 1 else numbers


def _unreadable(text: str) -> Faults:
    return Faults([Fault("--deal", 0, f"'{text}' cannot be read in a deal", f"Write {FORM}")])


def _twice(text: str, part: str) -> Faults:
    message = f"'{text}' says in '{part}' what it said before"
    return Faults([Fault("--deal", 0, message, "Say each once, of all sides or of each side")])


def deal_rows(scenario: Scenario) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    """Return the headings and rows of a listing of a corridor's deals, a row for each side."""
    headings = ("deal", "side", "what it is", "since", "until", "ramp", "compliance", "settings")
    titles = lever_titles(scenario.levers, scenario.bundles, language())
    rows = [
        (
            deal.key,
            side.actor,
            titles.get(deal.key, ""),
            said("when placed") if pd.isna(side.since) else f"{side.since:%Y-%m-%d}",
            "" if pd.isna(side.until) else f"{side.until:%Y-%m-%d}",
            said(f"{side.ramp} days" if side.ramp else "at once"),
            said(share_in_words(side)),
            str(int(np.sum(of_side(scenario.content.settings, deal, side)))),
        )
        for deal in deals_of(scenario.deals).values()
        for side in deal.sides
    ]
    return headings, rows
