"""What the command line lists and shows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from rumbo.cli.deals import deal_rows
from rumbo.cli.terminal import say
from rumbo.files.faults import Fault, Faults
from rumbo.model import MODELS
from rumbo.model.measures import Measure
from rumbo.run.check import Ranges
from rumbo.scenario.corridor import corridors
from rumbo.scenario.deals.asking import terms_in_words
from rumbo.scenario.edit.additions import left_out
from rumbo.scenario.parameters import PARAMETERS, RULE_NAMES
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.tree.branching import undecided
from rumbo.scenario.tree.outcomes import outcomes_of

WIDE = 160
"""Columns of a listing that does not go to a terminal."""

Rows = Iterable[Sequence[str]]


def listing(what: str, corridor: str | None) -> None:
    """Print a list.

    Parameters
    ----------
    what
        corridors, levers, outcomes, deals, rules, measures or parameters.
    corridor
        Whose levers, outcomes or deals; those of the first bundled one if None.
    """
    headings, rows = {
        "corridors": _corridors,
        "levers": lambda: _levers(load(corridor or corridors()[0])),
        "outcomes": lambda: _outcomes(load(corridor or corridors()[0])),
        "deals": lambda: deal_rows(load(corridor or corridors()[0])),
        "rules": _rules,
        "measures": _measures,
        "parameters": _parameters,
    }[what]()
    _print(headings, rows)


def _corridors() -> tuple[Sequence[str], Rows]:
    known = [load(name) for name in corridors()]
    rows = [(one.id, one.title["en"], f"{one.start} to {one.end}") for one in known]
    return ("name", "title", "days"), rows


def _levers(scenario: Scenario) -> tuple[Sequence[str], Rows]:
    """Levers that can be left out, and how many settings each has."""
    sizes = scenario.settings["lever"].value_counts()
    names = scenario.levers.drop_duplicates("lever").set_index("lever")["name_en"]
    titles = {**names, **{key: words["en"] for key, words in scenario.bundles.items()}}
    rows = [(key, titles.get(key, ""), str(sizes[key])) for key in sorted(sizes.index) if key]
    return ("lever", "what it is", "settings"), rows


def _outcomes(scenario: Scenario) -> tuple[Sequence[str], Rows]:
    """Outcomes of dated events, in the order of the file."""
    headings = ("event", "outcome", "on", "takes effect", "probability", "levers", "given", "name")
    names = scenario.outcomes["name_en"]
    rows = [
        (
            one.event,
            one.outcome,
            f"{one.on:%Y-%m-%d}",
            f"{one.takes_effect:%Y-%m-%d}",
            f"{one.probability:g}",
            ", ".join(one.levers) or "none",
            one.given,
            name,
        )
        for one, name in zip(outcomes_of(scenario.outcomes), names, strict=True)
    ]
    return headings, rows


def _rules() -> tuple[Sequence[str], Rows]:
    of = {rule: [p.name for p in PARAMETERS.values() if p.rule == rule] for rule in _each_rule()}
    return ("rule", "parameters"), [(rule, ", ".join(names)) for rule, names in of.items()]


def _measures() -> tuple[Sequence[str], Rows]:
    rows = [(m.name, m.long_name, m.what, m.units, ", ".join(m.by)) for m in _each_measure()]
    return ("measure", "what it is", "kind", "unit", "by"), rows


def _each_rule() -> Iterable[str]:
    return dict.fromkeys(rule for rules in RULE_NAMES.values() for rule in rules)


def _each_measure() -> Iterable[Measure]:
    """Measures of all models; one that two models mean differently stands there twice."""
    known = {(m.name, m.long_name): m for model in MODELS.values() for m in model.measures}
    return known.values()


def _parameters() -> tuple[Sequence[str], Rows]:
    rows = [
        (
            p.name,
            p.unit,
            p.over + (" and group" if p.by_group else ""),
            f"{p.low:g} to {p.high:g}",
            "unknown" if math.isnan(p.default) else f"{p.default:g}",
            p.meaning_en,
        )
        for p in PARAMETERS.values()
    ]
    return ("parameter", "unit", "differs by", "allowed", "default", "what it is"), rows


def describe(scenario: Scenario) -> None:
    """Print what a scenario is.

    Parameters
    ----------
    scenario
        The scenario.
    """
    typer.echo(f"{scenario.title['en']} ({scenario.id}), scenario: {scenario.name}")
    typer.echo(scenario.description["en"])
    _, levers = _levers(scenario)
    known = {
        "days": f"{scenario.start} to {scenario.end}",
        "places": str(len(scenario.network.places)),
        "links": str(len(scenario.network.links)),
        "groups": str(len(scenario.groups)),
        "rules": ", ".join(scenario.rules),
        "levers": ", ".join(lever for lever, *_ in levers) or "none",
        "left out": ", ".join(scenario.without_) or "nothing",
        "dated events": _events(scenario),
        **_deals(scenario),
        "settings": str(len(scenario.settings)),
        "licence": scenario.licence,
    }
    _print(("", ""), known.items())
    if scenario.changes:
        columns = tuple(scenario.changes[0])
        _print(columns, [[str(one[column]) for column in columns] for one in scenario.changes])


def _deals(scenario: Scenario) -> dict[str, str]:
    """Say which deals are in force in a scenario, and on which terms."""
    told = map(terms_in_words, scenario.deals_in_force.values())
    return {"deals": ", ".join(told) or "none in force"} if len(scenario.deals) else {}


def _events(scenario: Scenario) -> str:
    """Say how dated events turn out in a scenario, and how much is told of them."""
    came = ", ".join(f"{event}={outcome}" for event, outcome in scenario.realised.items())
    told = f"{len(scenario.beliefs)} beliefs and {len(scenario.rumours)} rumours"
    return f"{came}; {told}" if came else "none"


def _print(headings: Sequence[str], rows: Rows) -> None:
    console = Console()
    table = Table(*headings, box=box.SIMPLE_HEAD, show_header=any(headings))
    for row in rows:
        table.add_row(*row)
    if not table.row_count:
        raise Faults(
            [Fault("rumbo list", 0, "there is nothing to list", "Choose another corridor")]
        )
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table, markup=False)


def tell_ranges(ranges: Ranges) -> None:
    """Print how many ranges move members, and which do not."""
    for alike in together(ranges.unmoved):
        say(f"Warning: {alike}", error=True)
    if ranges.factors or ranges.sets:
        every = ranges.factors + ranges.sets + len(ranges.unmoved)
        say(
            f"{every} values have a range: {ranges.factors} move members by factors, "
            f"{ranges.sets} by drawn sets of values, {len(ranges.unmoved)} move no member"
        )


def tell_branches(scenario: Scenario) -> None:
    """Print the branches of a corridor's dated events, with their probabilities."""
    rows, days = outcomes_of(scenario.outcomes), (scenario.start, scenario.end)
    if undecided(rows, *map(pd.Timestamp, days)):
        branches = scenario.branches().branches
        say(f"Dated events make {len(branches)} branches (rumbo run --branches):")
        for one in branches:
            say(f"  {one.name}, probability {one.probability:g}")


def together(faults: Sequence[Fault]) -> list[str]:
    """Return one line for all faults of a file that say the same, with their rows."""
    rows: dict[Fault, list[int]] = {}
    for one in faults:
        rows.setdefault(replace(one, row=0), []).append(one.row)
    return [_line(alike, own) for alike, own in rows.items()]


def _line(alike: Fault, rows: list[int]) -> str:
    if len(rows) == 1:
        return str(replace(alike, row=rows[0]))
    named = ", ".join(map(str, rows[:FEW_ROWS]))
    more = len(rows) - FEW_ROWS
    return str(
        replace(alike, file=f"{alike.file}, rows {named}" + f" and {more} more" * (more > 0))
    )


FEW_ROWS = 5
"""Most rows that a line names."""


def could_add(folder: Path) -> None:
    """Print what a corridor's folder leaves out, and what each of it would add."""
    rows = [(one.file, one.column or "(the file)", one.adds) for one in left_out(folder)]
    if rows:
        _print(("left out of", "column", "would add"), rows)
