"""Write the made-up numbers of the example of two shores: entries, winters, figures.

``python scripts/make_example.py`` writes them into ``examples/two_shores``. Figures are one drawn
member of the corridor itself, times noise: a fit has a truth to find.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import rumbo

FOLDER = Path(__file__).parents[1] / "examples" / "two_shores"
ENTRIES = ("2017-07", "2025-12")
"""First and last month of entries."""

FIGURES = ("2018-01-01", "2025-06-30")
"""First and last day of figures."""

TRUTH, NOISE = 20, 0.06
"""Seed of the truth, and the standard deviation of the log of what is counted over it."""

GROUPS = {
    "XAA-all": (900, "desert_gate"),
    "XBB-all": (600, "highland_gate"),
    "XCC-all": (350, "desert_gate"),
}
"""Mean persons a month, and where they enter."""

SEASON = 0.35
"""Share of crossings that winter leaves."""

COUNTED = "made up by the corridor itself"


def main() -> None:
    """Write entries and winters, run the corridor once, and write what would be counted."""
    write("inflows.csv", entries())
    write("settings_season.csv", winters())
    write("figures.csv", [])
    scenario = rumbo.load(FOLDER).between(*FIGURES)
    runs = rumbo.simulate(scenario, members=1, seed=TRUTH, workers=1)
    write("figures.csv", figures(runs.isel(scenario=0, member=0)))


def write(name: str, rows: list[dict[str, object]]) -> None:
    """Write rows, or the headings alone, as a table of the example."""
    heads = {
        "inflows.csv": "month place group route persons source quality note",
        "settings_season.csv": (
            "parameter at group since until operation value unit lever source quality note"
        ),
        "figures.csv": (
            "measure component area nationality month value unit published published_basis "
            "publisher source quality"
        ),
    }[name].split()
    pd.DataFrame(rows, columns=heads).to_csv(FOLDER / name, index=False, lineterminator="\n")


def entries() -> list[dict[str, object]]:
    """Give entries of every month: a slow wave, a season, a walk at random."""
    rng = np.random.default_rng(7)
    months = pd.period_range(*ENTRIES, freq="M")
    rows = []
    for g, (group, (mean, place)) in enumerate(GROUPS.items()):
        walk = np.cumsum(rng.normal(0, 0.08, len(months)))
        wave = 0.35 * np.sin(np.arange(len(months)) / 9 + g) + 0.15 * np.sin(
            np.arange(len(months)) * np.pi / 6
        )
        for month, level in zip(months, np.exp(walk - walk.mean() + wave), strict=True):
            rows.append(
                {
                    "month": str(month),
                    "place": place,
                    "group": group,
                    "route": "overland",
                    "persons": round(mean * level),
                    "source": "assumed",
                    "quality": "assumed",
                    "note": "made up",
                }
            )
    return rows


def winters() -> list[dict[str, object]]:
    """Give the months in which the sea lets few people cross."""
    return [
        {
            "parameter": "crossing.factor",
            "at": "kind:destination_zone",
            "group": "",
            "since": f"{year}-11-01",
            "until": f"{year + 1}-03-01",
            "operation": "multiply",
            "value": SEASON,
            "unit": "factor",
            "lever": "",
            "source": "assumed",
            "quality": "assumed",
            "note": "winter; made up",
        }
        for year in range(2017, 2026)
    ]


def figures(runs: xr.Dataset) -> list[dict[str, object]]:
    """Give what would be counted of a run: totals, nationalities, zones."""
    return [
        row for part in (met(runs), stopped(runs), on_the_way(runs), others(runs)) for row in part
    ]


def met(runs: xr.Dataset) -> Iterator[dict[str, object]]:
    """Give encounters by component: all, by nationality and by zone."""
    for component in runs["component"].values:
        counts = runs["encounters"].sel(component=component)
        yield from by_nationality("encounters", str(component), counts.sum("area"), runs, 20)
        for area in runs["area"].values:
            one = counts.sel(area=area).sum("group")
            if float(one.sum()) > 0:
                yield from monthly("encounters", str(component), one, 20, area=str(area))


def stopped(runs: xr.Dataset) -> Iterator[dict[str, object]]:
    """Give stops, all and by nationality."""
    yield from by_nationality("stops", "", runs["stops"].sum("place"), runs, 40)


def on_the_way(runs: xr.Dataset) -> Iterator[dict[str, object]]:
    """Give people counted as they come to the oasis."""
    into = [str(link) for link in runs["link"].values if ">oasis:" in str(link)]
    shares = runs["entries"] / runs["entries"].sum("group")
    counts = runs["passages"].sel(link=into).sum("link") * shares
    yield from by_nationality("transit", "oasis", counts, runs, 15)


def others(runs: xr.Dataset) -> Iterator[dict[str, object]]:
    """Give applications for asylum, and recorded deaths by region."""
    yield from monthly("asylum_applications", "", runs["asylum_applications"].sum("place"), 15)
    for region in runs["region"].values:
        deaths = runs["deaths_recorded"].sel(region=region)
        yield from monthly("deaths", "", deaths, 30, area=str(region))


def by_nationality(
    measure: str, component: str, counts: xr.DataArray, runs: xr.Dataset, late: int
) -> Iterator[dict[str, object]]:
    """Give a series of each nationality, and their sum."""
    seen = {
        str(nation): noisy(
            counts.sel(group=counts["group"][runs["nationality"] == nation]).sum("group"),
            str(nation),
        )
        for nation in dict.fromkeys(runs["nationality"].values)
    }
    for nation, values in {**seen, "all": sum(seen.values())}.items():
        yield from rows(
            measure, component, values, counts["month"].values, late, nationality=nation
        )


def monthly(
    measure: str, component: str, counts: xr.DataArray, late: int, **where: str
) -> Iterator[dict[str, object]]:
    """Give one series."""
    yield from rows(
        measure, component, noisy(counts, measure), counts["month"].values, late, **where
    )


def noisy(counts: xr.DataArray, name: str) -> np.ndarray:
    """Return counts times noise, as whole numbers."""
    rng = np.random.default_rng(list(name.encode()))
    return np.round(counts.values * np.exp(rng.normal(0, NOISE, counts.shape)))


def rows(
    measure: str,
    component: str,
    values: np.ndarray,
    months: np.ndarray,
    late: int,
    area: str = "all",
    nationality: str = "all",
) -> Iterator[dict[str, object]]:
    """Give the rows of a series."""
    for month, value in zip(pd.PeriodIndex(months, freq="M"), values, strict=True):
        yield {
            "measure": measure,
            "component": component,
            "area": area,
            "nationality": nationality,
            "month": str(month),
            "value": int(value),
            "unit": "events" if measure in ("encounters", "stops") else "persons",
            "published": f"{month.end_time + pd.Timedelta(days=late):%Y-%m-%d}",
            "published_basis": "assumed",
            "publisher": COUNTED,
            "source": "made_up_figures",
            "quality": "assumed",
        }


if __name__ == "__main__":
    main()
