"""The levels set before the run: they meet the figures they were set on, and nothing later."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rumbo.fitting.problem import set_up
from rumbo.fitting.start.levels import levels_of
from rumbo.scenario.scenario import load

LISTED = tuple(rule for rule in load("darien-rio-bravo").header.rules if rule != "smuggling")

DEATHS_KNOWN = "2025-06-30"
"""A day by which deaths on the way had been published."""

SCRIPT = Path(__file__).parent.parent / "scripts" / "set_levels.py"


@pytest.fixture(scope="module")
def script() -> dict:
    return runpy.run_path(str(SCRIPT))


def test_levels_are_set_on_what_was_published_before_the_run(script: dict) -> None:
    table = script["observed"]()
    assert set(table["measure"]) >= {"encounters", "stops", "asylum_applications"}
    assert pd.Timestamp(script["AS_OF"]) < pd.Timestamp("2023-07-01")
    assert pd.Timestamp(script["END"]) < pd.Timestamp(script["AS_OF"])


def test_rates_of_dying_are_levels_with_and_without_guided_ways() -> None:
    """Guided links have values of their own; without their rule they are not in the network."""
    base = load("darien-rio-bravo")
    plain = replace(base, header=base.header.model_copy(update={"rules": LISTED}), rules=LISTED)
    for scenario in (plain, plain.with_rule("smuggling")):
        rates = {at for name, at, *_ in levels_of(set_up(scenario, DEATHS_KNOWN)) if "harm" in name}
        assert len(rates) > 1


@pytest.mark.long
@pytest.mark.slow
def test_levels_meet_the_figures_of_the_months_before_the_run(script: dict) -> None:
    """Within 5 %, but for those that ended at the bound they may not pass."""
    levels = pd.read_csv(script["FILE"], keep_default_na=False)
    key = ["parameter", "at", "group"]
    value = {tuple(row[key]): row["value"] for _, row in levels.iterrows()}
    bounded, off = [], {}
    for name, ratio in script["ratios"](script["simulated"](), script["observed"]()).items():
        low, high = script["STEPS"][name[0]]
        if np.isclose(value[name], [low, high], rtol=1e-3).any():
            bounded.append(name)
        elif abs(np.log(ratio)) > np.log(1.05):
            off[name] = round(ratio, 3)
    assert not off
    assert len(bounded) <= 6
