"""How much a lever's effect hangs on the choice of way, which is the same in all members of a run.

    python scripts/vary_ways.py [--lever december-2023-deal] [--sets 8]

Draws sets of the values that say how people choose their way (`route.*` and `mode.*`, where they
have a range), each value log-normal with its range as the middle nine tenths, and runs the central
draw of the bundled fit with and without the lever under each: expected runs, nothing fitted again.
"""

import argparse

import numpy as np
import pandas as pd
import xarray as xr

import rumbo
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.ranges import Z90

WAYS = ("route.time", "route.cost", "route.risk", "route.paper", "route.wait", "mode.board",
        "mode.per_100km")  # fmt: skip
"""Parameters of the choice of way."""

SEED = 1
"""Names the sets."""


def main() -> None:
    """Print the effect under each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corridor", default="darien-rio-bravo")
    parser.add_argument("--lever", default="december-2023-deal")
    parser.add_argument("--sets", type=int, default=8)
    parser.add_argument("--from", dest="first", default="2024-01")
    parser.add_argument("--to", dest="last", default="2024-05")
    asked = parser.parse_args()
    fitted = rumbo.load(asked.corridor).fitted()
    rng = np.random.default_rng(SEED)
    rows = [told(fitted, asked)]
    rows += [told(with_ways(fitted, rng), asked) for _ in range(asked.sets)]
    table = pd.DataFrame(rows, index=["as set", *(f"set {n + 1}" for n in range(asked.sets))])
    print(table.to_string())


def with_ways(scenario: Scenario, rng: np.random.Generator) -> Scenario:
    """Return a scenario with values of the choice of way drawn anew from their ranges."""
    settings = scenario.settings
    rows = settings[settings["parameter"].isin(WAYS) & settings["high"].notna()]
    rank = [scenario.selectors.rank(row.at, row.group) for row in rows.itertuples()]
    for n in sorted(range(len(rows)), key=lambda n: rank[n]):
        row = rows.iloc[n]
        ends = sorted((abs(row["low"]), abs(row["high"])))
        sd = np.log(ends[1] / ends[0]) / (2 * Z90)
        value = float(row["value"] * np.exp(sd * rng.standard_normal()))
        where = {"at": row["at"] or None, "group": row["group"] or None}
        scenario = scenario.change(row["parameter"], value, **where)
    for row in settings[settings["parameter"].isin(WAYS) & settings["high"].isna()].itertuples():
        scenario = scenario.change(
            row.parameter, row.value, at=row.at or None, group=row.group or None
        )
    return scenario


def told(scenario: Scenario, asked: argparse.Namespace) -> dict[str, str]:
    """Return what the lever does to encounters in zones, and where stops are."""
    both = [scenario.named("with"), scenario.without(asked.lever).named("without")]
    runs = rumbo.simulate(both, mode="expected", members=1).isel(member=0)
    zones = runs["encounters"].sel(component=scenario.roles.zones).sum(["area", "group"])
    months = zones.sel(month=slice(asked.first, asked.last))
    return {
        "whole run": f"{change(zones.sum('month')):+.1%}",
        f"{asked.first} to {asked.last}": f"{change(months.sum('month')):+.1%}",
        "most stops": most_stops(scenario, runs),
    }


def change(total: xr.DataArray) -> float:
    """Return what the lever changed: with it over without it, less one."""
    return float(total.sel(scenario="with") / total.sel(scenario="without") - 1.0)


def most_stops(scenario: Scenario, runs: xr.Dataset) -> str:
    """Return the states with most stops, and their shares."""
    stops = runs["stops"].sel(scenario="with").sum(["month", "group"]).to_pandas()
    shares = stops.groupby(scenario.network.places.set_index("id")["admin1"]).sum() / stops.sum()
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.nlargest(2).items())


if __name__ == "__main__":
    main()
