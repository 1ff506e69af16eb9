"""What is uncertain in the dated cases, and what must come out: read from ``cases.csv``."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.engine.arrays import Array

HERE = Path(__file__).parent

SCALES = {
    "linear": (lambda x: x, lambda x: x),
    "log": (np.log, np.exp),
    "inverse": (lambda x: 1.0 / x, lambda x: 1.0 / x),
}
"""On what scale an input is drawn evenly, and back."""

Inputs = Mapping[str, Array]
"""Each input by name, one value a draw."""


class Cases(NamedTuple):
    """The table: inputs with their ranges, and conditions."""

    inputs: pd.DataFrame
    conditions: pd.DataFrame


def read_cases() -> Cases:
    table = pd.read_csv(HERE / "cases.csv").set_index("name")
    wanted = table["kind"] == "condition"
    return Cases(table[~wanted], table[wanted])


def values_of(cases: Cases, points: Array, narrowed: Mapping[str, tuple[float, float]]) -> Inputs:
    """Turn points of the unit cube (draws, inputs) into values, some within narrower bounds."""
    drawn = {}
    for i, (name, row) in enumerate(cases.inputs.iterrows()):
        there, back = SCALES[row["form"]]
        low, high = narrowed.get(str(name), (row["low"], row["high"]))
        drawn[str(name)] = back(there(low) + points[:, i] * (there(high) - there(low)))
    return drawn


def misses(cases: Cases, ratios: Mapping[str, Array]) -> pd.DataFrame:
    """How far each ratio lies outside its bounds, as a log; 0 inside. Draws by conditions."""
    out = {}
    for name, row in cases.conditions.iterrows():
        if name in ratios:
            low, high = max(row["low"], 1e-9), row["high"]
            ratio = np.maximum(ratios[str(name)], 1e-12)
            out[name] = np.maximum(np.maximum(np.log(low / ratio), np.log(ratio / high)), 0.0)
    return pd.DataFrame(out)
