"""A corridor's folder of tables, read and checked."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.basemap import read_basemap
from rumbo.files.cells import Column
from rumbo.files.faults import Collector
from rumbo.files.tables import CsvTable, empty_table, left_out, read_table
from rumbo.scenario import checks
from rumbo.scenario.caravans.chain import check_chain, check_starts
from rumbo.scenario.caravans.events import check_caravans_on_record
from rumbo.scenario.deals.checks import Beside, check_all_settings, check_deals, waiting
from rumbo.scenario.header import Header
from rumbo.scenario.needs import check_needs
from rumbo.scenario.network import Network, check_unique, read_network
from rumbo.scenario.roles import check_components, check_countries, roles_of
from rumbo.scenario.schema import OPTIONAL, TABLES
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.settings import NEVER, SETTINGS, Surroundings
from rumbo.scenario.smuggling.links import check_guided_links
from rumbo.scenario.targets import check_asked, check_targets
from rumbo.scenario.tree.beliefs import check_beliefs
from rumbo.scenario.tree.checks import Levers, check_outcomes
from rumbo.scenario.tree.rumours import check_rumours


def _empty(name: str) -> pd.DataFrame:
    return empty_table(name, TABLES[name]).frame


@dataclass(frozen=True, eq=False)
class Content:
    """The tables of a corridor.

    Attributes
    ----------
    network
        Places and links.
    groups, inflows, settings, levers, figures, sources, capacities
        As in the files; settings also have ``file``, ``row`` and ``change``. The index of figures,
        words, beliefs and questions is their row in the file.
    basemap
        GeoJSON for maps; empty when there is none.
    outcomes
        Outcomes of dated events; empty where nothing is left open.
    publication
        Usual delays and revisions of figures; empty where nothing is known of them.
    components
        What is counted apart, and where; empty if nothing has a name of its own.
    words
        Texts of the report that the corridor says in its own words.
    record_before
        How an earlier version met the record, shown beside this one; empty if none is kept.
    sensitivity, tested
        What a headline hangs on, and what other tests gave; empty where nothing was tested.
    beliefs, rumours
        What groups are told of dated events; empty where it is only what the tree says.
    caravans, events
        The way that caravans walk, and caravans on record; empty where there are none.
    deals, questions
        Deals between governments, a row for each side, and named questions; empty without any.
    """

    network: Network
    groups: pd.DataFrame
    inflows: pd.DataFrame
    settings: pd.DataFrame
    levers: pd.DataFrame
    figures: pd.DataFrame
    sources: pd.DataFrame
    capacities: pd.DataFrame
    basemap: dict[str, Any]
    outcomes: pd.DataFrame = field(default_factory=partial(_empty, "outcomes.csv"))
    publication: pd.DataFrame = field(default_factory=partial(_empty, "publication.csv"))
    components: pd.DataFrame = field(default_factory=partial(_empty, "components.csv"))
    words: pd.DataFrame = field(default_factory=partial(_empty, "words.csv"))
    record_before: pd.DataFrame = field(default_factory=partial(_empty, "record_before.csv"))
    sensitivity: pd.DataFrame = field(default_factory=partial(_empty, "sensitivity.csv"))
    tested: pd.DataFrame = field(default_factory=partial(_empty, "tested.csv"))
    beliefs: pd.DataFrame = field(default_factory=partial(_empty, "beliefs.csv"))
    rumours: pd.DataFrame = field(default_factory=partial(_empty, "rumours.csv"))
    caravans: pd.DataFrame = field(default_factory=partial(_empty, "caravans.csv"))
    events: pd.DataFrame = field(default_factory=partial(_empty, "events.csv"))
    deals: pd.DataFrame = field(default_factory=partial(_empty, "deals.csv"))
    questions: pd.DataFrame = field(default_factory=partial(_empty, "questions.csv"))

    @cached_property
    def digest(self) -> str:
        """Hash of everything but the settings."""
        parts = [json.dumps(self.basemap, sort_keys=True)]
        parts += map(table_digest, (self.network.places, self.network.links))
        names = (name.removesuffix(".csv") for name in TABLES)
        parts += (table_digest(getattr(self, name)) for name in names)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def shares_ground(self, other: "Content") -> bool:
        """Whether all but settings and beliefs is surely that of another."""
        rest = (one.name for one in fields(self) if one.name not in ("settings", "beliefs"))
        same = all(getattr(self, name) is getattr(other, name) for name in rest)
        return same or self.digest == other.digest


class _Tables(NamedTuple):
    """The tables beside the network and the settings; None where unreadable."""

    groups: CsvTable | None
    inflows: CsvTable | None
    sources: CsvTable | None
    levers: CsvTable | None
    outcomes: CsvTable | None
    figures: CsvTable | None
    capacities: CsvTable | None
    publication: CsvTable | None
    components: CsvTable | None
    words: CsvTable | None
    record_before: CsvTable | None
    sensitivity: CsvTable | None
    tested: CsvTable | None
    beliefs: CsvTable | None
    rumours: CsvTable | None
    caravans: CsvTable | None
    events: CsvTable | None
    deals: CsvTable | None
    questions: CsvTable | None


def read_folder(
    folder: Path,
    header: Header | None,
    faults: Collector,
    warnings: Collector,
) -> Content | None:
    """Read all tables of a corridor.

    Parameters
    ----------
    folder
        The folder.
    header
        What ``corridor.yaml`` says; None if not known because of a fault.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    Content or None
        What was read; None when there is a fault that leaves no whole corridor.
    """
    checks.check_names(folder, ["places.csv", "links.csv", "settings.csv", *TABLES], faults)
    network = read_network(folder, faults)
    read = [_read(folder / name, columns, faults, warnings) for name, columns in TABLES.items()]
    tables = _Tables(*read)
    settings = _read_settings(folder, faults)
    basemap = read_basemap(folder / "basemap.geojson", faults)
    _check_alone(tables, faults)
    _check_events(tables, settings, header, faults)
    if network is None or tables.groups is None or not len(tables.groups.frame):
        return None
    _check_together(tables, *network, header, faults, warnings)
    if settings is None or None in tables:
        return None
    frames = {name: t.frame for name, t in tables._asdict().items()}
    rows = {name: t.row for name, t in tables._asdict().items()}
    for name in ("figures", "words", "beliefs", "questions"):
        frames[name] = frames[name].set_axis(rows[name])
    selectors = Selectors(network[0], frames["groups"])
    around = Surroundings(
        selectors,
        frozenset(frames["levers"]["lever"]),
        frozenset(frames["sources"]["source"]),
        *_span_of(header, frames["inflows"]),
    )
    held = check_all_settings(settings, waiting(tables.deals), around, faults)
    checks.check_roles(network[1], settings, faults, warnings)
    misnamed = any(fault.file == "places.csv" for fault in faults.faults)
    if header is not None and header.model == "corridor" and not misnamed:
        roles = roles_of(header, frames["components"], network[0])
        check_needs(header, held, around.selectors, roles, faults)
        if tables.caravans is not None:
            check_chain(tables.caravans, network[0], roles.waiting, faults)
            check_starts(tables.caravans, network[1], held, around.selectors, faults)
    return Content(network=network[0], settings=settings, basemap=basemap, **frames)


def _run_of(header: Header | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = (NEVER, NEVER) if header is None else (header.start, header.end)
    return pd.Timestamp(first), pd.Timestamp(last)


def _span_of(header: Header | None, inflows: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    return span(*_run_of(header), inflows)


def span(
    start: pd.Timestamp, end: pd.Timestamp, inflows: pd.DataFrame
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day that a corridor has data for: its run and its inflows."""
    months = inflows["month"].dropna()
    if not len(months):
        return start, end
    first, last = months.min(), months.max() + pd.offsets.MonthEnd(1)
    return (
        first if pd.isna(start) else min(first, start),
        last if pd.isna(end) else max(last, end),
    )


def table_digest(table: pd.DataFrame) -> str:
    """Return a hash of a table's headings and cells."""
    rows = np.ascontiguousarray(pd.util.hash_pandas_object(table, index=False).to_numpy())
    return hashlib.sha256(",".join(table.columns).encode() + rows.tobytes()).hexdigest()


def _check_alone(tables: _Tables, faults: Collector) -> None:
    if tables.sources is not None:
        check_unique(tables.sources, ["source"], "source", faults)
        keyed = {n: t for n, t in tables._asdict().items() if n not in ("sources", "capacities")}
        for table in (one for one in keyed.values() if one is not None and "source" in one.frame):
            checks.check_sources(table, tables.sources, faults)
    if tables.groups is not None:
        checks.check_groups(tables.groups, faults)
    if tables.levers is not None:
        checks.check_levers(tables.levers, faults)
    if tables.capacities is not None:
        checks.check_dates(tables.capacities, "from_date", "to_date", faults)
    if tables.publication is not None:
        columns = ["measure", "component"]
        check_unique(tables.publication, columns, "series", faults, "Keep one of the two rows")
    for table, columns in (
        (tables.components, ["measure", "at"]),
        (tables.words, ["key"]),
        (tables.record_before, ["series"]),
        (tables.sensitivity, ["output", "parameter", "lever"]),
        (tables.tested, ["test", "series", "figure"]),
    ):
        if table is not None:
            check_unique(table, columns, columns[-1], faults, "Keep one of the two rows")
    if tables.components is not None:
        check_unique(tables.components, ["id"], "component", faults)


def _check_together(
    tables: _Tables,
    network: Network,
    places: CsvTable,
    links: CsvTable,
    header: Header | None,
    faults: Collector,
    warnings: Collector,
) -> None:
    check_guided_links(network, links, faults)
    if tables.groups is None:
        return
    if tables.inflows is not None:
        checks.check_inflows(tables.inflows, tables.groups, network, faults)
        checks.check_connected(tables.inflows, places, network, faults, warnings)
    if tables.capacities is not None:
        checks.check_capacity_groups(links, tables.capacities, faults)
    _check_told(tables, Selectors(network, tables.groups.frame), faults)
    if tables.events is not None:
        check_caravans_on_record(tables.events, network, faults)
    if tables.components is None:
        return
    nations = list(dict.fromkeys(tables.groups.frame["nationality"]))
    check_components(tables.components, network, nations, faults)
    if header is not None:
        check_countries(header, network, faults)
        if tables.inflows is not None:
            checks.warn_of_nobody(tables.inflows, header.start, header.end, warnings)
        if tables.levers is not None and tables.sources is not None:
            sources = tables.sources.frame["source"]
            check_asked(header, tables.levers.frame, sources, nations, faults)
        if tables.figures is not None:
            roles = roles_of(header, tables.components.frame, network)
            checks.check_figures(tables.figures, tables.groups, network, roles, faults)
            check_targets(header, tables.figures.frame, roles, nations, faults)


def _check_events(
    tables: _Tables, settings: pd.DataFrame | None, header: Header | None, faults: Collector
) -> None:
    if tables.deals is not None and settings is not None:
        days = _span_of(header, tables.inflows.frame) if tables.inflows else (NEVER, NEVER)
        calendar = tables.levers.frame if tables.levers else None
        check_deals(tables.deals, tables.outcomes, Beside(calendar, settings, *days), faults)
    if tables.outcomes is None or not len(tables.outcomes.frame):
        return
    levers = None
    if settings is not None and tables.levers is not None:
        levers = Levers(sorted({*tables.levers.frame["lever"]}), settings)
    check_outcomes(tables.outcomes, levers, *_run_of(header), faults)


def _check_told(tables: _Tables, selectors: Selectors, faults: Collector) -> None:
    outcomes = None if tables.outcomes is None else tables.outcomes.frame
    if tables.beliefs is not None:
        check_beliefs(tables.beliefs, outcomes, selectors, faults)
    if tables.rumours is not None:
        check_rumours(tables.rumours, outcomes, selectors, faults)


def _read(
    path: Path, columns: Sequence[Column], faults: Collector, warnings: Collector
) -> CsvTable | None:
    if path.name in OPTIONAL and left_out(path):
        return empty_table(path.name, columns)
    return read_table(path, columns, faults, warnings)


def _read_settings(folder: Path, faults: Collector) -> pd.DataFrame | None:
    paths = sorted(folder.glob("settings*.csv")) or [folder / "settings.csv"]
    tables = [read_table(path, SETTINGS, faults) for path in paths]
    frames = [
        t.frame.assign(change=t.frame["change"].fillna(0).astype(np.int64), file=t.file, row=t.row)
        for t in tables
        if t is not None
    ]
    return pd.concat(frames, ignore_index=True) if len(frames) == len(paths) else None
