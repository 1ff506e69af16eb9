"""The dated cases: the small model keeps people, and the figures are those that were counted."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.minds import page, record
from benchmarks.minds.events import Way, journeys, ratios
from benchmarks.minds.inputs import Inputs, misses, read_cases, values_of
from benchmarks.minds.runs import SETS, Store, chunk_of
from benchmarks.minds.search import Search, find, moved
from benchmarks.minds.world import CROSS, HOME, Coming, crossings, settled
from rumbo.report.corridor.minds import FALL, RISE

DRAWS = 20

DOCS = Path(page.__file__).parents[2] / "docs"

NOT_DECIDED = "the record does not decide between the two rules"


@pytest.fixture(scope="module")
def drawn() -> Inputs:
    cases = read_cases()
    return values_of(cases, np.random.default_rng(2).random((DRAWS, len(cases.inputs))), {})


def test_inputs_stay_within_their_ranges(drawn: Inputs) -> None:
    for name, row in read_cases().inputs.iterrows():
        assert (drawn[str(name)] >= row["low"] - 1e-9 * abs(row["low"]) - 1e-12).all()
        assert (drawn[str(name)] <= row["high"] * (1 + 1e-9)).all()


def test_a_bound_narrows_an_input() -> None:
    cases = read_cases()
    points = np.random.default_rng(2).random((DRAWS, len(cases.inputs)))
    assert values_of(cases, points, {"kappa": (3.0, 3.0)})["kappa"] == pytest.approx(3.0)


def test_every_condition_is_asked_counted_and_modelled(drawn: Inputs) -> None:
    names = set(read_cases().conditions.index)
    assert names == set(record.observed()) == {name for one in SETS.values() for name in one}
    assert set(ratios(drawn, Way("nothing"))) == names


def test_what_was_counted_meets_every_condition() -> None:
    seen = {name: np.array([value]) for name, value in record.observed().items()}
    assert (misses(read_cases(), seen) == 0.0).all(axis=None)


def test_as_many_cross_as_come_less_those_who_leave(drawn: Inputs) -> None:
    """At rest the flow across is the same every day, and nobody is made or lost on the way."""
    one = journeys(drawn, drawn["q"], 1.0)
    days = 50
    coming = Coming(settled(one.chain, HOME), HOME, np.ones(days))
    still = np.zeros((days, DRAWS, 3))
    segment = np.zeros(days, dtype=np.int64)
    crossed = crossings(one.chain, one.chain.rate[None], segment, still, coming, CROSS)
    assert crossed == pytest.approx(np.broadcast_to(crossed[0], crossed.shape))
    rate, people = one.chain.rate, coming.start
    out = rate[:, one.chain.target < 0] * people[:, one.chain.source[one.chain.target < 0]]
    total = np.stack([np.bincount(one.chain.source, r, people.shape[1]) for r in rate])
    mean = -np.expm1(-total) / total
    out *= mean[:, one.chain.source[one.chain.target < 0]]
    assert out.sum(axis=1) == pytest.approx(1.0)


def test_who_believes_in_nothing_rushes_by_neither_rule(drawn: Inputs) -> None:
    calm = dict(drawn)
    for name in ("b16a", "b16b", "b24a", "b24b", "b23", "b23d"):
        calm[name] = np.full(DRAWS, 1e-12)
    nothing = ratios(calm, Way("nothing"))
    for rule in ("plain step", "option value"):
        for name, ratio in ratios(calm, Way(rule)).items():
            assert ratio == pytest.approx(nothing[name], abs=1e-6), name


def test_who_counts_on_going_fast_later_fills_the_last_days(drawn: Inputs) -> None:
    """Who does not has gone before, and leaves the line empty; both stay away afterwards."""
    sure = dict(drawn) | {"b23": np.full(DRAWS, 1.0), "kappa": np.full(DRAWS, 10.0)}
    sure |= {"u": np.zeros(DRAWS), "sig": np.full(DRAWS, 1.0), "att": np.full(DRAWS, 15.0)}
    usual, late, early = (
        ratios(sure | {"psi": np.full(DRAWS, psi)}, Way(rule), ("May 2023",))
        for rule, psi in (("nothing", 0.0), ("option value", 1.0), ("option value", 0.0))
    )
    assert (late["c1"] > 1.2 * usual["c1"]).all()
    assert (early["c1"] < usual["c1"]).all()
    assert (np.maximum(late["c3"], early["c3"]) < usual["c3"]).all()


def test_a_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.minds.runs.CHUNK", 6)
    store = Store(tmp_path)
    first = chunk_of(store, 1, "nothing", 0)
    monkeypatch.setattr("benchmarks.minds.runs.ratios", None)
    again = chunk_of(store, 1, "nothing", 0)
    assert all((first[name] == again[name]).all() for name in first)


def test_a_search_finds_what_is_easy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.minds.runs.CHUNK", 10)
    monkeypatch.setattr("benchmarks.minds.search.ROUNDS", 1)
    monkeypatch.setattr("benchmarks.minds.search.BEST", 5)
    monkeypatch.setattr("benchmarks.minds.search.TRIED", 10)
    begun = chunk_of(Store(tmp_path), 1, "nothing", 0)
    found = find(Store(tmp_path), Search("nothing", ("b",)), begun)
    assert (found.miss, found.worst) == (0.0, 0.0)
    assert found.held > 0.5


def test_candidates_stay_in_the_cube() -> None:
    points = np.random.default_rng(1).random((30, 40))
    new = moved(np.random.default_rng(2), points)
    assert ((new >= 0.0) & (new <= 1.0)).all()
    assert not np.isin(new, points).any()


def test_the_page_says_what_is_not_decided() -> None:
    root = Path(page.__file__).parents[2]
    for path in (root / "docs" / "minds-record.md", Path(page.__file__).with_name("page.md")):
        assert NOT_DECIDED in path.read_text(encoding="utf-8").lower()


SHOWS_A_RUSH = ("An event of your own", "The winter of 2024", "May 2023")
"""Beginnings of the headings in ``docs/minds.md`` under which numbers of a rush stand."""


def test_the_guide_says_it_wherever_it_shows_a_rush() -> None:
    text = (DOCS / "minds.md").read_text(encoding="utf-8")
    parts = text.split("\n## ")
    assert NOT_DECIDED in parts[0]
    for heading in SHOWS_A_RUSH:
        (part,) = (one for one in parts if one.startswith(heading))
        assert NOT_DECIDED in " ".join(part.lower().split()), heading


def test_the_decision_quotes_the_searches_that_the_page_tells() -> None:
    """The page is written anew by each run; what is decided on it must not tell an older one."""
    page_rows = (DOCS / "minds-record.md").read_text(encoding="utf-8").splitlines()
    (row, *_) = (one for one in page_rows if re.match(r"\| a, b, v, c \| .*%", one))
    decision = (DOCS / "decisions" / "0030-minds.md").read_text(encoding="utf-8")
    for cell in row.strip("|").split("|")[1:]:
        (share,) = re.findall(r"[\d.]+ %|a few draws", cell)
        assert re.search(rf"(?<![\d.]){re.escape(share)}", decision), cell


def test_the_report_draws_the_plain_step_as_the_nearest_draws_hold() -> None:
    page_rows = (DOCS / "minds-record.md").read_text(encoding="utf-8").splitlines()
    for name, value in (("beta", RISE), ("gamma", FALL)):
        (row,) = (one for one in page_rows if one.startswith(f"| `{name}`"))
        low, high = map(float, row.split("|")[2].split(" to "))
        assert value == pytest.approx((low + high) / 2.0, abs=0.05)


def test_shares_are_told_in_draws_where_they_are_few() -> None:
    assert [page.share(one, 5000) for one in (0.0, 0.0004, 0.0123, 1.0)] == [
        "0", "2 of 5,000", "1.2 %", "100 %",
    ]  # fmt: skip
