"""How much a lever's effect hangs on values that members hold in sets, such as those of ways.

    python scripts/vary_ways.py [--lever december-2023-deal]

Runs the central draw of the bundled fit with and without the lever, with values as they are set and
under each drawn set (`rumbo.scenario.values.sets`): expected runs, nothing fitted again.
"""

import argparse
from dataclasses import replace

import pandas as pd
import xarray as xr

import rumbo
from rumbo.run.program import compile_beside
from rumbo.run.sets import drawn, held
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.sets import AS_SET, SETS


def main() -> None:
    """Print the effect under each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corridor", default="darien-rio-bravo")
    parser.add_argument("--lever", default="december-2023-deal")
    parser.add_argument("--from", dest="first", default="2024-01")
    parser.add_argument("--to", dest="last", default="2024-05")
    asked = parser.parse_args()
    fitted = central(rumbo.load(asked.corridor).fitted())
    pairs = drawn(compile_beside(fitted))
    rows = [told(held(fitted, pairs, number), asked) for number in (AS_SET, *range(SETS))]
    table = pd.DataFrame(rows, index=["as set", *(f"set {n}" for n in range(SETS))])
    print(table.to_string())


def central(fitted: Scenario) -> Scenario:
    """Return a fitted scenario whose draws say nothing of sets."""
    assert fitted.posterior is not None
    return replace(fitted, posterior=replace(fitted.posterior, sets=None))


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
