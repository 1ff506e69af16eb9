"""The figures of ``docs/smuggling.md``: shares guided, prices, stops and harm, and what it costs.

``python scripts/smuggling_figures.py`` prints them as a table; with ``--levels`` it prints the
levels at which the stated shares are guided, way by way.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

import rumbo
from rumbo.engine.step import Luck
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_beside, compile_scenario
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario

CORRIDOR, DAYS = "darien-rio-bravo", ("2023-07-01", "2023-12-31")
"""The months before the deal of December 2023 and its first days."""

SHARES = {"": 0.70, "MEX": 0.50}
"""Share guided, all but Mexicans under none: EMIF, as ``smuggler_use_ca`` cites it."""

TOLD_OF = {"": ("GTM", "HND", "SLV"), "MEX": ("MEX",)}
"""Nationalities whose share is told; others choose by the same level, as far as they can pay."""

RISE = 1.6
"""What the odds of being stopped are multiplied by: the size assumed of the deal's checks."""

BY = {
    "guided": ("guided_way", "group"), "from_hubs": ("guided_way", "group"), "stops": (),
    "entries": (), "deaths": (), "guided_price": ("guided_way", "group"),
}  # fmt: skip

TRIES = 14
"""Steps of the search for levels; each moves the log odds of a share all the way to its goal."""

FEWEST = 500.0
"""People from a hub below which a share sets no level."""


class Told(NamedTuple):
    """What came out of a run: people per hundred, and USD."""

    others: float
    mexicans: float
    stops: float
    deaths: float
    price: float


def ran(scenario: Scenario) -> xr.Dataset:
    """Return the expected run of a scenario."""
    return execute(RunSpec.of([scenario], 1, 0, "expected", BY)).isel(scenario=0, member=0)


def told(scenario: Scenario) -> Told:
    """Return what came out of a scenario."""
    runs = ran(scenario)
    shares = [_share(runs.isel(group=_of(runs, nation))) for nation in SHARES]
    entered = float(runs["entries"].sum())
    price = runs["guided_price"].sel(group="HND-adult").isel(month=0, guided_way=0)
    stops, deaths = (float(runs[name].sum()) / entered for name in ("stops", "deaths"))
    return Told(*(100 * s for s in shares), 100 * stops, 1e5 * deaths, float(price))


def _of(runs: xr.Dataset, nation: str) -> np.ndarray:
    """Return which groups a share is told of."""
    nationality = np.char.partition(runs["group"].values.astype(str), "-")[..., 0]
    return np.isin(nationality, TOLD_OF[nation])


def _share(runs: xr.Dataset) -> float:
    every = float(runs["from_hubs"].sum())
    return float(runs["guided"].sum()) / every if every else 0.0


def times_checks(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with the odds of being stopped multiplied everywhere in Mexico."""
    own = scenario.settings
    row = own[(own["parameter"] == "checkpoint.chance") & (own["operation"] == "multiply")].iloc[0]
    never = dict.fromkeys(("since", "until", "known", "until_known"), pd.NaT)
    more = pd.DataFrame([{**row, **never, "lever": "", "value": factor, "change": 1}])
    settings = pd.concat([own, more.astype(own.dtypes.to_dict())], ignore_index=True)
    return replace(scenario, settings=settings, label="checks times a factor")


Levels = Mapping[tuple[str, str], float]
"""Levels by way and nationality, all others under none."""


def with_levels(scenario: Scenario, levels: Levels) -> Scenario:
    """Return the scenario with other levels."""
    for (way, nation), level in levels.items():
        scenario = scenario.change("smuggling.level", level, at=way, group=nation or None)
    return scenario


def levels_for(
    scenario: Scenario, goals: Callable[[str, str], float]
) -> dict[tuple[str, str], float]:
    """Search the levels at which given shares of those who go on from each hub are guided."""
    ways = [name for name in scenario.network.links["id"] if name.endswith(":guided")]
    levels = {(way, nation): -5.0 for way in ways for nation in SHARES}
    for _ in range(TRIES):
        runs = ran(with_levels(scenario, levels)).sum("month")
        for (way, nation), every, guided in _by_way(runs):
            if every > FEWEST:
                goal = goals(way, nation)
                levels[way, nation] += float(np.clip(_odds(goal) - _odds(guided / every), -3, 3))
    met = {pair for pair, every, _ in _by_way(runs) if every > FEWEST}
    return {pair: level for pair, level in levels.items() if pair in met}


def _by_way(runs: xr.Dataset) -> Iterator[tuple[tuple[str, str], float, float]]:
    for way in map(str, runs["guided_way"].values):
        for nation in SHARES:
            one = runs.sel(guided_way=way).isel(group=_of(runs, nation))
            yield (way, nation), float(one["from_hubs"].sum()), float(one["guided"].sum())


def _odds(share: float) -> float:
    """Log odds of a share of those who can pay, about nine in ten."""
    inside = np.clip(share / 0.933, 1e-3, 1 - 1e-3)
    return float(np.log(inside / (1.0 - inside)))


def print_levels(base: Scenario) -> None:
    """Print the levels at which the stated shares are guided."""
    for (way, nation), level in levels_for(base, lambda _, nation: SHARES[nation]).items():
        print(f"{way},{nation},{level:.2f}")


def shares_of(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Return the shares guided, by way and nationality."""
    return {
        pair: guided / every
        for pair, every, guided in _by_way(ran(scenario).sum("month"))
        if every > FEWEST
    }


def figures(base: Scenario) -> Iterator[tuple[str, str]]:
    """Go through the figures: what, and how much."""
    shut = base.without("smuggling")
    more = times_checks(base, RISE)
    shares = shares_of(base)
    kept = with_levels(more, levels_for(more, lambda way, nation: shares.get((way, nation), 0.5)))
    rows = {
        "as set": base, "checks x 1.6": more, "checks x 1.6, shares kept": kept,
        "nobody guided": shut, "nobody guided, checks x 1.6": more.without("smuggling"),
    }  # fmt: skip
    for name, scenario in rows.items():
        one = told(scenario)
        yield (
            name,
            (
                f"{one.others:.1f} | {one.mexicans:.1f} | {one.price:,.0f} | {one.stops:.1f} | "
                f"{one.deaths:.1f}"
            ),
        )
    yield "guided of all who reach a border city", f"{100 * reaching(base):.1f}"
    for shift in (-1.0, 3.0):
        moved = _shifted(base, shift)
        yield f"level {shift:+.0f}", f"{told(moved).others:.1f}"
        rich = moved.change("smuggling.budget", 40_000.0)
        yield f"level {shift:+.0f}, budgets of 40,000", f"{told(rich).others:.1f}"
    for elasticity in (0.14, 0.15, 0.24):
        one = more.change("smuggling.elasticity", elasticity)
        price, usual = (told(s).price for s in (one, base))
        yield f"price at elasticity {elasticity}", f"{100 * (price / usual - 1):+.1f} %"


def reaching(scenario: Scenario) -> float:
    """Return the share guided of all who come to border cities from elsewhere."""
    links, places = scenario.network.links, scenario.network.places
    zones = places["id"][places["kind"] == "destination_zone"]
    cities = links["from"][links["to"].isin(zones)]
    into = (links["to"].isin(cities) & ~links["from"].isin(cities)).to_numpy(dtype=bool)
    every = execute(RunSpec.of([scenario], 1, 0, "expected", {"passages": ("link",)}))["passages"]
    guided = (links["mode"] == "guided").to_numpy(dtype=bool)
    return float(every[..., guided].sum() / every[..., into].sum())


def drawn(base: Scenario) -> Iterator[tuple[str, str]]:
    """Go through what members make of it: nine in ten of 40, and the middle one."""
    more = times_checks(base, RISE)
    runs = execute(RunSpec.of([base, more], 40, 1, "stochastic", BY))
    share = runs["guided"].sum(["month", "guided_way", "group"])
    share = 100 * share / runs["from_hubs"].sum(["month", "guided_way", "group"])
    price = runs["guided_price"].sel(group="HND-adult").isel(month=0, guided_way=0)
    for n, name in enumerate(("as set", "checks x 1.6")):
        yield f"{name}: guided of 100 of all nationalities", _ends(share.isel(scenario=n))
        yield f"{name}: price of Hondurans, USD", _ends(price.isel(scenario=n))
    yield "price with checks x 1.6, per cent more", _ends(100 * (price[1] / price[0] - 1))


def _ends(values: xr.DataArray) -> str:
    low, middle, high = values.quantile([0.05, 0.5, 0.95], "member").values
    return f"{middle:,.1f} ({low:,.1f} to {high:,.1f})"


def _shifted(scenario: Scenario, shift: float) -> Scenario:
    """Return the scenario with all levels moved."""
    own = scenario.settings.copy()
    own.loc[own["parameter"] == "smuggling.level", "value"] += shift
    return replace(scenario, settings=own, label="levels moved")


def costs(base: Scenario, plain: Scenario) -> Iterator[tuple[str, str]]:
    """Go through what guided ways cost: seconds to compile, and a day beside one without."""
    seconds = [min(_timed(partial(compile_beside, s)) for _ in range(5)) for s in (plain, base)]
    segments = len(compile_beside(base).calendar.segments)
    added = 1000 * (seconds[1] - seconds[0]) / segments
    yield "compile, seconds without and with", f"{seconds[0]:.2f}, {seconds[1]:.2f}"
    yield "added per segment, ms", f"{added:.1f}"
    programs = [compile_scenario(one) for one in (plain, base)]
    for stochastic in (True, False):
        days = np.array([[_day(one, stochastic) for one in programs] for _ in range(7)])
        each = days.min(axis=0)
        mode = "drawn" if stochastic else "expected"
        yield (
            f"a day, {mode}: with over without",
            f"{each[1] / each[0]:.3f} ({1e3 * each[1]:.2f} ms)",
        )


def unlisted(scenario: Scenario) -> Scenario:
    """Return the scenario as if the rule were not listed, and so without its links."""
    rules = tuple(rule for rule in scenario.header.rules if rule != "smuggling")
    header = scenario.header.model_copy(update={"rules": rules})
    return replace(scenario, header=header, rules=rules)


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _day(program: Program, stochastic: bool) -> float:
    """Return the seconds of a day of four members, once the corridor is full."""
    luck = Luck(1, np.arange(4 if stochastic else 1), 0, stochastic)
    state = begin(program, luck)
    run_days(program, state, luck, range(120))
    return _timed(lambda: run_days(program, state, luck, range(120, 220))) / 100


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", action="store_true", help="print levels instead")
    base = rumbo.load(CORRIDOR).between(*DAYS)
    if parser.parse_args().levels:
        print_levels(base)
        return
    for name, value in (*figures(base), *drawn(base), *costs(base, unlisted(base))):
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
