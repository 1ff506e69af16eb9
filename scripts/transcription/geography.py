"""Places, links, basemap and capacities, taken over unchanged; and the groups."""

import pandas as pd

from transcription.common import HOUSEHOLDS, NATIONALITIES, Shared, rows

COPIES = ("places.csv", "links.csv", "capacities.csv", "basemap.geojson")
"""Files that are taken over as they are."""

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
