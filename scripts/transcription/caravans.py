"""Caravans on record, and the way that they walk."""

import pandas as pd

from transcription.common import Shared, rows, text

COLUMNS = (
    "day", "precision", "place", "low", "high", "furthest", "end", "outcome", "source", "quality",
    "note",
)  # fmt: skip

PLACES = {
    "Tapachula": "tapachula",
    "San Pedro Sula (Honduras)": "san_pedro_sula",
    "Tuxtla Gutiérrez": "tuxtla_gutierrez",
    "Ciudad Hidalgo / Tapachula (23 July)": "tapachula",
}
"""Places of departure, and the corridor's."""

REACHED = {
    "Tijuana": "tijuana",
    "Piedras Negras": "piedras_negras",
    "Huixtla (Chiapas)": "huixtla",
    "Mapastepec (Chiapas)": "huixtla",
    "Tonalá (Chiapas)": "huixtla",
    "Viva México checkpoint (Tapachula)": "tapachula",
    "Oaxaca": "oaxaca",
    "San Pedro Tapanatepec (Oaxaca)": "tapanatepec",
    "Tehuantepec (Oaxaca)": "juchitan",
}
"""Furthest points, and the last of the corridor's places that was reached or passed."""

OUTCOMES = {
    "reached_us_border": "arrived",
    "granted_humanitarian_visas": "papers",
    "granted_transit_papers": "papers",
    "dwindled_with_papers": "dwindled",
    "bused_to_other_states": "bused",
    "bused_for_papers": "bused",
    "taken_to_processing_centre": "stopped",
    "dispersed_by_force": "dispersed",
    "dispersed_in_guatemala": "dispersed",
    "blocked_and_returned": "returned",
    "halted_waiting_for_papers": "halted",
    "left_chiapas": "went_on",
    "reached_oaxaca": "went_on",
    "not_found": "",
}
"""How caravans ended, in the words of the package; one that did not set out is left out."""

DEPARTED = {"Ciudad Hidalgo / Tapachula (23 July)": "2024-07-23"}
"""Days of departure from the corridor's place, where the row has that from another."""

WAY = ("tapachula", "huixtla", "arriaga", "tapanatepec", "juchitan", "oaxaca")
"""Places on the way, as the caravans of 2023 to 2025 took it; further west than Oaxaca none came as
a body."""

WAY_SOURCE = "mnd_202401;eluniversaloax_2024;ap_20241130;oyechiapas_2024"


def way() -> pd.DataFrame:
    """Return the way that caravans walk."""
    records = [{"place": place, "source": WAY_SOURCE, "note": ""} for place in WAY]
    return rows(records, ("place", "source", "note"))


def caravans(shared: Shared) -> pd.DataFrame:
    """Return the caravans on record, in order of their days."""
    table = shared.table("data/south/caravans.csv")
    there = table[table["outcome"].isin(OUTCOMES)].fillna("")
    return rows([_caravan(row) for row in there.to_dict("records")], COLUMNS)


def _caravan(row: dict[str, object]) -> dict[str, object]:
    day = DEPARTED.get(str(row["departure_place"]), str(row["departure_date"]))
    end = str(row["end_date"])
    named = (str(row[name]) for name in ("name", "furthest_point", "note"))
    return {
        "day": f"{day}-01" if row["date_precision"] == "month" else day,
        "precision": row["date_precision"],
        "place": PLACES[str(row["departure_place"])],
        "low": _size(row["size_low"]),
        "high": _size(row["size_high"]),
        "furthest": REACHED.get(str(row["furthest_point"]), ""),
        "end": end if len(end) == len("2024-01-01") else "",
        "outcome": OUTCOMES[str(row["outcome"])],
        "source": row["source"],
        "quality": row["quality"],
        "note": "; ".join(filter(None, named)),
    }


def _size(value: object) -> str:
    return "" if value == "" else text(float(str(value)))
