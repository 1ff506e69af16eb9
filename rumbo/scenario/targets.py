"""What is forecast: families of series, as a corridor asks for them or as every corridor does.

And what fits and forecasts must know of a corridor beside its figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.scenario.header import FILE, Expelled, Header, Target
from rumbo.scenario.roles import ENCOUNTERS, TRANSIT, Roles
from rumbo.scenario.schema import MEASURES
from rumbo.scenario.settings import source_faults
from rumbo.scores.figures import fill_labels, of_months

STOPS = "stops"
"""Measure of people stopped on the way."""


class Titles(NamedTuple):
    """What a family is called where the corridor says nothing of it: English, Spanish."""

    total: tuple[str, str]
    nationalities: tuple[str, str]


USUAL = {
    "zones": Titles(
        ("Destination zones, total", "Zonas de destino, total"),
        ("Destination zones, by nationality", "Zonas de destino, por nacionalidad"),
    ),
    "gates": Titles(
        ("Lawful gates, total", "Accesos legales, total"),
        ("Lawful gates, by nationality", "Accesos legales, por nacionalidad"),
    ),
    STOPS: Titles(
        ("Stops on the way, total", "Detenciones en el camino, total"),
        ("Stops on the way, by nationality", "Detenciones en el camino, por nacionalidad"),
    ),
}
"""Families of a corridor that names none."""


@dataclass(frozen=True)
class Backdrop:
    """What does not change with the day as of which figures are looked at.

    Attributes
    ----------
    nationalities
        Codes, in the order of the groups.
    roles
        Who plays which part.
    counted
        Measures and components that are forecast, in the order of the families.
    registered
        Nationalities of whose entries over land nearly all rest on counts.
    unstopped
        Nationalities that nobody stops on the way.
    expelled
        Who is sent back from a destination zone; None if nobody is.
    """

    nationalities: tuple[str, ...]
    roles: Roles
    counted: tuple[tuple[str, str], ...]
    registered: tuple[str, ...]
    unstopped: tuple[str, ...]
    expelled: Expelled | None


def targets_of(header: Header, roles: Roles) -> dict[str, Target]:
    """Return what is forecast, by family, in the order of tables.

    Parameters
    ----------
    header
        What ``corridor.yaml`` says.
    roles
        Who plays which part.

    Returns
    -------
    dict of str to Target
        What the corridor names; else the total and the nationalities of zones, gates and stops.
        Nothing of a crisis.
    """
    if header.targets or header.model == "displacement":
        return header.targets
    return dict(_usual(roles))


def _usual(roles: Roles) -> Iterator[tuple[str, Target]]:
    counted = {"zones": (ENCOUNTERS, roles.zones), "gates": (ENCOUNTERS, roles.gates)}
    for role, titles in USUAL.items():
        measure, component = counted.get(role, (role, ""))
        (en, es), each = titles
        yield role, Target(en=en, es=es, measure=measure, component=component)
        yield (
            f"{role}-nationalities",
            Target(
                en=each[0], es=each[1], measure=measure, component=component, by="nationalities"
            ),
        )


Labels = tuple[str, str, str, str]
"""Measure, component, area and nationality of a series."""


def labels_of(
    target: Target, there: Sequence[Labels], nationalities: Sequence[str]
) -> list[Labels]:
    """Return the series of a family of which there are figures.

    Parameters
    ----------
    target
        The family.
    there
        Series that there are figures of.
    nationalities
        Codes, in the order of the groups.

    Returns
    -------
    list of tuple
        In the order in which they are named; else by nationality as the groups are, by area as
        they are there.
    """
    if target.by == "nationalities":
        wanted = [_labels(target, "all", one) for one in target.only or nationalities]
    elif target.by == "areas":
        areas = [labels[2] for labels in there if labels[2] != "all"]
        wanted = [_labels(target, one, "all") for one in target.only or dict.fromkeys(areas)]
    else:
        wanted = [_labels(target, "all", "all")]
    return [labels for labels in wanted if labels in there]


def _labels(target: Target, area: str, nationality: str) -> Labels:
    return target.measure, target.component, area, nationality


@dataclass(frozen=True)
class _Notes:
    """Faults of the header, each with the line of what it is about."""

    header: Header
    faults: Collector

    def add(self, at: str, message: str, cure: str) -> None:
        """Note a fault at nested keys, apart by dots."""
        self.faults.add(FILE, self.header.line(*at.split(".")), f"{at}{message}", cure)


def check_targets(
    header: Header, figures: pd.DataFrame, roles: Roles, nations: Sequence[str], faults: Collector
) -> None:
    """Note families of unknown series, or without a figure, and months and days without any."""
    monthly, notes = of_months(figures), _Notes(header, faults)
    columns = fill_labels(monthly)[["measure", "component", "area", "nationality"]]
    there = list(columns.drop_duplicates().itertuples(index=False, name=None))
    taken: dict[Labels, str] = {}
    for name, target in header.targets.items():
        before = len(faults.faults)
        _check_names(name, target, roles, nations, notes)
        if len(faults.faults) == before:
            _check_figures(name, target, there, nations, notes)
            _check_once(name, labels_of(target, there, nations), taken, notes)
    if len(monthly):
        _check_when(header, monthly, notes)


def _check_names(
    name: str, target: Target, roles: Roles, nations: Sequence[str], notes: _Notes
) -> None:
    components = {
        ENCOUNTERS: (*roles.components, "all"),
        TRANSIT: tuple(one.id for one in roles.transit),
    }.get(target.measure, ("",))
    known = {"measure": MEASURES, "component": components}
    for part, names in known.items():
        given = getattr(target, part)
        if given not in names:
            at, before = (f"targets.{name}.{part}", "") if given else (f"targets.{name}", part)
            notes.add(at, f" {before} is '{given}', which is unknown", choose(given, names))
            return
    only = f"targets.{name}.only"
    if target.by == "total" and target.only:
        cure = "Write 'by: nationalities' or 'by: areas', or remove it"
        notes.add(only, " has names, but the family is a total", cure)
    for one in target.only if target.by == "nationalities" else ():
        if one not in nations:
            notes.add(only, f": '{one}' is an unknown nationality", choose(one, nations))


def _check_figures(
    name: str, target: Target, there: list[Labels], nations: Sequence[str], notes: _Notes
) -> None:
    mine = [labels for labels in there if labels[:2] == (target.measure, target.component)]
    found = labels_of(target, mine, nations)
    which = 3 if target.by == "nationalities" else 2
    missing = [one for one in target.only if one not in {labels[which] for labels in found}]
    for one in missing:
        known = [labels[which] for labels in labels_of(_whole(target), mine, nations)]
        notes.add(f"targets.{name}.only", f": there is no figure of '{one}'", choose(one, known))
    if not found and not missing:
        cure = "Add figures to figures.csv, or remove the family"
        notes.add(f"targets.{name}", ": there is no figure of it", cure)


def _check_once(
    name: str, series: Sequence[Labels], taken: dict[Labels, str], notes: _Notes
) -> None:
    """Note series that a family names twice, or that a family before it has."""
    for labels in series:
        if labels in taken:
            what = " ".join(label for label in labels if label not in ("", "all"))
            message = f": '{what}' stands in targets.{taken[labels]} already"
            notes.add(f"targets.{name}", message, "Name each series in one family, and once")
            return
        taken[labels] = name


def _check_when(header: Header, figures: pd.DataFrame, notes: _Notes) -> None:
    """Note origins and a day of hindcasts when there are no figures."""
    first, last = (f"{month:%Y-%m}" for month in figures["month"].dropna().agg(["min", "max"]))
    for end in ("first", "last") if header.origins else ():
        month = getattr(header.origins, end)
        if not first <= month <= last:
            cure = f"Write a month from {first} to {last}"
            notes.add(f"origins.{end}", f" is {month}, of which there is no figure", cure)
    early = figures["published"].min()
    if header.hindcast and not _near(header.hindcast.as_of, early, figures["published"].max()):
        cure = f"Write a day from {early:%Y-%m-%d} on, by which figures were published"
        day = header.hindcast.as_of
        notes.add("hindcast.as_of", f" is {day}, far from the days of the figures", cure)


def _near(day: date, first: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Whether a day lies after the first and at most a year after the last."""
    return bool(first.date() <= day <= (last + pd.DateOffset(years=1)).date())


def _whole(target: Target) -> Target:
    return target.model_copy(update={"only": ()})


def check_asked(
    header: Header,
    levers: pd.DataFrame,
    sources: Iterable[str],
    nations: Sequence[str],
    faults: Collector,
) -> None:
    """Note levers, sources and nationalities that the header names and the corridor lacks."""
    known, notes = sorted(set(levers["lever"])), _Notes(header, faults)
    if header.expelled:
        for message, cure in source_faults(header.expelled.source, frozenset(sources)):
            notes.add("expelled", f": {message}", cure)
    for part in ("expelled", "hindcast"):
        asked = getattr(header, part)
        if asked and asked.lever not in known:
            message = f" is '{asked.lever}', an unknown lever"
            notes.add(f"{part}.lever", message, choose(asked.lever, known))
    for one in header.expelled.shares if header.expelled else ():
        if one not in nations:
            message = f": '{one}' is an unknown nationality"
            notes.add("expelled.shares", message, choose(one, nations))
    span = header.origins
    if span and span.first > span.last:
        message = f": first {span.first} is after last {span.last}"
        notes.add("origins", message, "Swap the two months")
