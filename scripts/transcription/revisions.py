"""How long figures take to be published, and how much they are revised afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from transcription.common import Shared, rows, text
from transcription.observed import figures
from transcription.publication import LAGS

COLUMNS = (
    "measure",
    "component",
    "delay_days",
    "revision_sd",
    "settles_after_months",
    "source",
    "quality",
    "note",
)

RELEASES = Path(__file__).with_name("releases.csv")
"""First releases and what they became; where ``settled`` is empty, what figures.csv holds."""


class Series(NamedTuple):
    """A series whose delay and months to settle are assumed.

    ``unseen`` is the revision where no first release was found; 0 where some were.
    """

    measure: str
    component: str
    agency: str
    settles: int
    unseen: float = 0.0


SERIES = (
    Series("encounters", "USBP", "CBP", 12),
    Series("encounters", "OFO", "CBP", 12, 0.001),
    Series("stops", "", "Mexico", 12),
    Series("returns_by_transit", "", "Mexico", 24),
    Series("transit", "darien", "Panama", 6),
    Series("transit", "honduras", "Honduras", 6, 0.03),
    Series("asylum_applications", "", "COMAR", 12),
    Series("parole_arrivals", "", "OHSS", 12, 0.01),
    Series("appointments", "", "OHSS", 12, 0.01),
)
"""A fiscal year's last edition settles the figures of the United States; the rest is assumed."""


def publication(shared: Shared) -> pd.DataFrame:
    """Return usual delays and revisions, a row a series."""
    releases = pd.read_csv(RELEASES, keep_default_na=False, na_values=[""])
    releases = releases.fillna({"component": ""})
    total = figures(shared)
    total = total[(total["area"] == "all") & (total["nationality"] == "all")]
    total = total[total["month_end"] == ""]
    records = [_row(series, releases, total) for series in SERIES]
    return rows(records, COLUMNS)


def _row(series: Series, releases: pd.DataFrame, total: pd.DataFrame) -> dict[str, object]:
    mine = _of(series, releases)
    found = list(_changes(mine, _of(series, total)))
    seen = np.sqrt(np.mean([np.log(last / first) ** 2 for _, first, last in found] or [0.0]))
    told = "; ".join(f"{span} {text(first)} to {text(last)}" for span, first, last in found)
    sources = dict.fromkeys(key for cell in mine["source"] for key in cell.split(";"))
    return {
        "measure": series.measure,
        "component": series.component,
        "delay_days": LAGS[series.agency],
        "revision_sd": round(float(seen), 4) if found else series.unseen,
        "settles_after_months": series.settles,
        "source": ";".join(sources) or "assumed",
        "quality": "derived" if found else "assumed",
        "note": f"root mean square change of the log: {told}; delay and months to settle assumed"
        if found
        else "no first release was found",
    }


def _of(series: Series, table: pd.DataFrame) -> pd.DataFrame:
    same = (table["measure"] == series.measure) & (table["component"] == series.component)
    return table[same]


def _changes(releases: pd.DataFrame, total: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    for row in releases.to_dict("records"):
        span = total["month"].between(row["first_month"], row["last_month"])
        held = total["value"][span].astype(float).sum()
        last = held if pd.isna(row["settled"]) else row["settled"]
        name = " to ".join(dict.fromkeys((row["first_month"], row["last_month"])))
        yield name, row["first"], last
