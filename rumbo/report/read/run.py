"""A saved result as the report reads it: checked, with its background and its series."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from rumbo.files.faults import OLD_RESULT, Faults
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Row
from rumbo.report.page.words import Unranged, Words, as_number, text
from rumbo.report.read.ranges import Index
from rumbo.scores.background import background_of, is_whole
from rumbo.scores.branches import laid_out_in, side_by_side
from rumbo.scores.days import length, whole_months
from rumbo.scores.figures import DAYS, ESTIMATES, last_published, of_months


class Quantity(NamedTuple):
    """A series of the report.

    Attributes
    ----------
    variable
        What is counted.
    where
        Where it is taken: labels of a result, by the role that the corridor names them in.
    what
        A flow or a stock.
    """

    variable: str
    where: dict[str, str]
    what: str


QUANTITIES = {
    "zones": Quantity("encounters", {"component": "zones"}, "flow"),
    "gates": Quantity("encounters", {"component": "gates"}, "flow"),
    "encounters": Quantity("encounters", {}, "flow"),
    "stops": Quantity("stops", {}, "flow"),
    "returns_by_transit": Quantity("returns_by_transit", {}, "flow"),
    "asylum_applications": Quantity("asylum_applications", {}, "flow"),
    "parole_arrivals": Quantity("parole_arrivals", {}, "flow"),
    "transfers": Quantity("transfers", {}, "flow"),
    "moved_again": Quantity("moved_again", {}, "flow"),
    "waiting": Quantity("waiting", {"country": "waiting"}, "stock"),
    "days_waited": Quantity("days_waited", {}, "flow"),
    "shelter_shortfall": Quantity("shelter_shortfall", {}, "stock"),
    "visible_crowd": Quantity("visible_crowd", {}, "stock"),
    "deaths": Quantity("deaths", {}, "flow"),
    "deaths_recorded": Quantity("deaths_recorded", {}, "flow"),
    "kidnappings": Quantity("kidnappings", {}, "flow"),
    "kidnappings_reported": Quantity("kidnappings_reported", {}, "flow"),
    "settled": Quantity("settled", {}, "flow"),
    "returned_home": Quantity("returned_home", {}, "flow"),
}

NEEDED = {q.variable for q in QUANTITIES.values()} | {"passages"}

NEEDED_BY_DAY = {
    "entries", "waiting", "travelling", "passages", "turned_back", "days_on_road",
}  # fmt: skip
"""What a run of displacement, recorded by day, must hold."""

NEEDED_LEARNED = {"waiting", "day", "origin"}
"""What learned shares of camps must hold."""

LEARNED = "learned"
"""The mode that learned shares name among their attributes."""

OBSERVED = {"deaths_recorded": "deaths"}
"""Measures whose figures a series is held against, where they have another name than its own."""

BY_COMPONENT = {each.variable for each in QUANTITIES.values() if "component" in each.where}
BY_COMPONENT |= {"transfers"}
"""Measures whose figures are told apart by component."""

SERIES = ("measure", "component", "area", "nationality")
"""Columns that name a series of figures."""

T = TypeVar("T")

FIGURE_NUMBERS = ("value", "low", "high")

FIGURE_TEXTS = (
    "measure", "component", "area", "nationality", "month", "month_end", "published", "publisher",
    "source", "quality",
)  # fmt: skip


def read_run(runs: xr.Dataset, words: Words) -> "Run":
    """Check a result and return it as the report reads it.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.learn_shares`` returned, or the ``result.nc`` of a run
        folder.
    words
        The language of the report.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If a variable or the background is missing.
    Faults
        If the result does not say who plays which part in the corridor, or if a text of the
        corridor's own holds other values than the report puts into it.
    """
    runs, (based, branches) = side_by_side(runs), laid_out_in(runs)
    daily = "day" in runs.dims and "encounters" not in runs.variables
    learned = runs.attrs.get("mode") == LEARNED
    by_day = NEEDED_LEARNED if learned else NEEDED_BY_DAY
    by_month = not (daily or learned)
    background = background_of(runs)
    if by_month and not is_whole(background):
        raise Faults([OLD_RESULT])
    needed = NEEDED | {"month"} if by_month else by_day
    missing = sorted(name for name in needed if name not in runs.variables)
    if missing:
        made = "learn_shares" if learned else "simulate"
        raise ValueError(
            f"the result lacks {', '.join(missing)}: the report needs the whole Dataset that "
            f"rumbo.{made} returned, or the result.nc of a run folder"
        )
    if by_month and runs.sizes["place"] != len(background["places"]):
        raise ValueError("the result lacks places: give all that rumbo.simulate returned")
    words = replace(words, own=own_texts(background))
    if not daily:
        return Run(runs, background, words, based, branches)
    single = runs.sizes["member"] == 1
    return Run(runs, _spaced(background), Unranged(words.language, words.own) if single else words)


@dataclass(frozen=True)
class Run:
    """A result with its background.

    Parameters
    ----------
    data
        The result.
    background
        What is known about the corridor and the scenarios.
    words
        The language of the report.
    based, branches
        Scenarios that branch, and the branches of each, by name: scenarios of the data are the
        branches of the first, then those of the others. Empty where nothing branches.
    """

    data: xr.Dataset
    background: Row
    words: Words
    based: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def in_language(self, language: str) -> "Run":
        """Return the same run told in a language; what both need is worked out once."""
        return replace(self, words=replace(self.words, language=language))

    def once(self, name: Hashable, work: Callable[[], T]) -> T:
        """Return what was worked out under a name, in whichever language it was needed first."""
        if name not in self._known:
            self._known[name] = work()
        found: T = self._known[name]
        return found

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the first being the one the others are compared with."""
        return [str(name) for name in self.data["scenario"].values]

    @property
    def dimension(self) -> str:
        """What the run was recorded by: ``month``, or ``day`` for a run of displacement."""
        return "day" if "day" in self.data.dims else "month"

    @property
    def learned(self) -> bool:
        """Whether this is no simulation of journeys but learned shares of camps."""
        return self.data.attrs.get("mode") == LEARNED

    @cached_property
    def times(self) -> list[date]:
        """First days of the months of the run, or its days."""
        return [pd.Timestamp(at).date() for at in self.data[self.dimension].values]

    @property
    def opening(self) -> date:
        """The first day of the run."""
        within = DAYS in self.data.coords and self.background["corridor"]["start"]
        return date.fromisoformat(within) if within else self.times[0]

    @property
    def closing(self) -> date:
        """The first day after the run."""
        days = 1 if self.dimension == "day" else int(length(self.data)[-1])
        return max(self.opening, self.times[-1]) + timedelta(days=days)

    @property
    def members(self) -> int:
        """Number of simulations of each scenario."""
        return int(self.data.sizes["member"])

    @property
    def nationalities(self) -> list[str]:
        """Nationalities of the groups, in their order."""
        return list(dict.fromkeys(str(n) for n in self.data["nationality"].values))

    @cached_property
    def places(self) -> dict[str, Row]:
        """What is known of each place, by id."""
        return {place["id"]: place for place in self.background["places"]}

    @property
    def roles(self) -> Row:
        """Who plays which part in a corridor."""
        roles: Row = self.background["roles"]
        return roles

    def waits_in(self, place: str) -> bool:
        """Whether a place lies in a country in which people wait."""
        return self.places[place].get("country") in self.roles["waiting"]

    @cached_property
    def sources(self) -> dict[str, Row]:
        """What is known of each source, by its key."""
        return {text(each.get("source")): each for each in self.records("sources")}

    def records(self, name: str) -> list[Row]:
        """Return a table of the background, empty where it is absent."""
        return list(self.background.get(name) or [])

    def sums(self, variable: str, *keep: str) -> xr.DataArray:
        """Return a variable summed over all dimensions but scenario, member, time and some."""
        return self.once((variable, keep), lambda: self._summed(variable, keep))

    def _summed(self, variable: str, keep: tuple[str, ...]) -> xr.DataArray:
        values = self.data[variable]
        own = {"scenario", "member", self.dimension, *keep}
        over = [dim for dim in values.dims if dim not in own]
        return values.sum(over, dtype=np.float64) if over else values.astype(float)

    def series(self, key: str, **where: object) -> xr.DataArray:
        """Return a quantity over scenario, member and month, where labels are as given.

        Labels are such as ``nationality="VEN"`` or ``place=["tijuana"]``.
        """
        return self.once((key, repr(where)), lambda: self._series(key, where))

    def _series(self, key: str, where: dict[str, object]) -> xr.DataArray:
        quantity = QUANTITIES[key]
        labels = {**self._where(quantity), **where}
        if "place" in labels:
            labels.pop("country", None)
        dims = {_dimension(self.data, name) for name in labels}
        values = self.sums(quantity.variable, *sorted(dims))
        for name, label in labels.items():
            values = values.isel({_dimension(self.data, name): _mask(self.data[name], label)})
        return values.sum([dim for dim in dims if dim in values.dims])

    def _where(self, quantity: Quantity) -> Row:
        """Return the labels by which a quantity is taken, as the corridor names them."""
        return {label: self.roles[role] for label, role in quantity.where.items()}

    def observed(self, key: str, **where: str) -> pd.DataFrame:
        """Return the figures of a series within the run: of each month the last published."""
        measure = OBSERVED.get(key, QUANTITIES[key].variable)
        everybody = {"component": "", "area": "all", "nationality": "all"}
        labels = {"measure": measure, **everybody, **self._where(QUANTITIES[key]), **where}
        every, series = self.once("figures", self._figures)
        return series.get(tuple(labels[name] for name in SERIES), every.iloc[:0])

    def along(self, figures: pd.DataFrame) -> xr.DataArray:
        """Return figures along the months or days of the run, NaN where there is none."""
        times = pd.DatetimeIndex(self.data[self.dimension].values)
        values = figures.set_index("month")["value"].reindex(times)
        return xr.DataArray(values.to_numpy(float), {self.dimension: times})

    def _figures(self) -> tuple[pd.DataFrame, dict[tuple[str, ...], pd.DataFrame]]:
        """Return all figures within the run, and the last published of each series."""
        figures = _figures(self.records("figures"), whole_months(self.data))
        return figures, _by_series(figures)


def _spaced(background: Row) -> Row:
    """Return a background whose names of places and levers have blanks for underscores."""
    tables = {name: background.get(name) or [] for name in ("places", "levers")}
    spaced = {name: [_with_blanks(row) for row in rows] for name, rows in tables.items()}
    return {**background, **spaced}


def _with_blanks(row: Row) -> Row:
    return {
        key: text(cell).replace("_", " ") if key.startswith(("name", "country")) else cell
        for key, cell in row.items()
    }


def _dimension(data: xr.Dataset, name: str) -> str:
    return str(data[name].dims[0])


def _mask(labels: xr.DataArray, wanted: object) -> Index:
    among = wanted if isinstance(wanted, list) else [wanted]
    return np.flatnonzero(np.isin(labels.values.astype(str), np.array(among, dtype=str)))


def _figures(records: list[Row], months: NDArray[np.datetime64]) -> pd.DataFrame:
    texts = {name: [text(row.get(name)) for row in records] for name in FIGURE_TEXTS}
    numbers = {name: [as_number(row.get(name)) for row in records] for name in FIGURE_NUMBERS}
    table = pd.DataFrame({**texts, **numbers})
    table = table.astype({**dict.fromkeys(texts, object), **dict.fromkeys(numbers, float)})
    table["month"] = pd.to_datetime([f"{month[:7]}-01" for month in texts["month"]])
    return of_months(table[table["month"].isin(months)])


def _by_series(figures: pd.DataFrame) -> dict[tuple[str, ...], pd.DataFrame]:
    """Return the last published figures of each month, by measure, component, area, nationality."""
    named = figures[list(SERIES)].replace("", "all")
    named["component"] = named["component"].where(named["measure"].isin(BY_COMPONENT), "")
    labelled = figures.assign(**named)
    last = last_published(labelled, [*SERIES, "month"], ESTIMATES).index
    groups = figures.loc[last].groupby([named.loc[last, name] for name in SERIES], sort=False)
    return {key: rows for key, rows in groups}
