"""What was counted: monthly encounters of the corridor's own figures, and a few of the press."""

from functools import cache

import numpy as np
import pandas as pd

from benchmarks.bundled import CORRIDOR
from benchmarks.minds.inputs import HERE
from rumbo.engine.arrays import Array
from rumbo.files.code import PACKAGE

PLAIN_YEARS = ("2012", "2015")
"""Years whose season is taken for the usual one: the figures begin in 2012."""


@cache
def figures() -> pd.DataFrame:
    table = pd.read_csv(PACKAGE / "corridors" / CORRIDOR / "figures.csv", low_memory=False)
    return table.sort_values("published", kind="stable")


def series(measure: str, component: str) -> pd.DataFrame:
    """As last published: months by nationality."""
    table = figures()
    rows = table[(table["measure"] == measure) & (table["component"] == component)]
    rows = rows[rows["area"] == "all"].drop_duplicates(["nationality", "month"], keep="last")
    return rows.pivot_table(index="month", columns="nationality", values="value")


@cache
def met() -> pd.DataFrame:
    """Encounters between ports: all, Mexicans, Venezuelans, Cubans, Haitians, and others."""
    table = series("encounters", "USBP")
    table = table[["all", "MEX", "VEN", "CUB", "HTI"]].copy()
    table["foreign"] = table["all"] - table["MEX"]
    table["others"] = table["foreign"] - table["VEN"] - table["CUB"]
    return table


@cache
def entered() -> pd.DataFrame:
    """Entries into Honduras by nationality."""
    return series("transit", "honduras")


@cache
def given() -> pd.Series:
    """The few figures that the corridor does not hold."""
    return pd.read_csv(HERE / "observed.csv").set_index("name")["value"]


@cache
def season(who: str) -> Array:
    """Encounters a day by calendar month over those of the year, in plain years; 12 of them.

    Flat for "none": who were hardly met in those years.
    """
    if who == "none":
        return np.ones(12)
    monthly = met()[who].loc[f"{PLAIN_YEARS[0]}-01" : f"{PLAIN_YEARS[1]}-12"]
    months = pd.PeriodIndex(monthly.index, freq="M")
    daily = monthly.to_numpy() / months.days_in_month
    mean = pd.Series(daily).groupby(months.month).mean().to_numpy()
    return np.asarray(mean / mean.mean())


def over(who: str, month: str, base: str) -> float:
    return float(met()[who][month] / met()[who][base])


def observed() -> dict[str, float]:
    """What was counted, for each condition."""
    april = met()["all"]["2023-04"] / 30.0
    return {
        "a1": over("all", "2016-11", "2016-08"),
        "a2": over("all", "2017-02", "2016-11"),
        "a3": over("all", "2017-01", "2016-11"),
        "b1": over("all", "2024-12", "2024-11"),
        "b2": over("MEX", "2024-12", "2024-11"),
        "b3": over("foreign", "2024-12", "2024-11"),
        "v1": over("VEN", "2024-12", "2024-10"),
        "v2": over("CUB", "2024-12", "2024-10"),
        "v3": over("VEN", "2024-11", "2024-10"),
        "f1": over("all", "2025-02", "2024-11"),
        "c1": given()["rush_2023"] / april,
        "c2": given()["calm_2023"] / given()["rush_2023"],
        "c3": over("all", "2023-06", "2023-04"),
        "d1": over("all", "2023-12", "2023-11"),
        "d2": over("all", "2024-01", "2023-12"),
    }


def autumns() -> pd.DataFrame:
    """Each year's run-up and fall, with and without Mexicans."""
    rows = []
    for year in range(2015, 2021):
        end = year + 1
        row = {"year": year}
        for who in ("all", "foreign"):
            row[f"up {who}"] = over(who, f"{year}-11", f"{year}-08")
            row[f"january {who}"] = over(who, f"{end}-01", f"{year}-11")
            row[f"march {who}"] = over(who, f"{end}-03", f"{year}-11")
        rows.append(row)
    return pd.DataFrame(rows).set_index("year")
