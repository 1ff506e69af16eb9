"""Fits and forecasts of a corridor with other countries, agencies and counts."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import THREE_PLACES
from made_up import made_up

import rumbo
from rumbo.forecasting import forecast, question
from rumbo.forecasting.baselines import PERSISTENCE, SEASONAL
from rumbo.forecasting.evaluate import evaluate
from rumbo.forecasting.outline import effect, hindcast
from rumbo.forecasting.outline.build import build
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.question import question_from, usual_question
from rumbo.forecasting.shocks import Shocks
from rumbo.forecasting.targets import families
from rumbo.scenario.figures import Key, known

OUTLINE = OutlineForecast(members=40, passes=2)

TWO_SHORES = THREE_PLACES.parent / "two_shores"

FAMILIES = [f"{role}{by}" for role in ("zones", "gates", "stops") for by in ("", "-nationalities")]


@pytest.fixture(scope="module", params=["ferry", ""], ids=["transit", "none"])
def elsewhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("made-up"), request.param)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("made-up"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Return a corridor that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "elsewhere"))


def keep(folder: Path, wanted: str) -> rumbo.Scenario:
    """Leave a corridor part of its figures."""
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    table.query(wanted).to_csv(folder / "figures.csv", index=False)
    return rumbo.load(folder)


@pytest.mark.long
def test_a_corridor_is_fitted_and_its_levers_told_apart(elsewhere: Path) -> None:
    scenario = rumbo.load(elsewhere)
    found = rumbo.fit(scenario, "2022-10-01", members=12, passes=1, workers=1)
    assert set(found.figures["view"]) == {"zones", "gates", "stops"}
    assert set(found.figures["nationality"]) == {"AAA", "BBB", "all"}
    assert found.posterior.months == tuple(f"2022-{m:02}" for m in range(1, 7))
    split = rumbo.attribute(
        scenario.fitted(found.posterior), ["more-slots"], "2022-02", "2022-05", members=6, workers=1
    )
    assert np.isfinite(split.shares[["low", "middle", "high"]].to_numpy()).all()


def test_a_fit_ends_with_what_is_counted_on_the_way(folder: Path) -> None:
    fewer = keep(folder, "measure != 'transit' or month < '2022-04'")
    found = rumbo.fit(fewer, "2022-10-01", members=10, passes=1, workers=1)
    assert found.posterior.months[-1] == "2022-03"


def test_families_are_totals_and_nationalities_that_there_are(elsewhere: Path) -> None:
    scenario = rumbo.load(elsewhere)
    found = families(scenario)
    assert list(found) == FAMILIES
    assert found["zones"] == (Key("encounters", "guards"),)
    assert [key.nationality for key in found["stops-nationalities"]] == ["AAA", "BBB"]
    for name in found:
        assert set(scenario.texts[f"target.{name}"]) == {"en", "es"}


def test_the_outline_forecasts_and_learns_from_the_way(elsewhere: Path) -> None:
    then = known(rumbo.load(elsewhere), "2022-06-22")
    keys = [key for family in families(rumbo.load(elsewhere)).values() for key in family]
    made = OUTLINE(then, keys, 6)
    assert made.keys == tuple(keys)
    assert np.isfinite(made.quantiles).all()
    problem = build(then)
    transit = {f"transit.{one.id}" for one in then.backdrop.roles.transit}
    assert {name for name in problem.widths if name.startswith("transit")} == transit
    fitted = effect.fitted(problem, effect.Ensemble(40, 3, 1))
    prior = problem.prior(40, 1)
    assert effect.misfit(problem, fitted) < effect.misfit(problem, prior)
    assert not problem.expelled.any()


def test_forecasts_are_scored_from_the_origins_that_figures_allow(
    elsewhere: Path, tmp_path: Path
) -> None:
    scenario = rumbo.load(elsewhere)
    usual = usual_question(scenario)
    assert [str(usual.every_origin[0]), str(usual.origins[-1])] == ["2021-09", "2022-11"]
    assert (usual.burn_in, len(usual.origins)) == (7, 8)
    few = replace(usual, origins=usual.origins[1:3], burn_in=2, horizon=2)
    models = (SEASONAL, Shocks(paths=500), OUTLINE)
    found = evaluate(scenario, models, tmp_path, few, workers=1)
    told = found.skill[found.skill["model"] == "mechanistic"]
    assert set(told["family"]) == set(FAMILIES)
    assert np.isfinite(found.scores["wis_log"]).all()


def test_a_forecast_learns_from_as_many_origins_as_there_are(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = rumbo.load(elsewhere)
    begin = np.datetime64("2020-03")
    assert question_from(scenario, begin + 5, 3).burn_in == 5
    assert question_from(scenario, begin + 30, 3).burn_in == 24
    monkeypatch.setattr(question, "BURN_IN", 1)
    monkeypatch.setattr(forecast, "COMPONENTS", (PERSISTENCE, SEASONAL, OUTLINE))
    table = forecast.forecast(scenario, "2022-10-30", tmp_path, horizon=2, workers=1)
    assert table["reference_date"].unique().tolist() == ["2022-10-22"]
    assert set(table["component"]) == {"guards", "doors", ""}
    assert np.isfinite(table["value"]).all()


def test_corridors_that_tell_nobody_apart_are_forecast(folder: Path) -> None:
    scenario = keep(folder, "nationality == 'all'")
    assert list(families(scenario)) == ["zones", "gates", "stops"]
    then = known(scenario, "2022-06-22")
    problem = build(then)
    counts = problem.series(effect.fitted(problem, effect.Ensemble(40, 3, 1)))["zones"]
    seen = then.series(Key("encounters", "guards")).values[-12:-2]
    middle = np.median(counts.sum(axis=2)[:, problem.fitted - 12 : problem.fitted - 2], axis=0)
    assert middle == pytest.approx(seen, rel=0.15)


def test_without_totals_of_zones_fits_say_so_and_forecasts_do_without(folder: Path) -> None:
    scenario = keep(folder, "component != 'guards' or nationality != 'all'")
    with pytest.raises(rumbo.Faults, match="no figure of 'encounters guards' for all destination"):
        rumbo.fit(scenario, "2022-10-01", members=10)
    then = known(scenario, "2022-06-22")
    made = OUTLINE(then, [Key("stops")], 3)
    assert (made.keys, made.quantiles.shape) == ((), (0, 3, 23))


def test_hindcasts_ask_for_a_day_and_a_lever(folder: Path) -> None:
    with pytest.raises(rumbo.Faults, match="hindcast is missing"):
        hindcast.frozen(rumbo.load(folder))
    path = folder / "corridor.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "hindcast: {as_of: 2022-08-10, lever: bus-closure}\n", encoding="utf-8")
    scenario = rumbo.load(folder)
    found = hindcast.frozen(scenario, effect.Ensemble(40, 2, 1))
    assert found["series"].tolist() == ["encounters guards", "stops"]
    then = known(scenario, hindcast.asked_of(scenario).as_of)
    assert str(effect.first_month(then, "bus-closure")) == "2021-03"
    with pytest.raises(rumbo.Faults, match="'unheard-of' was not known of by 2022-08-10"):
        effect.first_month(then, "unheard-of")


def test_too_few_figures_to_judge_by_are_named(folder: Path) -> None:
    scenario = keep(folder, "month < '2021-06'")
    with pytest.raises(rumbo.Faults, match="too few to judge"):
        usual_question(scenario)


# What corridor.yaml may say of forecasts.

NAMED = """
targets:
  watched:
    en: "Seen by the guards"
    es: "Vistas por la guardia"
    measure: encounters
    component: guards
    by: nationalities
    only: [BBB]
expelled: {lever: more-slots, shares: {AAA: 0.5}, others: 0.2, without: 0.1, source: assumed}
origins: {first: 2022-01, last: 2022-03}
"""


def named(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in NAMED
    path = folder / "corridor.yaml"
    text = path.read_text(encoding="utf-8") + NAMED.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_corridor_says_what_is_forecast_and_who_is_sent_back(
    folder: Path, tmp_path: Path
) -> None:
    scenario = rumbo.load(named(folder))
    assert families(scenario) == {"watched": (Key("encounters", "guards", "all", "BBB"),)}
    assert scenario.texts["target.watched"]["es"] == "Vistas por la guardia"
    asked = usual_question(scenario)
    assert asked.origins.astype(str).tolist() == ["2022-01", "2022-02", "2022-03"]
    then = known(scenario, "2022-06-22")
    assert then.backdrop.counted == (("encounters", "guards"),)
    assert build(then).expelled.tolist() == [[0.5, 0.2]] * 32
    again = rumbo.load(scenario.write(tmp_path / "again"))
    assert again.header.model_dump() == scenario.header.model_dump()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("measure: enc", "measure: enq", "targets.watched.measure is 'enqounters'.*'encounters'"),
        ("t: guards", "t: gards", "targets.watched.component is 'gards'.*Write 'guards'"),
        ("[BBB]", "[CCC]", "targets.watched.only: 'CCC' is an unknown nationality"),
        ("by: nationalities\n    only: [BBB]", "by: areas", "targets.watched: there is no figure"),
        ("nationalities\n    only: [BBB]", "areas\n    only: [East]", "no figure of 'East'"),
        ("[BBB]", "[BBB, BBB]", "'encounters guards BBB' stands in targets.watched already"),
        ("by: nationalities", "by: total", "targets.watched.only has names"),
        ("by: nationalities", "by: nations", "targets.watched.by is 'nations'"),
        ('    es: "Vistas por la guardia"\n', "", "targets.watched.es is missing"),
        ("lever: more-slots", "lever: more-slot", "expelled.lever is 'more-slot'.*'more-slots'"),
        ("{AAA: 0.5}", "{AAB: 0.5}", "expelled.shares: 'AAB' is an unknown nationality"),
        ("{AAA: 0.5}", "{AAA: 1.5}", "expelled.shares.AAA is '1.5'"),
        ("source: assumed", "source: nowhere", "expelled: .*nowhere"),
        ("others: 0.2", "other: 0.2", "'expelled.other' is unknown. Write 'others'"),
        ("first: 2022-01", "first: 2022-05", "first 2022-05 is after last 2022-03"),
        ("first: 2022-01", "first: 2022-13", "origins.first is '2022-13'"),
    ],
)
def test_slips_are_named_with_their_key(old: str, new: str, message: str, folder: Path) -> None:
    with pytest.raises(rumbo.Faults, match=message) as raised:
        rumbo.load(named(folder, old, new))
    assert {fault.file for fault in raised.value.faults} == {"corridor.yaml"}


@pytest.mark.long
@pytest.mark.slow
def test_two_shores_are_fitted_and_the_agreement_is_told() -> None:
    scenario = rumbo.load(TWO_SHORES)
    found = rumbo.fit(scenario, "2024-10-22", members=24, passes=1, seed=1, workers=1)
    areas = {"zones.areas:Island", "zones.areas:Far coast"}
    views = {"zones", "gates", "stops", "asylum_applications"}
    assert set(found.figures["view"]) == views | areas
    lever = ["shore-agreement"]
    fitted = scenario.fitted(found.posterior)
    split = rumbo.attribute(fitted, lever, "2024-03", "2024-08", members=8, workers=1)
    # The figures are the corridor's own, agreement and all: fewer people arrive with it.
    assert (split.shares["high"] < 0).all()


@pytest.mark.slow
def test_two_shores_are_forecast_and_scored(tmp_path: Path) -> None:
    scenario = rumbo.load(TWO_SHORES)
    usual = usual_question(scenario)
    assert list(usual.series) == ["arrivals", "arrivals-coasts", "desk", "brought-back"]
    few = replace(usual, origins=usual.origins[-3:], burn_in=3, horizon=2)
    found = evaluate(scenario, (PERSISTENCE, SEASONAL, OUTLINE), tmp_path, few, workers=1)
    assert set(found.skill["family"]) == set(usual.series)
    assert np.isfinite(found.scores["wis_log"]).all()
