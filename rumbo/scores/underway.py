"""People under way at a time, from how many start along links."""

from typing import TYPE_CHECKING

from rumbo.scores.days import length
from rumbo.scores.quantiles import Array

if TYPE_CHECKING:
    import xarray as xr


def under_way(passages: "xr.DataArray", days: Array) -> "xr.DataArray":
    """Return people under way at a time along each link, the mean of each month.

    Parameters
    ----------
    passages
        People starting along links, with dims month and link among others.
    days
        Days that a ride along each link usually takes; shape (L,).

    Returns
    -------
    xarray.DataArray
        Starts a day times days of a ride (Little 1961); dims as given.
    """
    ride = passages["link"].copy(data=days)
    return passages * ride / length(passages)
