"""What the command line shows of a scenario, and what a check tells."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from rumbo.cli.listing import levers, print_table
from rumbo.cli.terminal import say
from rumbo.cli.words import fault_line, language, said
from rumbo.files.faults import Fault
from rumbo.run.check import Ranges
from rumbo.scenario.deals.asking import terms_in_words
from rumbo.scenario.edit.additions import left_out
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.branching import undecided
from rumbo.scenario.tree.outcomes import outcomes_of


def describe(scenario: Scenario) -> None:
    """Print what a scenario is.

    Parameters
    ----------
    scenario
        The scenario.
    """
    say(f"{scenario.title[language()]} ({scenario.id}), scenario: {scenario.name}")
    say(scenario.description[language()])
    listed = levers(scenario).rows
    known = {
        "days": f"{scenario.start} – {scenario.end}",
        "places": str(len(scenario.network.places)),
        "links": str(len(scenario.network.links)),
        "groups": str(len(scenario.groups)),
        "rules": ", ".join(scenario.rules),
        "levers": ", ".join(lever for lever, *_ in listed) or "none",
        "left out": ", ".join(scenario.without_) or "nothing",
        "dated events": _events(scenario),
        **_deals(scenario),
        "settings": str(len(scenario.settings)),
        "licence": scenario.licence,
    }
    print_table(("", ""), [(said(name), said(text)) for name, text in known.items()])
    if scenario.changes:
        columns = tuple(scenario.changes[0])
        rows = [[str(one[column]) for column in columns] for one in scenario.changes]
        print_table(columns, rows)


def _deals(scenario: Scenario) -> dict[str, str]:
    """Say which deals are in force in a scenario, and on which terms."""
    told = map(terms_in_words, scenario.deals_in_force.values())
    return {"deals": ", ".join(told) or "none in force"} if len(scenario.deals) else {}


def _events(scenario: Scenario) -> str:
    """Say how dated events turn out in a scenario, and how much is told of them."""
    came = ", ".join(f"{event}={outcome}" for event, outcome in scenario.realised.items())
    told = f"{len(scenario.beliefs)} beliefs and {len(scenario.rumours)} rumours"
    return f"{came}; {told}" if came else "none"


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
        return fault_line(replace(alike, row=rows[0]))
    named = ", ".join(map(str, rows[:FEW_ROWS]))
    more = len(rows) - FEW_ROWS
    where = f"{alike.file}, {said('rows')} {named}"
    beyond = f" {said(f'and {more} more')}" if more > 0 else ""
    return fault_line(replace(alike, file=where + beyond))


FEW_ROWS = 5
"""Most rows that a line names."""


def could_add(folder: Path) -> None:
    """Print what a corridor's folder leaves out, and what each of it would add."""
    whole = said("(the file)")
    rows = [(one.file, one.column or whole, said(one.adds)) for one in left_out(folder)]
    if rows:
        print_table(("left out of", "column", "would add"), rows)
