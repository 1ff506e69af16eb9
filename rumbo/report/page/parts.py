"""What a page is made of: sections of blocks, which the template prints in their order.

The name of a block's class, in small letters, is the name of the macro that prints it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from markupsafe import Markup, escape

from rumbo.files.direction import isolated
from rumbo.report.page.style import COLOURS, Spec
from rumbo.report.page.words import Words, text

Row = dict[str, Any]
"""One row of a chart's data, or of a table that a result carries."""

DASH = "\u2013"

T = TypeVar("T")


class PageBlock:
    """One piece of a section."""


@dataclass(frozen=True)
class Text(PageBlock):
    """A paragraph; its style is empty, ``caption``, ``cite``, ``note`` or ``warning``."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Heading(PageBlock):
    """A title inside a section."""

    text: str


@dataclass(frozen=True)
class Bullets(PageBlock):
    """A list of sentences."""

    sentences: Sequence[str]


class Statement(NamedTuple):
    """One statement: what it is about, its range in short, the sentence, and its colour.

    Beside an effect stands who speaks for its size; what fails the record is weak.
    """

    topic: str
    short: str
    sentence: str
    colour: str
    who: str = ""
    weak: bool = False


@dataclass(frozen=True)
class Cards(PageBlock):
    """Statements beside each other."""

    statements: Sequence[Statement]


@dataclass(frozen=True)
class Answer(PageBlock):
    """What a page answers: how it begins, the answer, what stands beside it, and a warning."""

    lead: str
    main: Statement
    beside: Sequence[Statement] = ()
    warning: str = ""


class ScenarioNote(NamedTuple):
    """What a reader is told of a scenario: its name, title, colour and assumptions."""

    name: str
    title: str
    colour: str
    about: str
    assumptions: Sequence[str]


@dataclass(frozen=True)
class Scenarios(PageBlock):
    """The scenarios of a run."""

    notes: Sequence[ScenarioNote]


@dataclass(frozen=True)
class Fold(PageBlock):
    """Blocks behind a title that opens them; on paper only the title of data is left out."""

    title: str
    blocks: Sequence[PageBlock]
    data: bool = False


class Mark(NamedTuple):
    """One entry of a legend: its text, its class, and its style."""

    label: str
    name: str
    style: str = ""


@dataclass(frozen=True)
class Legend(PageBlock):
    """What the marks of a figure mean."""

    marks: Sequence[Mark]


@dataclass(frozen=True)
class Controls(PageBlock):
    """What steers a map: a slider of steps, and a choice of scenarios where there are several."""

    label: str
    steps: Sequence[str]
    shown: int
    choice: str
    scenarios: Sequence[str]


@dataclass(frozen=True)
class Table(PageBlock):
    """A table, its first column naming the rows.

    Parameters
    ----------
    heads
        Titles of the columns.
    rows
        Cells as they are printed.
    caption
        What the table shows.
    wrap
        Whether cells hold sentences, not numbers.
    colour
        Colour of the line beside it, empty for none.
    lead
        Number of the column that stands first where a row is a card; 0 keeps their order.
    weak
        Numbers of the rows that fail the record.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    wrap: bool = False
    colour: str = ""
    lead: int = 0
    weak: Collection[int] = ()


class Drawing(NamedTuple):
    """How charts of one kind are drawn: the name of their specification, and what makes it."""

    name: str
    specify: Callable[[Words], Spec]


@dataclass(frozen=True)
class Chart:
    """One chart: how it is drawn, and its data.

    Parameters
    ----------
    drawing
        What makes its specification.
    data
        Rows of each named dataset.
    title
        Heading over the chart.
    alt
        What it shows, for those who do not see it.
    colour
        Colour of the series.
    size
        Class of its box: wide, half, small, map or calendar.
    style
        Style of its box where the class does not give its height.
    params
        Values of the specification's parameters beside the colour.
    weak
        Whether the series fails the record.
    """

    drawing: Drawing
    data: dict[str, list[Row]]
    title: str
    alt: str
    colour: str = COLOURS[0]
    size: str = "small"
    style: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    weak: bool = False


@dataclass(frozen=True)
class Figure(PageBlock):
    """Charts with a title, a description and the table behind them.

    Parameters
    ----------
    name
        Anchor in the page.
    title, text
        Heading and description.
    charts
        The charts.
    table
        The figures drawn.
    above
        Blocks over the charts: legends, and the controls of a map.
    colour
        Colour of the legend's ranges.
    source
        Who counted or estimated what it shows, as a phrase; empty if all of it is simulated.
    """

    name: str
    title: str
    text: str
    charts: Sequence[Chart]
    table: Table
    above: Sequence[PageBlock]
    colour: str = COLOURS[0]
    source: str = ""


class Section(NamedTuple):
    """A chapter of a page: its anchor, its title and what it holds."""

    key: str
    title: str
    blocks: Sequence[PageBlock]


@dataclass(frozen=True)
class Page:
    """All that one file shows.

    Parameters
    ----------
    title, about, period
        What it asks or is about, in a line and in a paragraph, and over which time.
    facts
        Names and values of what identifies it, at its foot.
    version
        The software's.
    sections
        Chapters in their order.
    kind, footer
        Keys of the words for what such a page is called, and for its foot.
    answer
        What stands on its first screen, before all chapters.
    source
        What its figures come from, as a phrase.
    others
        The same page in other languages: code, name of the language, and address.
    """

    title: str
    about: str
    period: str
    facts: Sequence[tuple[str, str]]
    version: str
    sections: Sequence[Section]
    kind: str = "kind_of_page"
    footer: str = "footer"
    answer: Sequence[PageBlock] = ()
    source: str = ""
    others: Sequence[tuple[str, str, str]] = ()


def sections(chapters: Iterable[Callable[[T], Section | None]], subject: T) -> list[Section]:
    """Return what chapters tell of a subject, without those that have nothing to tell."""
    return [section for chapter in chapters if (section := chapter(subject)) is not None]


def figures(blocks: Iterable[PageBlock]) -> Iterator[Figure]:
    """Go through the figures among blocks, those in folds too."""
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Fold):
            yield from figures(block.blocks)


def legend(words: Words, *names: str) -> Legend:
    """Return a legend of marks by their names."""
    return Legend([Mark(words(f"legend.{name}"), name) for name in names])


def filled(table: Table) -> list[PageBlock]:
    """Return a table as a block where it has rows, else nothing."""
    return [table] if table.rows else []


def trimmed(table: Table) -> Table:
    """Return a table without the columns in which nothing stands."""
    columns = range(len(table.heads))
    return with_columns(
        table, [n for n in columns if any(str(row[n]) not in ("", DASH) for row in table.rows)]
    )


def with_columns(table: Table, columns: Sequence[int]) -> Table:
    """Return a table with some of its columns."""
    rows = [[row[n] for n in columns] for row in table.rows]
    return replace(table, heads=[table.heads[n] for n in columns], rows=rows)


def led(lead: str, sentence: str) -> str:
    """Return a sentence after the strong title of what it is about."""
    return Markup("<strong>{}.</strong> {}").format(isolated(lead), isolated(sentence))


def link(label: str, address: object) -> str:
    """Return a link to a source where its address is one of the web, else its name."""
    to = text(address)
    if not to.lower().startswith(("https://", "http://")):
        return cited(label)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(escape(to), cited(label))


def cited(name: str) -> str:
    """Return the name of a source, which is told in its own language."""
    return Markup("<cite>{}</cite>").format(isolated(name)) if name else ""
