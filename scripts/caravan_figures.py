"""How the bundled corridor's caravans meet those on record: prints a table.

``python scripts/caravan_figures.py [MEMBERS] [--fitted]``. Runs the corridor with all caravans
drawn, and with those on record given, in as many members as asked (40); takes some minutes. The
tables stand in ``docs/caravans.md``.
"""

import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import chi2, norm

import rumbo
from rumbo.engine.arrays import Array
from rumbo.engine.step import Luck
from rumbo.model.caravans.formation import Formations
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.states import begin
from rumbo.scenario.caravans.chain import START
from rumbo.scenario.scenario import Scenario

PERIODS = (("2021-08", "2022-08"), ("2024-07", "2025-01"))
"""Months in which departures were followed closely."""

FIRST_FORWARD = 10
"""Caravans that are known before the first that is foretold."""

WIDE = float(norm.ppf(0.95))

TIMED_DAYS, TURNS = 20, 21
"""Days of a turn of the timing, and turns of each program."""


class Line(NamedTuple):
    """A row of the table."""

    what: str
    floor: str
    goal: str
    measured: str


def departures(base: Scenario) -> pd.DataFrame:
    """Return the caravans on record that set out from where the corridor's form, by day."""
    starts = base.network.places["id"][base.network.having(START)]
    events = base.events[base.events["place"].isin(starts)].sort_values("day")
    low, high = events["low"].fillna(events["high"]), events["high"].fillna(events["low"])
    return events.assign(
        log=np.log(np.sqrt(low * high)), log_low=np.log(low), log_high=np.log(high)
    )


def size_lines(base: Scenario, drawn: Formations) -> Iterator[Line]:
    """How well a lognormal foretells sizes, and those of the corridor hold them."""
    sized = departures(base).dropna(subset=["log"])
    logs = sized["log"].to_numpy()
    out = [interval(np.delete(logs, i)) for i in range(len(logs))]
    ahead = [interval(logs[:i]) for i in range(FIRST_FORWARD, len(logs))]
    for what, ends, seen in (
        ("leave one out", out, logs),
        ("forward, from the 11th on", ahead, logs[FIRST_FORWARD:]),
    ):
        held = np.mean([low <= x <= high for (low, high), x in zip(ends, seen, strict=True)])
        width = np.exp(np.median([high - low for low, high in ends]))
        told = f"{held:.0%} of {len(seen)}; high over low {width:.0f}"
        yield Line(f"90 % interval of sizes, {what}", ">= 80 %, <= 35", "85-95 %", told)
    ends = drawn.middle[0, 0] + np.array([-1, 1]) * WIDE * drawn.spread[0, 0]
    held = np.mean((ends[0] <= logs) & (logs <= ends[1]))
    told = f"{held:.0%} of {len(logs)}; {np.exp(ends[0]):,.0f}-{np.exp(ends[1]):,.0f}"
    told += f", high over low {np.exp(ends[1] - ends[0]):.0f}"
    yield Line("sizes on record in the corridor's 90 %", ">= 80 %, <= 35", "85-95 %", told)


def interval(logs: Array) -> tuple[float, float]:
    """Return the middle nine tenths of a lognormal with the moments of some logs."""
    half = WIDE * logs.std(ddof=1)
    return float(logs.mean() - half), float(logs.mean() + half)


def number_lines(base: Scenario, drawn: Formations) -> Iterator[Line]:
    """How many set out in a month: on record, and drawn."""
    month = departures(base)["day"].dt.to_period("M")
    formed = monthly(drawn)
    mean, ratio = formed.mean(), formed.var() / formed.mean()
    for first, last in PERIODS:
        months = pd.period_range(first, last, freq="M")
        counts = month[month.isin(months)].value_counts().reindex(months, fill_value=0).to_numpy()
        total, n = counts.sum(), len(months)
        ends = chi2.ppf(0.05, 2 * total) / 2 / n, chi2.ppf(0.95, 2 * total + 2) / 2 / n
        seen = counts.var(ddof=1) / counts.mean()
        spread = np.array([0.05, 0.95])
        # The record's variance over its mean, and what such a short record gives either way.
        around = seen * (n - 1) / chi2.ppf(spread[::-1], n - 1)
        told = (
            f"{mean:.2f} (record {counts.mean():.2f}, {ends[0]:.2f}-{ends[1]:.2f}); variance over "
            f"mean {ratio:.2f} (record {seen:.2f}, {around[0]:.2f}-{around[1]:.2f})"
        )
        yield Line(f"departures a month, {first} to {last}", "inside", "inside", told)


def monthly(drawn: Formations, members: int = 200) -> Array:
    """Caravans that form, by member and whole month of the run; shape (R, months)."""
    luck = Luck(1, np.arange(members), 0, True)
    month = drawn.dates.astype("datetime64[M]")
    days = [np.flatnonzero(month == one) for one in np.unique(month)]
    whole = [d for d in days if len(d) >= 28]
    return np.stack([drawn.formed(luck, d[0], d[-1])[:, 0] for d in whole], axis=1)


def share_lines(runs: xr.Dataset, starts: list[str]) -> Iterator[Line]:
    """What share of departures and of stops people in caravans are."""
    for name in runs["scenario"].values:
        one = runs.sel(scenario=name)
        joined = one["caravan_joined"].sel(place=starts).sum(["place", "group"])
        origin = one["link_from"].isin(starts).values
        others = one["passages"].isel(link=origin).sum("link")
        share = (joined / (joined + others.values)).values
        whole = (joined.sum("month") / (joined + others).sum("month")).values
        part = float(np.mean(whole <= 0.10))
        yield Line(f"share of departures, {name}", "<= 10 %", "<= 6 %",
                   f"{told(whole)}; <= 10 % in {part:.0%} of members; "
                   f"month by month {told(share.ravel())}")  # fmt: skip
        late = {"month": slice("2024-10", "2025-01")}
        people = one["caravan_joined"].sel(late).sum(["month", "place", "group"])
        stops = one["stops"].sel(late).sum(["month", "place", "group"])
        yield Line(f"of stops October 2024 - January 2025, {name} (record 4.5 %)", "2-9 %", "3-6 %",
                   told((people / stops).values))  # fmt: skip


def told(share: Array) -> str:
    """Return the middle of shares, and their middle nine tenths."""
    low, middle, high = np.quantile(share, [0.05, 0.5, 0.95])
    return f"{middle:.1%} ({low:.1%}-{high:.1%})"


def time_line(off: Program, on: Program) -> Line:
    """How much longer a day takes with caravans, in turns of the same process."""
    luck = Luck(1, np.arange(4), 0, True)
    states = [begin(program, luck) for program in (off, on)]
    took = np.zeros((TURNS, 2))
    for turn in range(-1, TURNS):  # the first one, to warm up, is not kept
        for n, program in enumerate((off, on)):
            days = range((turn + 1) * TIMED_DAYS, (turn + 2) * TIMED_DAYS)
            since = time.process_time()
            run_days(program, states[n], luck, days)
            if turn >= 0:
                took[turn, n] = time.process_time() - since
    ratio = np.sort(took[:, 1] / took[:, 0])
    told_ = f"{np.median(ratio):.2f} x ({ratio[0]:.2f}-{ratio[-1]:.2f} over {TURNS} turns)"
    return Line("time of a day, caravans on against off", "<= 1.5 x", "<= 1.2 x", told_)


def main() -> None:
    """Print the table."""
    asked = [one for one in sys.argv[1:] if one != "--fitted"]
    members = int(asked[0]) if asked else 40
    base = rumbo.load("darien-rio-bravo")
    base = base.fitted() if "--fitted" in sys.argv else base
    plain = base.without("caravans")
    drawn = base.change("caravan.given", 0).named("all drawn")
    program = compile_scenario(drawn)
    starts = base.network.places["id"][base.network.having(START)].tolist()
    runs = rumbo.simulate([drawn, base.named("record given")], members=members, seed=1)
    lines = [
        *size_lines(base, program.formations),
        *number_lines(base, program.formations),
        *share_lines(runs, starts),
        time_line(compile_scenario(plain), program),
    ]
    print("| what | floor | goal | measured |\n|---|---|---|---|")
    for line in lines:
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
