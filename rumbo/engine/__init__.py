"""The engine: arrays only: draws, rationing, moves of counts.

Imports nothing of the package, and of others numpy, numba and scipy alone.
"""
