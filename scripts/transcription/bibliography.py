"""Where every figure, setting and lever comes from."""

from pathlib import Path

import pandas as pd

from transcription.common import Shared

COLUMNS = ["source", "publisher", "title", "published", "address", "licence"]

OWN = Path(__file__).with_name("publications.csv")
"""Publications of the United States, geographic sources and agencies, written by hand."""

CITED = "facts cited; text stays with its publisher"
"""What is said of the licence of pages from which single figures are cited."""

NOT_RETRIEVED = "no source retrieved; the value is an assumption"
"""Publisher of facts for which no source was found."""

LICENCES = {
    "unhcr_refugees_pkg": "CC BY 4.0, attribute UNHCR",
    "gdidata_mmp": "CC BY 4.0, attribute IOM Missing Migrants Project",
    "gdidata_darien": "MIT (iom/gdidata); official statistics",
    "gdidata_guatemala": "MIT (iom/gdidata); official statistics",
    "gdidata_honduras": "MIT (iom/gdidata); official statistics",
    "gdidata_mexico": "MIT (iom/gdidata); official statistics",
}
"""Licences of the sources that state one."""


def sources(shared: Shared) -> pd.DataFrame:
    """Return all sources in order of their keys."""
    own = pd.read_csv(OWN, dtype=str, keep_default_na=False)
    table = pd.concat([own, south(shared), *facts(shared)]).fillna("")
    table["address"] = table["address"].str.replace(r"^stored copy.*$", "", regex=True)
    return table[COLUMNS].sort_values("source", ignore_index=True)


def south(shared: Shared) -> pd.DataFrame:
    """Return the sources of the figures south of the US border."""
    table = shared.table("data/south/sources.csv").rename(columns={"title_or_description": "title"})
    return table.assign(licence=table["source"].map(LICENCES).fillna(CITED)).astype("string")


def facts(shared: Shared) -> list[pd.DataFrame]:
    """Return the sources of dated facts and of parameters, by id or name.

    Those of claims stand with the claims, since what makes a claim is no source of a value.
    """
    return [
        _facts(shared.table("facts/policy_timeline.csv"), "id"),
        _facts(shared.table("facts/parameters.csv"), "name"),
    ]


def _facts(table: pd.DataFrame, key: str) -> pd.DataFrame:
    columns = {key: "source", **{f"source_{name}": name for name in ("publisher", "title")}}
    columns |= {"source_date": "published", "source_url": "address"}
    table = table.rename(columns=columns)[list(columns.values())].astype("string")
    return table.assign(
        licence=CITED, publisher=table["publisher"].replace("none retrieved", NOT_RETRIEVED)
    )
