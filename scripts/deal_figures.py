"""Print what a deal changes, by how much of it is kept, as a table in Markdown.

``python scripts/deal_figures.py`` runs the bundled corridor's December 2023 deal kept to 0, half
and all of it, on the members of its fit; about three minutes on one core for 20 members.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import xarray as xr

import rumbo
from rumbo.scores.days import mean_of_months

CORRIDOR, DEAL = "darien-rio-bravo", "december-2023-deal"

KEPT = (0.0, 0.5, 1.0)
"""Shares of the deal that are kept."""

ENDS = [0.05, 0.5, 0.95]
"""Quantiles over members: the middle, and the ends of the range that holds nine in ten."""

TOTALS = {
    "encounters between ports": ("encounters", {"component": "USBP"}),
    "stops in Mexico": ("stops", {}),
    "people taken elsewhere": ("transfers", {}),
    "people waiting, mean": ("waiting", {}),
    "deaths": ("deaths", {}),
}
"""What is told: measure, and the part of it."""


def total(runs: xr.Dataset, name: str, part: dict[str, str]) -> xr.DataArray:
    """Return a measure from the deal's first month on, by scenario and member."""
    values = runs[name].sel(part).sel(month=slice("2023-12", None))
    along = [dim for dim in values.dims if dim not in ("scenario", "member", "month")]
    by_month = values.sum(along)
    return mean_of_months(by_month) if name == "waiting" else by_month.sum("month")


def rows(runs: xr.Dataset) -> Iterator[list[str]]:
    """Go through the cells of the table: what, how much is kept, change and share of its sign."""
    for title, (name, part) in TOTALS.items():
        values = total(runs, name, part)
        without = values.isel(scenario=0)
        for number, kept in enumerate(KEPT):
            change = (values.isel(scenario=number + 1) / without - 1.0).to_numpy()
            low, middle, high = np.quantile(change, ENDS) * 100.0
            if change.any():
                sign = np.mean(np.sign(change) == np.sign(middle))
                cells = [f"{middle:+.1f} % ({low:+.1f} to {high:+.1f})", f"{sign:.0%}"]
            else:
                cells = ["none in any member", ""]
            yield [title if not number else "", f"{kept:g}", *cells]


def scenarios() -> list["rumbo.Scenario"]:
    """Return the corridor without the deal, and with each share of it."""
    base = rumbo.load(CORRIDOR).fitted()
    kept = [base.deal(DEAL, compliance=share).named(f"kept to {share:g}") for share in KEPT]
    return [base.without(DEAL), *kept]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=20, help="members of the fit to run")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    runs = rumbo.simulate(scenarios(), members=options.members, seed=options.seed)
    print("| from December 2023 on | kept | change against none (9 in 10 members) | same sign |")
    print("|---|---|---|---|")
    for row in rows(runs):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
