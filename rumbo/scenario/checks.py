"""Checks of a corridor's tables against one another."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose, choose_or_add, misspelt
from rumbo.files.tables import CsvTable
from rumbo.scenario.network import CAMPS, GATE, KINDS, ROLES, Network, check_unique, show
from rumbo.scenario.roles import ENCOUNTERS, TRANSFERS, TRANSIT, Roles
from rumbo.scenario.settings import source_faults
from rumbo.scores.figures import ESTIMATES, UNDER_WAY, fill_labels, spanning


def check_sources(table: CsvTable, sources: CsvTable, faults: Collector) -> None:
    """Note sources that ``sources.csv`` does not have."""
    known = frozenset(sources.frame["source"])
    for text in table.frame["source"].unique():
        for message, cure in source_faults(text, known):
            _first(table, table.frame["source"] == text, message, cure, faults)


def check_bundles(bundles: Iterable[str], levers: pd.DataFrame, faults: Collector) -> None:
    """Note titles of bundles for levers that are unknown."""
    known = sorted(set(levers["lever"]))
    for lever in bundles:
        if lever not in known:
            message = f"bundles names '{lever}', an unknown lever"
            cure = choose_or_add(lever, known, "levers.csv")
            faults.add("corridor.yaml", 0, message, cure)


def _first(table: CsvTable, wrong: pd.Series, message: str, cure: str, faults: Collector) -> None:
    """Note one fault that some rows share, at the first of them."""
    rows = table.row[wrong.to_numpy(dtype=bool)]
    if len(rows):
        more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
        faults.add(table.file, int(rows[0]), message + more, cure)


def _check_known(
    table: CsvTable, column: str, what: str, known: Sequence[str], faults: Collector
) -> None:
    allowed = {*known, ""}
    for text in table.frame[column].unique():
        if text not in allowed:
            message = f"{column} is '{text}', an unknown {what}"
            _first(table, table.frame[column] == text, message, choose(text, known), faults)


def check_groups(table: CsvTable, faults: Collector) -> None:
    """Note duplicate groups and malformed nationalities."""
    check_unique(table, ["id"], "group", faults)
    code = table.frame["nationality"]
    for text in code[~code.str.fullmatch("[A-Z]{3}|")].unique():
        message = f"nationality is '{text}', expected three capital letters"
        cure = "Write the ISO 3166 code, such as VEN, or OTH for other"
        _first(table, code == text, message, cure, faults)
    if not len(table.frame):
        faults.add(table.file, 0, "there are no groups", "Add at least one row")


def check_dates(table: CsvTable, since: str, until: str, faults: Collector) -> None:
    """Note rows whose first date is after their last."""
    first, last = table.frame[since], table.frame[until]
    for i in np.flatnonzero((first > last).to_numpy()):
        message = f"{since} {show(first.iloc[i])} is after {until} {show(last.iloc[i])}"
        faults.add(table.file, int(table.row[i]), message, "Swap the two dates", "dates in order")


def check_levers(table: CsvTable, faults: Collector) -> None:
    """Note levers that stand in the calendar twice, or whose dates are out of order."""
    check_dates(table, "since", "until", faults)
    check_dates(table, "announced", "since", faults)
    check_dates(table, "until_announced", "until", faults)
    columns = ["lever", "since", "until", "name_en"]
    check_unique(table, columns, "lever", faults, "Remove one of the two rows")


def check_inflows(table: CsvTable, groups: CsvTable, network: Network, faults: Collector) -> None:
    """Note inflows to unknown places or groups, or given twice."""
    places = network.places["id"].tolist()
    _check_known(table, "place", "place", places, faults)
    _check_known(table, "group", "group", groups.frame["id"].tolist(), faults)
    key = ["month", "place", "group", "route", "day"]
    check_unique(table, key, "inflow", faults, "Add the persons up in one row")
    _check_where_they_enter(table, network, faults)


def _check_where_they_enter(table: CsvTable, network: Network, faults: Collector) -> None:
    """Note people who enter at a destination, and the route port where there is no lawful gate."""
    place, at_port = table.frame["place"], table.frame["route"] == "port"
    gates, ends = (network.places["id"][w] for w in (network.having(GATE), network.ends))
    at_end, no_gate = place.isin(ends) & ~at_port, ~place.isin(gates) & at_port
    for one in place[at_end].unique():
        message = f"people enter at '{one}', which is a destination"
        cure = "Let them enter at a place before it"
        _first(table, at_end & (place == one), message, cure, faults)
    for one in place[no_gate].unique():
        message = f"people on the route port come to '{one}', which is no {GATE}"
        cure = f"Let them come to a {GATE}, or write another route"
        _first(table, no_gate & (place == one), message, cure, faults)


def warn_of_nobody(table: CsvTable, start: date, end: date, warnings: Collector) -> None:
    """Note that nobody enters on any day of the run."""
    frame = table.frame[table.frame["persons"] > 0]
    last = frame["month"] + pd.offsets.MonthEnd(0)
    if not ((frame["month"] <= pd.Timestamp(end)) & (last >= pd.Timestamp(start))).any():
        message = f"nobody enters from {start} to {end}, so the run counts nobody"
        warnings.add(table.file, 0, message, "Write persons for these days, or choose others")


def check_connected(
    inflows: CsvTable,
    places: CsvTable,
    network: Network,
    faults: Collector,
    warnings: Collector,
) -> None:
    """Note people who can reach no destination, and destinations that nobody can reach.

    Displaced people wander, and a camp may stay empty: neither is a fault there.
    """
    if network.places["kind"].isin(CAMPS).any():
        return
    number = {name: i for i, name in enumerate(network.places["id"])}
    entries = sorted({number[p] for p in inflows.frame["place"].unique() if p in number})
    ends, arrivals = network.ends, network.having("arrival_airport")
    if not ends.any():
        message = "there is no destination, expected a destination_zone or lawful_gate"
        faults.add(places.file, 0, message, "Give a place that kind, or the kind destination")
        return
    _warn_of_traps(places, network, warnings)
    led_on = network.reachable(np.flatnonzero(ends | arrivals).tolist(), backwards=True)
    for i in entries:
        if not led_on[i]:
            name = network.places["id"].iloc[i]
            message = f"people who enter at '{name}' can reach no destination"
            cure = "Add the missing links to links.csv"
            _first(inflows, inflows.frame["place"] == name, message, cure, faults)
    cut_off = ends & ~network.reachable(entries)
    for i in np.flatnonzero(cut_off).tolist() if entries else ():
        name = network.places["id"].iloc[i]
        message = f"the destination '{name}' is disconnected: nobody who enters can reach it"
        cure = "Add the missing links to links.csv or remove the place"
        faults.add(places.file, int(places.row[i]), message, cure)


def _warn_of_traps(places: CsvTable, network: Network, warnings: Collector) -> None:
    """Note places that links lead to and none away from, other than destinations."""
    into, out = (set(network.links[end]) for end in ("to", "from"))
    for i in np.flatnonzero(~network.ends):
        name = network.places["id"].iloc[i]
        if name in into - out:
            message = f"links lead to '{name}' and none away: whoever goes there stays"
            cure = "Add a link from it to links.csv, or remove those to it"
            warnings.add(places.file, int(places.row[i]), message, cure)


def check_roles(
    places: CsvTable, settings: pd.DataFrame, faults: Collector, warnings: Collector
) -> None:
    """Note roles that neither rules nor settings know: a misspelt one is a fault."""
    known = sorted({*KINDS, *ROLES})
    own = {f"role:{role}" for role in known} | set(settings["at"])
    for row, roles in zip(places.row.tolist(), places.frame["roles"], strict=True):
        for role in roles.split(";") if roles else ():
            if f"role:{role}" in own:
                continue
            message = f"roles: unknown role '{role}'"
            if misspelt(role, known):
                faults.add(places.file, row, message, choose(role, known), "roles")
            else:
                cure = "Remove it, or name it in settings"
                warnings.add(places.file, row, f"{message}, which has no effect", cure, "roles")


def check_capacity_groups(links: CsvTable, capacities: CsvTable, faults: Collector) -> None:
    """Note capacity groups of links without a capacity, and capacities given twice."""
    if len(capacities.frame):
        known = sorted(set(capacities.frame["capacity_group"]))
        _check_known(links, "capacity_group", "capacity group", known, faults)
        columns = ["capacity_group", "from_date", "to_date"]
        cure = "Keep one of the two rows or give them different dates"
        check_unique(capacities, columns, "capacity", faults, cure)


def check_figures(
    table: CsvTable, groups: CsvTable, network: Network, roles: Roles, faults: Collector
) -> None:
    """Note figures about unknown places, components or nationalities, twice, or out of order."""
    frame = table.frame
    nationalities = [*dict.fromkeys(groups.frame["nationality"]), "all"]
    _check_known(table, "nationality", "nationality", nationalities, faults)
    estimate = frame["measure"].isin(ESTIMATES)
    places = network.places["id"].tolist()
    riding = frame["measure"] == UNDER_WAY
    _check_known(_part(table, estimate & ~riding), "area", "place", [*places, "all"], faults)
    _check_known(_part(table, riding), "area", "mode", list(network.modes), faults)
    _check_areas(_part(table, ~estimate), network, roles, faults)
    _check_components(table, network, roles, faults)
    _check_spans(table, estimate, faults)
    _check_published(table, estimate, faults)
    key = ["measure", "component", "area", "nationality", "month", "month_end", "day", "published"]
    counted = _part(table, ~estimate)
    counted = CsvTable(table.file, fill_labels(counted.frame), counted.row)
    check_unique(counted, key, "figure", faults, "Keep one row; a revision has its own published")
    _check_filled(table, faults)
    for low, high in (("low", "value"), ("value", "high"), ("low", "high")):
        wrong = frame[low] > frame[high]
        _each(table, wrong, f"{low} is above {high}", "Mend or swap them", faults)


def _check_components(table: CsvTable, network: Network, roles: Roles, faults: Collector) -> None:
    """Note figures of components that the corridor does not have."""
    measure = table.frame["measure"]
    parts = {
        ENCOUNTERS: [*roles.components, "all"],
        TRANSIT: [one.id for one in roles.transit],
        TRANSFERS: list(network.modes),
    }
    for one in measure.unique():
        where = "the modes of links.csv" if one == TRANSFERS else "components.csv"
        what = f"component of {one}, see {where}"
        _check_known(_part(table, measure == one), "component", what, parts.get(one, []), faults)


def _check_areas(table: CsvTable, network: Network, roles: Roles, faults: Collector) -> None:
    """Note areas that no place has: such figures would be set beside nothing."""
    places = network.places
    counted = {name for by in ("zone", "office") for name in places[by] if name}
    named = {name for by in ("id", "admin1", "country") for name in places[by] if name}
    areas = {"encounters": counted, "deaths": set(roles.regions)}
    measure = table.frame["measure"]
    for one in measure.unique():
        known = [*sorted(areas.get(one, counted | named)), "all"]
        part = _part(table, measure == one)
        for text in part.frame["area"].unique():
            for area in (name for name in text.split(";") if name and name not in known):
                message = f"area is '{area}', an unknown area"
                _first(part, part.frame["area"] == text, message, choose(area, known), faults)


def _check_spans(table: CsvTable, estimate: pd.Series, faults: Collector) -> None:
    """Note spans of less than two months, of a day, or of people present, who have no sum."""
    frame, whole = table.frame, spanning(table.frame)
    short = whole & (frame["month_end"] <= frame["month"])
    cure = "Write the last month of the span, or leave it empty for a single month"
    _each(table, short, "month_end is not after month", cure, faults)
    cure = "Leave month_end empty"
    _each(table, whole & frame["day"].notna(), "a day has a month_end", cure, faults)
    message = "people present have a month_end, but are not summed over months"
    _each(table, whole & estimate, message, cure, faults)


def _check_filled(table: CsvTable, faults: Collector) -> None:
    """Note figures without a number, unless numbers that cannot be read were noted already."""
    noted = (fault.message for fault in faults.faults if fault.file == table.file)
    if not any(message.startswith(("value is", "low is", "high is")) for message in noted):
        frame = table.frame
        without = frame["value"].isna() & (frame["low"].isna() | frame["high"].isna())
        _each(table, without, "value is empty", "Fill it, or give both low and high", faults)


def _check_published(table: CsvTable, estimate: pd.Series, faults: Collector) -> None:
    """Note figures known before what they count was over; an estimate may come in its month."""
    frame = table.frame
    monthly = frame["day"].isna()
    check_dates(_part(table, monthly), "month", "published", faults)
    check_dates(_part(table, ~monthly), "day", "published", faults)
    end = frame["month_end"].fillna(frame["month"]) + pd.offsets.MonthEnd(0)
    early = (frame["published"] >= frame["month"]) & (frame["published"] < end)
    for i in np.flatnonzero((early & monthly & ~estimate).to_numpy()):
        message = (
            f"published {show(frame['published'].iloc[i])} is before {show(end.iloc[i])}, the end "
            "of the month it reports"
        )
        cure = "Write the day on which the whole month was known"
        faults.add(table.file, int(table.row[i]), message, cure, "published before the end")


def _part(table: CsvTable, wanted: pd.Series) -> CsvTable:
    here = wanted.to_numpy(dtype=bool)
    return CsvTable(table.file, table.frame[here].reset_index(drop=True), table.row[here])


def _each(table: CsvTable, wrong: pd.Series, message: str, cure: str, faults: Collector) -> None:
    for row in table.row[wrong.to_numpy(dtype=bool)]:
        faults.add(table.file, int(row), message, cure)


FAMILIES = ("settings", "claims", "forms", "labels")
"""How names of tables begin of which a folder may hold several, or that others read."""


def check_names(folder: Path, known: Sequence[str], faults: Collector) -> None:
    """Note tables that are none of a corridor's, or that are not read for the end of their name.

    Parameters
    ----------
    folder
        The corridor's folder.
    known
        Names of its tables.
    faults
        Where faults are noted.
    """
    for path in sorted(folder.glob("*.[cC][sS][vV]")):
        read = path.suffix == ".csv"
        if read and (path.name in known or path.name.startswith(FAMILIES)):
            continue
        missing = [name for name in known if not (folder / name).exists()]
        missing = missing if read else [f"{path.stem}.csv"]
        cure = choose(path.name, missing) if missing else "Remove it"
        message = "the file is not one of a corridor's"
        faults.add(path.name, 0, message, f"{cure}, or move it out of the folder")
