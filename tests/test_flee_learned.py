"""Learned shares of camps: cases worked by hand, no look ahead, and scores on six crises."""

import json
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import flee_folder
import numpy as np
import pytest
from folders import add, swap
from numpy.testing import assert_allclose

import rumbo
from rumbo.files.faults import Faults
from rumbo.flee.crisis import Crisis
from rumbo.flee.doubt import (
    Normals,
    count_sd,
    extra_doubt,
    share_sd,
    tie,
    wander,
    whole_persons,
)  # fmt: skip
from rumbo.flee.learned import forecasts, given_totals, learn_shares, normals_of
from rumbo.flee.reader import read_crisis
from rumbo.flee.roads import Roads, known_at
from rumbo.flee.shares import (
    FITTED,
    FITTED_WITH_CAPACITIES,
    Counted,
    Counts,
    Numbers,
    attraction_of,
    carry_forward,
    condense,
    daily_shares,
    learned_shares,
    prior_shares,
    pull_of,
    share_out,
)  # fmt: skip

CLOSURES, CONFLICTS = "input_csv/closures.csv", "input_csv/conflicts.csv"
CORRECTIONS, DUN = "input_csv/registration_corrections.csv", "source_data/away-dun.csv"
DAYS = flee_folder.DAYS
SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return flee_folder.write(tmp_path)


def good(folder: Path) -> Crisis:
    crisis, faults = read_crisis(folder)
    assert crisis is not None, [str(fault) for fault in faults]
    return crisis


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_equal_doubt_is_plain_scaling() -> None:
    assert_allclose(tie(array(1, 3), np.ones(2), np.array(8.0)), [2, 6])
    assert_allclose(tie(array(1, 3), np.ones(2), np.array(2.0)), [0.5, 1.5])


def test_the_unsure_part_takes_the_difference() -> None:
    tied = tie(array(10, 10), array(1e-6, 1), np.array(30.0))
    assert_allclose(tied, [10, 20], atol=1e-3)
    # Both parts at exp(x v): 10 exp(x / 4) + 10 exp(x / 2) = 60 where exp(x / 4) = 2.
    assert_allclose(tie(array(10, 10), array(0.25, 0.5), np.array(60.0)), [20, 40])


def test_tying_keeps_nobody_unless_there_is_nobody_at_all() -> None:
    parts = np.array([[0.0, 5.0, 5.0], [0.0, 0.0, 0.0]])
    tied = tie(parts, np.ones((2, 3)), array(20, 9))
    assert_allclose(tied, [[0, 10, 10], [3, 3, 3]])
    assert_allclose(tie(parts[0], np.ones(3), np.array(0.0)), 0)


def test_a_sum_does_not_depend_on_what_else_is_tied() -> None:
    parts = np.exp(3 * np.random.default_rng(1).standard_normal((50, 7)))
    variance = np.exp(2 * np.random.default_rng(2).standard_normal((50, 7)))
    totals = np.geomspace(1, 1e7, 50)
    together = tie(parts, variance, totals)
    alone = [tie(parts[i], variance[i], totals[i]) for i in range(50)]
    assert (together == alone).all()
    assert_allclose(together.sum(axis=1), totals)


def test_whole_persons_keep_the_sum() -> None:
    assert whole_persons(array(1.4, 1.4, 0, 1.2)).tolist() == [1, 2, 0, 1]


def test_doubts_by_hand() -> None:
    # 0.3^2 + 0.4^2 x 30 / (30 + 10); without growth 0.3^2 + 0.4^2.
    assert_allclose(share_sd(array(10, 0), 30, 0.4, 0.3) ** 2, [0.21, 0.25])
    # After two months 0.03^2 + 2 x 0.1^2 + 0.2 x (0.3^2 + 0.3^2).
    assert_allclose(count_sd(0.03, 0.1, 0.2, array(60)) ** 2, 0.0569)


def test_counts_that_miss_the_total_are_doubted() -> None:
    sd = array(0.1, 0.1)
    # Half each, so that the sum's variance is 2 x (0.5 x 0.1)^2; missed by a factor e.
    extra = extra_doubt(array(50, 0), array(0, 50), sd, sd, 100 * np.e)
    assert extra == pytest.approx(1 - 0.005)
    assert extra_doubt(array(50, 0), array(0, 50), sd, sd, 105) == 0


def lucky(days: int, camps: int, **drawn: np.ndarray) -> Normals:
    """Return the normals of one member: no error, no revision, opening in the mean time."""
    flat = np.zeros((1, camps))
    none = {
        "opening": flat + 1, "share": flat, "row": flat, "revision": flat, "tail": flat + 4,
        "revised": flat + 1, "drift": np.zeros((1, days, camps)),
    }  # fmt: skip
    return Normals(**{**none, **drawn})


def test_counts_wander_by_hand() -> None:
    # At the row and a month on: 0.2 x 1, then 0.1 x 2 more; twice as far with a tail of 4 / 4.
    age = np.array([[0.0], [30.0]])
    steps = {"row": np.ones((1, 1)), "drift": np.full((1, 2, 1), 2.0)}
    walk, own = wander(lucky(2, 1, **steps), 0.04, 0.1, 0.2, age)
    assert_allclose(walk[0, :, 0], [0.2, 0.4])
    assert_allclose(own[0, :, 0], [0.04, 0.05])
    walk, own = wander(lucky(2, 1, **steps, tail=np.ones((1, 1))), 0.04, 0.1, 0.2, age)
    assert_allclose(walk[0, :, 0], [0.4, 0.8])
    assert_allclose(own[0, :, 0], [0.16, 0.2])
    revised = lucky(2, 1, revised=np.full((1, 1), 0.1), revision=np.ones((1, 1)))
    walk, own = wander(revised, 0.04, 0.1, 0.2, age)
    assert_allclose(walk[0, :, 0], [0, 0], atol=1e-15)  # -0.3 + 0.3 x 1
    assert_allclose(own[0, :, 0], [0.13, 0.14])


def test_pull_by_hand() -> None:
    pull = pull_of(array(40, np.inf, np.inf), array(40, 90, np.inf), 1.0)
    assert_allclose(pull, [1 / 50, 0.1 / 100, 0])


def test_attraction_by_hand() -> None:
    # Sizes 100, 300 and, unknown, their median 200; room 60, at least 30, 200; mean size 200.
    attraction = attraction_of(array(100, 300, 0), array(40, 400, 0), 2.0)
    assert_allclose(attraction, [0.09, 0.0225, 1])
    assert_allclose(attraction_of(array(100, 300, 0), array(40, 400, 0), 0.0), 1)
    assert_allclose(attraction_of(array(0, 0), array(40, 4), 1.0), 1)


def test_prior_by_hand() -> None:
    # Zone 1 sends 30 and splits 1 : 2, zone 2 sends 10 and splits 4 : 1.
    weights, pull = np.array([[30.0, 10]]), np.array([[[1.0, 2], [4, 1]]])
    assert_allclose(prior_shares(weights, pull, np.ones((1, 2))), [[18 / 40, 22 / 40]])
    # With camp 1 closed all go to camp 2; with both closed nobody goes.
    assert_allclose(prior_shares(weights, pull, np.array([[0.0, 1]])), [[0, 1]])
    assert_allclose(prior_shares(weights, pull, np.zeros((1, 2))), 0)
    assert_allclose(prior_shares(np.zeros((1, 2)), pull, np.array([[1.0, 3]])), [[0.25, 0.75]])


def known(rows: list[tuple[int, int, float]], is_open: np.ndarray) -> Counted:
    """One zone at 40 and 90 km from two camps."""
    camp, day, persons = (np.array(column) for column in zip(*rows, strict=True))
    days = len(is_open)
    return Counted(
        np.ones((days, 1)), np.tile(array(40, 90), (days, 1, 1)), array(40, 90)[None], np.zeros(2),
        is_open, camp, day, persons.astype(float),
    )  # fmt: skip


def test_counts_are_condensed_by_hand() -> None:
    is_open = np.ones((21, 2), dtype=bool)
    is_open[:12, 1] = False
    rows = [(0, -5, 40), (0, 5, 100), (0, 15, 80), (0, 20, 90), (1, 10, 5), (1, 18, 25)]
    totals = np.arange(40) * 10.0
    counts = condense(known(rows, is_open), totals)
    assert counts.last.tolist() == [90, 25]
    assert counts.day.tolist() == [20, 18]
    # Camp 1 gains 60 and 10, the total 50, 100 and 50; camp 2 20, while the total gains 80.
    assert counts.intake.tolist() == [70, 20]
    assert counts.growth.tolist() == [200, 80]
    # Before it opened, what a camp gains tells nothing.
    assert condense(known([(1, 8, 5), (1, 12, 9)], is_open), totals).intake.tolist() == [0, 0]


def test_shares_are_learned_by_hand() -> None:
    counts = Counts(array(0, 0), np.array([3, 3]), array(30, 30), array(60, 0))
    # (40 x 0.5 + 30) / (40 + 60), and the same for what is closed: prior 0, share 0.
    assert_allclose(learned_shares(np.array([[0.5, 0.0]]), counts, 40), [[0.5, 0]])


def test_counts_are_carried_forward_by_hand() -> None:
    totals = array(100, 120, 160, 120)
    counts = Counts(array(60, 0), np.array([1, -1]), array(0, 0), array(0, 0))
    shares = np.tile(array(0.25, 0.75), (4, 1))
    since = np.array([[1, 2]])
    kept, gained = carry_forward(counts, since, shares, totals, np.array([1, 2, 3]))
    # At most the count is kept; the total is back at that day's on day 3.
    assert_allclose(kept, [[60, 0], [60, 0], [60, 0]])
    # A quarter of 40 on day 2, given back on day 3; camp 2 takes no part until then.
    assert_allclose(gained[0], [[0, 0], [10, 0], [0, 0]])
    kept, _ = carry_forward(replace(counts, day=np.array([2, -1])), since, shares, totals,
                            np.array([3]))  # fmt: skip
    assert_allclose(kept, [[45, 0]])


PLAIN = Numbers(1.0, 0.0, 1.0, 0.0, 0.5, 0.1)


def test_shared_out_by_hand() -> None:
    # Both counted on the origin; then 100 more come, and camp 2 has not been counted to gain.
    rows = [(0, 0, 100), (0, 2, 200), (1, 0, 100), (1, 2, 100)]
    here, totals = known(rows, np.ones((3, 2), dtype=bool)), array(200, 250, 300, 400)
    counts = condense(here, totals)
    sd = share_sd(counts.growth, 300, 0, 0.5)
    # Prior 1/50 to 1/100, so 2/3 and 1/3, worth 300 arrivals; 100 and 0 of 100 since.
    shares = daily_shares(here, counts, 300, sd, 4, PLAIN)
    assert_allclose(shares, np.tile(array(0.75, 0.25), (4, 1)))
    shared = share_out(here, totals, np.array([2, 3]), lucky(2, 2), PLAIN)
    assert_allclose(shared[0], [[200, 100], [275, 125]])


def test_a_camp_that_is_closed_takes_its_share_from_the_day_it_opens() -> None:
    is_open = np.ones((3, 2), dtype=bool)
    is_open[:, 1] = False
    here, totals = known([(0, 2, 300)], is_open), array(100, 200, 300, 400, 500)
    days = np.array([2, 3, 4])
    never = share_out(here, totals, days, lucky(3, 2, opening=np.full((1, 2), 9.0)), PLAIN)
    assert_allclose(never[0], [[300, 0], [400, 0], [500, 0]])
    now = share_out(here, totals, days, lucky(3, 2, opening=np.zeros((1, 2))), PLAIN)
    assert_allclose(now[0, :2], [[300, 0], [400, 0]])
    assert now[0, 2, 1] > 0


def test_ways_and_closures(folder: Path) -> None:
    roads = Roads.of(good(folder))
    # Alda and Berk reach Corm over 50 and 60 km, and it the camps over 80 and 120.
    free = [[130, 170], [140, 180], [80, 120]]
    assert roads.free_km.tolist() == free
    assert roads.km[[0, 1, 6, 39]].tolist() == [free] * 4
    assert np.isinf(roads.km[2:6]).all()
    assert roads.is_open[:, 0].all()
    assert roads.is_open[:, 1].tolist() == [False] * 4 + [True] * 36
    assert roads.weights[4:6].tolist() == [[1000, 0, 0], [1000, 500, 0]]
    assert roads.capacity.tolist() == [300, 0]


def test_closures_of_locations(folder: Path) -> None:
    add(folder, CLOSURES, "location,Corm,Dun,10,20")
    add(folder, CLOSURES, "location,Esk,Away,15,-1")
    add(folder, CLOSURES, "location,Berk,,30,-1")
    roads = Roads.of(good(folder))
    assert np.isinf(roads.km[10:20, :, 0]).all()
    assert roads.km[10, :, 1].tolist() == [170, 180, 120]
    assert roads.is_open[9:, 0].all()
    assert not roads.is_open[15:, 1].any()
    assert np.isinf(roads.km[15:, :, 1]).all()
    assert roads.km[20, :, 0].tolist() == [130, 140, 80]
    assert np.isinf(roads.km[30, 1, 0])


def test_camps_end_journeys(folder: Path) -> None:
    swap(folder, "input_csv/routes.csv", "Corm,Esk,120", "Dun,Esk,1")
    assert np.isinf(Roads.of(good(folder)).free_km[:, 1]).all()


def test_counts_and_corrections_are_known_when_published(folder: Path) -> None:
    crisis = good(folder)
    roads = Roads.of(crisis)
    assert len(known_at(crisis, roads, 2, 3).day) == 0
    late = known_at(crisis, roads, 22, 3)
    assert late.day.tolist() == [0, 10, 0, 5, 10]
    assert late.persons.tolist() == [10, 120, 0, 9, 27]
    # On day 20 Dun is registered anew: 60 instead of 120.
    assert known_at(crisis, roads, 23, 3).persons.tolist() == [5, 60, 60, 0, 9, 27]
    assert late.origin == 22
    assert late.weights.shape == (23, 2)


def test_the_result_is_labelled_as_that_of_a_run(folder: Path) -> None:
    found = learn_shares(folder, every=10, members=3, seed=5)
    assert found["waiting"].dims == ("scenario", "member", "day", "place")
    assert found["waiting"].dtype == np.float32
    assert found["waiting"].attrs["units"] == "persons"
    assert found["place"].values.tolist() == ["Dun", "Esk"]
    assert found["country"].values.tolist() == ["Away", "Away"]
    assert found["day"].values[[0, -1]].tolist() == [
        np.datetime64(flee_folder.on_day(day), "ns").astype(int) for day in (0, DAYS - 1)
    ]
    origin = (found["origin"] - found["day"][0]).dt.days.values
    assert origin.tolist() == [day // 10 * 10 for day in range(DAYS)]
    about = {"seed": 5, "members": 3, "mode": "learned", "lag": 3, "every": 10, "first": 0}
    assert about.items() <= found.attrs.items()
    other = learn_shares(folder, every=10, members=3, seed=5, numbers=replace(FITTED, drift_sd=0.2))
    assert other.attrs["run_id"] != found.attrs["run_id"]
    told = json.loads(found.attrs["background"])
    assert [one["name"] for one in told["scenarios"]] == ["learned"]
    assert [one["id"] for one in told["places"]] == ["Alda", "Berk", "Corm", "Dun", "Esk"]


def test_a_result_survives_netcdf(folder: Path, tmp_path: Path) -> None:
    found = learn_shares(folder, every=None, first=30, members=2)
    found.to_netcdf(tmp_path / "found.nc", engine="h5netcdf")
    assert (tmp_path / "found.nc").stat().st_size > 0
    assert found.sizes["day"] == 10


@pytest.mark.parametrize("capacities", [False, True])
def test_camps_sum_to_the_total_in_whole_persons(folder: Path, capacities: bool) -> None:
    found = learn_shares(folder, every=7, members=20, capacities=capacities)["waiting"]
    assert (found.sum("place") == given_totals(good(folder))).all()
    assert (found >= 0).all()
    assert (found == np.round(found)).all()


def test_equal_seeds_give_equal_bytes_and_members_do_not_depend_on_how_many(folder: Path) -> None:
    first, again = (learn_shares(folder, every=10, members=20, seed=3) for _ in range(2))
    assert first["waiting"].values.tobytes() == again["waiting"].values.tobytes()
    assert first.identical(again)
    more = learn_shares(folder, every=10, members=200, seed=3)["waiting"]
    assert (more[:, :20] == first["waiting"]).all()
    other = learn_shares(folder, every=10, members=20, seed=4)["waiting"]
    assert (other != first["waiting"]).any()
    assert len(np.unique(first["waiting"][0, :, 20, 0])) > 10


def test_luck_is_named_and_standard() -> None:
    members, days = np.arange(2000), np.arange(5, 8)
    normals = normals_of(1, members, 5, days, ("a", "b"))
    assert normals.drift.shape == (2000, 3, 2)
    assert normals.opening.mean() == pytest.approx(1, abs=0.06)
    assert normals.tail.mean() == pytest.approx(4, abs=0.2)
    assert normals.revised.mean() == pytest.approx(0.5, abs=0.02)
    for normal in (normals.share, normals.row, normals.revision, normals.drift):
        assert normal.mean() == pytest.approx(0, abs=0.06)
        assert normal.std() == pytest.approx(1, abs=0.05)
    fewer = normals_of(1, members[17:18], 5, days[:2], ("b",))
    assert (fewer.drift == normals.drift[17:18, :2, 1:]).all()
    assert (fewer.tail == normals.tail[17:18, 1:]).all()
    assert (normals_of(1, members, 6, days, ("a", "b")).share != normals.share).all()


def test_a_camp_that_is_not_open_holds_nobody(folder: Path) -> None:
    found = learn_shares(folder, every=None, members=200)["waiting"].sel(place="Esk")[0]
    assert (found[:, :2] == 0).all()  # it opens on the day after the origin at the earliest
    assert (found[:, 4] > 0).mean() < 0.1
    assert 0.1 < (found[:, -1] > 0).mean() < 0.5  # 1 - exp(-39 / 150) = 0.23
    known_open = learn_shares(folder, every=4, members=200)["waiting"].sel(place="Esk")[0]
    assert (known_open[:, 4] > 0).mean() > 0.7


def war(folder: Path) -> None:
    swap(folder, CONFLICTS, "\n25,1,1\n", "\n25,0,7\n")


def border(folder: Path) -> None:
    add(folder, CLOSURES, "location,Corm,Dun,25,-1")


def camp(folder: Path) -> None:
    add(folder, CLOSURES, "camp,Dun,,25,28")
    add(folder, CLOSURES, "camp,Esk,,25,-1")


@pytest.mark.parametrize("plant", [war, border, camp])
def test_what_happens_later_makes_no_difference_before(
    folder: Path, plant: Callable[[Path], None]
) -> None:
    before = learn_shares(folder, every=5, members=20)["waiting"].values
    plant(folder)
    after = learn_shares(folder, every=5, members=20)["waiting"].values
    assert (after[:, :, :25] == before[:, :, :25]).all()
    assert (after[:, :, 25:] != before[:, :, 25:]).any()


def count(folder: Path) -> None:
    add(folder, DUN, f"{flee_folder.on_day(32)},7777")


def earlier_count(folder: Path) -> None:
    swap(folder, DUN, "2020-01-31,90", "2020-01-31,90000")


def correction(folder: Path) -> None:
    add(folder, CORRECTIONS, f"Dun,{flee_folder.on_day(30)}")


@pytest.mark.parametrize(("plant", "seen"), [(count, 36), (earlier_count, 33), (correction, 33)])
def test_what_is_published_later_makes_no_difference_before(
    folder: Path, plant: Callable[[Path], None], seen: int
) -> None:
    crisis = good(folder)
    totals, origins = given_totals(crisis), range(0, DAYS, 3)
    before = forecasts(crisis, totals, origins, 3, 20, 0, FITTED)
    plant(folder)
    after = forecasts(good(folder), totals, origins, 3, 20, 0, FITTED)
    assert (after[:, :seen] == before[:, :seen]).all()
    assert (after[:, seen:] != before[:, seen:]).any()


def test_later_totals_make_no_difference_before(folder: Path) -> None:
    crisis = good(folder)
    totals = given_totals(crisis)
    before = forecasts(crisis, totals, [0, 15, 30], 3, 5, 0, FITTED)
    totals[30:] = 7777
    after = forecasts(crisis, totals, [0, 15, 30], 3, 5, 0, FITTED)
    assert (after[:, :30] == before[:, :30]).all()


def test_capacities_are_looked_at_only_when_asked_for(folder: Path) -> None:
    plain, used = (learn_shares(folder, capacities=c)["waiting"].values for c in (False, True))
    swap(folder, "input_csv/locations.csv", ",,300", ",,20")
    assert (learn_shares(folder)["waiting"].values == plain).all()
    assert (learn_shares(folder, capacities=True)["waiting"].values != used).any()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"every": 0}, "every must be 1 or more days, or None"),
        ({"lag": -1}, "lag must be 0 or more"),
        ({"first": 40}, "0 to 39, got 40"),
        ({"first": -1}, "0 to 39, got -1"),
        ({"members": 0}, "members must be 1 or more"),
        ({"seed": -1}, "seed must be between 0"),
        ({"numbers": FITTED_WITH_CAPACITIES}, "capacities=True"),
    ],
)
def test_wrong_arguments_say_what_was_expected(folder: Path, asked: dict, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        learn_shares(folder, **asked)


def test_faults_of_the_folder_are_raised(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="no such folder"):
        learn_shares(tmp_path / "nowhere")
    for name, file in (("Dun", "away-dun.csv"), ("Esk", "away-esk.csv,away-esk-outside.csv")):
        swap(folder, "source_data/data_layout.csv", f"{name},{file}\n", "")
    with pytest.raises(Faults, match="no camp has counts"):
        learn_shares(folder)


def test_the_numbers_are_those_fitted() -> None:
    script = runpy.run_path(str(SCRIPTS / "evaluate_shares.py"))
    assert script["folds"](False)["all"] == FITTED
    assert script["folds"](True)["all"] == FITTED_WITH_CAPACITIES


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("capacities", [False, True])
def test_six_crises_each_with_numbers_fitted_on_the_others(capacities: bool) -> None:
    """Better than Flee, and than shares frozen on day 30, in all six; intervals hold."""
    folder = flee_folder.real_crises()
    script = runpy.run_path(str(SCRIPTS / "evaluate_shares.py"))
    lines, held = script["evaluate"](folder, capacities=capacities)
    assert set(lines) == set(flee_folder.CRISES)
    for name, line in lines.items():
        assert line["error"] < line["Flee"], name
        assert line["error from 30"] < min(line["frozen"], line["Flee from 30"]), name
    assert 0.80 < held < 0.95


def test_ids_are_those_of_the_scenario(folder: Path) -> None:
    swap(folder, "input_csv/locations.csv", "Esk,East", "Dun!,East")
    for file, old, new in (
        ("input_csv/routes.csv", "Corm,Esk", "Corm,Dun!"),
        (CLOSURES, "camp,Esk", "camp,Dun!"),
        ("source_data/data_layout.csv", "Esk,", "Dun!,"),
    ):
        swap(folder, file, old, new)
    ids = rumbo.read_flee(folder).network.places["id"].tolist()
    assert learn_shares(folder, members=1)["place"].values.tolist() == ids[3:] == ["Dun", "Dun-2"]
