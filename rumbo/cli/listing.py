"""Lists: as a table on the screen, as CSV or as JSON."""

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pandas as pd
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from rumbo.cli.deals import deal_rows
from rumbo.cli.words import language, said
from rumbo.files.faults import Fault, Faults
from rumbo.files.inert import to_csv
from rumbo.model import MODELS
from rumbo.model.measures import Measure
from rumbo.scenario.corridor import corridors
from rumbo.scenario.folder import span
from rumbo.scenario.parameters import PARAMETERS, RULE_NAMES
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.tree.outcomes import outcomes_of
from rumbo.scenario.values.meanings import RULES, lever_titles

WIDE = 160
"""Columns of a listing that goes to no terminal and of which nobody says how wide it may be."""

Rows = Iterable[Sequence[str]]


class Listed(NamedTuple):
    """A list: its headings in English, and its rows."""

    headings: Sequence[str]
    rows: Rows


def listing(
    what: str, corridor: str | None, *, as_json: bool = False, as_csv: bool = False
) -> None:
    """Print a list.

    Parameters
    ----------
    what
        A key of ``LISTS``.
    corridor
        Whose; those of the first bundled one if None.
    as_json, as_csv
        Whether to print it as an array of objects, or as CSV, for other programs.
    """
    found = LISTS[what](load(corridor or corridors()[0]))
    rows = [tuple(map(str, row)) for row in found.rows]
    if as_json:
        keys = [heading.replace(" ", "_") for heading in found.headings]
        plain = [dict(zip(keys, row, strict=True)) for row in rows]
        typer.echo(json.dumps(plain, ensure_ascii=False))
    elif as_csv:
        keys = [heading.replace(" ", "_") for heading in found.headings]
        typer.echo(to_csv(pd.DataFrame(rows, columns=keys)), nl=False)
    else:
        print_table(found.headings, rows)


def print_table(headings: Sequence[str], rows: Rows) -> None:
    """Print a table as wide as the screen, or as ``COLUMNS`` says.

    Parameters
    ----------
    headings
        In English.
    rows
        Cells.

    Raises
    ------
    Faults
        If there is no row.
    """
    table = Table(box=box.SIMPLE_HEAD, show_header=any(headings))
    for heading in headings:
        table.add_column(said(heading), overflow="fold")  # an id that is cut cannot be typed
    for row in rows:
        table.add_row(*row)
    if not table.row_count:
        message, cure = "there is nothing to list", "Choose another corridor"
        raise Faults([Fault("rumbo list", 0, message, cure)])
    screen().print(table, markup=False)


def screen() -> Console:
    """Return where tables are printed: as wide as the terminal, or as ``COLUMNS`` says."""
    console = Console()
    told = os.environ.get("COLUMNS", "").isdigit()
    return console if console.is_terminal or told else Console(width=WIDE)


def _corridors(_: Scenario) -> Listed:
    rows = []
    for one in map(load, corridors()):
        low, high = span(pd.Timestamp(one.start), pd.Timestamp(one.end), one.inflows)
        possible = f"{low:%Y-%m-%d} – {high:%Y-%m-%d}"
        rows.append((one.id, one.title[language()], f"{one.start} – {one.end}", possible))
    return Listed(("name", "title", "days", "days with entries"), rows)


def levers(scenario: Scenario) -> Listed:
    """Return the levers that can be left out, and how many settings each has."""
    sizes = scenario.settings["lever"].value_counts()
    titles = lever_titles(scenario.levers, scenario.bundles, language())
    rows = [(key, titles.get(key, ""), str(sizes[key])) for key in sorted(sizes.index) if key]
    return Listed(("lever", "what it is", "settings"), rows)


def _outcomes(scenario: Scenario) -> Listed:
    """Return outcomes of dated events, in the order of the file."""
    headings = ("event", "outcome", "on", "takes effect", "probability", "levers", "given", "name")
    names = scenario.outcomes[f"name_{language()}"] if len(scenario.outcomes) else ()
    rows = [
        (
            one.event,
            one.outcome,
            f"{one.on:%Y-%m-%d}",
            f"{one.takes_effect:%Y-%m-%d}",
            f"{one.probability:g}",
            ", ".join(one.levers) or said("none"),
            one.given,
            name,
        )
        for one, name in zip(outcomes_of(scenario.outcomes), names, strict=True)
    ]
    return Listed(headings, rows)


def _deals(scenario: Scenario) -> Listed:
    return Listed(*deal_rows(scenario))


def _rules(_: Scenario) -> Listed:
    of: dict[str, list[str]] = {rule: [] for rules in RULE_NAMES.values() for rule in rules}
    for one in PARAMETERS.values():
        of[one.rule].append(one.name)
    known = language()
    rows = [
        (rule, RULES[rule][f"what_{known}"], RULES[rule][f"without_{known}"], ", ".join(names))
        for rule, names in of.items()
    ]
    return Listed(("rule", "what it is", "without it", "parameters"), rows)


def _measures(_: Scenario) -> Listed:
    known = {(m.name, m.long_name): m for model in MODELS.values() for m in model.measures}
    rows = [
        (m.name, said(m.long_name), said(m.what), said(m.units), _dimensions(m))
        for m in known.values()
    ]
    return Listed(("measure", "what it is", "kind", "unit", "by"), rows)


def _dimensions(measure: Measure) -> str:
    return ", ".join(map(said, measure.by))


def _parameters(_: Scenario) -> Listed:
    known = language()
    rows = [
        (
            p.name,
            p.unit,
            said(p.over) + (said(" and group") if p.by_group else ""),
            f"{p.low:g}",
            f"{p.high:g}",
            said("unknown") if math.isnan(p.default) else f"{p.default:g}",
            p.meaning_es if known == "es" else p.meaning_en,
        )
        for p in PARAMETERS.values()
    ]
    return Listed(
        ("parameter", "unit", "differs by", "lowest", "highest", "default", "what it is"), rows
    )


def _places(scenario: Scenario) -> Listed:
    """Return the places, whose ids stand after ``@`` in a changed value."""
    places = scenario.network.places
    names = (_own(scenario, f"place.{one}", name) for one, name in places[["id", "name"]].values)
    kinds = map(said, places["kind"].str.replace("_", " "))
    rows = zip(places["id"], names, places["country"], kinds, places["roles"], strict=True)
    return Listed(("place", "name", "country", "kind", "roles"), list(rows))


def _links(scenario: Scenario) -> Listed:
    links = scenario.network.links
    columns = ["id", "from", "to", "mode", "distance_km", "typical_hours"]
    rows = [
        (one, start, end, mode, f"{km:g}", "" if pd.isna(hours) else f"{hours:g}")
        for one, start, end, mode, km, hours in links[columns].itertuples(index=False)
    ]
    return Listed(("link", "from", "to", "mode", "km", "hours"), rows)


def _modes(scenario: Scenario) -> Listed:
    """Return the modes, which stand after ``@`` as ``mode:NAME``."""
    count = Counter(scenario.network.links["mode"])
    rows = [
        (f"mode:{one}", _own(scenario, f"mode.{one}", said(one.replace("_", " "))), str(count[one]))
        for one in scenario.network.modes
    ]
    return Listed(("mode", "what it is", "links"), rows)


def _groups(scenario: Scenario) -> Listed:
    groups = scenario.groups
    named = groups.get(f"name_{language()}", groups["id"])
    rows = zip(groups["id"], groups["nationality"], groups["household"], named, strict=True)
    return Listed(("group", "nationality", "household", "what it is"), list(rows))


def _components(scenario: Scenario) -> Listed:
    table = scenario.components
    named = table[f"name_{language()}"]
    rows = zip(table["measure"], table["id"], table["at"], named, strict=True)
    return Listed(("measure", "component", "at", "what it is"), list(rows))


def _own(scenario: Scenario, key: str, otherwise: str) -> str:
    """Return the corridor's own word for something."""
    return scenario.texts.get(key, {}).get(language()) or otherwise


LISTS: dict[str, Callable[[Scenario], Listed]] = {
    "corridors": _corridors,
    "levers": levers,
    "outcomes": _outcomes,
    "deals": _deals,
    "rules": _rules,
    "measures": _measures,
    "parameters": _parameters,
    "places": _places,
    "links": _links,
    "modes": _modes,
    "groups": _groups,
    "components": _components,
}
"""What can be listed."""
