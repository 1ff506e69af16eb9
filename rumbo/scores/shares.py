"""Shares of figures or runs, and how far chance alone may have moved them."""

from scipy.stats import binomtest


def wilson(inside: int, n: int) -> tuple[float, float]:
    """Return the 90 % interval of a share (Wilson 1927).

    Parameters
    ----------
    inside, n
        How many were held, of how many.

    Returns
    -------
    tuple of float
    """
    interval = binomtest(inside, n).proportion_ci(0.9, method="wilson")
    return float(interval.low), float(interval.high)
