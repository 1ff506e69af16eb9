"""Encounters at the US southwest border: before, in and after the months of the detailed tables."""

from collections.abc import Iterator

import pandas as pd

from transcription.common import (
    COUNTRIES,
    FIRST,
    LAST,
    NATIONALITIES,
    Shared,
    by_nationality,
    encounters,
    months,
    shifted,
)
from transcription.figure import Row, figure
from transcription.publication import Published, stated_day, usual

EARLY_FIRST, EARLY_LAST = "2012-01", shifted(FIRST, -1)
"""Months before the detail: of the Border Patrol, by nationality and sector apart."""

DETAIL_LAST = "2025-05"
"""Last month of US encounters by area and nationality."""

CBP = "U.S. Customs and Border Protection"
OHSS = "DHS Office of Homeland Security Statistics"

KHSM = (OHSS, "ohss_khsm_2024_11", "official")
"""Origin of the figures by nationality and sector before the detail, rounded to ten."""

EDITIONS = {
    "CBP/USBP": (CBP, "cbp_monthly_usbp", "official"),
    "OHSS monthly": (OHSS, "ohss_monthly_2024_08", "official"),
    "CBP SW": (CBP, "cbp_sw_fy19_fy22", "official"),
}
"""Origins of the totals before the detail, by how the name of their edition begins."""

NAMES = COUNTRIES | {"Brazil": "BRA", "India": "IND", "Peru": "PER"}
"""Nationalities by the names that the longest table uses."""

STATEMENTS, TOGETHER = "cbp_statements_2026", "cbp_sw_fy23_fy26"
"""Sources after the last edition by month: of the Border Patrol, and of both together."""

STATUS = {"published": "reported", "preliminary": "reported", "derived": "derived"}
"""Quality of totals that were read where others quote them."""


def border(shared: Shared) -> Iterator[Row]:
    """Give US encounters by component: in all, by nationality, by area."""
    yield from earlier_totals(shared)
    yield from earlier_parts(shared)
    yield from detailed(shared)
    yield from later_encounters(shared)
    yield from latest_totals(shared)
    yield from both_together(shared)
    yield from latest_ports(shared)


def earlier_totals(shared: Shared) -> Iterator[Row]:
    """Give encounters in all before the detail; at ports from 2013-10 on."""
    patrol = shared.table("data/us/usbp_southwest_monthly.csv").assign(component="USBP")
    total = shared.table("data/us/encounters_total_monthly.csv")
    for table in (patrol, total[total["component"] == "OFO"]):
        part = table[table["month"].between(EARLY_FIRST, EARLY_LAST)]
        for row in part.to_dict("records"):
            origin = next(
                known for name, known in EDITIONS.items() if row["source"].startswith(name)
            )
            yield _one(row["month"], row["encounters"], origin, component=row["component"])


def earlier_parts(shared: Shared) -> Iterator[Row]:
    """Give Border Patrol encounters by nationality and by sector before the detail."""
    table = shared.table("data/us/encounters_nationality_monthly.csv")
    table = table[table["component"] == "USBP"]
    table = table.assign(code=table["nationality"].map(NAMES).fillna(""))
    nations = by_nationality(table, "encounters", "code", EARLY_FIRST, EARLY_LAST)
    yield from _wide("USBP", "nationality", nations[list(NATIONALITIES)], KHSM)
    table = shared.table("data/us/encounters_sector_monthly.csv")
    table = table[table["component"] == "USBP"]
    yield from _wide("USBP", "area", _areas(table, EARLY_FIRST, EARLY_LAST), KHSM)


def detailed(shared: Shared) -> Iterator[Row]:
    """Give encounters of both components in all, by nationality and by area."""
    origin = (CBP, "cbp_nationwide", "official")
    for component, part in encounters(shared).groupby("component"):
        nations = by_nationality(part, "encounters", "nationality_iso3", FIRST, DETAIL_LAST)
        nations = nations.assign(all=nations.sum(axis=1))
        yield from _wide(str(component), "nationality", nations, origin)
        yield from _wide(str(component), "area", _areas(part, FIRST, DETAIL_LAST), origin)


def _areas(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    name = table["area_of_responsibility"].str.replace(r" (Sector|Field Office)$", "", regex=True)
    table = table.assign(area=name)
    wide = table.pivot_table(index="month", columns="area", values="encounters", aggfunc="sum")
    return wide.reindex(months(first, last)).fillna(0.0)


def _wide(
    component: str, column: str, table: pd.DataFrame, origin: tuple[str, str, str]
) -> Iterator[Row]:
    for month, values in table.iterrows():
        for label, value in values.items():
            yield _one(str(month), value, origin, component=component, **{column: str(label)})


def later_encounters(shared: Shared) -> Iterator[Row]:
    """Give US encounters after the detail ends: in all, and four nationalities."""
    table = shared.table("data/us/encounters_authority_demographic_monthly.csv")
    table = table[table["month"].between(DETAIL_LAST, LAST) & (table["month"] > DETAIL_LAST)]
    codes = table["nationality_group"].map(COUNTRIES)
    parts = (table.assign(nationality=codes).dropna(), table.assign(nationality="all"))
    keys = ["component", "nationality", "month"]
    origin = (CBP, "cbp_sw_fy22_fy25", "official")
    for part in parts:
        for (component, nation, month), value in part.groupby(keys)["encounters"].sum().items():
            yield _one(month, value, origin, component=component, nationality=nation)


def latest_totals(shared: Shared) -> Iterator[Row]:
    """Give Border Patrol encounters in all after the last edition by month, from statements."""
    for row in _told(shared).to_dict("records"):
        origin = (CBP, STATEMENTS, STATUS[row["status"]])
        known = stated_day(row["told"])
        yield _one(row["month"], row["encounters"], origin, known, component="USBP")


def _told(shared: Shared) -> pd.DataFrame:
    """Return Border Patrol encounters after the last edition, with the day each could be known."""
    table = shared.table("data/us/usbp_southwest_monthly.csv")
    table = table[table["month"] > LAST]
    # A month taken from a sum could be worked out once the next month had been told.
    told = table["source"].str.extract(r"(\d{4}-\d\d-\d\d)$", expand=False).bfill()
    return table.assign(told=told)


def both_together(shared: Shared) -> Iterator[Row]:
    """Give encounters of both components together, for the months without both apart."""
    for month, value in _together(shared).items():
        yield _one(str(month), value, (CBP, TOGETHER, "official"), component="all")


def _together(shared: Shared) -> "pd.Series[float]":
    table = shared.table("data/us/encounters_total_monthly.csv").set_index("month")
    return table["encounters"][(table["component"] == "Total") & (table.index > LAST)]


def latest_ports(shared: Shared) -> Iterator[Row]:
    """Give encounters at ports after the last edition: both together less the Border Patrol's."""
    both = _together(shared)
    for row in _told(shared).to_dict("records"):
        month, patrol = row["month"], row["encounters"]
        # It could be worked out once both were known.
        known = max(usual(month, "CBP"), stated_day(row["told"]))
        origin = (CBP, f"{TOGETHER};{STATEMENTS}", "derived")
        yield _one(month, both[month] - patrol, origin, known, component="OFO")


def _one(
    month: str,
    value: float,
    origin: tuple[str, str, str],
    known: Published | None = None,
    **more: object,
) -> Row:
    return figure("encounters", month, value, known or usual(month, "CBP"), origin, **more)
