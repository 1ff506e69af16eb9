"""Encounters in parts of Mexico: states, regions and municipalities, by month and by span."""

from collections.abc import Iterator

import pandas as pd

from transcription.common import Shared
from transcription.figure import Row, figure
from transcription.publication import first_known, stated

SEGOB = "Unidad de Política Migratoria, Segob"

NORTH = "northern border states (BC, Sonora, Chihuahua, Coahuila, Nuevo León, Tamaulipas)"

AREAS = {
    "Ciudad de México": "Mexico City",
    NORTH: "Baja California;Sonora;Chihuahua;Coahuila;Nuevo León;Tamaulipas",
    "Acuña (Coahuila)": "ciudad_acuna",
    "Centro (Tabasco)": "villahermosa",
    "Monclova (Coahuila)": "monclova",
    "Piedras Negras (Coahuila)": "piedras_negras",
    "Saltillo (Coahuila)": "saltillo",
    "Tapachula (Chiapas)": "tapachula",
    "Tenosique (Tabasco)": "tenosique",
    "Torreón (Coahuila)": "torreon",
}
"""States, and places of municipalities, as places.csv names them.

Without a place are the municipalities Huimanguillo, Macuspana and Cárdenas, and of the southern
border states Campeche.
"""

FIRST = "first release"
"""What notes say of counts that were revised since."""

CUT_OFF = "INM count to 7 June 2021"
"""Counts that end within the month to which they are dated: the sum of no whole months."""


def mexico_areas(shared: Shared) -> Iterator[Row]:
    """Give encounters in Mexico by area, and over several months in all.

    Left out are areas without a place, counts that end within a month, and months of all Mexico or
    shares of a state whose count is given.
    """
    table = shared.table("data/south/mexico_encounters_areas.csv")
    printed = table["period_start"] + "/" + table["period_end"] + "/" + table["source"]
    national = table[table["area_type"] == "national"]["encounters"]
    national.index = pd.Index(printed[national.index])
    table = table.assign(national=printed.map(national))
    for row in table[table["note"] != CUT_OFF].to_dict("records"):
        if _wanted(row, table):
            yield _figure(shared, row)


def _wanted(row: dict[str, object], table: pd.DataFrame) -> bool:
    if row["area_type"] == "national":
        # Months have figures of their own, revised since: a sum of the first release is of none.
        return row["period_start"] != row["period_end"] and FIRST not in str(row["note"])
    if row["area_type"] != "state" and row["area"] not in AREAS:
        return False
    columns = ["period_start", "period_end", "area", "nationality_iso3"]
    same = (table[columns] == [row[name] for name in columns]).all(axis=1)
    return bool(pd.notna(row["encounters"]) or table[same]["encounters"].isna().all())


def _figure(shared: Shared, row: dict[str, object]) -> Row:
    """Return a figure; of a share of all Mexico with the ends that its rounding leaves."""
    first, last, source = (str(row[name]) for name in ("period_start", "period_end", "source"))
    known = first_known(last, "Mexico", stated(shared, source))
    area = "all" if row["area_type"] == "national" else AREAS.get(str(row["area"]), row["area"])
    more = {"area": area, "nationality": row["nationality_iso3"]}
    more["month_end"] = last if last > first else ""
    if pd.notna(row["encounters"]):
        origin = (SEGOB, source, str(row["quality"]))
        return figure("stops", first, float(str(row["encounters"])), known, origin, **more)
    middle, national = (float(str(row[name])) for name in ("share_of_national_pct", "national"))
    half = 0.5 if middle.is_integer() else 0.05
    value, low, high = (round(national * x / 100) for x in (middle, middle - half, middle + half))
    more |= {"low": low, "high": high}
    return figure("stops", first, value, known, (SEGOB, source, "derived"), **more)
