"""Sets of drawn values: what they hold, who holds which, and the same bytes however run."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from helpers import QUIET, three_places, variant

from rumbo.cli.show import together
from rumbo.engine.draws import normal_quantile
from rumbo.files.faults import Fault, Faults
from rumbo.fitting.ensemble.kinds import sets_of
from rumbo.run.check import check, compiled_ready, ranges_of
from rumbo.run.folder import RESULT, keep_run, write_result
from rumbo.run.program import Compiled, compile_beside, compile_even, compile_scenario
from rumbo.run.rerun import repeat
from rumbo.run.session import Session
from rumbo.run.sets import Sets, chunks_of, drawn, held
from rumbo.run.simulate import Ready, at_once, execute, make_ready, simulate
from rumbo.run.spec import RunSpec
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.settings import each_setting
from rumbo.scenario.values.sets import AS_SET, SETS, standing

LEVER = "bus-closure"
SEED = 5


@pytest.fixture(scope="module")
def base() -> Scenario:
    return three_places().between("2024-01-01", "2024-03-31")


@pytest.fixture(scope="module")
def ready(base: Scenario) -> Compiled:
    return compile_beside(base)


@pytest.fixture(scope="module")
def many(base: Scenario) -> xr.Dataset:
    return simulate([base, base.without(LEVER)], members=40, seed=SEED, workers=1)


def fit(scenario: Scenario, sets: list[int] | None) -> Posterior:
    """Return draws that differ by their sets alone."""
    draws = len(sets or [0])
    values = {("stay.days", ""): np.zeros(draws)}
    given = None if sets is None else np.array(sets)
    nations = tuple(scenario.groups["nationality"][:1])
    return Posterior(scenario.id, scenario.end, ("2024-01",), nations, values, {}, sets=given)


def numbers(runs: xr.Dataset) -> xr.Dataset:
    return runs.drop_attrs().drop_vars("background", errors="ignore")


# What sets hold


def test_every_value_goes_once_through_each_eighth(ready: Compiled) -> None:
    middles = [normal_quantile((n + 0.5) / SETS) for n in range(SETS)]
    orders = {pair: standing(*pair) for pair in drawn(ready)}
    assert len(orders) == 15
    for places in orders.values():
        np.testing.assert_array_equal(np.sort(places), middles)
    assert len({places.tobytes() for places in orders.values()}) == len(orders)
    assert standing("patrol.rate", "")[0] != standing("patrol.rate", "a-lever")[0]


def test_ranges_are_moved_by_factors_or_by_sets_and_never_by_both(ready: Compiled) -> None:
    pairs = drawn(ready)
    assert ("route.cost", "") in pairs
    assert not {*pairs} & ready.program.noise.carried
    ranged = ready.scenario.settings.dropna(subset=["low", "high"], how="all")
    every = {(one.parameter, one.lever) for one in each_setting(ranged)}
    assert {*pairs} | ready.program.noise.carried == every
    moved = held(ready.scenario, pairs, 3)
    left = {pair for doubts in compile_scenario(moved).noise.doubts for pair in doubts}
    assert left == ready.program.noise.carried
    costs = [
        next(one for one in each_setting(s.settings) if one.parameter == "route.cost").value
        for s in (ready.scenario, moved)
    ]
    assert (costs[1] > costs[0]) == (standing("route.cost", "")[3] > 0)
    assert costs[0] != costs[1]


def test_scenarios_with_and_without_a_lever_share_sets(base: Scenario) -> None:
    sets = Sets(RunSpec.of([base, base.without(LEVER)], 20, SEED))
    one, other = sets.under(3)
    day = one.differs_from(other)
    alone = sets.programs[0].differs_from(sets.programs[1])
    assert 0 < day == alone < len(one.dates)
    assert one.differs_from(sets.programs[0]) == 0


# Who holds which


def test_a_member_is_the_same_in_a_run_of_any_size(base: Scenario, many: xr.Dataset) -> None:
    few = simulate([base, base.without(LEVER)], members=10, seed=SEED, workers=1)
    xr.testing.assert_equal(numbers(few), numbers(many.isel(member=slice(10))))
    assert set(many["set"].values.tolist()) == {*range(SETS)}
    assert many["set"].dims == ("member",)
    other = simulate(base, members=40, seed=SEED + 1, workers=1)
    assert other["set"].values.tolist() != many["set"].values.tolist()


def test_draws_carry_their_set(base: Scenario) -> None:
    given = [3, 3, 0, 7]
    runs = simulate(base.fitted(fit(base, given)), members=6, mode="expected", workers=1)
    assert runs["set"].values.tolist() == [3, 3, 0, 7, 3, 3]
    stops = runs["stops"].sum([d for d in runs["stops"].dims if d != "member"]).values
    assert stops[0] == stops[1] == stops[4] == stops[5]
    assert len({*stops.tolist()}) == 3
    pairs = drawn(compile_beside(base))
    for member in (0, 2, 3):
        one = held(base, pairs, given[member])
        alone = simulate(one, mode="expected", workers=1).isel(member=0)
        xr.testing.assert_equal(
            numbers(alone)["stops"].drop_vars("member"),
            numbers(runs.isel(member=member))["stops"].drop_vars(["member", "set"]),
        )


def test_draws_without_sets_hold_the_values_as_set(base: Scenario) -> None:
    runs = simulate(base.fitted(fit(base, None)), mode="expected", workers=1)
    plain = simulate(base, mode="expected", workers=1)
    assert "set" not in runs.coords
    assert "set" not in plain.coords
    xr.testing.assert_equal(numbers(runs), numbers(plain))


def test_without_shocks_nothing_is_drawn_in_sets(base: Scenario) -> None:
    quiet = base.without(QUIET)
    assert drawn(compile_beside(quiet)) == []
    assert "set" not in simulate(quiet, members=9, workers=1).coords


def test_chunks_hold_members_of_one_set() -> None:
    sets = np.array([1, 0, 1, 1, 0, 1, 1])
    chunks = chunks_of(sets, 3)
    assert chunks == [(0, 2, 3), (5, 6), (1, 4)]
    assert chunks_of(np.full(5, AS_SET), 4) == [(0, 1, 2), (3, 4)]


# However it is run


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same(
    base: Scenario, many: xr.Dataset, workers: int
) -> None:
    runs = simulate([base, base.without(LEVER)], members=40, seed=SEED, workers=workers)
    xr.testing.assert_identical(runs, many)


def test_processes_give_the_same_as_threads(
    base: Scenario, many: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rumbo.run.workers.MOST_THREADS", 1)
    runs = simulate([base, base.without(LEVER)], members=40, seed=SEED, workers=2)
    xr.testing.assert_identical(runs, many)


def test_members_are_split_for_those_who_run_them_unless_they_are_kept(
    base: Scenario, ready: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [at_once(ready.program, 64, "expected", parts) for parts in (2, 8)] == [32, 8]
    asked = []

    def noted(spec: RunSpec, beside: Compiled | None, parts: int) -> Ready:
        asked.append(parts)
        return make_ready(spec, beside, parts)

    monkeypatch.setattr("rumbo.run.simulate.make_ready", noted)
    spec = RunSpec.of(base, 2, SEED)
    for workers in (1, 2, 20):
        execute(spec, workers)
    with keep_run(tmp_path / "run", spec) as store:
        execute(spec, 1, store)
    assert asked == [1, 2, 8, 8]


def test_sums_are_those_of_whole_runs(base: Scenario, many: xr.Dataset) -> None:
    spec = RunSpec.of([base, base.without(LEVER)], 40, SEED, by={"stops": ()})
    sums = execute(spec, 2)
    assert sums["set"].values.tolist() == many["set"].values.tolist()
    np.testing.assert_allclose(sums["stops"], many["stops"].sum(["place", "group"]), rtol=1e-6)


def test_sums_under_sets_ask_for_nothing_as_set(
    base: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people await as set is reckoned for whole results, whose members run as set or not."""
    asked = []
    monkeypatch.setattr(Sets, "programs", property(lambda sets: asked.append(sets) or sets.even))
    few = RunSpec.of(base, 4, SEED)
    execute(replace(few, by={"stops": ()}), 1)
    assert not asked
    execute(few, 1)
    assert len(asked) == 1


@pytest.mark.slow
@pytest.mark.parametrize("end", ["2024-12-31", "2025-02-28"])
def test_branches_draw_the_same_values_whether_or_not_they_reach_what_is_awaited(end: str) -> None:
    """What people await before the news would differ otherwise: a closing from 20 January on."""
    tree = load("darien-rio-bravo").between("2024-09-01", end).branches("us-election-2024")
    closing, other = (drawn(compile_even(one.scenario)) for one in tree.branches)
    assert closing == other
    assert {lever for _, lever in closing} >= {"us-closure-2025-01"}


def test_a_session_gives_the_bytes_of_a_run(base: Scenario, many: xr.Dataset) -> None:
    session = Session(base, members=40, seed=SEED, mode="stochastic")
    for _ in range(2):
        xr.testing.assert_identical(session.run(base.without(LEVER)), many)


def test_a_session_without_shocks_refuses_a_scenario_with_them(base: Scenario) -> None:
    session = Session(base.without(QUIET), members=9, mode="stochastic")
    with pytest.raises(ValueError, match="has the rule shocks"):
        session.run(base.named("with shocks"))


class Stop(Exception):
    """Stands for whatever interrupts a run."""


def test_an_interrupted_run_goes_on_and_can_be_repeated(
    base: Scenario, many: xr.Dataset, tmp_path: Path
) -> None:
    spec = RunSpec.of([base, base.without(LEVER)], 40, SEED)
    seen: list[int] = []

    def stop(done: int, _all: int) -> None:
        seen.append(done)
        if len(seen) == 4:
            raise Stop

    with keep_run(tmp_path / "run", spec) as store:
        with pytest.raises(Stop):
            execute(spec, 1, store, stop)
        kept: list[int] = []
        runs = execute(spec, 2, store, lambda done, _all: kept.append(done))
        assert kept[0] >= seen[-2] > 0
        xr.testing.assert_identical(runs, many)
        write_result(tmp_path / "run", runs)
    assert repeat(tmp_path / "run", 1, lambda _done, _all: None) == []
    assert (tmp_path / "run" / RESULT).is_file()


def test_sets_are_compiled_as_workers_need_them(base: Scenario) -> None:
    """The tables of all sets never lie in memory together while few run."""
    sets = Sets(RunSpec.of(base, 40, SEED))
    chunks, asked = chunks_of(sets.numbers, 2), []

    def make(programs: list) -> object:
        asked.append(programs)
        return lambda chunk: [{"members": np.array(chunk)}]

    waves = sets.waves(make, chunks, 2)
    first = [*next(waves)]
    assert not asked
    ran = [task(chunk)[0]["members"].tolist() for task, chunk in first]
    assert ran == [list(chunk) for chunk in chunks[: len(first)]]
    assert len(asked) == 1
    rest = [job for wave in waves for job in wave]
    assert [chunk for _, chunk in (*first, *rest)] == chunks
    assert len(asked) == 1
    for task, chunk in rest:
        task(chunk)
    assert len(asked) == SETS


def test_what_runs_a_set_travels_made(base: Scenario) -> None:
    sets = Sets(RunSpec.of(base, 4, SEED))
    asked = []

    def make(programs: list) -> object:
        asked.append(programs)
        return tuple

    (job,) = next(sets.waves(make, [(0,)], 1))
    there = pickle.loads(pickle.dumps(job[0]))
    assert len(asked) == 1
    assert there((0,)) == (0,)
    assert len(asked) == 1


# Files and checks


@pytest.mark.parametrize("form", [1, 2])
def test_older_forms_have_no_sets(base: Scenario, tmp_path: Path, form: int) -> None:
    path = fit(base, [1, 2]).write(tmp_path / "p.npz")
    assert Posterior.read(path).set_of(np.arange(3)).tolist() == [1, 2, 1]
    with np.load(path) as file:
        arrays = dict(file)
    head = json.loads(str(arrays["head"])) | {"form": f"rumbo posterior {form}"}
    older = {name: arrays[name] for name in ("values", "paths")}
    with path.open("wb") as stream:
        np.savez(stream, head=np.array(json.dumps(head)), **older)
    assert Posterior.read(path).set_of(np.arange(3)).tolist() == [AS_SET] * 3


def test_sets_are_part_of_what_a_posterior_says(base: Scenario) -> None:
    digests = {fit(base, sets).digest for sets in ([1, 2], [2, 1])}
    digests.add(replace(fit(base, [1, 2]), sets=None).digest)
    assert len(digests) == 3


@pytest.mark.parametrize("sets", [[1], [0, SETS], [-1, 0]])
def test_sets_that_do_not_fit_are_refused(base: Scenario, sets: list[int]) -> None:
    with pytest.raises(Faults, match=r"draws|numbers from 0 to 7"):
        replace(fit(base, [0, 1]), sets=np.array(sets))


def test_members_of_a_fit_go_round_the_sets() -> None:
    assert sets_of(10).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]


def test_a_check_says_which_ranges_move_nobody(tmp_path: Path) -> None:
    plain = {"parameter": "patrol.rate", "at": "south_town", "value": 0.01, "unit": "1/day"}
    settings = [
        plain | {"low": 0.005, "high": 0.02, "since": "2024-05-01"},
        plain | {"low": 0.01, "high": 0.01, "until": "2024-03-01"},
        {"parameter": "dispersal.rate", "at": "north_crossing", "value": 0.2, "low": 0.1,
         "high": 0.3, "unit": "1/day"},
    ]  # fmt: skip
    corridor = variant(tmp_path / "own", settings=settings)
    told = ranges_of(compiled_ready(tmp_path / "own"))
    assert (told.factors, told.sets) == (19, 16)
    assert [one.row for one in told.unmoved] == [50, 51]
    for one, part in zip(told.unmoved, ("has no width", "shapes the network"), strict=True):
        assert part in str(one)
    shorter = ranges_of(compile_beside(corridor.between("2024-01-01", "2024-03-31")))
    (late,) = (one for one in shorter.unmoved if one.row == 49)
    assert "holds on no day of the run" in str(late)
    assert check(tmp_path / "own") == []


def test_faults_that_say_the_same_are_one_line() -> None:
    faults = [Fault("s.csv", row, "the range moves nobody", "Mend it") for row in range(2, 9)]
    assert together([*faults, Fault("s.csv", 9, "other", "Mend it")]) == [
        "s.csv, rows 2, 3, 4, 5, 6 and 2 more: the range moves nobody. Mend it.",
        "s.csv, row 9: other. Mend it.",
    ]


def test_a_check_names_rules_that_are_off(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    variant(folder)
    path = folder / "corridor.yaml"
    text = path.read_text(encoding="utf-8")
    rules = [line.strip(" -") for line in text.split("rules:")[1].splitlines() if "- " in line]
    assert {"shocks", "attrition"} <= {*rules}
    path.write_text(text.replace("  - attrition\n", ""), encoding="utf-8")
    told = [str(one) for one in ranges_of(compiled_ready(folder)).unmoved]
    assert len(told) == 2
    assert all("the rule 'attrition' is switched off" in one for one in told)


# The bundled corridor


def test_where_people_are_stopped_differs_between_sets() -> None:
    """Which coast they take hangs on the choice of way, which nobody has measured."""
    corridor = load("darien-rio-bravo").between("2024-01-01", "2024-03-31")
    fitted = corridor.fitted(fit(corridor, [*range(SETS)]))
    runs = simulate(fitted, members=SETS, mode="expected").isel(scenario=0)
    stops = runs["stops"].sum(["month", "group"]).to_pandas()
    state = corridor.network.places.set_index("id")["admin1"]
    shares = stops.T.groupby(state).sum().loc["Tabasco"] / stops.sum(axis=1)
    low, high = np.quantile(shares, [0.05, 0.95])
    assert high - low > 0.02
