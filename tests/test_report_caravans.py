"""What the report tells of caravans, on a small corridor."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from caravan_world import with_caravans
from helpers import three_places

from rumbo.report import write_reports
from rumbo.report.corridor.mechanisms.caravans import ENDS, caravans
from rumbo.report.page.parts import Figure, Section, Table, Text
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import read_run
from rumbo.run.simulate import simulate

EVENTS = (
    "2023-11-10,day,middle_town,1000,2000,half_town,2023-11-20,papers,assumed,reported,before\n"
    "2024-02-10,day,middle_town,100,200,half_town,2024-02-20,papers,assumed,reported,\n"
    "2024-02-20,day,middle_town,150,,,,,assumed,estimate,\n"
    "2024-05-01,month,south_town,,,,,bused,assumed,reported,\n"
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    base = with_caravans(tmp_path_factory.mktemp("told") / "corridor", events=EVENTS)
    return simulate([base, base.change("caravan.given", 1).named("given")], members=5, seed=3)


def chapter(runs: xr.Dataset, language: str) -> Section:
    one = caravans(read_run(runs, Words(language)))
    assert one is not None
    return one


def tables(one: Section) -> list[Table]:
    return [block for block in one.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_speaks_stands_before_the_numbers(runs: xr.Dataset, language: str) -> None:
    one, words = chapter(runs, language), Words(language)
    texts = [block for block in one.blocks if isinstance(block, Text)]
    assert texts[1] == Text(words("caravans.assumed"), "warning")
    (figure,) = (block for block in one.blocks if isinstance(block, Figure))
    assert len(figure.charts) == 2, "one for each scenario"
    assert all({"low", "high"} <= {*chart.data["simulated"][0]} for chart in figure.charts)


def test_caravans_on_record_are_those_of_the_days_of_the_run(tmp_path: Path) -> None:
    base = with_caravans(tmp_path / "corridor", events=EVENTS)
    *_, record = tables(chapter(simulate(base.between("2024-01-10", "2024-02-15"), seed=3), "en"))
    assert [row[0] for row in record.rows] == ["10 Feb 2024"]


def test_how_people_left_is_the_sum_of_the_run(runs: xr.Dataset) -> None:
    words = Words("en")
    months, ended, record = tables(chapter(runs, "en"))
    for number, row in enumerate(ended.rows):
        for cell, name in zip(row[1:], ["caravan_joined", *ENDS], strict=True):
            values = runs[name].isel(scenario=number)
            ends = spread(values.sum([dim for dim in values.dims if dim != "member"]))
            assert cell == words.span(ends.low, ends.high), name
    formed = runs["caravans_formed"].isel(scenario=0).sum("place").sel(month="2024-03").values
    low, high = np.quantile(formed, [0.05, 0.95])
    assert months.rows[2][1] == f"{low:.0f}\u2013{high:.0f}"
    assert [row[3] for row in months.rows] == ["0", "2", "0", "0", "1", "0"]
    assert [row[:5] for row in record.rows] == [
        ["10 Feb 2024", "Middle town", "100 to 200", "Half town", "20 Feb 2024"],
        ["20 Feb 2024", "Middle town", "150", "\u2013", "\u2013"],
        ["May 2024", "South town", "\u2013", "\u2013", "\u2013"],
    ]
    assert [row[5] for row in record.rows] == ["given papers", "not known", "taken on by bus"]


def test_whole_pages_can_be_written(runs: xr.Dataset, tmp_path: Path) -> None:
    paths = {language: tmp_path / f"{language}.html" for language in LANGUAGES}
    for path in write_reports(runs, paths):
        assert "part-caravans" in path.read_text("utf-8")


def test_without_caravans_nothing_is_told() -> None:
    runs = simulate(three_places().between("2024-01-01", "2024-02-28"), members=2, seed=1)
    assert caravans(read_run(runs, Words("en"))) is None
    assert "events" not in read_run(runs, Words("en")).background
