"""Score ways of joining hindcasts of the corridor with the outline's.

``python scripts/joined_figures.py RUN``, with the folder that ``rumbo hindcast`` wrote. What it
published is the mixture; beside it stand the mean of quantiles and weights that are learned.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo import load
from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.corridor.ahead import FORECAST, JOINED
from rumbo.forecasting.corridor.hindcast import origins_of, totals_of
from rumbo.forecasting.form import HORIZON
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.panel import Panel, day_of, months_of, place
from rumbo.forecasting.published import Stack
from rumbo.forecasting.skill import score_cells, skill
from rumbo.forecasting.store import ForecastStore
from rumbo.scenario.figures import HINDSIGHT, known

MEAN, LEARNED = "mean-of-quantiles", "learned-weights"


def main(folder: Path) -> None:
    """Print scores over persistence three and six months ahead, and the share of months held."""
    scenario, store = load("darien-rio-bravo"), ForecastStore(folder / "model-output")
    families, origins = totals_of(scenario), origins_of(scenario)
    keys = tuple(key for own in families.values() for key in own)
    then = [known(scenario, day_of(origin)) for origin in origins]
    months = np.array([months_of(one, keys, HORIZON) for one in then])
    names = (PERSISTENCE.name, FORECAST, OutlineForecast().name, JOINED[FORECAST])
    told = {
        name: np.array(
            [
                place(store.read(name, one.as_of), keys, asked)
                for one, asked in zip(then, months, strict=True)
            ]
        )
        for name in names
    }
    panel, stack = Panel(origins, keys, months, told), Stack((FORECAST, names[2]), LEARNED)
    told[MEAN] = (told[FORECAST] + told[names[2]]) / 2.0
    told[LEARNED] = np.array(
        [stack.publish(panel, panel.outcomes(one), o, families)[0] for o, one in enumerate(then)]
    )
    cells = score_cells(panel, panel.outcomes(known(scenario, HINDSIGHT)), families)
    scores = skill(cells, PERSISTENCE.name)
    held = cells.groupby(["family", "model"])["held_90"].mean()
    ratio = scores.pivot_table("relative_wis_log", ["family", "model"], "horizon")[[3, 6]]
    print(pd.concat([ratio, held], axis=1).loc[[*families]].round(3).to_string())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
