"""How far a fit narrowed the sizes that levers bring: what a result tells of it."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rumbo.scenario.posterior import Posterior

ENDS = (0.05, 0.95)
"""Ends of the range of a spread that is reckoned from a number of draws."""


def narrowed(posterior: "Posterior") -> list[dict[str, Any]]:
    """Tell of each size that a lever brings how much narrower the fit left it.

    Before the fit a value is standard normal, so that the standard deviation of its draws is the
    spread after over the spread before. Its 90 % range is that of the standard deviation of
    independent normal draws: (K - 1) s² over quantiles of chi-square with K - 1 degrees of freedom
    (Casella and Berger 2002, section 9.2).

    Parameters
    ----------
    posterior
        What a fit left.

    Returns
    -------
    list of dict
        By ``lever`` and ``parameter``: ``ratio`` with its ends ``low`` and ``high``; none of a fit
        of one draw.
    """
    from scipy.stats import chi2

    free = posterior.draws - 1
    if not free:
        return []
    least, most = np.sqrt(free / chi2.ppf(ENDS[::-1], free))
    spreads = {pair: float(np.std(own, ddof=1)) for pair, own in posterior.values.items()}
    return [
        {
            "lever": lever,
            "parameter": parameter,
            "ratio": round(sd, 4),
            "low": round(sd * float(least), 4),
            "high": round(sd * float(most), 4),
        }
        for (parameter, lever), sd in spreads.items()
        if lever
    ]
