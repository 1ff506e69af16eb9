"""What the report and the export tell of guided ways, on the smallest corridor."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from guided_ways import WAY, guided
from helpers import three_places

from rumbo.exporting import export
from rumbo.report import write_reports
from rumbo.report.corridor.mechanisms.prices import prices
from rumbo.report.page.parts import Figure, Section, Table, Text
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.run import read_run
from rumbo.run.simulate import simulate
from rumbo.scenario.scenario import Scenario

JUDGEMENT = {"en": "are judgement, not measured", "es": "son juicio, no medición"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return guided(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def runs(base: Scenario) -> xr.Dataset:
    more = base.change("checkpoint.chance", 0.4, at="middle_town", since="2024-04-01")
    return simulate([base, more, base.without("smuggling")], members=8, seed=1, workers=1)


def told(runs: xr.Dataset, language: str) -> Section | None:
    return prices(read_run(runs, Words(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_are_told_with_their_ranges_and_who_speaks(runs: xr.Dataset, language: str) -> None:
    section = told(runs, language)
    assert section is not None
    texts = [one.text for one in section.blocks if isinstance(one, Text)]
    assert JUDGEMENT[language] in texts[1]
    figure = next(one for one in section.blocks if isinstance(one, Figure))
    (chart,) = figure.charts
    rows = chart.data["simulated"]
    assert {row["scenario"] for row in rows} == {0, 1}
    for scenario, number in ((0, 3), (1, 3)):
        price = runs["guided_price"].isel(scenario=scenario, month=number, guided_way=0, group=0)
        row = [row for row in rows if row["scenario"] == scenario][number]
        low, high = np.quantile(price, [0.05, 0.95])
        assert row["low"] == pytest.approx(low, rel=0.01)
        assert row["high"] == pytest.approx(high, rel=0.01)
        assert row["low"] < row["high"]


def test_stops_and_deaths_stand_beside_the_prices(runs: xr.Dataset) -> None:
    section = told(runs, "en")
    assert section is not None
    table = next(one for one in section.blocks if isinstance(one, Table))
    assert len(table.rows) == 3
    assert table.rows[2][1] == "nobody is guided"
    every = runs[["stops", "entries"]].sum(["month", "group"])
    stopped = 100 * every["stops"].sum("place") / every["entries"]
    middle = float(stopped.isel(scenario=0).median())
    assert f"({middle:.3g})" in table.rows[0][3]


def test_a_run_without_guided_ways_has_no_such_chapter(base: Scenario) -> None:
    assert told(simulate(three_places(), members=2, seed=1), "en") is None
    off = base.without("smuggling")
    assert told(simulate(off, members=2, seed=1), "en") is None


def test_pages_hold_the_chapter(runs: xr.Dataset, tmp_path: Path) -> None:
    for path in write_reports(runs, {one: tmp_path / f"{one}.html" for one in LANGUAGES}):
        assert 'id="part-prices"' in path.read_text(encoding="utf-8")


def test_exports_hold_the_price_of_each_way_and_add_up_none(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    export(runs, tmp_path / "export")
    series = tmp_path / "export" / "series"
    name = "guided_price_middle_town_north_crossing"
    price = pd.read_csv(series / f"{name}.csv")
    assert set(price["location"]) == set(runs["group"].values)
    one = price[(price["scenario_id"] == "base") & (price["date"] == price["date"].min())]
    middle = one.set_index("location")["median"]
    own = runs["guided_price"].isel(scenario=0, month=0).sel(guided_way=WAY).median("member")
    np.testing.assert_allclose(middle[own["group"].values], own, rtol=0.005)
    described = json.loads((tmp_path / "export" / "datapackage.json").read_text(encoding="utf-8"))
    target = next(t for t in described["targets"] if t["name"] == name)
    assert (target["unit"], target["what"], target["locations"]) == ("USD", "price", "group")
    people = pd.read_csv(series / "guided.csv")
    assert (people[people["scenario_id"] == "base"]["median"] > 0).any()
