"""How far a fit narrowed the sizes of levers, as a result tells it."""

import datetime

import numpy as np
import pytest

from rumbo.scenario.posterior import Posterior
from rumbo.scenario.values.narrowed import narrowed

DRAWS = 200


def posterior(draws: int, sd: float) -> Posterior:
    """Return a posterior of one size of a lever, whose draws have a spread, and one level."""
    rng = np.random.default_rng(3)
    own = rng.standard_normal(draws)
    own = sd * (own - own.mean()) / (own.std(ddof=1) if draws > 1 else 1.0)
    values = {("checkpoint.chance", "deal"): own, ("checkpoint.chance", ""): own}
    return Posterior("made-up", datetime.date(2024, 1, 1), (), (), values, {})


def test_the_spread_of_draws_is_told_with_its_range() -> None:
    (row,) = narrowed(posterior(DRAWS, 0.8))
    assert (row["lever"], row["parameter"]) == ("deal", "checkpoint.chance")
    assert row["ratio"] == pytest.approx(0.8, abs=1e-4)
    assert row["low"] < 0.8 < row["high"]


def test_nine_ranges_in_ten_hold_the_spread() -> None:
    rng, held = np.random.default_rng(1), 0
    for _ in range(400):
        own = rng.standard_normal(30)
        values = {("checkpoint.chance", "deal"): own}
        found = Posterior("made-up", datetime.date(2024, 1, 1), (), (), values, {})
        (row,) = narrowed(found)
        held += row["low"] <= 1.0 <= row["high"]
    assert 0.87 < held / 400 < 0.93


def test_one_draw_tells_nothing() -> None:
    assert narrowed(posterior(1, 0.0)) == []
