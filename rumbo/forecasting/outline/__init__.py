"""The outline of the corridor, a mean field that is fitted in seconds: a component of forecasts."""
