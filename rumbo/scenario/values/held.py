"""Values held at a place within their ranges, so that nothing is unsure about them any more."""

from collections.abc import Mapping
from math import isfinite

import pandas as pd

from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.settings import each_setting
from rumbo.scenario.values.ranges import scale_of, value_at

Places = Mapping[tuple[str, str], float]
"""By (parameter, lever), standard deviations from the middle of the range."""


def ranged(settings: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the (parameter, lever) pairs that have a row with a range, sorted."""
    rows = settings[settings["low"].notna() | settings["high"].notna()]
    return sorted(set(zip(rows["parameter"], rows["lever"], strict=True)))


def off_bound(settings: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs that no factor can move, since a value with a range lies on a bound, sorted.

    Parameters
    ----------
    settings
        Rows of settings.

    Returns
    -------
    list of tuple of str
        Of (parameter, lever): a share of 0 stays 0 whatever it is multiplied by, and one of 1 has
        odds without end. `value_at` leads off the bound.
    """
    rows = settings[(settings["low"] < settings["value"]) | (settings["value"] < settings["high"])]
    pairs = (
        (one.parameter, one.lever)
        for one in each_setting(rows)
        if not isfinite(scale_of(PARAMETERS[one.parameter], one.operation).onto(one.value))
    )
    return sorted(set(pairs))


def hold(settings: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return settings whose values stand at a place within their ranges.

    Parameters
    ----------
    settings
        Rows of settings.
    places
        Where in their ranges the values of a parameter stand that a lever brings, all together;
        the lever is empty for values that none brings.

    Returns
    -------
    pandas.DataFrame
        The same rows; those moved have no range left.
    """
    pairs = list(zip(settings["parameter"], settings["lever"], strict=True))
    meant = [n for n, pair in enumerate(pairs) if pair in places]
    rows = settings.iloc[meant]
    values = [
        value_at(PARAMETERS[one.parameter], one, places[one.parameter, one.lever])
        for one in each_setting(rows)
    ]
    held = settings.copy()
    held.iloc[meant, held.columns.get_indexer(["value"])] = pd.Series(values, dtype=float)
    held.iloc[meant, held.columns.get_indexer(["low", "high"])] = float("nan")
    return held
