"""The page that tells what came out, in Markdown."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from benchmarks.minds import record
from benchmarks.minds.inputs import read_cases, values_of
from benchmarks.minds.runs import SETS
from benchmarks.minds.search import ODDS, Found, Search
from rumbo.engine.arrays import Array

Narrowed = tuple[tuple[str, float, float], ...]

TOGETHER = (
    ("a", "b", "v"), ("b", "v", "c"), ("a", "c"), ("a", "b", "v'"), ("a", "b", "v", "c"),
    ("a", "b", "v", "c", "d"), ("a", "b", "v'", "c"), ("a", "b", "v", "c", "d", "f"),
)  # fmt: skip
"""Cases that are asked of one draw."""

REGIONS = tuple((case,) for case in ("a", "v'", "c", "d")) + TOGETHER

SEARCHED = ("plain step", "option value, one blur", "option value, blur by event")

GROWING = "plain step, growing on"
"""Searched only where the plain step fails because belief jumps with the vote."""

GROWN = (("v'",), ("a", "b", "v'"), ("a", "b", "v'", "c"))

TIED: Narrowed = tuple((name, low, high) for name, (low, high) in ODDS.items())

TIED_CASES = (("a",), ("a", "b", "v", "c"), ("a", "b", "v", "c", "d"))

PROFILED = ("option value, blur by event", ("a", "b", "v", "c"))
"""Of what a profile of kappa is drawn."""

KAPPAS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

SHARED = ("kappa", "u", "rho", "A", "w", "psi", "att", "half", "v24", "q24", "beta", "gamma")
BY_EVENT = ("b16a", "b16b", "b24a", "b24b", "b23", "b23d", "sig16", "sig24", "sig23", "om")

Prior = Mapping[str, Mapping[str, Array]]
Results = Mapping[Search, Found]


def searches() -> list[Search]:
    free = [Search(way, cases) for way in SEARCHED for cases in REGIONS]
    tied = [Search(way, cases, TIED) for way in SEARCHED for cases in TIED_CASES]
    way, cases = PROFILED
    profile = [Search(way, cases, (("kappa", kappa, kappa),)) for kappa in KAPPAS]
    return free + tied + profile + [Search(GROWING, cases) for cases in GROWN]


def held(one: Mapping[str, Array], cases: Sequence[str]) -> Array:
    """Which draws meet all conditions of some cases."""
    return np.logical_and.reduce([one[name] == 0.0 for case in cases for name in SETS[case]])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def share(value: float, draws: int) -> str:
    """A share in words of its draws: one draw in 5,000 is not a share."""
    count = round(value * draws)
    return (
        "0" if count == 0 else f"{digits(100 * value)} %" if count > 4 else f"{count} of {draws:,}"
    )


def digits(value: float) -> str:
    """Two digits, or all before the point."""
    return f"{value:.0f}" if value >= 10.0 else f"{value:.2g}"


def named(cases: Sequence[str]) -> str:
    return ", ".join(cases)


def conditions() -> str:
    seen, rows = record.observed(), []
    for name, row in read_cases().conditions.iterrows():
        bounds = f"{row['low']:g}–{row['high']:g}"
        case = next(case for case, names in SETS.items() if name in names)
        rows.append((f"{case} ({name})", str(row["meaning"]), f"{seen[str(name)]:.2f}", bounds))
    return table(("case", "ratio", "counted", "asked"), rows)


def autumns() -> str:
    years = record.autumns()
    head = ("year", *(f"{what}, {who}" for who in ("all", "others than Mexicans") for what in WHAT))
    rows = [(str(year), *(f"{one:.2f}" for one in row)) for year, row in years.iterrows()]
    return table(head, rows)


WHAT = ("Nov/Aug", "Jan/Nov", "Mar/Nov")


def haitians() -> str:
    """Those met between ports in the months of the rush."""
    months = record.met()["HTI"]["2024-10":"2025-01"]
    return ", ".join(f"{one:.0f}" for one in months)


def shares(prior: Prior) -> str:
    sets = [*((case,) for case in SETS), *TOGETHER]
    rows = []
    for cases in sets:
        told = (held(one, cases) for one in prior.values())
        rows.append((named(cases), *(share(float(one.mean()), len(one)) for one in told)))
    return table(("cases", *prior), rows)


def region(found: Found) -> str:
    if found.held > 0.0:
        return f"{100 * found.held:.0f} %"
    if found.miss == 0.0:
        return "a few draws"
    return f"**0**; {found.miss:.3f} ({digits(100 * np.expm1(found.worst))} %)"


def regions(
    results: Results,
    sets: Iterable[tuple[str, ...]],
    ways: Sequence[str] = SEARCHED,
    narrowed: Narrowed = (),
) -> str:
    rows = [
        (named(cases), *(region(results[Search(way, cases, narrowed)]) for way in ways))
        for cases in sets
    ]
    return table(("cases", *ways), rows)


def best_values(results: Results, cases: tuple[str, ...]) -> str:
    """Middle half of the inputs of the nearest draws of each way."""
    columns = {}
    for way in SEARCHED:
        values = values_of(read_cases(), results[Search(way, cases)].points, {})
        columns[way] = {name: _middle(values[name]) for name in (*SHARED, *BY_EVENT)}
    frame = pd.DataFrame(columns)
    meaning = read_cases().inputs["meaning"]
    rows = [(f"`{name}` {meaning[name]}", *row) for name, row in frame.iterrows()]
    return table(("input", *SEARCHED), rows)


def _middle(values: Array) -> str:
    low, high = np.quantile(values, [0.25, 0.75])
    return f"{digits(low)} to {digits(high)}"


def profile(prior: Prior, results: Results) -> str:
    """By the stake: shares of prior draws, and how near a search with the stake held comes."""
    way, cases = PROFILED
    kappa = values_of(read_cases(), prior[way]["points"], {})["kappa"]
    edges = np.sqrt(np.array(KAPPAS[:-1]) * np.array(KAPPAS[1:]))
    bins, rows = np.digitize(kappa, edges), []
    for i, one in enumerate(KAPPAS):
        told = [held(prior[way], (case,))[bins == i] for case in ("a", "b", "v", "v'", "c", "d")]
        near = region(results[Search(way, cases, (("kappa", one, one),))])
        rows.append((f"{one:g}", *(share(float(x.mean()), len(x)) for x in told), near))
    return table(("kappa", "a", "b", "v", "v'", "c", "d", f"{named(cases)} together"), rows)


def write(prior: Prior, results: Results, text: str) -> str:
    """Fill the page in."""
    draws = len(next(iter(prior.values()))["points"])
    return text.format(
        draws=f"{draws:,}",
        haitians=haitians(),
        conditions=conditions(),
        autumns=autumns(),
        shares=shares(prior),
        regions=regions(results, REGIONS),
        tied=regions(results, TIED_CASES, narrowed=TIED),
        growing=regions(results, GROWN, (*SEARCHED, GROWING)),
        values=best_values(results, ("a", "b", "v", "c")),
        profile=profile(prior, results),
    )
