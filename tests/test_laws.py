"""The laws of the simulator, on the smallest corridor. No test here can fail by chance."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from guided_ways import guided
from helpers import QUIET, THREE_PLACES, crowded, three_places, variant
from threadpoolctl import threadpool_info, threadpool_limits

from rumbo.engine.space import Compartment
from rumbo.engine.step import Luck, step
from rumbo.run.days import run_days
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import simulate
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario, load

FLOWS_OUT = (
    "die", "die_passage", "die_crossing", "evade", "deport", "settle", "home", "queue_settle",
    "queue_home", "moved_settle", "moved_home", "appointment", "asylum_settle", "border_release",
    "border_remove", "expel_leave", "parole", "present",
)  # fmt: skip


def numbers(runs: xr.Dataset) -> xr.Dataset:
    return runs.drop_attrs(deep=False)


@pytest.mark.parametrize("make", [lambda folder: three_places(), crowded, guided])
def test_people_are_conserved_every_day(make: Callable[[Path], Scenario], tmp_path: Path) -> None:
    """Inflow = stock + exits, per member and group, to the person."""
    program = compile_scenario(make(tmp_path / "crowded"))
    luck = Luck(3, np.arange(4), 0, True)
    state = begin(program, luck)
    seen: list = []

    def spy(*args: object) -> object:
        after, flows = step(*args)
        seen.append((after, flows.entered, flows.moved))
        return after, flows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["rumbo.run.states"], "step", spy)
        run_days(program, state, luck, range(120))
    exits = program.space.of(*FLOWS_OUT)
    np.testing.assert_array_equal(exits, np.flatnonzero(program.space.target < 0))
    entered, left = np.zeros((4, 2)), np.zeros((4, 2))
    for after, came, moved in seen:
        for e, g in enumerate(program.wiring.entry_group):
            entered[:, g] += came[:, e]
        left += moved[:, :, exits].sum(axis=2)
        np.testing.assert_array_equal(after.sum(axis=2) + left, entered)
    assert entered.min() > 100


def test_a_queue_that_nobody_joins_is_worked_off_by_the_slots(tmp_path: Path) -> None:
    """Of Q people and C slots a day the last waits Q / C days; on each of them all slots go."""
    folder = tmp_path / "days"
    variant(folder)
    text = (folder / "corridor.yaml").read_text(encoding="utf-8")
    (folder / "corridor.yaml").write_text(f"{text}record: day\n", encoding="utf-8")
    base = load(folder).without(QUIET).without("attrition").without("more-slots")
    closed = base.change("appointment.leave", 0).change(
        "appointment.eligible", 0, at="north_crossing", since="2024-02-01"
    )
    runs = simulate(closed, mode="expected").isel(scenario=0, member=0)
    queue = runs["queue"].sum(["place", "group"]).sel(day=slice("2024-02-01", None)).values
    kept = runs["appointments"].sum("group").sel(day=slice("2024-02-01", None)).values
    days = int(queue[0] / 10)
    assert days > 10
    np.testing.assert_allclose(kept[:days], 10, rtol=1e-5)
    np.testing.assert_allclose(queue[:days], queue[0] - 10 * np.arange(days), rtol=1e-3)
    assert kept[days + 2 :].sum() < 1e-3


def test_leaving_the_queue_keeps_its_pace_however_few_the_slots() -> None:
    """One in eleven leaves each day at a rate of 0.1, though everybody draws for a slot."""
    base = three_places().without(QUIET).without("attrition").without("more-slots")
    rates = base.change("appointment.leave", 0.1).change("appointment.slots", 0)
    program = compile_scenario(rates)
    space, table = program.space, program.rate[0][0]
    queue = space.index[Compartment("queue", program.labels["place"].index("north_crossing"))]
    out = slice(space.first[queue], space.first[queue + 1])
    share = {space.moves[m].kind: table[m] / table[out].sum() for m in range(out.start, out.stop)}
    assert share["leave_queue"] == pytest.approx(1 / 11)
    assert share["appointment"] == pytest.approx(10 / 11)


def test_scenarios_agree_until_the_day_they_differ() -> None:
    base = three_places()
    runs = numbers(simulate([base, base.without("bus-closure")], members=6, seed=2, workers=1))
    before, after = runs.sel(month=slice(None, "2024-02")), runs.sel(month="2024-03")
    for name in runs.data_vars:
        a, b = before[name].isel(scenario=0), before[name].isel(scenario=1)
        np.testing.assert_array_equal(a, b, err_msg=name)
    one, other = after["passages"].isel(scenario=0), after["passages"].isel(scenario=1)
    assert (one.values != other.values).any()


def test_branching_changes_nothing() -> None:
    """A scenario run beside another gives the same as one run alone."""
    base = three_places()
    without = base.without("bus-closure")
    beside = numbers(simulate([base, without], members=3, seed=2, workers=1))
    alone = numbers(simulate(without, members=3, seed=2, workers=1))
    xr.testing.assert_identical(
        beside.sel(scenario=[without.name]).drop_attrs(), alone.drop_attrs()
    )


def test_same_seed_same_bytes_whatever_the_workers() -> None:
    scenarios = [three_places(), three_places().without("bus-closure")]
    runs = [simulate(scenarios, members=11, seed=4, workers=n) for n in (1, 2, 3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["rumbo.run.workers"], "MOST_THREADS", 1)
        runs.append(simulate(scenarios, members=11, seed=4, workers=2))  # in processes
    for other in runs[1:]:
        xr.testing.assert_identical(runs[0], other)


def test_member_17_is_member_17() -> None:
    few = numbers(simulate(three_places(), members=18, seed=1, workers=1))
    many = numbers(simulate(three_places(), members=40, seed=1, workers=1))
    xr.testing.assert_identical(few.sel(member=17).drop_attrs(), many.sel(member=17).drop_attrs())


def test_another_seed_gives_another_run() -> None:
    one, other = (simulate(three_places(), seed=seed, workers=1) for seed in (1, 2))
    assert (one["encounters"].values != other["encounters"].values).any()


@pytest.mark.slow
def test_mean_of_draws_meets_the_expected_run() -> None:
    """Without noise and limits: largest of 80 z-scores; errs once in 10,000 by chance."""
    free = three_places().without(QUIET).without("appointments").without("checkpoints")
    runs = simulate(free, members=400, seed=9)
    exact = simulate(free, mode="expected")
    for name in ("encounters", "asylum_applications", "settled", "waiting"):
        drawn, mean = runs[name], exact[name].isel(member=0)
        error = drawn.std("member") / np.sqrt(400)
        z = (np.abs(drawn.mean("member") - mean) / error).where(mean > 5)
        assert float(z.max()) < 5.0, name


def test_halving_the_step_changes_little(tmp_path: Path) -> None:
    """Monthly figures of the expected run differ by less than 6 % once the corridor has filled."""
    whole = simulate(three_places().without(QUIET), mode="expected")
    folder = tmp_path / "half"
    variant(folder)
    text = (folder / "corridor.yaml").read_text(encoding="utf-8")
    (folder / "corridor.yaml").write_text(text.replace("step: 1\n", "step: 0.5\n"), "utf-8")
    half = simulate(load(folder).without(QUIET), mode="expected")
    for name in ("encounters", "stops", "waiting", "entries", "days_waited"):
        a, b = (
            one[name]
            .isel(member=0, month=slice(2, None))
            .sum([d for d in one[name].dims if d not in ("month", "member")])
            for one in (whole, half)
        )
        np.testing.assert_allclose(b, a, rtol=0.06, err_msg=name)


def shuffled(folder: Path) -> Scenario:
    """The smallest corridor with the rows of its tables in another order."""
    variant(folder)
    for table in ("places", "links", "groups", "inflows", "settings"):
        path = folder / f"{table}.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    return load(folder)


def test_order_of_rows_permutes_results_and_changes_nothing_else(tmp_path: Path) -> None:
    one = numbers(simulate(three_places(), members=4, seed=5, workers=1))
    other = numbers(simulate(shuffled(tmp_path / "turned"), members=4, seed=5, workers=1))
    other = other.sel(group=one["group"], place=one["place"], link=one["link"])
    for name in one.data_vars:
        np.testing.assert_allclose(other[name], one[name], rtol=1e-6, err_msg=name)


def test_the_limit_on_appointments_holds_each_day() -> None:
    """Ten a day until April, then fifteen; ranges are switched off with the noise."""
    runs = simulate(three_places().without(QUIET), members=5, seed=1, workers=1)
    ofo = runs["encounters"].sel(component="OFO").sum(["area", "group"])
    days = runs["month"].dt.days_in_month
    slots = xr.where(runs["month"].dt.month < 4, 10, 15)
    assert (ofo <= days * slots).all()
    assert (ofo.isel(month=slice(3, None)) == (days * slots).isel(month=slice(3, None))).all()


def test_folder_is_the_example() -> None:
    assert three_places().folder == THREE_PLACES


THREADS = """
import hashlib, sys
import rumbo
from rumbo.run.program import compile_scenario

scenario = rumbo.load("darien-rio-bravo")
digest = hashlib.sha256(b"".join(compile_scenario(scenario).rate))
runs = rumbo.simulate(rumbo.load(sys.argv[1]), mode="expected", workers=1)
for name in sorted(runs.data_vars):
    digest.update(runs[name].values.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.long
@pytest.mark.slow
def test_threads_of_linear_algebra_change_nothing() -> None:
    def digest(threads: int) -> str:
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        return subprocess.run(
            [sys.executable, "-c", THREADS, str(THREE_PLACES)],
            env=os.environ | dict.fromkeys(names, str(threads)),
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    assert len({digest(threads) for threads in (1, 2, 8)}) == 1


def test_linear_algebra_has_one_thread_while_members_run() -> None:
    """Whether more threads give other bytes depends on the processor, so they are looked at too."""
    seen: list[int] = []
    days = sys.modules["rumbo.run.states"]
    rates_of = days.rates_of

    def spy(*args: object) -> object:
        seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return rates_of(*args)

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(2):
        patch.setattr(days, "rates_of", spy)
        simulate(three_places().between("2024-01-01", "2024-01-05"), workers=1)
    assert set(seen) == {1}


def test_compiling_solves_no_linear_system() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("solve", "inv", "lstsq"):
            patch.delattr(np.linalg, name)
        assert compile_scenario(three_places()).rate[0].any()
