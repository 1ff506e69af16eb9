"""What the columns of a corridor's files may hold."""

from functools import partial

from rumbo.files.cells import MOST_PERSONS, NOT_COUNTED, Column

HOUSEHOLDS = ("adult", "family", "all")
ROUTES = ("overland", "air", "direct", "parole", "displaced", "registered")
MEASURES = (
    "encounters", "stops", "returns_by_transit", "transit", "asylum_applications",
    "waiting", "parole_arrivals", "appointments", "deaths", "transfers",
)  # fmt: skip
"""Measures that figures.csv may hold."""

UNITS = ("persons", "people", "events")
"""What figures count."""

_count = partial(Column, kind="number", low=0, high=MOST_PERSONS, beyond=NOT_COUNTED)

GROUPS = (
    Column("id", "id", filled=True),
    Column("nationality", filled=True),
    Column("household", filled=True, known=HOUSEHOLDS),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("source", filled=True),
)
INFLOWS = (
    Column("month", "month", filled=True),
    Column("place", filled=True),
    Column("group", filled=True),
    Column("route", filled=True, known=ROUTES),
    Column("day", "date", needed=False),
    _count("persons", filled=True, counts=True),
    Column("source", filled=True),
    Column("quality", needed=False),
    Column("note", needed=False),
)
LEVERS = (
    Column("lever", "id", filled=True),
    Column("since", "date", filled=True),
    Column("until", "date"),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("actor", needed=False),
    Column("announced", "date", needed=False),
    Column("until_announced", "date", needed=False),
    Column("source", filled=True),
    Column("quality", needed=False),
    Column("note", needed=False),
)
FIGURES = (
    Column("measure", filled=True, known=MEASURES),
    Column("component", needed=False),
    Column("area", needed=False),
    Column("nationality", needed=False),
    Column("month", "month", filled=True),
    Column("day", "date", needed=False),
    _count("value"),
    _count("low", needed=False),
    _count("high", needed=False),
    Column("unit", filled=True, known=UNITS),
    Column("published", "date", filled=True),
    Column("published_basis", filled=True, known=("source", "assumed")),
    Column("publisher", needed=False),
    Column("source", filled=True),
    Column("quality", needed=False),
)
SOURCES = (
    Column("source", "id", filled=True),
    Column("publisher", filled=True),
    Column("title", filled=True),
    Column("published", "date or part", needed=False),
    Column("address", needed=False),
    Column("licence", needed=False),
)
CAPACITIES = (
    Column("capacity_group", "id", filled=True),
    Column("value", "number", filled=True, low=0),
    Column("unit", filled=True),
    Column("from_date", "date", needed=False),
    Column("to_date", "date", needed=False),
    Column("applies_to", needed=False),
    Column("source", filled=True),
)
PUBLICATION = (
    Column("measure", filled=True, known=MEASURES),
    Column("component", needed=False),
    Column("delay_days", "number", filled=True, low=0),
    Column("revision_sd", "number", filled=True, low=0),
    Column("settles_after_months", "number", filled=True, low=0),
    Column("source", filled=True),
    Column("quality", needed=False),
    Column("note", needed=False),
)
COMPONENTS = (
    Column("measure", filled=True, known=("encounters", "transit")),
    Column("id", "id", filled=True),
    Column("at", filled=True),
    Column("nationalities", needed=False),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("note", needed=False),
)
WORDS = (
    Column("key", filled=True),
    Column("en", filled=True),
    Column("es", filled=True),
)
TABLES = {
    "groups.csv": GROUPS,
    "inflows.csv": INFLOWS,
    "sources.csv": SOURCES,
    "levers.csv": LEVERS,
    "figures.csv": FIGURES,
    "capacities.csv": CAPACITIES,
    "publication.csv": PUBLICATION,
    "components.csv": COMPONENTS,
    "words.csv": WORDS,
}
"""Columns of the tables beside places, links and settings."""

OPTIONAL = (
    "levers.csv", "figures.csv", "capacities.csv", "publication.csv", "components.csv", "words.csv",
)  # fmt: skip
"""Tables that may be left out."""
