"""People at gates without appointment, people already there, dispersal, and who counts twice."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from helpers import QUIET, crowded, three_places

from rumbo.engine.step import Luck
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import simulate
from rumbo.scenario.scenario import Scenario


def expected(scenario: Scenario) -> xr.Dataset:
    return simulate(scenario.without(QUIET), mode="expected").isel(scenario=0, member=0)


def test_people_at_gates_without_appointment_are_met_there_and_nowhere_else(tmp_path: Path) -> None:
    """580 in February, 20 a day: counted at the gate, in no entry and on no way."""
    base = crowded(tmp_path / "crowded")
    with_them, half, without = (
        expected(one)
        for one in (base, base.change("present.coverage", 0.5), base.without("presenting"))
    )
    met = [
        one["encounters"].sel(component="OFO").sum(["area", "group"]) for one in (with_them, half)
    ]
    met = [(one - without["encounters"].sel(component="OFO").sum(["area", "group"])) for one in met]
    np.testing.assert_allclose(met[0].sum(), 580, rtol=1e-4)
    np.testing.assert_allclose(met[1].sum(), 290, rtol=1e-4)
    for name in ("entries", "waiting", "stops", "queue", "appointments"):
        np.testing.assert_array_equal(with_them[name], without[name], err_msg=name)


def test_who_comes_to_gates_or_is_there_has_no_noise_of_entries_over_land(tmp_path: Path) -> None:
    """Members differ in `present.coverage` at gates alone; of people already there none does."""
    program = compile_scenario(crowded(tmp_path / "crowded"))
    routes = np.array(program.noise.entry_family)
    factors = program.noise.of(Luck(1, np.arange(6), 0, True), "2024-02", 0).entry
    assert sorted(routes) == ["", "entry", "entry", "present"]
    assert (factors[:, routes == ""] == 1).all()
    assert len(np.unique(factors[:, routes == "present"])) == 6
    assert program.counted.tolist() == (routes == "entry").tolist()


def test_people_already_there_wait_from_the_first_day_of_their_month(tmp_path: Path) -> None:
    """580 in Middle town when January begins; in a run from February on they are not there."""
    base = crowded(tmp_path / "crowded").change("entries.coverage", 0)
    runs = expected(base.between("2024-01-01", "2024-01-02").change("stay.days", 1e6))
    assert float(runs["entries"].sum()) == 0
    assert float(runs["waiting"].sel(place="middle_town").sum()) == pytest.approx(580, rel=0.02)
    later = expected(base.between("2024-02-01", "2024-02-29"))
    assert float(later["waiting"].sum()) == 0


def test_dispersal_fills_its_seats_and_stops_nobody(tmp_path: Path) -> None:
    """Three a day from where people wait to Middle town, until the rule is switched off."""
    base = crowded(tmp_path / "crowded").without("transfers").without("clearance")
    runs = expected(base)
    days = runs["month"].dt.days_in_month
    np.testing.assert_allclose(runs["dispersed"].sel(place="middle_town")[1:], 3 * days[1:])
    assert float(runs["dispersed"].sum()) == float(runs["dispersed"].sel(place="middle_town").sum())
    off = expected(base.without("dispersal"))
    assert float(off["dispersed"].sum()) == 0
    assert float(runs["stops"].sel(place="middle_town").sum()) > 0


def test_who_is_taken_elsewhere_is_counted_again_there() -> None:
    """Nobody is stopped in Middle town: all that is counted there are arrivals."""
    base = three_places().change("checkpoint.chance", 0, at="middle_town")
    runs = expected(base)
    here = {"place": "middle_town"}
    np.testing.assert_allclose(runs["stops"].sel(here).sum("group"), runs["transfers"].sel(here))
    assert float(runs["transfers"].sel(here).sum()) > 100
