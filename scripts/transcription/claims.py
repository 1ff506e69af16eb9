"""What claims are held against beside the corridor's own figures, and where claims stand."""

import re
from collections.abc import Iterator

import pandas as pd

from transcription.bibliography import CITED
from transcription.bibliography import COLUMNS as SOURCE_COLUMNS
from transcription.common import Shared, rows
from transcription.figure import COLUMNS, Row, figure
from transcription.publication import stated, stated_day

FIGURES = (*COLUMNS[:6], "day", *COLUMNS[6:9], "n", *COLUMNS[9:])
"""Columns of the figures: those of the corridor's, the day, and how many were asked."""

OPINION = ("https://www.americanthinker.com/blog/2024/10/caravana_esperando_caravan_waiting.html",)
"""Addresses of opinion pieces that make claims; they are sources of claims, never of a value."""

TROOPS = {
    "troops_2019": "2019-06",
    "troops_jan2021": "2021-01",
    "troops_jul2021": "2021-07",
    "troops_jan2023": "2023-01",
    "troops_sep2023": "2023-09",
    "troops_apr2024": "2024-04",
}
"""Counts of troops on migration duty, and the month that each is of."""

SURVEYS = {
    "smuggler_use_ca": ("smuggler_share", "2019-12", None),
    "kidnap_share": ("kidnapped_share", "2025-01", 243),
}
"""Shares asked for in surveys: measure, month, and how many were asked where that is known."""

CAMP = {"matamoros": ((1500.0, ""), (200.0, "2023-12-28"))}
"""People in a camp before and after it was cleared, and the day where it is known."""

SOUTHBOUND = {"Panama": "PA", "Costa Rica": "CR", "Panama / Costa Rica / Colombia": "PA;CR;CO"}
"""Where people going back south were counted, and the countries."""


def claims_figures(shared: Shared) -> pd.DataFrame:
    """Return the figures that claims need and that are not among the corridor's."""
    every = (_troops, _camps, _moved_south, _southbound, _surveys)
    return rows([row for each in every for row in each(shared)], FIGURES)


def _facts(shared: Shared) -> pd.DataFrame:
    return shared.table("facts/parameters.csv").set_index("name")


def _of(fact: pd.Series, name: str, measure: str, month: str, **more: object) -> Row:
    """Return a fact as a figure, with its ends where they differ from it."""
    value, low, high = (float(fact[column]) for column in ("value", "low", "high"))
    ends = {} if low == high else {"low": low, "high": high}
    origin = (str(fact["source_publisher"]), name, str(fact["quality"]))
    return figure(
        measure, month, value, stated_day(str(fact["source_date"])), origin, **ends, **more
    )


def _troops(shared: Shared) -> Iterator[Row]:
    facts = _facts(shared)
    for name, month in TROOPS.items():
        yield _of(facts.loc[name], name, "troops", month, unit="troops")


def _camps(shared: Shared) -> Iterator[Row]:
    fact = _facts(shared).loc["camp_matamoros"]
    origin = (str(fact["source_publisher"]), "camp_matamoros", str(fact["quality"]))
    known = stated_day(str(fact["source_date"]))
    for place, estimates in CAMP.items():
        for value, day in estimates:
            more = {"area": place, "day": day, "unit": "persons", "component": "camp"}
            yield figure("waiting", str(fact["source_date"])[:7], value, known, origin, **more)


def _moved_south(shared: Shared) -> Iterator[Row]:
    """Give reports of people moved south; of many it is only known that they were."""
    table = shared.table("data/south/internal_transfers.csv")
    table = table[(table["direction"] == "north_to_south") & (table["unit"] != "people per month")]
    for row in table.to_dict("records"):
        first, last = (str(row[name])[:7] for name in ("date_start", "date_end"))
        source = str(row["source"])
        day = stated(shared, source)
        known = stated_day(day if day[:4].isdigit() else last)
        more = {"month_end": last if last > first and last != "nan" else "", "unit": "persons"}
        origin = ("", source, str(row["quality"]))
        value = float("nan") if pd.isna(row["people"]) else float(row["people"])
        yield figure("transfers", first, value, known, origin, component="south", **more)


def _southbound(shared: Shared) -> Iterator[Row]:
    table = shared.table("data/south/reverse_flow.csv")
    for row in table[table["metric"].str.startswith("southbound")].to_dict("records"):
        first, last = (str(row[name])[:7] for name in ("date_start", "date_end"))
        # One source says "2025" alone: up to when it was printed.
        last = last if len(last) == 7 else "2025-08"
        known = stated_day(stated(shared, str(row["source"])) or last)
        origin = ("", str(row["source"]), str(row["quality"]))
        more = {"month_end": last, "unit": "persons", "area": SOUTHBOUND[str(row["place"])]}
        yield figure("southbound", first, float(row["people"]), known, origin, **more)


def _surveys(shared: Shared) -> Iterator[Row]:
    facts = _facts(shared)
    for name, (measure, month, asked) in SURVEYS.items():
        yield _of(facts.loc[name], name, measure, month, unit="share", n=asked)


def claims_sources(shared: Shared) -> pd.DataFrame:
    """Return where claims stand and what was written of them, each document once."""
    table = pd.DataFrame([row for _, row in _documents(shared)])
    return table.drop_duplicates("address")[SOURCE_COLUMNS].sort_values("source", ignore_index=True)


OTHER = re.compile(r'(?P<publisher>.+?), "(?P<title>.+)", (?P<published>[\d-]+), (?P<address>\S+)')


def _documents(shared: Shared) -> Iterator[tuple[str, dict[str, str]]]:
    for row in shared.table("facts/claims.csv").fillna("").to_dict("records"):
        claim, texts = str(row["id"]), str(row["other_sources"]).split(" | ")
        first = {"publisher": "source_publisher", "title": "source_title"}
        first |= {"published": "source_date", "address": "source_url"}
        named = [{name: str(row[column]) for name, column in first.items()}]
        named += [match.groupdict() for text in texts if (match := OTHER.match(text))]
        for number, one in enumerate(named, 1):
            own = f"{claim.lower()}_{number}"
            source = "opinion_2024_10" if one["address"] in OPINION else own
            yield claim, {"source": source, **one, "licence": CITED}
