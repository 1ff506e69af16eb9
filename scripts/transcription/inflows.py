"""People entering the corridor by month, place and group: observed, latent and by parole.

Nothing here is fitted to figures of the months from July 2023 on. Entries seen on the way are
counts of those months by Panama and Honduras; entries that nobody counts on the way keep the level
of the twelve months before, with the usual course of the year; those who come to ports without
appointment, that of the five months before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from transcription.common import (
    HOUSEHOLDS,
    NATIONALITIES,
    Shared,
    by_nationality,
    encounters,
    months,
    rows,
    shifted,
)
from transcription.ports import PORT_MONTHS, gate_shares, presenting
from transcription.publication import usual
from transcription.there import THERE, THERE_MONTH, THERE_SHARES

COLUMNS = ("month", "place", "group", "route", "known", "persons", "source", "quality", "note")

START, END = "2021-01", "2025-04"
"""First and last month of the inflows."""

EARLY = "2020-01"
"""First month that trailing means look back to."""

KNOWN = ("2022-07", "2023-06")
"""The twelve months whose level is kept afterwards."""

PAROLE_BREAK = ("2023-02", "2023-06")
"""The same for nationalities with parole flights, which began in January 2023."""

UNCOUNTED = ["MEX", "GTM", "HND", "SLV", "NIC"]
"""Nationalities that neither Panama nor Honduras counts on their way; stray counts are left out."""

PAROLE_NATIONS = {
    "Cuba": ("CUB", "hav_airport"),
    "Haiti": ("HTI", "pap_airport"),
    "Nicaragua": ("NIC", "mga_airport"),
    "Venezuela": ("VEN", "ccs_airport"),
}
"""Nationality and airport of departure of each parole process."""

PAROLE_TOTAL = 531_690
"""Arrivals by parole in all, to 20 January 2025."""

PAROLE_TOTAL_KNOWN = "2025-03-25"
"""Day on which the notice that tells the total was published."""

PAROLE_DAYS = {"2024-09": 30, "2024-10": 31, "2024-11": 30, "2024-12": 31, "2025-01": 20}
"""Days of the programme after the last monthly figures."""

SOUTHERN_ARRIVALS = {"mex_airport": 0.5, "cun_airport": 0.2, "tapachula": 0.3}
VISA_ARRIVALS = {"mex_airport": 0.3, "cun_airport": 0.1, "tapachula": 0.6}

DIRECT_PLACES = {
    "MEX": {
        "acapulco": 0.25,
        "morelia": 0.25,
        "mexico_city": 0.2,
        "guadalajara": 0.15,
        "zacatecas": 0.15,
    },
    "GTM": {"guatemala_city": 0.4, "quetzaltenango": 0.3, "huehuetenango": 0.3},
    "HND": {"san_pedro_sula": 0.6, "tegucigalpa": 0.4},
    "SLV": {"san_salvador": 1.0},
    "NIC": {"managua": 1.0},
    "CUB": {"managua": 1.0},
    "HTI": {"tapachula": 1.0},
    "VEN": {"tapachula": 1.0},
    "COL": SOUTHERN_ARRIVALS,
    "PER": SOUTHERN_ARRIVALS,
    "ECU": VISA_ARRIVALS,
    "BRA": VISA_ARRIVALS,
    "CHN": {"mex_airport": 0.2, "tapachula": 0.8},
    "IND": {"mex_airport": 0.2, "tapachula": 0.8},
    "OTH": VISA_ARRIVALS,
}
"""Where people enter whom nobody counts on the way: assumed shares of places."""


@dataclass(frozen=True)
class Stream:
    """Persons by month and nationality that enter in one way.

    Attributes
    ----------
    route
        Name of the way: overland, air, direct, parole, port or already_there.
    persons
        One row a month, one column a nationality.
    places
        Shares of the places of entry, by nationality.
    source, quality, note
        Where the figures come from.
    known
        Day from which the entries of a month and nationality were known.
    """

    route: str
    persons: pd.DataFrame
    places: dict[str, dict[str, float]]
    source: str
    quality: str
    note: str
    known: Callable[[str, str], str]


def inflows(shared: Shared) -> pd.DataFrame:
    """Return the inflows of all routes, split by household."""
    families = family_share(shared)
    streams = (*observed(shared), latent(shared), *parole(shared), *ports(shared), *already_there())
    records = [row for stream in streams for row in _records(stream, families)]
    table = rows(records, COLUMNS)
    return table.sort_values(["month", "route", "place", "group"]).reset_index(drop=True)


def _records(stream: Stream, families: pd.DataFrame) -> Iterator[dict[str, object]]:
    for month, counts in stream.persons.loc[START:END].iterrows():
        for nation, persons in counts.items():
            shares = (1 - families.loc[month, nation], families.loc[month, nation])
            for place, part in stream.places.get(str(nation), {}).items():
                for household, share in zip(HOUSEHOLDS, shares, strict=True):
                    value = round(persons * part * share, 1)
                    if value > 0:
                        day = stream.known(str(month), str(nation))
                        group = f"{nation}-{household}"
                        yield _row(stream, str(month), place, group, value) | {"known": day}


def _row(stream: Stream, month: str, place: str, group: str, persons: float) -> dict[str, object]:
    return {
        "month": month,
        "place": place,
        "group": group,
        "route": stream.route,
        "persons": persons,
        "source": stream.source,
        "quality": stream.quality,
        "note": stream.note,
    }


def counted(shared: Shared) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the people counted in the Darién and in Honduras by month and nationality."""
    darien = shared.table("data/south/darien_monthly_nationality.csv")
    honduras = shared.table("data/south/honduras_monthly_nationality.csv")
    people = by_nationality(darien, "people", "nationality_iso3", EARLY, END)
    entries = by_nationality(honduras, "entries", "nationality_iso3", EARLY, END)
    nobody = dict.fromkeys(UNCOUNTED, 0.0)
    return people.assign(**nobody), entries.assign(**nobody)


def lagged(darien: pd.DataFrame) -> pd.DataFrame:
    """Return when people counted in the Darién would pass Honduras: half of them a month later."""
    return (darien + darien.shift(fill_value=0.0)) / 2


def seen(shared: Shared) -> pd.DataFrame:
    """Return the larger of the Honduras count and the Darién count as it would pass Honduras."""
    darien, honduras = counted(shared)
    return honduras.where(honduras > lagged(darien), lagged(darien))


def observed(shared: Shared) -> tuple[Stream, Stream]:
    """Return the entries seen in the Darién, and those that Honduras alone has seen."""
    darien, honduras = counted(shared)
    beyond = (honduras - lagged(darien)).clip(lower=0.0)
    return (
        Stream(
            "overland",
            darien,
            everybody_at("necocli"),
            "gdidata_darien",
            "official",
            "Darién count of the month; all put at Necoclí",
            lambda month, _: usual(month, "Panama")[0],
        ),
        Stream(
            "air",
            beyond,
            everybody_at("managua"),
            "gdidata_honduras",
            "derived",
            "Honduras count less half of the Darién counts of the month and the month before",
            lambda month, _: usual(month, "Honduras")[0],
        ),
    )


def everybody_at(place: str) -> dict[str, dict[str, float]]:
    """Return shares that put every nationality at one place."""
    return {nation: {place: 1.0} for nation in NATIONALITIES}


def unseen(shared: Shared) -> pd.DataFrame:
    """Return US southwest encounters less the entries seen on the way, by month and nationality.

    Those who come to ports without appointment enter there, not over land.
    """
    table = encounters(shared)
    us = by_nationality(table, "encounters", "nationality_iso3", EARLY, KNOWN[1])
    walked = pd.DataFrame(0.0, us.index, us.columns)
    walked.loc[PORT_MONTHS[0] :] += presenting(shared)
    return us - walked - seen(shared).loc[: KNOWN[1]]


def season(shared: Shared) -> pd.Series:
    """Return the usual course of the year: mean month factors of Border Patrol, 2012 to 2019."""
    table = shared.table("data/us/usbp_southwest_monthly.csv")
    table = table[table["month"].between("2012-01", "2019-12")]
    year, month = table["month"].str[:4], table["month"].str[5:]
    factor = table["encounters"] / table["encounters"].groupby(year).transform("mean")
    return factor.groupby(month).mean()


def latent(shared: Shared) -> Stream:
    """Return the entries that nobody counts on the way."""
    missing, factor = unseen(shared), season(shared)
    persons = pd.DataFrame(
        {
            nation: [_level(missing[nation], factor, month) for month in months(START, END)]
            for nation in NATIONALITIES
        },
        index=months(START, END),
    )
    return Stream(
        "direct",
        persons,
        DIRECT_PLACES,
        "cbp_nationwide",
        "assumed",
        "mean of earlier US encounters less entries seen; usual season; assumed places",
        lambda month, nation: usual(window(nation, month)[1], "CBP")[0],
    )


def _level(missing: pd.Series, factor: pd.Series, month: str) -> float:
    first, last = window(str(missing.name), month)
    held = missing.loc[first:last]
    usual = sum(factor[known[5:]] for known in held.index)
    return float(max(held.sum(), 0.0) / usual * factor[month[5:]])


def window(nation: str, month: str) -> tuple[str, str]:
    """Return the months whose mean is a month's level: the year before, none after June 2023."""
    flown = nation in {code for code, _ in PAROLE_NATIONS.values()}
    if month >= ("2023-01" if flown else KNOWN[0]):
        return PAROLE_BREAK if flown else KNOWN
    return shifted(month, -12), shifted(month, -1)


def parole(shared: Shared) -> tuple[Stream, Stream]:
    """Return arrivals by parole flights: as counted, and the rest of the published total."""
    table = shared.table("data/us/chnv_monthly.csv")
    table = table[table["measure"] == "parole_arrivals"]
    arrived = table.pivot_table(index="month", columns="process", values="count", aggfunc="sum")
    arrived = arrived.rename(columns={name: code for name, (code, _) in PAROLE_NATIONS.items()})
    places = {code: {airport: 1.0} for code, airport in PAROLE_NATIONS.values()}
    return (
        Stream(
            "parole",
            arrived.fillna(0.0),
            places,
            "ohss_monthly_2024_08",
            "official",
            "parole arrivals of the month",
            lambda month, _: usual(month, "OHSS")[0],
        ),
        Stream(
            "parole",
            rest_of_parole(arrived),
            places,
            "ohss_monthly_2024_08;T089",
            "derived",
            "531,690 less arrivals to August 2024, spread evenly to 2025-01-20 by nationality",
            lambda *_: PAROLE_TOTAL_KNOWN,
        ),
    )


def rest_of_parole(arrived: pd.DataFrame) -> pd.DataFrame:
    """Spread what is left of the published total over the days after the monthly figures."""
    left = PAROLE_TOTAL - arrived.to_numpy(na_value=0.0).sum()
    days = pd.Series(PAROLE_DAYS, dtype=float)
    shares = arrived.sum() / arrived.sum().sum()
    return pd.DataFrame({code: left * share * days / days.sum() for code, share in shares.items()})


def family_share(shared: Shared) -> pd.DataFrame:
    """Return the share of families and children by month and nationality, over the year before.

    Months after the level is fixed keep the share of the last twelve months before July 2023.
    """
    table = encounters(shared)
    alone = table[table["demographic"] == "single adult"]
    everybody, adults = (
        by_nationality(part, "encounters", "nationality_iso3", EARLY, KNOWN[1])
        for part in (table, alone)
    )
    trailing = 1 - adults.rolling(12).sum() / everybody.rolling(12).sum()
    return trailing.shift().reindex(months(START, END)).fillna(trailing.iloc[-1])


def ports(shared: Shared) -> Iterator[Stream]:
    """Give those who come to ports without appointment: a level from before the run, held."""
    people = months(PORT_MONTHS[0], END)
    yield Stream(
        "port",
        pd.DataFrame([presenting(shared)] * len(people), index=people),
        gate_shares(shared),
        "cbp_nationwide;ohss_monthly_2024_08",
        "derived",
        "port counts less appointments, mean of February to June 2023, the same in all months; "
        "one gate an office",
        lambda *_: usual(PORT_MONTHS[1], "OHSS")[0],
    )


def already_there() -> Iterator[Stream]:
    """Give the people who were in Mexico when 2023 began."""
    for place, (persons, source, note) in THERE.items():
        people = {nation: [persons * share] for nation, share in THERE_SHARES.items()}
        quality = "assumed" if source == "assumed" else "derived"
        table = pd.DataFrame(people, index=[THERE_MONTH])
        places = everybody_at(place)
        yield Stream("already_there", table, places, source, quality, note, lambda *_: "")
