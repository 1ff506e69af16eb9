"""Quantiles, plain references, shocks and the stack, on small inputs with known answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from rumbo.forecasting.after import what_came
from rumbo.forecasting.baselines import (
    BASELINES,
    LONG,
    PERSISTENCE,
    SEASONAL,
    SHORT,
    Textbook,
    spreads,
)
from rumbo.forecasting.drivers import stale, stale_line
from rumbo.forecasting.form import Component, Forecast, months_ahead
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.panel import Panel, day_of, origin_by, place
from rumbo.forecasting.published import Stack
from rumbo.forecasting.season import factors
from rumbo.forecasting.shocks import Shocks, event_months
from rumbo.forecasting.skill import score_cells, skill
from rumbo.forecasting.stack import learn
from rumbo.forecasting.store import ForecastStore
from rumbo.forecasting.table import COLUMNS, from_table, to_table
from rumbo.forecasting.targets import families
from rumbo.scenario.figures import Key, Known, Series, known
from rumbo.scenario.scenario import Scenario, load
from rumbo.scores.members import LEVELS, weighted_interval_score
from rumbo.scores.quantiles import MIDDLE, PROBABILITIES, crps, ends, held, mix, pool, widen, wis

NORMAL = ndtri(PROBABILITIES)

PATROL, PORTS, MEXICO = Key("encounters", "USBP"), Key("encounters", "OFO"), Key("stops")


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load("darien-rio-bravo")


@pytest.fixture(scope="module")
def then(bundled: Scenario) -> Known:
    return known(bundled, "2022-02-22")


def monthly(values: Sequence[float], first: str = "2012-01", key: Key = PATROL) -> Series:
    months = np.datetime64(first, "M") + np.arange(len(values))
    return Series(key, months, np.asarray(values, dtype=np.float64))


def figures_of(bundled: Scenario, series: Series) -> Scenario:
    """Return the corridor with the figures of one series, each known on the 10th after."""
    months = pd.PeriodIndex(series.months.astype(str), freq="M")
    one = bundled.figures.iloc[[0] * len(months)].reset_index(drop=True)
    table = one.assign(
        **series.key._asdict(), month=months.start_time, value=series.values,
        published=(months + 1).start_time + pd.Timedelta(days=9),
    )  # fmt: skip
    table["month"] = months.astype(str) if one["month"].dtype != "M8[ns]" else table["month"]
    table = table.astype(bundled.figures.dtypes.to_dict())
    return replace(bundled, content=replace(bundled.content, figures=table))


# Quantiles.


def test_the_probabilities_are_those_of_the_forecast_hubs() -> None:
    lower = np.array(LEVELS) / 2.0
    expected = np.concatenate([lower, [0.5], 1.0 - lower[::-1]])
    assert PROBABILITIES == pytest.approx(expected)
    assert PROBABILITIES[MIDDLE] == 0.5


def test_the_interval_score_of_quantiles_is_that_of_members() -> None:
    rng = np.random.default_rng(1)
    members, seen = rng.normal(size=(200, 6, 2)), rng.normal(size=(6, 2)) * 2.0
    quantiles = np.moveaxis(np.quantile(members, PROBABILITIES, axis=0), 0, -1)
    assert wis(quantiles, seen) == pytest.approx(weighted_interval_score(members, seen))


def test_the_ranked_score_is_near_that_of_the_distribution() -> None:
    seen = np.array([-2.5, 0.0, 0.3, 1.5])
    found = crps(np.broadcast_to(NORMAL, (4, 23)), seen)
    assert found == pytest.approx(scoringrules.crps_normal(seen, 0.0, 1.0), rel=0.03)
    assert np.isnan(crps(NORMAL[None], np.array([np.nan]))).all()


def test_ranges_hold_what_lies_between_their_ends() -> None:
    low, high = ends(NORMAL, 0.9)
    assert (low, high) == pytest.approx((-1.645, 1.645), abs=1e-3)
    seen = np.array([-1.7, 0.0, 1.6, np.nan])
    np.testing.assert_array_equal(held(np.tile(NORMAL, (4, 1)), seen, 0.9), [0, 1, 1, np.nan])


@given(st.floats(0.1, 5.0), st.floats(-3.0, 3.0))
def test_widening_moves_all_but_the_median(spread: float, middle: float) -> None:
    found = widen(middle + NORMAL, spread)
    assert found[MIDDLE] == pytest.approx(middle)
    assert np.diff(found) == pytest.approx(spread * np.diff(NORMAL))


def test_quantiles_are_averaged_by_weights() -> None:
    members = np.stack([NORMAL, 4.0 + NORMAL])
    assert mix(members, np.array([0.25, 0.75])) == pytest.approx(3.0 + NORMAL)


def test_a_pool_of_alike_members_is_one_of_them() -> None:
    members = np.stack([np.stack([NORMAL, NORMAL]), np.stack([2.0 + NORMAL, 2.0 + NORMAL])])
    assert pool(members) == pytest.approx(members[:, 0], abs=1e-6)


def test_a_pool_is_the_mixture_and_not_the_mean() -> None:
    """Of two that never meet, a quarter lies below the middle of the lower one."""
    found = pool(np.stack([NORMAL, 10.0 + NORMAL]))
    at = [int(np.flatnonzero(PROBABILITIES == one)[0]) for one in (0.25, 0.75)]
    assert found[at] == pytest.approx([0.0, 10.0], abs=1e-6)
    assert (np.diff(found) > 0).all()
    assert ends(found, 0.9) == pytest.approx((-1.2816, 11.2816), abs=0.02)


@given(st.floats(-3.0, 3.0), st.floats(0.2, 5.0))
def test_a_pool_holds_at_each_quantile_the_share_its_members_hold(
    middle: float, spread: float
) -> None:
    members = np.stack([NORMAL, middle + spread * NORMAL])
    found = pool(members)
    share = np.mean([np.interp(found, one, PROBABILITIES, 0.0, 1.0) for one in members], axis=0)
    inner = slice(2, -2)  # beyond the outermost quantiles nothing is known
    assert share[inner] == pytest.approx(PROBABILITIES[inner], abs=0.011)


# Season.


def test_the_season_is_found_under_a_trend() -> None:
    rhythm = 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
    values = np.expm1(9.0 + 0.01 * np.arange(96) + np.tile(rhythm, 8))
    assert factors(monthly(values)) == pytest.approx(rhythm, abs=1e-9)


@pytest.mark.parametrize("values", [np.arange(500.0, 560.0), np.full(96, 99.0)])
def test_no_season_of_few_years_or_small_counts(values: np.ndarray) -> None:
    assert factors(monthly(values)).tolist() == [0.0] * 12


# References.


def test_spreads_are_those_of_changes_over_months() -> None:
    logs = np.concatenate([np.full(30, 50.0), np.tile([1.0, 3.0], 24)])
    # The first 30 months are too long ago; changes over an even number of months are none.
    assert spreads(logs, 3) == pytest.approx([2.0, 0.0, 2.0])


def test_a_longer_window_remembers_older_changes() -> None:
    jump, calm = np.r_[np.full(30, 5.0), np.full(40, 9.0)], np.zeros(1)
    assert spreads(jump, 1, 24) == pytest.approx(calm)
    assert spreads(jump, 1, 96) == pytest.approx([4.0 / np.sqrt(69)])
    assert [one.window for one in (SHORT, PERSISTENCE, LONG)] == [24, 48, 96]


def test_persistence_starts_from_the_last_published_month(then: Known) -> None:
    found = PERSISTENCE(then, (PATROL, MEXICO), 6)
    for k, (key, last) in enumerate(((PATROL, "2022-01"), (MEXICO, "2021-12"))):
        series = then.series(key)
        assert series.last == np.datetime64(last)
        assert found.months[k].tolist() == months_ahead(series.last, 6).tolist()
        assert found.quantiles[k, :, MIDDLE] == pytest.approx(np.log1p(series.values[-1]))


def test_half_the_season_is_believed(then: Known) -> None:
    rhythm = factors(then.series(PATROL))
    apart = SEASONAL(then, (PATROL,), 6).quantiles - PERSISTENCE(then, (PATROL,), 6).quantiles
    assert apart[0, :, MIDDLE] == pytest.approx(0.5 * (rhythm[1:7] - rhythm[0]))
    same = [model(then, (MEXICO,), 6).quantiles for model in (SEASONAL, PERSISTENCE)]
    np.testing.assert_array_equal(*same)


@pytest.mark.parametrize("model", [*BASELINES, Shocks()], ids=lambda model: model.name)
def test_quantiles_are_finite_rise_and_repeat(model: Component, then: Known) -> None:
    keys = (PATROL, MEXICO, PATROL._replace(nationality="HTI"))
    found = model(then, keys, 6)
    assert found.keys == keys
    assert np.isfinite(found.quantiles).all()
    assert (np.diff(found.quantiles) >= 0).all()
    # Ranges grow with the months ahead, and a forecast does not depend on what else is asked.
    low, high = ends(found.quantiles, 0.9)
    assert ((high - low)[:, 5] > (high - low)[:, 0]).all()
    np.testing.assert_array_equal(model(then, keys[::-1], 6).quantiles[::-1], found.quantiles)


@pytest.mark.parametrize("method", ["damped-ets", "auto-arima", "theta"])
def test_textbook_methods_bear_a_series_that_stands_still(method: str, bundled: Scenario) -> None:
    still = figures_of(bundled, monthly(np.full(30, 400.0), "2020-01"))
    found = Textbook(method)(known(still, "2022-06-22"), (PATROL,), 2)
    assert found.quantiles == pytest.approx(np.log1p(400.0), abs=0.1)


def test_short_series_are_left_out(bundled: Scenario) -> None:
    short = figures_of(bundled, monthly(np.full(17, 400.0), "2021-01"))
    assert PERSISTENCE(known(short, "2023-01-22"), (PATROL,), 6).keys == ()


def test_a_forecast_of_no_series_is_read_again() -> None:
    none = Forecast((), np.empty((0, 6), "datetime64[M]"), np.empty((0, 6, len(PROBABILITIES))))
    again = from_table(to_table(none, "none", date(2022, 2, 22)))
    months = np.arange("2022-02", "2022-08", dtype="datetime64[M]")[None]
    assert np.isnan(place(again, (PATROL,), months)).all()


# Shocks.


def test_without_past_shocks_steps_are_calm(bundled: Scenario) -> None:
    calm = figures_of(bundled, monthly(np.expm1(9.0 + 0.1 * np.tile([0, 1], 24)), "2018-01"))
    model = Shocks(paths=20_000, season=0.0)
    now = known(calm, "2022-01-22")
    assert len(model.past(now, event_months(now)).sizes) == 0
    found = model(now, (PATROL,), 4)
    spread = 1.4826 * 0.1 * np.sqrt(np.arange(1, 5))
    last = np.log1p(now.series(PATROL).values[-1])
    assert found.quantiles[0] == pytest.approx(last + spread[:, None] * NORMAL, abs=0.03)


def test_shocks_are_learned_in_spreads_and_thicken_the_tails(bundled: Scenario) -> None:
    rng = np.random.default_rng(6)
    steps = 0.1 * np.clip(rng.standard_normal(48), -2, 2)
    steps[[10, 30]] = -1.0, 0.8
    jumpy = figures_of(bundled, monthly(np.expm1(9.0 + steps.cumsum()), "2018-01"))
    model = Shocks(season=0.0)
    now = known(jumpy, "2022-01-22")
    past = model.past(now, event_months(now))
    calm = model.steps(now.series(PATROL)).calm
    assert sorted(past.sizes * calm) == pytest.approx([-1.0, 0.8])
    assert past.usual == pytest.approx(2 / 47)
    thick, plain = (m(now, (PATROL,), 1).quantiles[0, 0] for m in (model, Shocks(beyond=99.0)))
    assert thick[0] < plain[0] - 0.2
    assert thick[MIDDLE] == pytest.approx(plain[MIDDLE], abs=0.03)


def test_dated_changes_raise_the_chance_and_never_lower_it(bundled: Scenario) -> None:
    steps = 0.1 * np.tile([1.0, -1.0], 24)
    steps[[10, 30]] = -1.0, 0.8
    now = known(
        figures_of(bundled, monthly(np.expm1(9.0 + steps.cumsum()), "2018-01")), "2022-01-22"
    )
    at = now.series(PATROL).months
    hit, missed = (Shocks(season=0.0).past(now, at[i]) for i in ([10, 30], [11, 31]))
    # Two of two, blurred by a year of the usual chance.
    assert hit.eventful == pytest.approx((2 + 12 * 2 / 47) / 14)
    assert missed.eventful == missed.usual == hit.usual == pytest.approx(2 / 47)


def test_small_series_teach_no_shocks(bundled: Scenario) -> None:
    small = figures_of(bundled, monthly(np.tile([300.0, 200.0, 2.0], 12), "2019-01"))
    now = known(small, "2022-01-22")
    assert len(Shocks().past(now, event_months(now)).sizes) == 0
    assert np.isfinite(Shocks()(now, (PATROL,), 6).quantiles).all()


def test_only_changes_known_of_on_the_day_raise_the_chance(bundled: Scenario) -> None:
    # The end of Title 42 in May 2023 was announced in January, troops of February 2025 were not.
    title_42, troops = np.datetime64("2023-05"), np.datetime64("2025-02")
    assert title_42 in event_months(known(bundled, "2023-04-22"))
    assert title_42 not in event_months(known(bundled, "2022-11-22"))
    assert troops in event_months(known(bundled, "2025-02-22"))
    assert troops not in event_months(known(bundled, "2025-01-22"))


# Stack.


def past(rng: np.random.Generator, cells: int, *spreads: float) -> tuple[np.ndarray, np.ndarray]:
    """Return members centred on what comes with errors of their own, and what came."""
    came = rng.standard_normal(cells)
    members = [came[:, None] + s * rng.standard_normal((cells, 1)) + s * NORMAL for s in spreads]
    return np.stack(members, axis=1), came


def test_nothing_past_gives_equal_weights() -> None:
    learned = learn(np.zeros((0, 4, 23)), np.zeros(0), np.zeros(0, dtype=int), 0.0)
    assert learned.weights.tolist() == [0.25] * 4
    assert learned.spread == 1.0


def test_weights_go_to_the_better_member_as_origins_pass() -> None:
    members, came = past(np.random.default_rng(2), 400, 0.1, 1.0)
    none = np.zeros(400, dtype=np.int64)
    few, many = (learn(members, came, none, origins).weights for origins in (4.0, 400.0))
    assert many[0] > 0.9
    # Four origins move weights a quarter of the way from equal to best.
    best = 0.5 + (many - 0.5) * 412 / 400
    assert few == pytest.approx(0.5 + (best - 0.5) / 4)
    assert many.sum() == pytest.approx(1.0)


def test_weights_are_near_the_best_of_a_grid() -> None:
    members, came = past(np.random.default_rng(3), 300, 0.5, 0.6)
    found = learn(members, came, np.zeros(300, dtype=np.int64), 1e9).weights
    grid = np.linspace(0.0, 1.0, 101)
    scores = [wis(mix(members, np.array([a, 1.0 - a])), came).mean() for a in grid]
    assert found[0] == pytest.approx(grid[np.argmin(scores)], abs=0.03)


def test_hard_series_do_not_outweigh_easy_ones() -> None:
    rng = np.random.default_rng(4)
    easy, hard = past(rng, 300, 0.01, 0.02), past(rng, 300, 2.0, 1.9)
    members = np.concatenate([easy[0], hard[0]])
    came = np.concatenate([easy[1], hard[1]])
    series = np.repeat([0, 1], 300)
    apart = learn(members, came, series, 1e9).weights
    together = learn(members, came, np.zeros(600, dtype=np.int64), 1e9).weights
    assert apart[0] > together[0] + 0.1


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_spread_is_learned_and_shrunk(factor: float) -> None:
    came = np.random.default_rng(7).standard_normal(4000)
    members = np.tile(NORMAL / factor, (4000, 1, 1))
    none = np.zeros(4000, dtype=np.int64)
    assert learn(members, came, none, 1e9).spread == pytest.approx(factor, rel=0.05)
    assert learn(members, came, none, 12.0).spread == pytest.approx(factor**0.5, rel=0.05)


def panel_of(forecasts: dict[str, np.ndarray]) -> Panel:
    origins = np.datetime64("2022-01", "M") + np.arange(len(next(iter(forecasts.values()))))
    months = np.stack([months_ahead(origin, 2)[None] for origin in origins])
    return Panel(origins, (PATROL,), months, forecasts)


def test_the_stack_never_looks_past_its_origin() -> None:
    rng = np.random.default_rng(8)
    forecasts = {name: rng.normal(size=(9, 1, 2, 1)) + NORMAL for name in "ab"}
    outcomes = rng.normal(size=(9, 1, 2))
    outcomes[5:] = np.nan
    outcomes[4, :, 1] = np.nan
    stack, family = Stack(("a", "b", "absent")), {"total": (PATROL,)}
    found, weights = stack.publish(panel_of(forecasts), outcomes, 5, family)
    assert weights["past"].tolist() == [5, 5, 4, 4]
    later = {
        name: np.concatenate([array[:6], array[6:] + 9.0]) for name, array in forecasts.items()
    }
    again, others = stack.publish(panel_of(later), outcomes, 5, family)
    np.testing.assert_array_equal(found, again)
    pd.testing.assert_frame_equal(weights, others)


def test_a_member_that_leaves_out_a_series_is_left_out_of_its_family() -> None:
    forecasts = {name: np.zeros((2, 1, 2, 1)) + NORMAL for name in "ab"}
    forecasts["b"][1] = np.nan
    _, weights = Stack(("a", "b")).publish(
        panel_of(forecasts), np.full((2, 1, 2), np.nan), 1, {"total": (PATROL,)}
    )
    assert set(weights["member"]) == {"a"}
    assert set(weights["weight"]) == {1.0}


# Scores.


def test_skill_is_relative_to_the_reference() -> None:
    rng = np.random.default_rng(9)
    plain = np.zeros((30, 1, 2, 1)) + 9.0 + NORMAL
    outcomes = 9.0 + rng.standard_normal((30, 1, 2))
    outcomes[-1, 0, 1] = np.nan
    panel = panel_of({"persistence": plain, "wide": widen(plain, 3.0)})
    cells = score_cells(panel, outcomes, {"total": (PATROL,)})
    table = skill(cells, "persistence").set_index(["model", "horizon"])
    same, wide = table.loc[("persistence", 2)], table.loc[("wide", 2)]
    assert same["relative_wis_log"] == same["relative_wis_log_low"] == 1.0
    assert same["cells"] == 29
    mine = wis(9.0 + 3.0 * NORMAL, outcomes[:29, 0, 1]).mean()
    theirs = wis(9.0 + NORMAL, outcomes[:29, 0, 1]).mean()
    assert wide["wis_log"] == pytest.approx(mine)
    assert wide["relative_wis_log"] == pytest.approx(mine / theirs)
    assert wide["geometric_wis_log"] == pytest.approx(mine / theirs)
    assert wide["relative_wis_log_low"] < mine / theirs < wide["relative_wis_log_high"]
    assert wide["cover_50"] > same["cover_50"]


# Targets and tables.


def test_families_are_of_figures_that_there_are(bundled: Scenario, then: Known) -> None:
    found = families(bundled)
    assert [len(keys) for keys in found.values()] == [1, 10, 9, 1, 1, 9]
    zones = bundled.network.places["zone"][bundled.network.having("destination_zone")]
    assert {key.area for key in found["border-patrol-sectors"]} == set(zones)
    assert found["ports"] == (PORTS,)
    for key in (key for keys in found.values() for key in keys):
        assert len(then.series(key).values) > 24


def test_tables_have_the_columns_of_hubs_and_come_back(then: Known) -> None:
    made = PERSISTENCE(then, (PATROL, MEXICO), 3)
    table = to_table(made, "persistence", date(2022, 2, 22))
    assert table.columns.tolist() == COLUMNS
    assert len(table) == 2 * 3 * 23
    first = table.iloc[0]
    assert (first["reference_date"], first["target_end_date"]) == ("2022-02-22", "2022-02-28")
    assert set(table["output_type"]) == {"quantile"}
    back = from_table(table)
    assert back.keys == made.keys
    np.testing.assert_array_equal(back.months, made.months)
    assert back.quantiles == pytest.approx(np.maximum(made.quantiles, 0.0))
    assert from_table(table.iloc[:0]).keys == ()


def test_months_over_on_the_day_are_nowcasts_and_count_from_the_origin(then: Known) -> None:
    # As of 22 February the last month over is January: Mexico's last figure is of December.
    table = to_table(PERSISTENCE(then, (PATROL, MEXICO), 2), "persistence", date(2022, 2, 22))
    told = table.drop_duplicates(["target", "step"]).set_index(["target", "step"])
    assert told.loc["encounters", "horizon"].tolist() == [1, 2]
    assert told.loc["stops", "horizon"].tolist() == [0, 1]
    assert told.loc["encounters", "kind"].tolist() == ["forecast", "forecast"]
    assert told.loc["stops", "kind"].tolist() == ["nowcast", "forecast"]


def test_counts_too_old_are_refused_and_named(bundled: Scenario) -> None:
    # The last count on the way is of April 2025; origins are July and August.
    fresh, old = known(bundled, "2025-08-22"), known(bundled, "2025-09-22")
    assert stale(fresh) is None
    assert stale_line(fresh) == ""
    assert stale(old) == np.datetime64("2025-04")
    line = stale_line(old)
    assert line.startswith(
        "figures.csv: the last count of people on the way is of 2025-04, 4 months"
    )
    assert line.endswith("forecast as of a day before 2025-09-22")
    assert stale(known(bundled, "2025-09-21")) is None
    assert OutlineForecast()(old, (PATROL, PORTS, MEXICO), 6).keys == ()


def test_a_corridor_without_counts_on_the_way_has_none_too_old(bundled: Scenario) -> None:
    alone = figures_of(bundled, monthly(np.full(60, 900.0), "2015-01"))
    assert stale(known(alone, "2020-02-22")) is None


def test_what_came_adds_up_what_is_only_published_together(
    bundled: Scenario, tmp_path: Path
) -> None:
    day, months = date(2026, 2, 22), months_ahead(np.datetime64("2026-01"), 2)
    keys, counts = (PATROL, PORTS, MEXICO), np.array([6_000.0, 4_000.0, 5_000.0])
    quantiles = np.log1p(counts)[:, None, None] + np.tile(0.1 * NORMAL, (3, 2, 1))
    made = Forecast(keys, np.stack([months, months, months - 4]), quantiles)
    store = ForecastStore(tmp_path / "model-output")
    for name, wider in (("stack", 1.0), ("persistence", 2.0)):
        store.write(replace(made, quantiles=widen(quantiles, wider)), name, day, "test")
    table = what_came(bundled, tmp_path, day)
    assert set(table["series"]) == {"encounters USBP + OFO"}
    first = table.iloc[0]
    assert (first["month"], first["horizon"], first["kind"]) == ("2026-02", 1, "forecast")
    assert (first["came"], first["middle"]) == (9_613.0, pytest.approx(10_000.0))
    assert first["low_90"] == pytest.approx(10_002.0 * np.exp(0.1 * ndtri(0.05)) - 2.0)
    assert first["relative_wis_log"] < 1.0


def test_what_came_before_the_forecast_is_none_of_it(bundled: Scenario, tmp_path: Path) -> None:
    day, months = date(2026, 8, 22), months_ahead(np.datetime64("2026-07"), 1)
    made = Forecast((PATROL,), months[None], np.tile(NORMAL + 9.0, (1, 1, 1)))
    for name in ("stack", "persistence"):
        ForecastStore(tmp_path / "model-output").write(made, name, day, "test")
    assert what_came(bundled, tmp_path, day).empty


def test_an_origin_stands_for_the_22nd_of_the_month_after() -> None:
    assert day_of(np.datetime64("2022-12")) == date(2023, 1, 22)
    assert origin_by(date(2023, 1, 22)) == np.datetime64("2022-12")
    assert origin_by(date(2023, 1, 21)) == np.datetime64("2022-11")


@pytest.mark.parametrize("what", ["series", "months", "falling", "missing"])
def test_forecasts_of_something_else_are_refused(what: str) -> None:
    keys = (PATROL, PORTS)
    months = np.stack([months_ahead(np.datetime64("2022-01"), 2)] * 2)
    quantiles = np.tile(NORMAL, (1, 2, 1))
    good = Forecast((PORTS,), months[1:], quantiles)
    assert np.isnan(place(good, keys, months)[0]).all()
    bad = {
        "series": replace(good, keys=(MEXICO,)),
        "months": replace(good, months=months[1:] + 1),
        "falling": replace(good, quantiles=quantiles[..., ::-1]),
        "missing": replace(good, quantiles=quantiles * np.nan),
    }
    with pytest.raises(ValueError, match="must"):
        place(bad[what], keys, months)
