"""What the page on caravans says is what the code and the bundled corridor hold."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rumbo
from rumbo.scenario.caravans.parameters import CARAVANS

PAGE = (Path(__file__).parents[1] / "docs" / "caravans.md").read_text("utf-8")


def rows() -> dict[str, list[str]]:
    """Rows of the table of values, by parameter."""
    lines = re.findall(r"^\| `(caravan\.\w+)` \|(.*)\|$", PAGE, flags=re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in lines}


def test_every_parameter_stands_there_with_its_default() -> None:
    assert {name: float(cells[0]) for name, cells in rows().items()} == {
        head[0]: float(head[6]) for head, *_ in CARAVANS
    }


def test_values_and_ranges_are_those_of_the_bundled_corridor() -> None:
    settings = rumbo.load("darien-rio-bravo").settings
    mine = settings[settings["parameter"].str.startswith("caravan.")]
    assert {*mine["parameter"]} == {*rows()} - {"caravan.belief"}
    for row in mine[mine["group"] == ""].itertuples():
        _, here, ends, _ = rows()[row.parameter]
        if not here[0].isdigit():
            continue
        assert float(re.findall(r"[\d.,]+", here)[0].replace(",", "").rstrip(".")) == row.value
        told = [float(end.replace(",", "")) for end in ends.split("-")] if ends else []
        known = [row.low, row.high] if pd.notna(row.low) else []
        assert told == known, row.parameter


def test_the_values_follow_from_the_events() -> None:
    """Formation, size and spread are those of the caravans on record that left the start."""
    base = rumbo.load("darien-rio-bravo")
    events = base.events[base.events["place"] == "tapachula"]
    periods = events["day"].between("2021-08", "2022-08-31") | events["day"].between(
        "2024-07", "2025-01-31"
    )
    low, high = events["low"].fillna(events["high"]), events["high"].fillna(events["low"])
    logs = np.log(np.sqrt(low * high)).dropna()
    value = base.settings.set_index("parameter")["value"]
    assert value["caravan.formation"] == pytest.approx(periods.sum() / 20, abs=0.01)
    assert value["caravan.size"] == pytest.approx(np.exp(logs.median()), rel=0.03)
    assert value["caravan.size_spread"] == pytest.approx(logs.std(), abs=0.02)
    assert (len(base.events), len(logs)) == (36, 29)


@pytest.mark.slow
def test_the_example_runs() -> None:
    (code,) = (block.split("```")[0] for block in PAGE.split("```python\n")[1:])
    names: dict[str, object] = {}
    exec(code.replace("members=20", "members=1").replace("2025-01-31", "2024-11-30"), names)
    walking = names["walking"]
    assert float(walking.sel(scenario="all drawn").sum()) != float(walking.isel(scenario=0).sum())
    assert float(walking.isel(scenario=0).sum()) > 0
    assert float(walking.isel(scenario=2).sum()) == 0
