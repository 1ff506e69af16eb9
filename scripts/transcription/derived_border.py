"""Settings of the US border that follow from figures: sectors and custody."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from transcription.common import (
    COUNTRIES,
    NATIONALITIES,
    Shared,
    by_nationality,
    encounters,
)
from transcription.inflows import KNOWN
from transcription.publication import usual
from transcription.setting import Setting, ratio, setting

SMALLEST_SHARE = 0.002
"""Least share of a sector, so that no sector is out of reach."""

OUTCOMES = "data/us/swb_bookouts_nationality_monthly.csv"

POOLED = "Others"
"""Row of the outcomes that stands for nationalities not named there."""

TO_MEXICO = dict.fromkeys(("MEX", "GTM", "HND", "SLV"), "2020-03") | {
    "VEN": "2022-10",
    "CUB": "2023-01",
    "HTI": "2023-01",
    "NIC": "2023-01",
}
"""Month from which Mexico takes people of a nationality whom the US sends back."""

RETURNED_TO_MEXICO = ("MEX", "VEN", "CUB", "HTI", "NIC")
"""Nationalities whose Title 8 repatriations from the border lead to Mexico."""


class Regime(NamedTuple):
    """Months over which outcomes are averaged, and the dates they stand for."""

    first: str
    last: str
    since: str
    until: str
    lever: str


TITLE_42 = tuple(
    Regime(first, last, f"{first}-01", "2023-05-12", "title-42")
    for first, last in (
        ("2021-01", "2021-06"),
        ("2021-07", "2021-12"),
        ("2022-01", "2022-06"),
        ("2022-07", "2022-09"),
        ("2022-10", "2022-12"),
        ("2023-01", "2023-04"),
    )
)
"""Each gives way to the next; all end with the rule."""

REGIMES = (
    Regime("2023-06", "2023-09", "", "", ""),
    *TITLE_42,
    Regime("2023-06", "2024-05", "2023-05-12", "", ""),
    Regime("2024-06", "2024-08", "2024-06-05", "", "june-2024-asylum-rule"),
)
"""Without a date: what holds where nothing else does, or nothing later was known yet."""


def border_settings(shared: Shared) -> Iterator[Setting]:
    """Give the settings of the US border."""
    yield from sector_appeal(shared)
    yield from custody(shared)


def sector_appeal(shared: Shared) -> Iterator[Setting]:
    """Give the log of each sector's share of a nationality's Border Patrol encounters."""
    table = encounters(shared)
    table = table[(table["component"] == "USBP") & table["month"].between(*KNOWN)]
    places = shared.table("data/geo/places.csv")
    places = places[places["kind"] == "us_sector"].set_index("sector")["id"]
    area = table["area_of_responsibility"].str.removesuffix(" Sector")
    for sector, part in table.groupby(area):
        counts = _by_nation(part)
        for nation, whole in _by_nation(table).items():
            share = max(counts[nation] / whole, SMALLEST_SHARE)
            note = f"log of {ratio(counts[nation], whole)}, not below log of {SMALLEST_SHARE}"
            day = usual(KNOWN[1], "CBP")[0]
            more = {"at": places[str(sector)], "group": nation, "known": day}
            yield setting(
                "zone.appeal", float(np.log(share)), "utility", "cbp_nationwide", note, **more
            )


def _by_nation(table: pd.DataFrame) -> pd.Series:
    counts = by_nationality(table, "encounters", "nationality_iso3", *KNOWN).sum()
    return counts[list(NATIONALITIES)]


def custody(shared: Shared) -> Iterator[Setting]:
    """Give the shares of encounters sent back to Mexico, and home, under each regime."""
    table = shared.table(OUTCOMES).rename(columns={"nationality": "country"})
    names = {code: name for name, code in COUNTRIES.items()}
    for nation in NATIONALITIES:
        name = names.get(nation, "")
        known = table["country"].eq(name).any()
        part = table[table["country"] == (name if known else POOLED)]
        counts = part.pivot_table(index="month", columns="outcome", values="count").fillna(0.0)
        for regime in REGIMES:
            yield from _regime(nation, name if known else POOLED, regime, counts)


def _regime(nation: str, country: str, regime: Regime, counts: pd.DataFrame) -> Iterator[Setting]:
    counts = counts.loc[regime.first : regime.last]
    whole = counts.drop(columns="OFO Paroles").sum(axis=1)
    parts = _sent(nation, regime, counts)
    detained = counts["Transfers to ICE"].sum() / whole.sum()
    for parameter, part in parts.items():
        monthly = part / whole
        mean = part.sum() / whole.sum()
        home = parameter == "crossing.removed"
        span = f"{regime.first} to {regime.last}"
        yield setting(
            parameter,
            mean,
            "share",
            "ohss_monthly_2024_08",
            f"{ratio(part.sum(), whole.sum())}, {country}, {span}"
            + ("; high: all transferred to ICE too" if home else ""),
            group=nation,
            since=regime.since,
            until=regime.until,
            known=usual(regime.last, "OHSS")[0],
            lever=regime.lever,
            low=monthly.min(),
            high=min(mean + detained, 1.0) if home else monthly.max(),
        )


def _sent(nation: str, regime: Regime, counts: pd.DataFrame) -> dict[str, pd.Series]:
    """Return monthly counts of those sent to Mexico and of those sent home."""
    expelled, returned, protocols = (
        counts[name] if name in counts else counts["USBP Releases"] * 0.0
        for name in ("T42 expulsions", "T8 repatriations", "Migrant Protection Protocols")
    )
    taken = TO_MEXICO.get(nation, "9999") <= regime.first
    across = taken and (nation == "MEX" or not regime.lever.startswith("title-42"))
    across = across and nation in RETURNED_TO_MEXICO
    return {
        "crossing.expelled": protocols + taken * expelled + across * returned,
        "crossing.removed": (not taken) * expelled + (not across) * returned,
    }
