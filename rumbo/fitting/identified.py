"""How many things the figures tell of the values that a fit moves, direction by direction.

Before the fit every value is standard normal, apart from the others. So directions along which the
members' covariance is below one are those that figures tell of, whichever values these mix. With a
finite number of members directions differ by chance too; what chance alone gives stands beside.
"""

import numpy as np
import pandas as pd

from rumbo.scenario.arrays import Array
from rumbo.scenario.posterior import Posterior

AGAIN = 200
"""Times that members are drawn without any figure, to see what chance gives."""

NAMED = 3
"""Values that a direction is named by: those that weigh most in it."""


def identified(posterior: Posterior, seed: int = 0) -> pd.DataFrame:
    """Tell how far figures narrowed values, direction by direction.

    Parameters
    ----------
    posterior
        What a fit left; the more draws, the less chance.
    seed
        Names the chance that is set beside.

    Returns
    -------
    pandas.DataFrame
        By ``rank``, the narrowest first: ``ratio``, the standard deviation along the direction over
        that before the fit; ``chance``, what the narrowest direction of one in twenty ensembles
        that saw no figure has or less; ``told``, whether the ratio is below; and ``values``, those
        that weigh most, with their weights. Without values no rows.
    """
    names = list(posterior.values)
    columns = ["rank", "ratio", "chance", "told", "values"]
    if not names:
        return pd.DataFrame(columns=columns)
    draws = np.array([posterior.values[name] for name in names])
    variance, along = np.linalg.eigh(_covariance(draws))
    ratio = np.sqrt(np.maximum(variance, 0.0))
    chance = _by_chance(draws.shape, seed)
    said = [_named(names, along[:, rank]) for rank in range(len(names))]
    rank = np.arange(1, len(names) + 1)
    parts = (rank, ratio, np.full(len(names), chance), ratio < chance, said)
    return pd.DataFrame(dict(zip(columns, parts, strict=True)))


def _by_chance(shape: tuple[int, ...], seed: int) -> float:
    """Ratio of the narrowest direction that one in twenty ensembles without figures has or less."""
    rng = np.random.default_rng((seed, 8))
    drawn = [np.linalg.eigvalsh(_covariance(rng.standard_normal(shape)))[0] for _ in range(AGAIN)]
    return float(np.quantile(np.sqrt(np.maximum(drawn, 0.0)), 0.05))


def _covariance(draws: Array) -> Array:
    return np.cov(draws).reshape(len(draws), -1)


def _named(names: list[tuple[str, str]], direction: Array) -> str:
    heaviest = np.argsort(-np.abs(direction), kind="stable")[:NAMED]
    # The sign of a direction means nothing; that of its heaviest value is made positive.
    signed = direction * np.sign(direction[heaviest[0]])
    return "; ".join(f"{signed[n]:+.2f} {' of '.join(filter(None, names[n]))}" for n in heaviest)
