"""Forms in which agencies publish counts, as a corridor's folder describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rumbo.files.cells import Column
from rumbo.files.faults import Collector, choose, plain
from rumbo.files.tables import left_out, read_table
from rumbo.scenario.schema import MEASURES, QUALITY, UNITS

ROWS, ACROSS, INCIDENTS = "rows", "months across", "incidents"
LAYOUTS = (ROWS, ACROSS, INCIDENTS)
"""A row for each count; a table with a column for each month; a row for each incident."""

MEANS = (
    "year",
    "month",
    "grouping",
    "count",
    "total",
    "component",
    "area",
    "nationality",
    "filter",
    "part",
    "id",
    "title",
)
"""What a column of a form may be.

``grouping`` tells months that are over from months to come, ``filter`` which rows are counted at
all, ``part`` a split that is summed over, ``id`` what tells incidents apart, ``title`` words that
stand above the table.
"""

LABELLED = ("grouping", "component", "area", "nationality", "filter")
"""Columns whose labels are looked up in labels.csv."""

LEFT_OUT, ANY, WHOLE = "-", "*", "all"
"""An id of what is not counted; a label for all that have no row; an id of a sum."""

TO_DATE, REST = "to date", "rest"
"""Ids of groupings: months of the year so far, and the rest of it."""

FORM_COLUMNS = (
    Column("form", "id", filled=True),
    Column("layout", filled=True, known=LAYOUTS),
    Column("tried", filled=True, known=("yes", "no")),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("measure", filled=True, known=MEASURES),
    Column("component", needed=False, adds="the component of all counts; else a column says it"),
    Column("writes", filled=True),
    Column("unit", filled=True, known=UNITS),
    Column("year_begins", "number", filled=True, low=1, high=12),
    QUALITY,
    Column("publisher", filled=True),
    Column("source", "id", filled=True),
    Column("title", filled=True),
    Column("address", needed=False, adds="where it is published"),
    Column("licence", needed=False, adds="its terms"),
)
HEADING_COLUMNS = (
    Column("form", "id", filled=True),
    Column("heading", filled=True),
    Column("means", filled=True, known=MEANS),
    Column("needed", needed=False, known=("yes", "no"), adds="no where a file may lack it"),
)
LABEL_COLUMNS = (
    Column("heading", filled=True),
    Column("label", filled=True),
    Column("id", filled=True),
    Column("form", needed=False, adds="the form alone in which it means this"),
)
WRITES = ("total", "nationality", "area")
"""What figures a form may give: of everybody, by nationality, by area."""


class FormHeading(NamedTuple):
    """A column of a form.

    Attributes
    ----------
    text
        Its heading, as the agency writes it.
    means
        One of ``MEANS``.
    needed
        Whether a file without it is of another form.
    """

    text: str
    means: str
    needed: bool


@dataclass(frozen=True)
class AgencyForm:
    """A form in which an agency publishes counts.

    Attributes
    ----------
    id, names
        What it is called: on the command line, and by language.
    layout
        One of ``LAYOUTS``.
    tried
        Whether a real file of it was read; else it rests on programs that others wrote to read it.
    measure, component, unit, quality, publisher
        As in ``figures.csv``; the component is empty where a column tells it.
    writes
        Which of ``WRITES`` it gives.
    year_begins
        Month with which its years begin: 10 where October 2024 is of the year 2025.
    source
        Row of ``sources.csv``, as texts by column.
    headings
        Its columns.
    """

    id: str
    names: Mapping[str, str]
    layout: str
    tried: bool
    measure: str
    component: str
    unit: str
    quality: str
    publisher: str
    writes: tuple[str, ...]
    year_begins: int
    source: Mapping[str, str]
    headings: tuple[FormHeading, ...]

    def of(self, means: str) -> str:
        """Return the heading of the one column that means something; empty if there is none."""
        return next((one.text for one in self.headings if one.means == means), "")

    def meaning(self, heading: str) -> FormHeading | None:
        """Return the column that a heading is of, however it is spelt; None if of none."""
        mine = (one for one in self.headings if plain(one.text) == plain(heading))
        return next(mine, None)


@dataclass(frozen=True)
class Labels:
    """What an agency's labels mean here.

    Attributes
    ----------
    ids
        By form (empty for every form), heading and label, both spelt plainly.
    """

    ids: Mapping[tuple[str, str, str], str]

    def find(self, form: str, heading: str, label: str) -> str | None:
        """Return the id that a label stands for; None if no row says it.

        Parameters
        ----------
        form, heading
            Where it stands.
        label
            The label; capitals, accents and blanks do not matter.
        """
        for text in (plain(label), ANY):
            for one in (form, ""):
                if (found := self.ids.get((one, plain(heading), text))) is not None:
                    return found
        return None

    def expected(self, form: str, heading: str) -> set[str]:
        """Return the ids that must be met where any label is taken; none where each has its row."""
        mine = {
            label: id
            for (of, head, label), id in self.ids.items()
            if of in (form, "") and head == plain(heading)
        }
        named = {id for label, id in mine.items() if label != ANY}
        return named - {LEFT_OUT, WHOLE} if ANY in mine else set()


class Forms(NamedTuple):
    """All that a corridor's folder says of agencies' files."""

    forms: tuple[AgencyForm, ...]
    labels: Labels


def read_forms(folder: Path, faults: Collector) -> Forms:
    """Read the forms and labels of a corridor's folder.

    Parameters
    ----------
    folder
        The folder; without ``forms.csv`` there are none.
    faults
        Where faults are noted.

    Returns
    -------
    Forms
    """
    nothing = Forms((), Labels({}))
    if left_out(folder / "forms.csv"):
        return nothing
    forms = read_table(folder / "forms.csv", FORM_COLUMNS, faults)
    headings = read_table(folder / "forms_columns.csv", HEADING_COLUMNS, faults)
    labels = read_table(folder / "labels.csv", LABEL_COLUMNS, faults)
    if faults or forms is None or headings is None or labels is None:
        return nothing
    known = forms.frame["form"].tolist()
    for table in (headings, labels):
        for row, form in zip(table.row.tolist(), table.frame["form"], strict=True):
            if form and form not in known:
                message = f"form is '{form}', which is unknown"
                faults.add(table.file, row, message, choose(form, known))
    for row, texts in zip(forms.row.tolist(), forms.frame["writes"], strict=True):
        for one in (one for one in texts.split(";") if one not in WRITES):
            message = f"writes is '{one}', which is unknown"
            faults.add(forms.file, row, message, choose(one, WRITES))
    of = headings.frame.groupby("form", sort=False)
    columns = {str(form): _headings(rows.to_dict("records")) for form, rows in of}
    for row, form in zip(forms.row.tolist(), known, strict=True):
        if form not in columns:
            message = f"form '{form}' has no columns"
            faults.add(forms.file, row, message, "Add its columns to forms_columns.csv")
    if faults:
        return nothing
    named = labels.frame[["form", "heading", "label", "id"]].itertuples(index=False)
    ids = {(form, plain(head), _label(text)): id for form, head, text, id in named}
    rows = forms.frame.to_dict("records")
    return Forms(tuple(_form(row, columns[row["form"]]) for row in rows), Labels(ids))


def check_forms(folder: Path) -> None:
    """Check what a corridor's folder says of agencies' files.

    Raises
    ------
    Faults
        All that is wrong with it.
    """
    faults = Collector()
    read_forms(folder, faults)
    faults.check()


def _label(text: str) -> str:
    return ANY if text == ANY else plain(text)


def _headings(rows: list[dict[str, str]]) -> tuple[FormHeading, ...]:
    return tuple(FormHeading(row["heading"], row["means"], row["needed"] != "no") for row in rows)


def _form(row: Mapping[str, str], headings: tuple[FormHeading, ...]) -> AgencyForm:
    source = {name: row[name] for name in ("source", "publisher", "title", "address", "licence")}
    return AgencyForm(
        id=row["form"],
        names={"en": row["name_en"], "es": row["name_es"]},
        layout=row["layout"],
        tried=row["tried"] == "yes",
        measure=row["measure"],
        component=row["component"],
        unit=row["unit"],
        quality=row["quality"],
        publisher=row["publisher"],
        writes=tuple(row["writes"].split(";")),
        year_begins=int(row["year_begins"]),
        source=source,
        headings=headings,
    )
