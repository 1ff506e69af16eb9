"""Places, their kinds and roles in the package's words; links, basemap, capacities; groups."""

import csv
import io

import pandas as pd

from transcription.common import HOUSEHOLDS, NATIONALITIES, Shared, rows

COPIES = ("links.csv", "capacities.csv", "basemap.geojson")
"""Files that are taken over as they are."""

COLUMNS = {"sector": "zone", "field_office": "office"}
KINDS = {"us_sector": "destination_zone", "port_of_entry": "lawful_gate"}
ROLES = {
    "cbp_one_port": "appointment_gate",
    "darien_trailhead": "trailhead",
    "parole_arrival": "arrival_airport",
}
"""Words of the gathered table, and the package's."""

TOLD_FIRST = ("tapachula", "mexico_city")
"""Places told before others."""

CARAVAN_STARTS = ("tapachula",)
"""Places where caravans form."""

NAMES = {
    "MEX": ("Mexico", "México"),
    "GTM": ("Guatemala", "Guatemala"),
    "HND": ("Honduras", "Honduras"),
    "SLV": ("El Salvador", "El Salvador"),
    "NIC": ("Nicaragua", "Nicaragua"),
    "VEN": ("Venezuela", "Venezuela"),
    "CUB": ("Cuba", "Cuba"),
    "HTI": ("Haiti", "Haití"),
    "COL": ("Colombia", "Colombia"),
    "ECU": ("Ecuador", "Ecuador"),
    "PER": ("Peru", "Perú"),
    "BRA": ("Brazil", "Brasil"),
    "CHN": ("China", "China"),
    "IND": ("India", "India"),
    "OTH": ("Other countries", "Otros países"),
}
"""Names of the nationalities in English and Spanish."""

COMPANY = {
    "adult": ("adults alone", "adultos solos"),
    "family": ("families and children", "familias y menores"),
}
"""Names of the households; unaccompanied children are counted with families."""


def copies(shared: Shared) -> dict[str, bytes]:
    """Return the files that are taken over as they are."""
    return {name: shared.path(f"data/geo/{name}").read_bytes() for name in COPIES}


def places(shared: Shared) -> bytes:
    """Return the table of places in the package's words."""
    with shared.path("data/geo/places.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([COLUMNS.get(name, name) for name in table[0]])
    writer.writerows(_place(row).values() for row in table)
    return out.getvalue().encode()


def _place(row: dict[str, str]) -> dict[str, str]:
    roles = [ROLES.get(role, role) for role in filter(None, row["roles"].split(";"))]
    if row["id"] in TOLD_FIRST:
        roles.append("told_first")
    if row["id"] in CARAVAN_STARTS:
        roles.append("caravan_start")
    if row["sector"] and row["kind"] == "waiting_city":
        roles.append("visible_crowd")
    return {**row, "kind": KINDS.get(row["kind"], row["kind"]), "roles": ";".join(roles)}


def groups() -> pd.DataFrame:
    """Return the groups: nationality by household."""
    records = [_group(nation, home) for nation in NATIONALITIES for home in HOUSEHOLDS]
    return rows(records, ("id", "nationality", "household", "name_en", "name_es", "source"))


def _group(nationality: str, household: str) -> dict[str, object]:
    english, spanish = (
        f"{country}, {company}"
        for country, company in zip(NAMES[nationality], COMPANY[household], strict=True)
    )
    return {
        "id": f"{nationality}-{household}",
        "nationality": nationality,
        "household": household,
        "name_en": english,
        "name_es": spanish,
        "source": "cbp_nationwide",
    }
