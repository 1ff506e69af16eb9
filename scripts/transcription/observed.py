"""Observed figures, each with its publisher and the day it could first be known."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transcription.areas import SEGOB, mexico_areas
from transcription.border import OHSS, border
from transcription.common import (
    COUNTRIES,
    FIRST,
    NAMED,
    OTHER,
    Shared,
    by_nationality,
    months,
    rows,
    shifted,
)
from transcription.figure import COLUMNS, Row, figure
from transcription.publication import first_known, stated, stated_day, usual

SOUTH_LAST = "2025-04"
"""Last month of the series of Mexico, Honduras and Panama by nationality."""

MEXICO_LAST = "2025-09"
"""Last month of Mexico's encounters in all."""

MEXICO_FIRST = "2018-01"
"""First month of Mexico's encounters by nationality."""

REGIONS = {
    "us_border": ("USA",),
    "darien": ("PAN", "COL"),
    "mexico_central_america": ("MEX", "GTM", "HND", "SLV", "NIC", "CRI", "BLZ"),
}
"""Countries of the regions in which deaths are counted."""

CITIES = {
    "Ciudad Juárez": "ciudad_juarez",
    "Tijuana": "tijuana",
    "Matamoros": "matamoros",
    "Reynosa": "reynosa",
    "Piedras Negras": "piedras_negras",
    "Mexicali": "mexicali",
    "Mexico City": "mexico_city",
}
"""Places of the cities in which people wait."""


def figures(shared: Shared) -> pd.DataFrame:
    """Return all figures."""
    parts = (
        border(shared),
        mexico(shared),
        mexico_areas(shared),
        on_the_way(shared),
        asylum(shared),
        waiting(shared),
        queue(shared),
        under_way(shared),
        parole(shared),
        appointments(shared),
        deaths(shared),
        transfers(shared),
    )
    table = rows([row for part in parts for row in part], COLUMNS)
    order = ["measure", "component", "area", "nationality"]
    order += ["month", "month_end", "published", "value"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)


def mexico(shared: Shared) -> Iterator[Row]:
    """Give encounters and returns in Mexico, in all and by nationality."""
    table = shared.table("data/south/mexico_encounters_nationality_monthly.csv")
    nations = by_nationality(table, "encounters", "nationality_iso3", MEXICO_FIRST, SOUTH_LAST)
    total = shared.table("data/south/mexico_encounters_monthly.csv").set_index("month")
    nations[OTHER] = total["encounters"] - nations[list(NAMED)].sum(axis=1)
    origin = (SEGOB, "gdidata_mexico", "official")
    yield from _nations("stops", nations.drop(columns="MEX"), origin, "Mexico")
    for month, row in total.loc[months(shifted(SOUTH_LAST, 1), MEXICO_LAST)].iterrows():
        late = (SEGOB, str(row["source"]), "reported")
        known = usual(str(month), "Mexico")
        yield figure("stops", str(month), row["encounters"], known, late)
    table = shared.table("data/south/mexico_returns_monthly.csv")
    back = by_nationality(table, "returns", "nationality_iso3", FIRST, SOUTH_LAST)
    yield from _nations("returns_by_transit", back.drop(columns="MEX"), origin, "Mexico")


def _nations(
    measure: str,
    table: pd.DataFrame,
    origin: tuple[str, str, str],
    agency: str,
    unit: str = "events",
    component: str = "",
) -> Iterator[Row]:
    for month, values in table.assign(all=table.sum(axis=1)).iterrows():
        known = usual(str(month), agency)
        for label, value in values.items():
            more = {"component": component, "nationality": str(label), "unit": unit}
            yield figure(measure, str(month), value, known, origin, **more)


def on_the_way(shared: Shared) -> Iterator[Row]:
    """Give people counted in the Darién and in Honduras."""
    for component, agency, first, column, publisher in (
        ("darien", "Panama", "2020-01", "people", "Servicio Nacional de Migración, Panamá"),
        ("honduras", "Honduras", "2018-01", "entries", "Instituto Nacional de Migración, Honduras"),
    ):
        table = shared.table(f"data/south/{component}_monthly_nationality.csv")
        nations = by_nationality(table, column, "nationality_iso3", first, SOUTH_LAST)
        origin = (publisher, f"gdidata_{component}", "official")
        yield from _nations("transit", nations, origin, agency, "persons", component)


def asylum(shared: Shared) -> Iterator[Row]:
    """Give asylum applications in Mexico for the months that are known singly."""
    table = shared.table("data/south/comar_spans.csv")
    table = table[(table["months"] == 1) & (table["span_start"] >= FIRST)]
    for row in table.to_dict("records"):
        month = row["span_start"]
        known = first_known(month, "COMAR", stated(shared, row["source"]))
        origin = ("COMAR", row["source"], row["quality"])
        yield figure(
            "asylum_applications", month, row["applications"], known, origin, unit="persons"
        )


def waiting(shared: Shared) -> Iterator[Row]:
    """Give estimates of the people waiting in a city."""
    south = shared.table("data/south/tapachula.csv")
    south = south[south["metric"] == "stranded_in_city"].assign(place="tapachula")
    south = south.rename(columns={"estimator_or_shelter": "estimator"})
    north = shared.table("data/south/waiting_cities.csv")
    north = north[north["metric"] == "in_city"].assign(place=north["place"].map(CITIES))
    table = pd.concat([south, north])
    dated = (table["date"].str.len() >= 7) & (table["date"] >= FIRST)
    for row in table[dated & table["place"].notna()].to_dict("records"):
        yield _estimate(shared, row)


def _estimate(shared: Shared, row: dict[str, object]) -> Row:
    low, high = row["value_low"], row["value_high"]
    middle = low if pd.isna(high) else (float(str(low)) + float(str(high))) / 2
    origin = (str(row["estimator"]), str(row["source"]), str(row["quality"]))
    known = stated_day(stated(shared, str(row["source"])))
    more = {"area": row["place"], "low": low, "high": high, "unit": "persons"}
    return figure("waiting", str(row["date"])[:7], float(str(middle)), known, origin, **more)


def queue(shared: Shared) -> Iterator[Row]:
    """Give the people who ask for an appointment, as estimated or by their wait."""
    told = shared.table("data/south/cbp_one.csv").set_index("metric")
    facts = shared.table("facts/parameters.csv").set_index("name")
    yield _competing(shared, told.loc["people_competing"])
    yield _by_wait(facts.loc["cbp1_wait_2023"], facts.loc["cbp1_cap"])
    yield _at_the_end(told.loc["waiting_in_mexico"], facts.loc["cbp1_requesters"])


def _competing(shared: Shared, told: pd.Series) -> Row:
    origin = ("The New York Times", told["source"], told["quality"])
    known = stated_day(stated(shared, told["source"]))
    return figure("queue", told["date"][:7], told["value"], known, origin, unit="persons")


def _by_wait(wait: pd.Series, slots: pd.Series) -> Row:
    """Return the people before whom as many appointments stand as are given while they wait."""
    low, value, high = (float(wait[name]) * slots["value"] for name in ("low", "value", "high"))
    known = stated_day(wait["source_date"])
    origin = (wait["source_publisher"], f"{wait.name};{slots.name}", "derived")
    more = {"low": low, "high": high, "unit": "persons"}
    return figure("queue", wait["source_date"][:7], value, known, origin, **more)


def _at_the_end(estimate: pd.Series, requests: pd.Series) -> Row:
    """Return one figure of two: an estimate of the queue, and the requests of a typical day.

    Both are of mid-January; appointments ended on the 20th, so they stand for December, the last
    whole month with them.
    """
    low, high = float(estimate["value"]), float(requests["value"])
    origin = ("CBP; AP", f"{estimate['source']};{requests.name}", estimate["quality"])
    known = stated_day(requests["source_date"])
    more = {"low": low, "high": high, "unit": "persons"}
    month = str(np.datetime64(estimate["date"][:7]) - 1)
    return figure("queue", month, (low + high) / 2, known, origin, **more)


def under_way(shared: Shared) -> Iterator[Row]:
    """Give the people on freight trains and in their yards when they were halted."""
    facts = shared.table("facts/parameters.csv").set_index("name")
    told = facts.loc["train_stock_sep2023"]
    low, high = float(told["low"]), float(told["high"])
    origin = (told["source_publisher"], told.name, told["quality"])
    known = stated_day(told["source_date"])
    more = {"area": "freight_rail", "low": low, "high": high, "unit": "persons"}
    yield figure("under_way", known[0][:7], (low + high) / 2, known, origin, **more)


def parole(shared: Shared) -> Iterator[Row]:
    """Give arrivals by parole flights."""
    table = shared.table("data/us/chnv_monthly.csv")
    table = table[table["measure"] == "parole_arrivals"]
    table = table.assign(nationality=table["process"].map(COUNTRIES))
    yield from _edition("parole_arrivals", table, "count")


def appointments(shared: Shared) -> Iterator[Row]:
    """Give appointments kept at ports of entry; nationalities not named there are left out."""
    table = shared.table("data/us/cbp_one_appointments_monthly.csv")
    table = table.assign(nationality=table["nationality"].map(COUNTRIES))
    yield from _edition("appointments", table, "appointments")


def _edition(measure: str, table: pd.DataFrame, column: str) -> Iterator[Row]:
    origin = (OHSS, "ohss_monthly_2024_08", "official")
    everybody = table.assign(nationality="all")
    for part in (table.dropna(subset="nationality"), everybody):
        for (nation, month), value in part.groupby(["nationality", "month"])[column].sum().items():
            known = first_known(month, "OHSS", "2024-12-06")
            yield figure(measure, month, value, known, origin, nationality=nation)


def deaths(shared: Shared) -> Iterator[Row]:
    """Give recorded deaths and disappearances by region, as of one edition."""
    table = shared.table("data/south/missing_migrants_monthly.csv")
    origin = ("IOM Missing Migrants Project", "gdidata_mmp", "estimate")
    known = stated_day(stated(shared, "gdidata_mmp"))
    for region, countries in REGIONS.items():
        part = table[table["country_iso3"].isin(countries)]
        sums = part.groupby("month")["dead_and_missing"].sum()
        for month, value in sums.reindex(months(FIRST, SOUTH_LAST), fill_value=0).items():
            more = {"area": region, "unit": "persons"}
            yield figure("deaths", str(month), value, known, origin, **more)


def transfers(shared: Shared) -> Iterator[Row]:
    """Give people moved south inside Mexico where a figure a month exists, with how."""
    table = shared.table("data/south/internal_transfers.csv")
    monthly = (table["unit"] == "people per month") & (table["direction"] == "north_to_south")
    for row in table[monthly].to_dict("records"):
        known = stated_day(stated(shared, row["source"]))
        origin = ("Human Rights Watch", row["source"], "estimate")
        for month in months(row["date_start"][:7], row["date_end"][:7]):
            more = {"component": row["mode"], "unit": "persons"}
            yield figure("transfers", month, row["people"], known, origin, **more)
