"""How well counts and quantiles meet what was counted.

Imports nothing of the package.
"""
