"""Events that had been announced by a day, and not decided: known with their branches."""

from pathlib import Path

import pandas as pd
import pytest
from vote_ahead import DAY, EVENT, LEVER, plant, vote_ahead

from rumbo.files.faults import Faults
from rumbo.scenario.scenario import Scenario, load

BUNDLED, CLOSURE = "darien-rio-bravo", "us-closure-2025-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vote_ahead(tmp_path_factory.mktemp("ahead"))


@pytest.fixture(scope="module")
def base(folder: Path) -> Scenario:
    return load(folder)


def test_what_may_come_is_known_from_its_day_and_not_in_force(base: Scenario) -> None:
    before, then = base.as_known("2022-07-09"), base.as_known("2022-07-10")
    assert before.outcomes.empty
    assert LEVER not in {*before.content.settings["lever"]}
    assert then.realised == {EVENT: "same"}
    assert LEVER not in {*then.settings["lever"]}
    halted = then.given("vote=halt")
    assert halted.settings.query("lever == @LEVER")["value"].tolist() == [40.0]
    assert LEVER not in {*then.given("vote=same").settings["lever"]}
    assert then.name == "base"


def test_branches_part_on_what_was_announced(base: Scenario) -> None:
    then = base.between("2022-01-01", "2022-10-31").as_known(DAY)
    tree = then.branches()
    assert [(one.name, one.probability) for one in tree.branches] == [
        ("vote=halt", 0.25), ("vote=same", 0.75),
    ]  # fmt: skip


def test_once_decided_it_stands_as_it_came(base: Scenario) -> None:
    then = base.as_known("2022-08-20")
    assert then.realised == {EVENT: "halt"}
    assert LEVER in {*then.settings["lever"]}


def test_an_outcome_talked_of_later_leaves_its_chance_to_the_others(tmp_path: Path) -> None:
    folder = vote_ahead(tmp_path)
    plain = load(folder).as_known(DAY)
    plant(folder)
    planted = load(folder)
    assert set(planted.outcomes["outcome"]) == {"halt", "same", "more", "yes", "no"}
    then = planted.as_known(DAY)
    pd.testing.assert_frame_equal(then.outcomes, plain.outcomes)
    assert then.digest() == plain.digest()
    assert planted.as_known("2022-08-10").outcomes["probability"].tolist() == [0.125, 0.375, 0.5]


def test_a_day_of_news_before_it_was_possible_is_refused(tmp_path: Path) -> None:
    folder = vote_ahead(tmp_path)
    path = folder / "outcomes.csv"
    path.write_text(path.read_text("utf-8").replace("2022-07-10", "2022-08-21"), "utf-8")
    with pytest.raises(Faults, match=r"outcomes.csv, row 2: known 2022-08-21 is after on 2022-08"):
        load(folder)


def test_the_bundled_closure_was_announced_and_its_sizes_not_known() -> None:
    whole = load(BUNDLED)
    assert whole.as_known("2024-09-14").outcomes.empty
    then = whole.as_known("2024-10-31")
    assert CLOSURE not in {*then.settings["lever"]}
    closing = then.given("us-election-2024=closing").settings.query("lever == @CLOSURE")
    crossing = closing.query("parameter == 'crossing.factor'").iloc[0]
    # The rule of June 2024, whose size was known by then, had been the last to act on it.
    assert crossing[["low", "value", "high"]].tolist() == pytest.approx([0.15, 0.45, 1.35])
    assert (closing.query("parameter == 'appointment.slots'")["value"] == 0.0).all()
    assert len(whole.as_known("2024-12-01").settings.query("lever == @CLOSURE")) == len(closing)
