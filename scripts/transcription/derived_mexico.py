"""Settings of Mexico and of lawful ways that follow from figures."""

from collections.abc import Iterator

import pandas as pd

from transcription.common import (
    COUNTRIES,
    NATIONALITIES,
    Shared,
    by_nationality,
    encounters,
)
from transcription.inflows import inflows
from transcription.publication import stated_day, usual
from transcription.setting import Setting, ratio, setting

RETURNS = (("2023-01", "2023-03", ""), ("2023-04", "2023-06", "2023-04-01"))
"""Months of the share returned from Mexico and the first day they stand for.

Provisional holding centres closed after the fire of 27 March 2023 at Ciudad Juárez.
"""

RULE_MONTHS = {"2023-05": 17 / 31, "2023-06": 1.0}
"""Weight of the months after Title 42 ended: 15 to 31 May, and June 2023."""

CROSSING_RATE = 0.07
"""Rate per day of crossing between ports beside which people join the appointment pool; assumed."""

COMPETING = 62_000
"""People who asked for appointments in May 2023, beside those who had had one."""

FIRST_MONTHS = ("2023-01", "2023-05")
"""Months of the first appointments."""

HIGHEST_REQUEST = 0.5
"""Highest rate per day of joining the pool."""

ASYLUM_YEAR = 2022
OFFICE_STAY = 7.0
"""Days that people stay where the largest asylum office is; assumed."""

HIGHEST_APPLYING = 0.6
"""Highest share of those who pass that applies."""

OFFICES = {
    "Tapachula": "tapachula",
    "Ciudad de México": "mexico_city",
    "Palenque": "tenosique",
    "Tabasco": "villahermosa",
    "Baja California": "tijuana",
}
"""Places of the asylum offices; that of Palenque at Tenosique, where its applicants come in."""

AIRPORTS = {
    "mia_airport": 91_821,
    "fll_airport": 60_461,
    "jfk_airport": 14_827,
    "mco_airport": 6_043,
}
"""Parole arrivals by airport, January to August 2023."""

HOUSTON = 10_435
"""Parole arrivals at Houston: half way between those of the airports listed before and after it."""

SHELTERS = (
    (
        "ciudad_juarez",
        2795,
        2500,
        3000,
        "circuitofrontera_20230808;shelter_juarez",
        "2023-08-08",
        "31 shelters",
    ),
    ("mexicali", 1102, 1102, 1500, "lavozfrontera_9073649", "2022-10", "five main shelters"),
    ("matamoros", 850, 850, 1500, "azcapitol_20230824", "2023-08-24", "new tent shelter only"),
    (
        "tapachula",
        840,
        500,
        2000,
        "grc_202301;diariodelsur_12218577",
        "2023-01;2024-07",
        "two shelters: 140 and 700",
    ),
)
"""Shelter places: place, value, low, high, sources, when they appeared, what they cover."""


def mexico_settings(shared: Shared) -> Iterator[Setting]:
    """Give the settings of Mexico and of lawful ways."""
    yield from returned(shared)
    yield from requesting(shared)
    yield from applying(shared)
    yield from parole_airports()
    yield from shelters()


def returned(shared: Shared) -> Iterator[Setting]:
    """Give the share of those stopped in Mexico who are returned to their country."""
    for first, last, since in RETURNS:
        dates = {"since": since, "known": usual(last, "Mexico")[0]}
        back, stopped = counted(shared, first, last)
        for nation in NATIONALITIES[1:]:
            monthly = (back[nation] / stopped[nation]).clip(upper=1.0)
            part, whole = back[nation].sum(), stopped[nation].sum()
            note = f"{ratio(part, whole)} encounters, {first} to {last}"
            more = {"group": nation, "low": monthly.min(), "high": monthly.max(), **dates}
            yield setting("deport.share", part / whole, "share", "gdidata_mexico", note, **more)


def counted(shared: Shared, first: str, last: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return returns and encounters in Mexico by month and nationality."""
    returns = shared.table("data/south/mexico_returns_monthly.csv")
    stopped = shared.table("data/south/mexico_encounters_nationality_monthly.csv")
    return (
        by_nationality(returns, "returns", "nationality_iso3", first, last),
        by_nationality(stopped, "encounters", "nationality_iso3", first, last),
    )


def requesting(shared: Shared) -> Iterator[Setting]:
    """Give the rate of asking for an appointment: more ask than appointments are kept."""
    table = shared.table("data/us/cbp_one_appointments_monthly.csv")
    first = table["appointments"][table["month"].between(*FIRST_MONTHS)].sum()
    kept, crossed = kept_by_nationality(shared, table), _after_rule(shared, "USBP")
    for nation in NATIONALITIES:
        yield _request(nation, kept[nation], crossed[nation], 1 + COMPETING / first)


def kept_by_nationality(shared: Shared, table: pd.DataFrame) -> pd.Series:
    """Return appointments after Title 42; those not named are shared out as port counts are."""
    kept = table.assign(nationality=table["nationality"].map(COUNTRIES).fillna("pooled"))
    kept = kept.pivot_table(
        index="month", columns="nationality", values="appointments", aggfunc="sum"
    )
    kept, met = _weighted(kept), _after_rule(shared, "OFO")
    unnamed = met.drop(kept.index, errors="ignore")
    return pd.concat([kept.drop("pooled"), kept["pooled"] * unnamed / unnamed.sum()])


def _after_rule(shared: Shared, component: str) -> pd.Series:
    table = encounters(shared)
    table = table[table["component"] == component]
    return _weighted(by_nationality(table, "encounters", "nationality_iso3", *RULE_MONTHS))


def _weighted(monthly: pd.DataFrame) -> pd.Series:
    """Sum the months after Title 42, by nationality."""
    weight = pd.Series(RULE_MONTHS)
    return monthly.loc[weight.index].mul(weight, axis=0).sum()


def _request(nation: str, kept: float, crossed: float, asking: float) -> Setting:
    rate = min(CROSSING_RATE * asking * kept / crossed, HIGHEST_REQUEST)
    note = f"{CROSSING_RATE} x {asking:.2f} asking for each kept x {round(kept)} appointments / "
    note += f"{round(crossed)} USBP encounters, 15 May to June 2023, not above {HIGHEST_REQUEST}"
    return setting(
        "appointment.request",
        rate,
        "1/day",
        "ohss_monthly_2024_08;cbp_nationwide;adnamerica_20230706",
        note,
        group=nation,
        low=rate / 2,
        high=min(2 * rate, HIGHEST_REQUEST),
        known=usual(max(RULE_MONTHS), "OHSS")[0],
    )


def applying(shared: Shared) -> Iterator[Setting]:
    """Give the rate of applying for asylum in Mexico at the places of its offices."""
    offices = shared.table("data/south/comar_periods.csv")
    offices = offices[offices["place_type"] == "comar_office"]
    ends = offices[["period_start", "period_end"]].agg("/".join, axis=1)
    offices = offices[ends == f"{ASYLUM_YEAR}-01/{ASYLUM_YEAR}-12"]
    lodged = offices.set_index("place")["applications"]
    asked, entered = applications(shared), entries(shared)
    for nation in NATIONALITIES[1:]:
        share = min(asked[nation] / entered[nation], HIGHEST_APPLYING)
        note = f"{ratio(asked[nation], entered[nation])} entries of {ASYLUM_YEAR} as odds, over "
        note += f"{OFFICE_STAY:.0f} days, by the office's applications relative to Tapachula's"
        for office, place in OFFICES.items():
            rate = share / (1 - share) / OFFICE_STAY * lodged[office] / lodged["Tapachula"]
            yield setting(
                "asylum.apply",
                rate,
                "1/day",
                "unhcr_refugees_pkg;razon_512728",
                note,
                at=place,
                group=nation,
                low=rate / 2,
                high=rate * 2,
                known=usual(f"{ASYLUM_YEAR}-12", "COMAR")[0],
            )


def applications(shared: Shared) -> pd.Series:
    """Return asylum applications in Mexico of the year by nationality."""
    table = shared.table("data/south/comar_annual_nationality.csv")
    table = table[table["year"] == ASYLUM_YEAR].assign(month=f"{ASYLUM_YEAR}-01")
    months = (f"{ASYLUM_YEAR}-01", f"{ASYLUM_YEAR}-01")
    return by_nationality(table, "applications", "nationality_iso3", *months).sum()


def entries(shared: Shared) -> pd.Series:
    """Return entries of the year by nationality, those by parole flights left out."""
    table = inflows(shared)
    year = table["month"].str.startswith(str(ASYLUM_YEAR)) & (table["route"] != "parole")
    table = table[year]
    persons = table["persons"].astype(float)
    return persons.groupby(table["group"].str.split("-").str[0]).sum()


def parole_airports() -> Iterator[Setting]:
    """Give the weights of US airports of arrival."""
    source, unit = "house_committee_parole_2024", "weight"
    for place, people in AIRPORTS.items():
        yield setting("parole.airport", people, unit, source, "January to August 2023", at=place)
    note = "half way between New York's 14827 and Orlando's 6043; its own number was not retrieved"
    yield setting(
        "parole.airport", HOUSTON, unit, source, note, at="iah_airport", quality="assumed"
    )


def shelters() -> Iterator[Setting]:
    """Give the shelter places known."""
    for place, value, low, high, source, printed, note in SHELTERS:
        yield setting(
            "shelter.places",
            value,
            "places",
            source,
            f"{note}; a lower bound, other shelters are not counted",
            at=place,
            low=low,
            high=high,
            known=max(stated_day(day)[0] for day in printed.split(";")),
            quality="reported",
        )
