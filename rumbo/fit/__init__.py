"""Fitting to the record: the corridor itself, and its outline for forecasts and twins."""

from rumbo.fit.attribution import Attribution, attribute
from rumbo.fit.fit import Fit, fit

__all__ = ["Attribution", "Fit", "attribute", "fit"]
