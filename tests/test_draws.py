"""Draws: quantiles, rationing, streams. Statistical checks say how often they err by chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rumbo.engine.draws import (
    binomial,
    combine,
    key,
    keys,
    normal_quantile,
    poisson,
    ration,
    shocks,
    uniforms,
    unit,
)

MEMBERS = np.arange(2000)


def test_normal_quantile_is_accurate() -> None:
    u = np.concatenate([np.linspace(1e-12, 0.03, 500), np.linspace(0.03, 1 - 1e-12, 5000)])
    found = np.array([normal_quantile(x) for x in u])
    np.testing.assert_allclose(found, stats.norm.ppf(u), rtol=2e-9, atol=1e-9)


@pytest.mark.parametrize(("n", "p"), [(1, 0.4), (5, 0.3), (100, 0.02), (12, 0.97), (40, 0.3)])
def test_binomial_is_exact_for_small_means(n: int, p: float) -> None:
    u = np.linspace(0.0005, 0.9995, 2000)
    found = np.array([binomial(n, p, x) for x in u])
    np.testing.assert_array_equal(found, stats.binom.ppf(u, n, p))


@pytest.mark.parametrize(("n", "p"), [(50, 0.4), (1000, 0.3), (1e6, 0.9), (1e8, 0.5), (1e8, 1e-6)])
def test_binomial_is_within_one_above(n: float, p: float) -> None:
    u = np.linspace(0.0005, 0.9995, 2000)
    off = np.abs(np.array([binomial(n, p, x) for x in u]) - stats.binom.ppf(u, n, p))
    assert off.max() <= 1
    assert (off > 0).mean() < 0.02


@pytest.mark.parametrize("mean", [0.1, 3.0, 15.9, 16.1, 200.0, 1e6])
def test_poisson_matches_its_quantile(mean: float) -> None:
    u = np.linspace(0.0005, 0.9995, 2000)
    off = np.abs(np.array([poisson(mean, x) for x in u]) - stats.poisson.ppf(u, mean))
    assert off.max() <= (0 if mean < 16 else 1)
    assert (off > 0).mean() < 0.02


EVENLY = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize(
    ("n", "p"),
    [(40, 0.3), (40, 0.4), (50, 0.5), (40, 0.6), (200, 0.08), (1000, 0.3), (1e5, 1.7e-4)],
)
def test_binomial_has_its_mean_and_variance(n: float, p: float) -> None:
    """Over an even grid of luck, below and above the change from sums to the expansion.

    Rounding alone would add 1 part in 12 to the variance: .8 % of the smallest here.
    """
    found = np.array([binomial(n, p, u) for u in EVENLY])
    assert found.mean() == pytest.approx(n * p, rel=1e-4)
    assert found.var() == pytest.approx(n * p * (1 - p), rel=5e-4)


@pytest.mark.parametrize("mean", [4.0, 16.5, 25.0, 100.0])
def test_poisson_has_its_mean_and_variance(mean: float) -> None:
    found = np.array([poisson(mean, u) for u in EVENLY])
    assert found.mean() == pytest.approx(mean, rel=1e-4)
    assert found.var() == pytest.approx(mean, rel=5e-4)


@given(
    n=st.integers(0, 10**9),
    p=st.floats(0, 1),
    u=st.floats(1e-15, 1 - 1e-15),
)
def test_binomial_stays_inside(n: int, p: float, u: float) -> None:
    k = binomial(float(n), p, u)
    assert 0 <= k <= n
    assert k == int(k)


@given(n=st.integers(1, 1000), p=st.floats(0.01, 0.99), u=st.floats(0.01, 0.98))
def test_binomial_grows_with_luck_and_people(n: int, p: float, u: float) -> None:
    assert binomial(n, p, u) <= binomial(n, p, u + 0.01)
    assert binomial(n, p, u) <= binomial(n + 50, p, u) + 1


def test_streams_are_uniform_and_unrelated() -> None:
    """Kolmogorov-Smirnov and correlation; errs once in 10,000 by chance, 20 comparisons."""
    names = keys(("a", i) for i in range(10))
    u = uniforms(3, MEMBERS, names)
    worst = min(stats.kstest(column, "uniform").pvalue for column in u.T)
    assert worst > 1e-4 / 20
    between = np.corrcoef(u.T)[np.triu_indices(10, 1)]
    assert np.abs(between).max() < stats.norm.isf(1e-4 / 90) / np.sqrt(len(MEMBERS))


def test_many_streams_at_once_are_those_one_by_one() -> None:
    name = key("shock", "stop", "2023-12")
    one = unit(combine(combine(np.uint64(3), np.uint64(7)), name))
    assert uniforms(3, np.array([7]), np.array([name]))[0, 0] == one


def test_shocks_have_mean_one_and_the_variation_asked_for() -> None:
    """Five standard errors: errs less than once in a million."""
    found = shocks(1, MEMBERS, keys([("x",)]), 0.3)
    assert abs(found.mean() - 1) < 5 * 0.3 / np.sqrt(len(MEMBERS))
    assert abs(found.std() / 0.3 - 1) < 5 * 0.9 / np.sqrt(len(MEMBERS))
    assert (shocks(1, MEMBERS, keys([("x",)]), 0.0) == 1).all()


@given(
    people=st.lists(st.integers(0, 500), min_size=1, max_size=30),
    limit=st.integers(0, 3000),
    u=st.floats(1e-9, 1 - 1e-9),
)
def test_rationing_holds_the_limit(people: list[int], limit: int, u: float) -> None:
    flows = np.array(people, dtype=float)
    ration(flows, np.arange(len(people)), float(limit), u)
    assert flows.sum() <= limit
    assert flows.sum() >= min(limit, sum(people)) - 1
    assert (flows >= 0).all()
    assert (flows <= people).all()
    assert (flows == np.floor(flows)).all()


@settings(max_examples=20, derandomize=True)
@given(people=st.lists(st.integers(1, 40), min_size=2, max_size=8), share=st.floats(0.05, 0.95))
def test_rationing_favours_nobody(people: list[int], share: float) -> None:
    """Over an even grid of luck every applicant gets the same chance, to within the grid."""
    limit = float(int(sum(people) * share))
    grid = (np.arange(4000) + 0.5) / 4000
    passed = np.zeros(len(people))
    for u in grid:
        flows = np.array(people, dtype=float)
        ration(flows, np.arange(len(people)), limit, u)
        passed += flows / len(grid)
    np.testing.assert_allclose(passed, np.array(people) * limit / sum(people), atol=2e-3)
