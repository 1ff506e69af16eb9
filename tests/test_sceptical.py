"""Sceptical priors: sizes of levers around no effect, and directions that both priors lead to."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers import variant

import rumbo
from rumbo.fitting.attribution import direction
from rumbo.fitting.sceptical import WIDE, exchanged, sceptical, value_without
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.settings import each_setting
from rumbo.scenario.values.ranges import Z90

LEVER = "bus-closure"
FACTOR, SHARE = ("crossing.factor", LEVER), ("deport.share", LEVER)
DRAWS = 400


def doubted(tmp_path: Path, values: dict[tuple[str, str], np.ndarray]) -> rumbo.Scenario:
    """Return a corridor with two sizes of a lever, one of them without a range, and a switch."""
    rows = [
        {"parameter": "deport.share", "value": 0.4, "unit": "share", "lever": LEVER,
         "since": "2024-03-01"},
        {"parameter": "crossing.factor", "operation": "multiply", "value": 0.5, "low": 0.4,
         "high": 0.625, "unit": "factor", "lever": LEVER, "since": "2024-03-01"},
    ]  # fmt: skip
    scenario = variant(tmp_path, settings=rows)
    flat, day = {"entry": np.zeros((DRAWS, 1, 1))}, pd.Timestamp("2024-08-01").date()
    posterior = Posterior(scenario.id, day, ("2024-01",), ("OTH",), values, flat)
    return scenario.fitted(posterior)


def test_an_exchanged_prior_is_the_exact_posterior_of_a_normal() -> None:
    z = np.random.default_rng(1).standard_normal(100_000)
    z = (z - z.mean()) / z.std()
    # Prior N(2, 1), a figure at 1 with error 1: posterior N(1.5, 1/2). With N(0, 1): N(0.5, 1/2).
    found = exchanged(1.5 + np.sqrt(0.5) * z, 2.0, 1.0)
    assert found.mean() == pytest.approx(0.5)
    assert found.var() == pytest.approx(0.5)
    # No narrower than the prior: the figures told nothing, and no effect is left.
    silent = exchanged(2.0 + z, 2.0, 1.0)
    assert silent.mean() == pytest.approx(0.0, abs=1e-9)
    assert silent.std() == pytest.approx(1.0)


def test_sizes_are_doubted_around_no_effect(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    told = 0.05 * rng.standard_normal(DRAWS)
    scenario = doubted(tmp_path, {FACTOR: told})
    other = sceptical(scenario, [LEVER], 3)
    rows = {
        (one.parameter, one.lever): one
        for one in each_setting(other.settings)
        if one.lever == LEVER
    }
    factor, share = rows[FACTOR], rows[SHARE]
    # The first range is narrower than a factor of 2, so that takes its place.
    assert factor.value == 1.0
    assert np.log(factor.high) == pytest.approx(Z90 * WIDE)
    assert np.log(factor.low) == pytest.approx(-Z90 * WIDE)
    # A share stands at what held without the lever, and moves by odds.
    assert share.value == pytest.approx(0.05)
    assert np.log(share.high / (1 - share.high)) == pytest.approx(-np.log(19.0) + Z90 * WIDE)
    values = other.posterior.values
    # The figures had told the factor closely: it is nearly where it was, half.
    assert np.exp(WIDE * values[FACTOR].mean()) == pytest.approx(0.5, abs=0.02)
    # Of the share they had told nothing: draws lie around no effect.
    assert values[SHARE].mean() == pytest.approx(0.0, abs=0.15)
    assert values[SHARE].std() == pytest.approx(1.0, abs=0.1)
    assert np.array_equal(sceptical(scenario, [LEVER], 3).posterior.values[SHARE], values[SHARE])


def test_switches_and_other_levers_stay_as_they_are(tmp_path: Path) -> None:
    scenario = doubted(tmp_path, {})
    other = sceptical(scenario, [LEVER])
    mine = (scenario.settings["lever"] == LEVER) & scenario.settings["parameter"].isin(
        ["deport.share", "crossing.factor"]
    )
    columns = ["parameter", "value", "low", "high"]
    pd.testing.assert_frame_equal(scenario.settings[~mine][columns], other.settings[~mine][columns])
    assert (scenario.settings["lever"][~mine] == LEVER).any()  # the switch of the bus itself


def test_a_factor_on_a_share_that_is_whole_without_it_stays(tmp_path: Path) -> None:
    closed = {"operation": "multiply", "value": 0.35, "low": 0.1, "high": 0.7, "unit": "share"}
    where = {"parameter": "mode.open", "at": "mode:bus", "lever": LEVER, "since": "2024-03-01"}
    scenario = variant(tmp_path, settings=[where | closed])
    flat, day = {"entry": np.zeros((DRAWS, 1, 1))}, pd.Timestamp("2024-08-01").date()
    drawn = Posterior(scenario.id, day, ("2024-01",), ("OTH",), {}, flat)
    other = sceptical(scenario.fitted(drawn), [LEVER])
    # Around no effect half of the draws would lie above 1, which no share can.
    kept = other.settings.query("parameter == 'mode.open' and operation == 'multiply'")
    assert kept[["value", "low", "high"]].to_numpy().tolist() == [[0.35, 0.1, 0.7]]


def test_no_effect_is_the_value_before_the_lever(tmp_path: Path) -> None:
    scenario = doubted(tmp_path, {})
    row = next(
        one for one in each_setting(scenario.settings)
        if (one.parameter, one.lever) == SHARE
    )  # fmt: skip
    assert value_without(scenario, row) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (0.95, 0.92, "fewer"),
        (0.95, 0.85, "undecided"),  # under nine in ten with the sceptical prior
        (0.85, 0.95, "undecided"),
        (0.95, 0.05, "undecided"),  # the priors disagree
        (0.05, 0.05, "more"),
    ],
)
def test_a_direction_is_decided_by_nine_in_ten_under_both_priors(
    first: float, second: float, told: str
) -> None:
    draws = [np.where(np.arange(100) < 100 * share, -1.0, 1.0) for share in (first, second)]
    assert direction(*draws) == told


def test_no_change_has_no_direction() -> None:
    assert direction(np.zeros(10), np.zeros(10)) == "undecided"
