"""Shares and scores with their ranges, and what a range says beside a given value."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.report.page.words import HARD_SPACE, Words
from rumbo.report.read.ranges import Index
from rumbo.report.read.scorecard import HEADLINE, KEYS, REFERENCE, Scorecard
from rumbo.scores.members import block_picks

BLOCK, DRAWS = 9, 1000
"""Origins in a block of the bootstrap, and resamples: those of the evaluation's skill table."""

TAIL = 0.05
"""Chance left beyond each end of a range."""


class Estimate(NamedTuple):
    """A number and its 90 % range."""

    value: float
    low: float
    high: float

    def against(self, given: float, decimals: int = 3) -> str:
        """Say whether all of the range lies ``below`` or ``above`` a value, or ``holds`` it.

        Ends count as they are printed, so that a sentence never denies its own figures.
        """
        if round(self.high, decimals) < given:
            return "below"
        return "above" if round(self.low, decimals) > given else "holds"


def ratio(card: Scorecard, family: str, horizon: int, model: str, name: str) -> Estimate | None:
    """Return a ratio to the reference's score; None where the model made no forecast."""
    row = card.row(family, horizon, model)
    if row is None:
        return None
    return Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])


def beside(card: Scorecard, family: str, horizon: int, model: str, other: str) -> Estimate | None:
    """Return a model's score over that of another, over the forecasts that both made.

    Its range is over blocks of origins. None where they share no forecast.
    """
    mine, theirs = (card.cells(family, horizon, name) for name in (model, other))
    index = ["origin", *KEYS["scores.csv"]]
    pairs = mine.merge(theirs, on=index, suffixes=("", "_other"))
    if pairs.empty:
        return None
    sums = pairs.groupby("origin")[["wis_log", "wis_log_other"]].sum().to_numpy().T
    ours, others = sums[:, _picks(sums.shape[1])].sum(axis=-1)
    low, high = np.quantile(ours / others, (TAIL, 1.0 - TAIL))
    return Estimate(float(sums[0].sum() / sums[1].sum()), float(low), float(high))


def best_plain(card: Scorecard, family: str, horizon: int) -> str:
    """Return the plainest reference whose error turned out smallest; the usual one if alone."""
    found = {name: ratio(card, family, horizon, name, HEADLINE) for name in card.plainest}
    scored = {name: one.value for name, one in found.items() if one is not None}
    return min(scored, key=lambda name: scored[name], default=REFERENCE)


def mean_of(rows: pd.DataFrame, column: str) -> Estimate:
    """Return the mean of a column of scored forecasts, its range over blocks of origins.

    The rows are of one model, family and month ahead; there is at least one.
    """
    number = pd.factorize(rows["origin"], sort=True)[0]
    sums, counts = np.bincount(number, rows[column].to_numpy(float)), np.bincount(number)
    picks = _picks(len(counts))
    again = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    low, high = np.quantile(again, (TAIL, 1.0 - TAIL))
    return Estimate(float(sums.sum() / counts.sum()), float(low), float(high))


def held_share(rows: pd.DataFrame, cover: int) -> Estimate:
    """Return the share of figures that a model's ranges of a cover, in %, held.

    Where all or none did, resamples do not differ and the bootstrap would claim to be certain. The
    range then reaches to the share that as many blocks, each all or none, would still allow with
    1 chance in 20 (the end of Clopper and Pearson 1934).
    """
    share = mean_of(rows, f"held_{cover}")
    reach = TAIL ** (1.0 / max(rows["origin"].nunique() / BLOCK, 1.0))
    if share.value == 1.0:
        return share._replace(low=min(share.low, reach))
    return share._replace(high=max(share.high, 1.0 - reach)) if share.value == 0.0 else share


Writer = Callable[[Estimate, Words], str]
"""Writes a number with its range."""


@lru_cache
def _picks(size: int) -> Index:
    return block_picks(size, BLOCK, DRAWS)


def ratio_text(estimate: Estimate, words: Words) -> str:
    """Return a ratio with its range, to the decimals that `Estimate.against` counts."""
    return _text(words, *(words.digits(end, 3) for end in estimate))


def share_text(estimate: Estimate, words: Words) -> str:
    """Return a share in per cent with its range."""
    value, low, high = (words.digits(100 * end) for end in estimate)
    return _text(words, percent(value, words), low, high)


def percent(number: str, words: Words) -> str:
    """Return a number with the sign of per cent."""
    return words("percent", number=number)


def score_text(estimate: Estimate, words: Words) -> str:
    """Return a score with its range, to three digits."""
    return _text(words, *(_three(end, words) for end in estimate))


def _three(value: float, words: Words) -> str:
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return words.digits(value, decimals)


def _text(words: Words, value: str, low: str, high: str) -> str:
    return f"{value} ({low} {words('to')}{HARD_SPACE}{high})"
