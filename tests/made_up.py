"""A corridor with countries, components and nationalities of its own, and years of figures."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from folders import add, copy

from rumbo.run.simulate import simulate
from rumbo.scenario.scenario import load

NATIONS = ("AAA", "BBB")

NAMES = {
    ",GT,": ",XA,", "[GT]": "[XA]", ",MX,": ",XB,", "[MX]": "[XB]", "country:MX": "country:XB",
    ",US,": ",XC,", "USBP": "guards", "OFO": "doors", "Del Rio": "East line",
    "Laredo": "East door", "2024-03-01": "2021-03-01", "2024-05-01": "2021-05-01",
    "2024-04-01": "2021-04-01", "2024-06-02": "2021-06-02", "id: three_places": "id: elsewhere",
    "start: 2024-01-01": "start: 2022-01-01", "end: 2024-06-30": "end: 2022-06-30",
}  # fmt: skip
"""What the smallest corridor says, and what this one says instead."""

MONTHS = pd.period_range("2020-01", "2022-12", freq="M")


def made_up(to: Path, transit: str = "ferry") -> Path:
    """Make a corridor whose figures are those of a run of itself, with noise.

    Parameters
    ----------
    to
        Where.
    transit
        Component counted on the way; none if empty.
    """
    folder = copy(to)
    for path in folder.glob("*.*"):
        text = path.read_text(encoding="utf-8")
        for old, new in NAMES.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    if transit:
        add(folder, "components.csv", f"transit,{transit},middle_town,,Ferry,Transbordador,")
    _people(folder)
    _figures(folder, pd.DataFrame())
    _figures(folder, pd.DataFrame(_rows(folder, transit)))
    return folder


def _people(folder: Path) -> None:
    groups = [
        (f"{n}-{h}", n, h, f"{n}, {h}", f"{n}, {h}", "assumed")
        for n in NATIONS
        for h in ("adult", "family")
    ]
    pd.DataFrame(groups, columns=pd.read_csv(folder / "groups.csv").columns).to_csv(
        folder / "groups.csv", index=False
    )
    rng = np.random.default_rng(1)
    size = 1_000.0 * np.exp(np.cumsum(0.1 * rng.standard_normal(len(MONTHS))))
    inflows = [
        (str(m), "south_town", g[0], "overland", round(share * s), "assumed", "assumed", "made up")
        for m, s in zip(MONTHS, size, strict=True)
        for g, share in zip(groups, (1.0, 0.4, 0.6, 0.3), strict=True)
    ]
    columns = pd.read_csv(folder / "inflows.csv").columns
    pd.DataFrame(inflows, columns=columns).to_csv(folder / "inflows.csv", index=False)


def _figures(folder: Path, rows: pd.DataFrame) -> None:
    columns = pd.read_csv(folder / "figures.csv").columns
    rows.reindex(columns=columns).to_csv(folder / "figures.csv", index=False)


def _rows(folder: Path, transit: str) -> Iterator[dict[str, object]]:
    scenario = load(folder)
    runs = simulate(
        scenario.between(MONTHS[0].start_time.date(), MONTHS[-1].end_time.date()),
        members=1, workers=1, mode="expected",
    ).isel(scenario=0, member=0)  # fmt: skip
    encounters = runs["encounters"].sum("area")
    counts = {
        ("encounters", "guards", 20): encounters.sel(component="guards"),
        ("encounters", "doors", 20): encounters.sel(component="doors"),
        ("stops", "", 40): runs["stops"].sum("place"),
    }
    if transit:
        counts["transit", transit, 15] = 0.8 * runs["entries"]
    rng = np.random.default_rng(2)
    for (measure, component, delay), values in counts.items():
        table = values.transpose("month", "group").to_pandas()
        table = table * np.exp(0.05 * rng.standard_normal(table.shape))
        table = table.T.groupby([name[:3] for name in table.columns]).sum().T.round()
        table = table.assign(all=table.sum(axis=1)).set_axis(MONTHS)
        for month, nation in ((m, n) for m in MONTHS for n in table.columns):
            yield {
                "measure": measure, "component": component, "area": "all", "nationality": nation,
                "month": str(month), "value": table.loc[month, nation], "unit": "events",
                "published": f"{month.end_time.date() + pd.Timedelta(days=delay)}",
                "published_basis": "assumed", "publisher": "made up", "source": "assumed",
                "quality": "assumed",
            }  # fmt: skip
