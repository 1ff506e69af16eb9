"""Who comes to ports without appointment, as counted before July 2023."""

import pandas as pd

from transcription.common import COUNTRIES, NATIONALITIES, Shared, by_nationality, encounters, known

PORT_MONTHS = ("2023-02", "2023-06")
"""Whole months with appointments before the run."""

GATES = {
    "San Diego": "san_ysidro",
    "Tucson": "nogales_az",
    "El Paso": "el_paso",
    "Laredo": "laredo",
}
"""Gate that stands for each field office; assumed."""

POOLED = "pooled"
"""Nationalities that the table of appointments does not name."""


FEWEST = 10
"""Of nationalities of whom fewer come in a month, nobody is said to come."""


def presenting(shared: Shared) -> pd.Series:
    """Return people a month at ports without appointment: port counts less appointments."""
    met, kept = at_ports(shared), appointments(shared)
    pool = [nation for nation in NATIONALITIES if nation not in kept.index]
    beyond = met - kept.reindex(met.index)
    beyond[pool] = met[pool] * (1.0 - kept[POOLED] / met[pool].sum())
    return beyond.where(beyond >= FEWEST, 0.0)


def at_ports(shared: Shared) -> pd.Series:
    """Return people counted at ports a month, by nationality."""
    table = encounters(shared)
    table = table[table["component"] == "OFO"]
    return by_nationality(table, "encounters", "nationality_iso3", *PORT_MONTHS).mean()


def appointments(shared: Shared) -> pd.Series:
    """Return appointments kept a month, by nationality; those not named are pooled."""
    table = shared.table("data/us/cbp_one_appointments_monthly.csv")
    table = table[table["month"].between(*PORT_MONTHS)]
    nation = table["nationality"].map(COUNTRIES).fillna(POOLED)
    return table.groupby(nation)["appointments"].sum() / table["month"].nunique()


def gate_shares(shared: Shared) -> dict[str, dict[str, float]]:
    """Return shares of the gates, by nationality: those of their field offices in port counts."""
    table = encounters(shared)
    table = table[(table["component"] == "OFO") & table["month"].between(*PORT_MONTHS)]
    office = table["area_of_responsibility"].str.removesuffix(" Field Office")
    met = table.groupby([known(table["nationality_iso3"]), office.map(GATES)])["encounters"].sum()
    shares = met / met.groupby(level=0).transform("sum")
    return {nation: shares[nation].to_dict() for nation in shares.index.levels[0]}
