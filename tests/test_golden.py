"""Golden months of the smallest corridor: numbers change only when somebody means them to.

After a change that is meant to move them, ``pytest tests/test_golden.py --regenerate`` writes the
file again; the difference then shows in the commit.
"""

from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from helpers import three_places

from rumbo.run.simulate import simulate

FILE = Path(__file__).parent / "golden" / "three_places.csv"

BY = {
    "entries": (), "encounters": ("component",), "evasions": (), "stops": (),
    "transfers": (), "moved_again": (), "returns_by_transit": (), "removals": (),
    "asylum_applications": (), "passages": ("link",), "waiting": ("place",), "queue": (),
    "held": (), "days_waited": (), "settled": (), "returned_home": (), "deaths": ("region",),
    "kidnappings": (), "shelter_shortfall": ("place",),
}  # fmt: skip
"""Measures that are held, and the dimensions by which they are; others are summed over."""

KEY = ["scenario", "member", "month", "measure", "label"]

CLOSE = 1e-5
"""Relative difference that is let pass: 32-bit numbers, other processors."""


def months() -> pd.DataFrame:
    """Return the numbers as they are now."""
    base = three_places()
    pair = [base, base.without("bus-closure")]
    runs = simulate(pair, members=3, seed=7, workers=1)
    return pd.concat([series(runs[name], by) for name, by in BY.items()], ignore_index=True)


def series(measure: xr.DataArray, by: tuple[str, ...]) -> pd.DataFrame:
    """Return a measure as rows of the golden file."""
    kept = ("scenario", "member", "month", *by)
    summed = measure.astype(float).sum([dim for dim in measure.dims if dim not in kept])
    table = summed.reset_coords(drop=True).to_series().rename("value").reset_index()
    table["month"] = table["month"].dt.strftime("%Y-%m")
    table["label"] = table[by[0]] if by else ""
    return table.assign(measure=measure.name)[[*KEY, "value"]]


def golden() -> pd.DataFrame:
    """Return the numbers as they are meant to be."""
    return pd.read_csv(FILE, keep_default_na=False)


def compare(found: pd.DataFrame, meant: pd.DataFrame) -> None:
    """Fail with the rows that differ."""
    both = meant.merge(found, on=KEY, how="outer", suffixes=("_meant", "_found"), indicator=True)
    far = (both["value_meant"] - both["value_found"]).abs() > CLOSE * both["value_meant"].abs()
    wrong = both[far | (both["_merge"] != "both")]
    assert wrong.empty, f"{len(wrong)} of {len(both)} numbers differ:\n{wrong.head(20).to_string()}"


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return months()


def test_months_are_as_they_were(found: pd.DataFrame, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--regenerate"):
        FILE.parent.mkdir(exist_ok=True)
        found.to_csv(FILE, index=False, float_format="%.9g", lineterminator="\n")
    compare(found, golden())


@pytest.mark.parametrize("measure", ["encounters", "stops", "waiting", "deaths"])
def test_one_changed_number_is_noticed(found: pd.DataFrame, measure: str) -> None:
    row = found.index[(found["measure"] == measure) & (found["value"] > 0)][-1]
    changed = found.copy()
    changed.loc[row, "value"] *= 1.001
    with pytest.raises(AssertionError, match="1 of"):
        compare(changed, found)


def test_a_missing_row_is_noticed(found: pd.DataFrame) -> None:
    with pytest.raises(AssertionError, match="1 of"):
        compare(found.iloc[1:], found)


def test_the_golden_months_hold_something(found: pd.DataFrame) -> None:
    total = found.groupby("measure")["value"].sum()
    assert set(total.index) == set(BY)
    assert (total[total.index != "deaths"] > 0).all()
