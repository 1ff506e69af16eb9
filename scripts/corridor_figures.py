"""Figures of the bundled corridor that the record table does not hold: ways, waits, effects.

    make run
    python scripts/corridor_figures.py runs/december-2023-deal

Medians and 90 % ranges over the members of a run's first scenario, and of what it has less each of
the others.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import rumbo
from rumbo.run.folder import open_run
from rumbo.scenario.calendar import resolve

CORRIDOR = "darien-rio-bravo"


def main() -> None:
    """Print the figures."""
    whole = open_run(Path(sys.argv[1]))
    runs = whole.isel(scenario=0)
    rows = [*ways(runs), *states(runs), *queue(runs), *ports(runs), *deaths(runs), *effects(whole)]
    for name, values in rows:
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        print(f"{name}: {middle:,.3g} ({low:,.3g} to {high:,.3g})")


def ways(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return who walks the Darién, rides trains, and takes coaches that no road leads round."""
    scenario = rumbo.load(CORRIDOR)
    links = scenario.network.links.set_index("id")
    passages = runs["passages"]
    total = passages.sum("month")

    def taking(which: np.ndarray) -> np.ndarray:
        return total.isel(link=np.flatnonzero(which)).sum("link").values

    walk = links["mode"].eq("walk").to_numpy()
    trails = walk & links["to"].isin(["bajo_chiquito", "canaan_membrillo"]).to_numpy()
    round_ = links.index == "puerto_obaldia>miramar_colon:boat"
    trains = links["mode"].eq("freight_rail").to_numpy()
    hours = resolve(scenario, "mode.hours_per_day", pd.Timestamp("2023-09-01").date())
    daily = hours[list(scenario.network.modes).index("freight_rail")]
    days = np.maximum(links["typical_hours"].to_numpy(dtype=float) / daily, 1.0)
    september = passages.sel(month="2023-09-01").values[:, trains]
    on_foot = taking(trails)
    return [
        ("walk, of those leaving the gulf, %", 100 * on_foot / (on_foot + taking(round_))),
        ("riding freight trains at a time, September 2023", september @ days[trains] / 30.0),
        ("coach Tapachula-Tijuana, people", taking(links.index == "tapachula>tijuana:bus")),
        ("train Ciudad Hidalgo-Tapachula, people",
         taking(links.index == "ciudad_hidalgo>tapachula:freight_rail")),
    ]  # fmt: skip


def states(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return shares of stops in two states."""
    places = rumbo.load(CORRIDOR).network.places
    rows = []
    for name, first, last in (
        ("Tabasco", "2024-01", "2024-08"), ("Chiapas", "2024-01", "2024-08"),
        ("Tabasco", "2023-08", "2023-12"),
    ):  # fmt: skip
        stops = runs["stops"].sel(month=slice(first, last)).sum(["month", "group"])
        inside = stops.isel(place=np.flatnonzero(places["admin1"].eq(name)))
        share = 100 * inside.sum("place") / stops.sum("place")
        rows.append((f"{name} of stops, {first} to {last}, %", share.values))
    return rows


def queue(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return the queue in December 2024, how wide it is, and the wait that follows from it."""
    asking = runs["queue"].sum(["place", "group"]).sel(month="2024-12-01").values
    kept = runs["appointments"].sum("group").sel(month="2024-12-01").values
    wide = np.quantile(asking, 0.95) / np.quantile(asking, 0.05)
    posterior = rumbo.load(CORRIDOR).fitted().posterior
    sets = np.zeros(len(asking), int) if posterior is None else posterior.set_of(runs["member"])
    by_set = [
        (f"queue in set {one}, {100 * np.mean(sets == one):.0f} % of members", asking[sets == one])
        for one in np.unique(sets)
    ]
    return [
        *by_set,
        ("queue, December 2024", asking),
        ("its 90 % range, high over low", np.array([wide])),
        ("implied wait, months", asking / kept),
    ]


def ports(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return how far ports by nationality lie from the record, without the last month."""
    figures = rumbo.figures(rumbo.load(CORRIDOR))
    gates = runs.sel(month=slice("2023-07", "2025-01"))["encounters"].sel(component="OFO")
    gates = gates.sum("area")
    mine = figures[(figures["component"] == "OFO") & figures["area"].isin(["", "all"])]
    errors = {}
    for nationality, rows in mine.groupby("nationality"):
        counted = rows.drop_duplicates("month", keep="last").set_index("month")["value"]
        of = gates if nationality == "all" else gates.isel(
            group=np.flatnonzero(runs["nationality"].values == nationality))  # fmt: skip
        simulated = np.median(of.sum("group").values, axis=0)
        known = counted.reindex(pd.to_datetime(gates["month"].values)).to_numpy(dtype=float)
        gap = (np.log1p(simulated) - np.log1p(known))[~np.isnan(known)]
        errors[nationality] = np.sqrt(np.mean(gap**2))
    total = errors.pop("all")
    return [
        ("ports to January 2025, log RMSE", np.array([total])),
        ("ports by nationality, median log RMSE", np.array([np.median(list(errors.values()))])),
    ]


def deaths(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return deaths on record by region, and all deaths."""
    recorded = runs["deaths_recorded"].sum("month")
    rows = [(f"deaths on record, {one}", recorded.sel(region=one).values)
            for one in runs["region"].values]  # fmt: skip
    return [
        *rows,
        ("deaths, with those never recorded", runs["deaths"].sum(["month", "region"]).values),
    ]


def effects(runs: xr.Dataset) -> list[tuple[str, np.ndarray]]:
    """Return by how much the first scenario has more Border Patrol encounters than each other."""
    counts = runs["encounters"].sel(component="USBP").sum(["month", "area", "group"])
    first, *others = counts.transpose("scenario", "member")
    return [
        (f"Border Patrol encounters less “{one['scenario'].item()}”, %",
         100 * (first.values / one.values - 1.0))
        for one in others
    ]  # fmt: skip


if __name__ == "__main__":
    main()
