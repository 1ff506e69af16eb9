"""What every step needs: the source tables, the fifteen nationalities, months and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

NAMED = tuple("MEX GTM HND SLV NIC VEN CUB HTI COL ECU PER BRA CHN IND".split())
"""Nationalities told apart."""

OTHER = "OTH"
"""All further nationalities."""

NATIONALITIES = (*NAMED, OTHER)
"""Nationalities of the groups."""

HOUSEHOLDS = ("adult", "family")
"""Households of the groups; unaccompanied children are counted with families."""

COUNTRIES = {
    "China, People's Republic": "CHN",
    "Colombia": "COL",
    "Cuba": "CUB",
    "Ecuador": "ECU",
    "El Salvador": "SLV",
    "Guatemala": "GTM",
    "Haiti": "HTI",
    "Honduras": "HND",
    "Mexico": "MEX",
    "Nicaragua": "NIC",
    "Venezuela": "VEN",
}
"""Nationalities by the names that US tables use."""

FIRST, LAST = "2021-01", "2025-08"
"""First and last month of the figures."""


@dataclass(frozen=True)
class Shared:
    """The folder of gathered sources.

    Attributes
    ----------
    folder
        Folder that holds ``data`` and ``facts``.
    """

    folder: Path

    def path(self, name: str) -> Path:
        """Return the path of a file, such as ``data/geo/places.csv``."""
        return self.folder / name

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, read once."""
        return _table(self.path(name)).copy()


@cache
def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def months(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included."""
    return pd.period_range(first, last, freq="M").astype(str).tolist()


def shifted(month: str, by: int) -> str:
    """Return the month a number of months later."""
    return str(pd.Period(month, "M") + by)


def known(nationality: pd.Series) -> pd.Series:
    """Replace nationalities that are not told apart by ``OTH``."""
    return nationality.where(nationality.isin(NAMED), OTHER)


def by_nationality(
    table: pd.DataFrame, column: str, code: str, first: str, last: str
) -> pd.DataFrame:
    """Sum a column by month and nationality; months without a row are zero.

    Returns
    -------
    pandas.DataFrame
        One row a month, one column a nationality.
    """
    table = table.assign(nationality=known(table[code]))
    sums = table.pivot_table(index="month", columns="nationality", values=column, aggfunc="sum")
    return sums.reindex(index=months(first, last), columns=list(NATIONALITIES)).fillna(0.0)


def encounters(shared: Shared) -> pd.DataFrame:
    """Return the encounters at the US southwest border that carry a nationality and an area."""
    table = shared.table("data/us/encounters_detail_monthly.csv")
    return table[table["nationality_iso3"] != "unknown"]


def text(value: float) -> str:
    """Write a number without needless digits; nothing for a missing one."""
    if pd.isna(value):
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def rows(records: Sequence[dict[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """Return records as a table of text with the given columns, empty where nothing is said."""
    table = pd.DataFrame(list(records)).reindex(columns=list(columns))
    return table.map(_cell)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return text(float(str(value)))
