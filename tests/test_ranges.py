"""Ranges: members lie where the row says that nine in ten of them lie."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.values.held import hold, off_bound, ranged
from rumbo.scenario.values.ranges import NEAREST, Z90, value_at


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load("darien-rio-bravo")


def row(parameter: str, value: float, low: float, high: float, operation: str = "") -> Setting:
    never = pd.NaT
    return Setting(
        "", 0, parameter, "", "", never, never, operation, value, low, high, "", "", "", 0
    )


def at(setting: Setting, z: float) -> float:
    return value_at(PARAMETERS[setting.parameter], setting, z)


CASES = (
    row("crossing.factor", 0.45, 0.45, 0.60, "multiply"),
    row("harm.undercount", 1.3, 1.1, 3.3),
    row("containment.strength", 0.5, 0.2, 0.7),
    row("crossing.removed", 0.003, 0.002, 0.56),
    row("mode.board", -2.5, -4.0, -2.0),
    row("route.paper", 3.0, 1.0, 5.0),
    row("mode.hours_per_day", 8.0, 6.0, 12.0),
    row("stay.days", 10.0, 5.0, 30.0),
)


@pytest.mark.parametrize("setting", CASES, ids=lambda one: one.parameter)
def test_the_ends_stand_where_the_row_says(setting: Setting) -> None:
    got = [at(setting, z) for z in (-Z90, 0.0, Z90)]
    np.testing.assert_allclose(got, [setting.low, setting.value, setting.high], rtol=1e-12)


@given(z=st.floats(-6.0, 6.0), one=st.sampled_from(CASES))
def test_no_value_leaves_what_is_allowed_and_order_is_kept(z: float, one: Setting) -> None:
    parameter = PARAMETERS[one.parameter]
    assert parameter.low <= at(one, z) <= parameter.high
    assert at(one, z) <= at(one, z + 0.1)


def test_an_end_on_a_bound_is_approached_and_not_passed() -> None:
    undercount = row("harm.undercount", 1.3, 1.0, 3.3)
    assert at(undercount, -Z90) == pytest.approx(1.0 + NEAREST * 0.3)
    assert at(undercount, -9.0) >= 1.0
    share = row("deport.share", 0.02, 0.0, 0.3)
    assert at(share, -Z90) == pytest.approx(NEAREST * 0.02)


def test_a_value_on_a_bound_moves_straight_to_the_other_end() -> None:
    share = row("deport.share", 0.0, 0.0, 0.3)
    assert [at(share, z) for z in (-1.0, 0.0, Z90, 99.0)] == pytest.approx([0.0, 0.0, 0.3, 1.0])
    certain = row("retry.decay", 1.0, 0.7, 1.0)
    assert at(certain, -Z90) == pytest.approx(0.7)
    assert at(certain, 2.0) == 1.0


def test_without_an_end_nothing_moves_that_way() -> None:
    limit = row("shelter.places", 100.0, 50.0, math.inf)
    assert (at(limit, 2.0), at(limit, -Z90)) == (100.0, pytest.approx(50.0))
    assert at(row("shelter.places", math.inf, math.nan, math.nan), 1.0) == math.inf


def test_every_ranged_value_of_the_corridor_can_be_held(bundled: Scenario) -> None:
    pairs = ranged(bundled.settings)
    held = hold(bundled.settings, dict.fromkeys(pairs, Z90))
    before = bundled.settings
    inside = before["low"].notna() & (before["high"] < np.inf)
    for old, new in zip(
        each_setting(before[inside]), each_setting(held[inside.to_numpy()]), strict=True
    ):
        bound = {PARAMETERS[old.parameter].low, PARAMETERS[old.parameter].high} - {math.inf}
        if old.high not in bound:
            assert new.value == pytest.approx(old.high), old
    assert ranged(held) == []
    assert hold(before, {}).equals(before)


def test_rows_of_a_lever_move_apart_from_those_before_it(bundled: Scenario) -> None:
    lever = "december-2023-deal"
    held = hold(bundled.settings, {("containment.strength", lever): Z90})
    moved = bundled.settings["value"] != held["value"]
    assert set(bundled.settings[moved]["lever"]) == {lever}


def test_a_value_with_a_range_on_a_bound_is_named(bundled: Scenario) -> None:
    pairs = off_bound(bundled.settings)
    assert ("appointment.eligible", "cbp-one-south-2024-08") in pairs  # 1, from .1 to 1
    assert ("crossing.removed", "") in pairs  # some are 0, others are not
    assert ("harm.undercount", "") not in pairs  # 1.3: only its lower end lies on the bound
    none = bundled.settings.assign(low=bundled.settings["value"], high=bundled.settings["value"])
    assert off_bound(none) == []
