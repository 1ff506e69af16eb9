"""What the columns of a corridor's files may hold."""

from functools import partial

from rumbo.files.cells import MOST_PERSONS, NOT_COUNTED, Column
from rumbo.scenario.questions.columns import question_columns

HOUSEHOLDS = ("adult", "family", "all")
ROUTES = (
    "overland", "air", "direct", "parole", "port", "already_there", "displaced", "registered",
)  # fmt: skip
MEASURES = (
    "encounters", "stops", "returns_by_transit", "transit", "asylum_applications",
    "waiting", "queue", "parole_arrivals", "appointments", "deaths", "transfers",
    "under_way",
)  # fmt: skip
"""Measures that figures.csv may hold."""

ENDINGS = (
    "arrived",
    "papers",
    "dwindled",
    "bused",
    "stopped",
    "dispersed",
    "returned",
    "halted",
    "went_on",
)
"""How caravans on record ended; nothing where that is not known."""

UNITS = ("persons", "people", "events")
"""What figures count."""

QUALITIES = ("official", "reported", "estimate", "derived", "assumed", "claim", "expert")
"""What may be said of how a value is known; other words are printed as they are."""

QUALITY = Column(
    "quality",
    needed=False,
    usual=QUALITIES,
    adds="whether a value is official, reported or derived, shown beside it",
)

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
    Column("day", "date", needed=False, adds="the day itself, where not the month alone is known"),
    Column(
        "known",
        "date",
        needed=False,
        adds="the day from which the entries were known; once the month had ended if left out",
    ),
    _count("persons", filled=True, counts=True),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
)
LEVERS = (
    Column("lever", "id", filled=True),
    Column("since", "date", filled=True),
    Column("until", "date"),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("actor", needed=False, adds="who acted, shown in the calendar"),
    Column(
        "announced",
        "date",
        needed=False,
        adds="the day from which it was known: forecasts as of a day see no others",
    ),
    Column("until_announced", "date", needed=False, adds="the day from which the end was known"),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
)
OUTCOMES = (
    Column("event", "id", filled=True),
    Column("outcome", "id", filled=True),
    Column("on", "date", filled=True),
    Column(
        "takes_effect",
        "date",
        needed=False,
        adds="the day from which its levers hold; the day on which it is known if left out",
    ),
    Column(
        "known",
        "date",
        needed=False,
        adds="the day from which it was known to be possible: forecasts as of a day see no others",
    ),
    Column("probability", "number", filled=True, low=0, high=1),
    Column(
        "levers",
        needed=False,
        adds="the levers in force if it comes, apart by semicolons; none if left out",
    ),
    Column(
        "given",
        needed=False,
        adds="the outcome of another event on which it depends, as event=outcome",
    ),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("source", filled=True),
    QUALITY,
)
FIGURES = (
    Column("measure", filled=True, known=MEASURES),
    Column("component", needed=False, adds="what is counted apart, see components.csv"),
    Column(
        "area",
        needed=False,
        adds="where it was counted: a zone, office, place or region; everywhere if left out",
    ),
    Column("nationality", needed=False, adds="whom it counts; everybody if left out"),
    Column("month", "month", filled=True),
    Column(
        "month_end",
        "month",
        needed=False,
        adds="the last month of a span, whose value is the sum of its months",
    ),
    Column("day", "date", needed=False, adds="the day itself, where not the month alone is known"),
    _count("value", counts=True),
    _count("low", needed=False, counts=True, adds="the lower end of an estimate"),
    _count("high", needed=False, counts=True, adds="the upper end of an estimate"),
    Column("unit", filled=True, known=UNITS),
    Column("published", "date", filled=True),
    Column("published_basis", filled=True, known=("source", "assumed")),
    Column("publisher", needed=False, adds="who published it, shown beside it"),
    Column("source", filled=True),
    QUALITY,
)
SOURCES = (
    Column("source", "id", filled=True),
    Column("publisher", filled=True),
    Column("title", filled=True),
    Column("published", "date or part", needed=False, adds="when it was published"),
    Column("address", needed=False, adds="where it can be read"),
    Column("licence", needed=False, adds="its terms, which pages then name"),
)
CAPACITIES = (
    Column("capacity_group", "id", filled=True),
    Column("value", "number", filled=True, low=0),
    Column("unit", filled=True),
    Column("from_date", "date", needed=False, adds="the first day it held"),
    Column("to_date", "date", needed=False, adds="the last day it held"),
    Column("applies_to", needed=False, adds="what it holds for"),
    Column("source", filled=True),
)
PUBLICATION = (
    Column("measure", filled=True, known=MEASURES),
    Column("component", needed=False, adds="what is counted apart, see components.csv"),
    Column("delay_days", "number", filled=True, low=0),
    Column("revision_sd", "number", filled=True, low=0),
    Column("settles_after_months", "number", filled=True, low=0),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
)
COMPONENTS = (
    Column("measure", filled=True, known=("encounters", "transit")),
    Column("id", "id", filled=True),
    Column("at", filled=True),
    Column(
        "nationalities",
        needed=False,
        adds="who is counted there, by nationality and apart by semicolons; all if left out",
    ),
    Column("name_en", filled=True),
    Column("name_es", filled=True),
    Column("note", needed=False, adds="remarks for readers"),
)
WORDS = (
    Column("key", filled=True),
    Column("en", filled=True),
    Column("es", filled=True),
)
RECORD_BEFORE = (
    Column("series", filled=True),
    Column("log_rmse", "number", filled=True, low=0),
    Column("bias", "number", filled=True),
    Column("cover_90", "number", filled=True, low=0, high=1),
    Column("version", needed=False, adds="which version was held against the record"),
    Column("note", needed=False, adds="remarks for readers"),
)
_chance = partial(Column, kind="number", low=0.0, high=1.0)
_days = partial(Column, needed=False, low=0.0, high=3650.0, beyond="ten years")
BELIEFS = (
    Column("event", "id", filled=True),
    Column("outcome", "id", filled=True),
    Column("group", needed=False, adds="who believes it: a household, nationality or group"),
    Column("since", "date", needed=False, adds="the first day on which it is told"),
    Column("until", "date", needed=False, adds="the first day on which it no longer is"),
    _chance("belief", filled=True),
    _chance("low", needed=False, adds="the lower end of what may be believed"),
    _chance("high", needed=False, adds="the upper end of what may be believed"),
    _days("blur_days", "number or inf", adds="how roughly the day is known; inf: any day soon"),
    _days("lag_days", "number", adds="days until what is told is heard"),
    Column(
        "attention_days",
        "number",
        needed=False,
        low=0.0,
        adds="days before the news in which belief grows e-fold",
    ),
    Column("source", filled=True),
    Column("note", needed=False, adds="remarks for readers"),
)
RUMOURS = (
    Column("day", "date", filled=True),
    Column("place", filled=True),
    Column("group", needed=False, adds="who hears it: a household, nationality or group"),
    Column("outcome", filled=True),
    Column("jump", "number", filled=True, low=-1.0, high=1.0),
    Column("half_life_days", "number", filled=True),
    Column("source", filled=True),
    Column("note", needed=False, adds="remarks for readers"),
)
DEALS = (
    Column("deal", "id", filled=True),
    Column("actor", needed=False, adds="whose part it is, where a deal has several sides"),
    Column("since", "date"),
    Column("until", "date"),
    _days("ramp_days", "number", adds="days until all of it is in force"),
    _chance("compliance", filled=True),
    _chance("low", needed=False, adds="the lower end of how much of it may be kept"),
    _chance("high", needed=False, adds="the upper end of how much of it may be kept"),
    Column("agreed_en", needed=False, adds="what was agreed, in English"),
    Column("agreed_es", needed=False, adds="what was agreed, in Spanish"),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
)
_share = partial(Column, kind="number", needed=False)
CARAVANS = (
    Column("place", filled=True),
    Column("source", filled=True),
    Column("note", needed=False, adds="remarks for readers"),
)
_reported = partial(_count, needed=False, counts=True)
EVENTS = (
    Column("day", "date", filled=True),
    Column(
        "precision",
        needed=False,
        known=("day", "month"),
        adds="month where the day is not known: such an event sets out in no run",
    ),
    Column("place", filled=True),
    _reported("low", adds="the fewest people that somebody reported"),
    _reported("high", adds="the most people that somebody reported"),
    Column("furthest", needed=False, adds="the last place on the way that was reached"),
    Column("end", "date", needed=False, adds="the day on which it ended"),
    Column("outcome", needed=False, known=ENDINGS, adds="how it ended, shown beside it"),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
)
SENSITIVITY = (
    Column("output", filled=True),
    Column("parameter", filled=True),
    Column("lever"),
    Column("mu_star", "number", low=0),
    Column("mu", "number"),
    Column("sigma", "number", low=0),
    _share("first", adds="share of what the output varies by that the value makes alone"),
    _share("first_low", adds="the lower end of that share"),
    _share("first_high", adds="the upper end of that share"),
    _share("total", adds="the same together with others"),
    _share("total_low", adds="the lower end of it"),
    _share("total_high", adds="the upper end of it"),
    Column("lowered", "number", needed=False, adds="points at which a factor was lowered"),
    Column("impossible", "number", needed=False, adds="steps at which no run was possible"),
    Column("without", "id", filled=True),
    Column("posterior", filled=True),
)
TESTED = (
    Column("test", "id", filled=True),
    Column("series", filled=True),
    Column("figure", filled=True),
    Column("value", "number"),
    Column("low", "number", needed=False, adds="the lower end of its range"),
    Column("high", "number", needed=False, adds="the upper end of its range"),
    Column("n", "number", needed=False, low=0, adds="on how many figures or runs it rests"),
    Column("command", needed=False, adds="the command that shows it"),
    Column("posterior", needed=False, adds="the fit that the corridor had when it was found"),
)
TABLES = {
    "groups.csv": GROUPS,
    "inflows.csv": INFLOWS,
    "sources.csv": SOURCES,
    "levers.csv": LEVERS,
    "outcomes.csv": OUTCOMES,
    "figures.csv": FIGURES,
    "capacities.csv": CAPACITIES,
    "publication.csv": PUBLICATION,
    "components.csv": COMPONENTS,
    "words.csv": WORDS,
    "record_before.csv": RECORD_BEFORE,
    "sensitivity.csv": SENSITIVITY,
    "tested.csv": TESTED,
    "beliefs.csv": BELIEFS,
    "rumours.csv": RUMOURS,
    "caravans.csv": CARAVANS,
    "events.csv": EVENTS,
    "deals.csv": DEALS,
    "questions.csv": question_columns(QUALITY),
}
"""Columns of the tables beside places, links and settings."""

OPTIONAL = (
    "levers.csv", "outcomes.csv", "figures.csv", "capacities.csv", "publication.csv",
    "components.csv", "words.csv", "record_before.csv", "sensitivity.csv", "tested.csv",
    "beliefs.csv", "rumours.csv", "caravans.csv", "events.csv", "deals.csv",
    "questions.csv",
)  # fmt: skip
"""Tables that may be left out."""
