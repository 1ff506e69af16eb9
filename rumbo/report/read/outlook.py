"""An outlook as the report reads it: checked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rumbo.files.faults import Collector
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Row
from rumbo.report.page.words import Range, Words
from rumbo.report.read.names import plain
from rumbo.report.read.tables import are_numbers, read_table

MIXED = "mixed"
"""Name of all branches together."""

AHEAD, NOWCAST = "ahead", "nowcast"
"""Kinds of months: those asked for, and those whose figures were not out on the day."""

LOW, LOW_HALF, MIDDLE, HIGH_HALF, HIGH = "low_90", "low_50", "middle", "high_50", "high_90"
ENDS = (LOW, LOW_HALF, MIDDLE, HIGH_HALF, HIGH)
"""Ends of the ranges, in the order of `Range`."""

RANGES = ("series", "place", "branch", "month", "kind", *ENDS)
CAME = ("series", "place", "month", "came", "low", "high", "estimate")
ABOUT = (
    "corridor",
    "title",
    "as_of",
    "months",
    "fitted",
    "place",
    "place_name",
    "beds",
    "drivers",
    "branches",
    "seen",
    "members",
    "seed",
    "fit",
    "shipped",
    "version",
)
"""Columns of the tables, and what an outlook says of itself."""

CURE = "Make the outlook again, with rumbo outlook"

TITLES = {
    "zones": "measure.zones",
    "gates": "measure.gates",
    "stops": "measure.stops",
    "appointments": "outlook.series.appointments",
    "queue": "outlook.series.queue",
    "waiting": "measure.waiting",
    "beds_short": "outlook.series.beds_short",
    "set_out_for": "outlook.series.set_out_for",
    "set_out_from": "outlook.series.set_out_from",
    "taken_to": "outlook.series.taken_to",
    "days_waited": "measure.days_waited",
    "transfers": "measure.transfers",
    "kidnappings": "measure.kidnappings",
    "deaths": "measure.deaths",
}
"""Keys of what series are called."""

TRANSIT = "transit."
"""Beginning of the names of counts on the way."""


@dataclass(frozen=True)
class OutlookTable:
    """An outlook with the words that it is told in.

    Attributes
    ----------
    about
        What it is of and how it was made.
    ranges
        Ranges by series, place, branch and month; months are days of their beginning.
    came
        Figures published after the day.
    words
        The language.
    """

    about: dict[str, Any]
    ranges: pd.DataFrame
    came: pd.DataFrame
    words: Words

    def rows(self, series: str, place: str = "", branch: str = MIXED) -> list[Row]:
        """Return the months of a series, in order; none if it is not told of."""
        table = self.ranges
        mine = (table["series"] == series) & (table["place"] == place) & (table["branch"] == branch)
        return list(table[mine].sort_values("month").to_dict("records"))

    def ahead(self, series: str, place: str = "", branch: str = MIXED) -> list[Row]:
        """Return the months of a series that were asked for."""
        return [row for row in self.rows(series, place, branch) if row["kind"] == AHEAD]

    def after(self, series: str, place: str = "") -> dict[pd.Timestamp, list[Row]]:
        """Return what came of a series, by month; several estimates may be of one."""
        mine = self.came[(self.came["series"] == series) & (self.came["place"] == place)]
        return {
            month: list(own.to_dict("records"))
            for month, own in mine.groupby("month", sort=True)
            if isinstance(month, pd.Timestamp)
        }

    @property
    def families(self) -> list[str]:
        """Counts that are told of, in order."""
        every = self.ranges["series"].drop_duplicates()
        return [one for one in every if one in FAMILIES or one.startswith(TRANSIT)]

    @property
    def place_name(self) -> str:
        """Name of the place."""
        own = str(self.about["place_name"])
        return self.words.maybe(f"place.{self.about['place']}", own)

    @property
    def day(self) -> str:
        """The day, as it is written."""
        return self.words.day(self.about["as_of"], short=False)

    def title(self, series: str) -> str:
        """Return what a series is called."""
        if series in TITLES:
            return self.words(TITLES[series])
        counted = series.removeprefix(TRANSIT)
        return self.words.maybe(f"component.{counted}", plain(counted).capitalize())

    def branch_title(self, branch: Row) -> str:
        """Return what a branch is called: its outcomes, or that nothing is to be decided."""
        names = [self.words.pick(one) for one in branch["outcomes"]]
        return self.words.listed(names) if names else self.words("outlook.alone")


FAMILIES = ("zones", "gates", "stops", "appointments")
"""Counts of the whole corridor beside those on the way."""


def ends_of(row: Row) -> Range:
    """Return the range of a row."""
    return Range(row[LOW], row[LOW_HALF], row[MIDDLE], row[HIGH_HALF], row[HIGH])


def read_outlook(path: Path, words: Words) -> OutlookTable:
    """Read an outlook from the file that says what it is of, and the tables beside it.

    Parameters
    ----------
    path
        The file ``outlook-DAY-PLACE.json``.
    words
        The language.

    Returns
    -------
    OutlookTable

    Raises
    ------
    Faults
        If a file is missing, cannot be read or lacks something.
    """
    about = read_about(path)
    faults = Collector()
    tables = []
    of = path.stem.removeprefix("outlook")
    for stem, columns in (("outlook", RANGES), ("came", CAME)):
        table = read_table(path.with_name(f"{stem}{of}.csv"), CURE, faults)
        if stem == "outlook" and table.holds(columns):
            for column in ENDS:
                table.note_cells(column, are_numbers, "a number")
        tables.append(table.rows)
    faults.check()
    ranges, came = (one.assign(month=pd.to_datetime(one["month"])) for one in tables)
    numbers = {name: pd.to_numeric(came[name], errors="coerce") for name in ("came", "low", "high")}
    estimate = came["estimate"].astype(str) == "True"
    return OutlookTable(about, ranges, came.assign(**numbers, estimate=estimate), words)


def open_outlook(path: Path, language: str) -> OutlookTable:
    """Read an outlook in a language, with the corridor's own words; see `read_outlook`.

    Parameters
    ----------
    path
        The file ``outlook-DAY-PLACE.json``.
    language
        ``en`` or ``es``.

    Returns
    -------
    OutlookTable

    Raises
    ------
    Faults
        If a file is missing, cannot be read or lacks something.
    ValueError
        If the language is unknown.
    """
    return read_outlook(path, Words(language, own_texts(read_about(path))))


def read_about(path: Path) -> dict[str, Any]:
    """Return what an outlook says of itself.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict

    Raises
    ------
    Faults
        If it is not there, cannot be read or lacks something.
    """
    faults, about = Collector(), {}
    try:
        about = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        faults.add(path.name, 0, f"the outlook cannot be read ({error})", CURE)
    else:
        missing = [name for name in ABOUT if name not in about]
        if missing:
            faults.add(path.name, 0, f"the outlook lacks: {', '.join(missing)}", CURE)
    faults.check()
    found: dict[str, Any] = about
    return found
