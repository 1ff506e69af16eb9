"""Rolling origins: nothing looked ahead at, nothing done twice, and the same by any road."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rumbo.files.faults import Faults
from rumbo.forecasting.baselines import SEASONAL, Persistence
from rumbo.forecasting.evaluate import Evaluation, evaluate
from rumbo.forecasting.forecast import forecast, keep_score
from rumbo.forecasting.form import Component, Forecast
from rumbo.forecasting.panel import day_of
from rumbo.forecasting.published import Stack
from rumbo.forecasting.question import Question, months_between
from rumbo.forecasting.store import ForecastStore
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.scenario import Scenario, load

PATROL, MEXICO = Key("encounters", "USBP"), Key("stops")
TOTALS = {"border-patrol": (PATROL,), "mexico": (MEXICO,)}
ORIGINS = months_between("2023-01", "2023-03")
STACK = Stack(("persistence", "seasonal-persistence"))


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load("darien-rio-bravo")


def run(scenario: Scenario, folder: Path, **asked: object) -> Evaluation:
    """Evaluate two cheap models on two totals, from few origins."""
    usual = {"origins": ORIGINS, "burn_in": 3, "series": TOTALS, "stack": STACK}
    parts = {field.name for field in fields(Question)} & asked.keys()
    question = Question(**usual | {name: asked.pop(name) for name in parts})
    components = asked.pop("components", (SEASONAL,))
    return evaluate(scenario, components, folder, question, **{"workers": 1} | asked)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def with_figures(scenario: Scenario, figures: pd.DataFrame) -> Scenario:
    return replace(scenario, content=replace(scenario.content, figures=figures))


@dataclass(frozen=True)
class Stopping:
    """Persistence that is stopped by Ctrl-C as of one day, unless a file says to go on."""

    go_on: Path
    name: str = "stopping"

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        if known.as_of == day_of(ORIGINS[1]) and not self.go_on.exists():
            raise KeyboardInterrupt
        return Persistence()(known, keys, horizon)


@dataclass(frozen=True)
class Partial:
    """Forecasts the first series alone."""

    name: str = "partial"

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        return Persistence()(known, keys[:1], horizon)


def test_every_origin_is_forecast_and_scored(bundled: Scenario, tmp_path: Path) -> None:
    found = run(bundled, tmp_path)
    assert found.panel.origins.tolist() == ORIGINS.tolist()
    plain = {"persistence", "persistence-recalibrated"}
    assert set(found.scores["model"]) == {*plain, "seasonal-persistence", "stack"}
    assert len(found.scores) == 4 * 3 * 2 * 6
    # Mexico's figures come out a month after the Border Patrol's.
    over = found.scores.groupby(["measure", "horizon"])["nowcast"].agg(["min", "max"])
    assert over.loc[("stops", 1)].tolist() == [1, 1]
    assert over.loc["encounters"].to_numpy().sum() == 0
    assert set(found.skill["family"]) == set(TOTALS)
    first = found.scores[found.scores["component"] == "USBP"].iloc[0]
    assert (first["origin"], first["month"]) == ("2023-01", "2023-02")
    figures = bundled.figures[bundled.figures["component"] == "USBP"]
    whole = figures[(figures["area"] == "all") & (figures["nationality"] == "all")]
    told = whole[pd.to_datetime(whole["month"]) == "2023-02-01"].sort_values("published")
    assert first["outcome"] == pytest.approx(told["value"].iloc[-1])
    table = pd.read_csv(tmp_path / "skill.csv")
    assert table["relative_wis_log"].tolist() == pytest.approx(found.skill["relative_wis_log"])
    store = ForecastStore(tmp_path / "model-output")
    kept = store.read("stack", day_of(ORIGINS[0]))
    assert kept.quantiles == pytest.approx(found.panel.forecasts["stack"][0])
    assert not store.path("stack", day_of(ORIGINS[0] - 1)).exists()


def test_later_figures_change_no_forecast(bundled: Scenario, tmp_path: Path) -> None:
    before = run(bundled, tmp_path / "before")
    figures = bundled.figures.copy()
    day = day_of(ORIGINS[0])
    figures.loc[figures["published"] > pd.Timestamp(day), "value"] *= 7.0
    after = run(with_figures(bundled, figures), tmp_path / "after")
    one, other = (contents(tmp_path / name / "model-output") for name in ("before", "after"))
    early = [name for name in one if Path(name).name[:10] <= str(day)]
    assert len(early) == 4 + 4 + 1 + 1  # and the stack and the recalibrated reference
    for name in one:
        assert (one[name] == other[name]) == (name in early), name
    first = [found.weights[found.weights["origin"] == "2023-01"] for found in (before, after)]
    pd.testing.assert_frame_equal(*first)
    assert not np.allclose(before.scores["wis_log"], after.scores["wis_log"])


def test_weights_rest_on_outcomes_published_by_the_day(bundled: Scenario, tmp_path: Path) -> None:
    weights = run(bundled, tmp_path).weights
    past = weights.groupby(["origin", "family", "horizon"])["past"].first()
    # Three origins before, whose last outcome by then is the month itself, or the one before.
    for family in TOTALS:
        assert past["2023-01", family].tolist() == [3, 2, 1, 0, 0, 0]
        assert past["2023-03", family].tolist() == [5, 4, 3, 2, 1, 0]
    nothing = weights[weights["past"] == 0]
    assert set(nothing["weight"]) == {0.5}
    assert set(nothing["spread"]) == {1.0}


def test_nothing_is_made_twice(bundled: Scenario, tmp_path: Path) -> None:
    run(bundled, tmp_path)
    kept = contents(tmp_path)
    seen: list[tuple[int, int]] = []
    again = ForecastStore(tmp_path / "model-output").path("persistence", day_of(ORIGINS[0]))
    again.unlink()
    run(bundled, tmp_path, progress=lambda done, whole: seen.append((done, whole)))
    assert seen == [(11, 12), (12, 12)]
    assert contents(tmp_path) == kept


def test_a_damaged_file_is_made_again(bundled: Scenario, tmp_path: Path) -> None:
    run(bundled, tmp_path)
    kept = contents(tmp_path)
    path = ForecastStore(tmp_path / "model-output").path("persistence", day_of(ORIGINS[0]))
    path.write_bytes(path.read_bytes()[:100])
    run(bundled, tmp_path)
    assert contents(tmp_path) == kept


def test_only_what_depends_on_a_figure_is_made_again(bundled: Scenario, tmp_path: Path) -> None:
    run(bundled, tmp_path)
    figures = bundled.figures.copy()
    # Known by the last of the six origins' days, not by the others.
    late = figures["published"] > pd.Timestamp(day_of(ORIGINS[1]))
    figures.loc[late, "value"] += 1.0
    seen: list[int] = []
    run(
        with_figures(bundled, figures),
        tmp_path,
        progress=lambda done, whole: seen.append(whole - done),
    )
    assert seen[0] == 2


def test_other_settings_are_other_forecasts(bundled: Scenario, tmp_path: Path) -> None:
    run(bundled, tmp_path)
    seen: list[int] = []
    run(
        bundled, tmp_path, components=(replace(SEASONAL, season=0.4),),
        progress=lambda done, whole: seen.append(whole - done),
    )  # fmt: skip
    assert seen[0] == 6


def test_a_stopped_evaluation_goes_on(bundled: Scenario, tmp_path: Path) -> None:
    go_on, folder = tmp_path / "go-on", tmp_path / "stopped"
    stopping: Component = Stopping(go_on)
    with pytest.raises(KeyboardInterrupt):
        run(bundled, folder, components=(SEASONAL, stopping))
    assert not (folder / "skill.csv").exists()
    kept = len(contents(folder))
    assert 0 < kept < 18
    go_on.touch()
    seen: list[int] = []
    run(
        bundled, folder, components=(SEASONAL, stopping), progress=lambda done, _: seen.append(done)
    )
    assert seen[0] == kept
    run(bundled, tmp_path / "whole", components=(SEASONAL, stopping))
    assert contents(folder) == contents(tmp_path / "whole")


def test_workers_change_nothing(bundled: Scenario, tmp_path: Path) -> None:
    for workers in (1, 2):
        run(bundled, tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_a_model_of_some_series_is_scored_and_stacked_there(
    bundled: Scenario, tmp_path: Path
) -> None:
    found = run(bundled, tmp_path, components=(Partial(),), stack=Stack(("persistence", "partial")))
    assert set(found.skill.query("model == 'partial'")["family"]) == {"border-patrol"}
    members = found.weights.groupby("family")["member"].unique()
    assert list(members["mexico"]) == ["persistence"]
    assert list(members["border-patrol"]) == ["persistence", "partial"]


def bad() -> Iterator[object]:
    unknown = {"total": (PATROL._replace(area="Del Rioo"),)}
    short = {"appointments": (Key("appointments"),)}
    wanted = "expected 1 to 6 months"
    yield pytest.param({"horizon": 0}, wanted, id="horizon 0")
    yield pytest.param({"horizon": 7}, wanted, id="horizon 7")
    early, late = months_between("2012-01", "2012-02"), months_between("2040-01", "2040-02")
    yield pytest.param({"origins": early}, "2011-10 comes before the first figure", id="early")
    yield pytest.param({"origins": late}, "comes after the last figure", id="late")
    yield pytest.param({"origins": ORIGINS[:0]}, "consecutive months", id="none")
    yield pytest.param({"origins": ORIGINS[::2]}, "consecutive months", id="gap")
    yield pytest.param({"series": unknown}, "Write 'encounters USBP Del Rio'", id="unknown")
    yield pytest.param({"series": short}, "comes before the second figure", id="short")


@pytest.mark.parametrize(("asked", "said"), list(bad()))
def test_what_cannot_be_forecast_is_named_and_nothing_written(
    asked: dict[str, object], said: str, bundled: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(Faults, match=said):
        run(bundled, tmp_path / "none", **asked)
    assert not (tmp_path / "none").exists()


def test_a_target_that_is_not_there_is_named_in_one_line(bundled: Scenario, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="there is no target 'portz'") as told:
        keep_score(bundled, tmp_path / "none", targets=("ports", "portz"))
    assert len(told.value.faults) == 1
    assert not (tmp_path / "none").exists()


def test_an_origin_before_the_first_register_is_one_line(bundled: Scenario, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="comes before") as told:
        forecast(bundled, "2016-05-22", tmp_path / "none")
    assert len(told.value.faults) == 1
    assert not (tmp_path / "none").exists()


def test_no_figures_no_forecast(bundled: Scenario, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="no figures to forecast"):
        run(with_figures(bundled, bundled.figures.iloc[:0]), tmp_path / "none")
