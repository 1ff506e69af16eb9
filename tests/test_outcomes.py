"""Outcomes of dated events: read, checked, branched on, known, written."""

from collections.abc import Callable
from pathlib import Path

import folders
import pandas as pd
import pytest
from command_line import rumbo as command

from rumbo import Faults, check, load
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.outcomes import kept, outcomes_of

BOTH = (folders.court("vote=close"), folders.court("vote=open", 0.5))


def three(to: Path, *rows: str) -> Scenario:
    return load(folders.with_outcomes(folders.copy(to), *rows))


def levers(scenario: Scenario) -> set[str]:
    return {*scenario.settings["lever"]} - {""}


def test_branches_are_every_way_in_which_events_may_turn_out(tmp_path: Path) -> None:
    tree = three(tmp_path, folders.court("vote=close")).branches()
    assert {one.name: round(one.probability, 12) for one in tree.branches} == {
        "vote=close;court=more": 0.1,
        "vote=close;court=same": 0.3,
        "vote=open": 0.6,
    }
    assert [levers(one.scenario) for one in tree.branches] == [
        {"bus-closure", "more-slots"},
        {"bus-closure"},
        set(),  # the court decides only after the closing
    ]
    assert [one.scenario.name for one in tree.branches] == [one.name for one in tree.branches]
    assert "vote=open" in repr(tree)


def test_what_a_scenario_has_is_told_by_its_levers(tmp_path: Path) -> None:
    base = three(tmp_path, *BOTH)
    assert base.realised == {"vote": "close", "court": "more"}
    assert base.without("bus-closure").realised == {"vote": "open", "court": "more"}
    for one in base.branches().branches:
        told = (f"{event}={outcome}" for event, outcome in one.scenario.realised.items())
        assert ";".join(told) == one.name


def test_a_branch_is_a_plain_scenario(tmp_path: Path) -> None:
    base = three(tmp_path, *BOTH).change("stay.days", 4.0)
    for one in base.branches().branches:
        given = base.given(one.name)
        assert given.named("") is not given
        assert given.digest() == one.scenario.digest()
    assert base.given("vote=open").realised == {"vote": "open", "court": "more"}
    assert base.given("vote=open").name == "stay.days = 4, vote=open"
    assert levers(base.branches("court").branches[1].scenario) == {"bus-closure"}


def test_what_was_taken_out_comes_back_where_it_stood(tmp_path: Path) -> None:
    base = three(tmp_path, folders.court())
    changed = base.without("bus-closure").change("stay.days", 4.0)
    back = changed.given("vote=close")
    whole = base.change("stay.days", 4.0)
    assert back.settings.equals(whole.settings)
    assert back.named("").digest() == whole.digest()
    assert changed.given("vote=open").settings.equals(changed.settings)


def test_what_could_not_come_and_can_again_comes_as_it_usually_does(tmp_path: Path) -> None:
    base = three(tmp_path, folders.court("vote=close"))
    other = base.given("vote=open")
    assert levers(other) == set()
    back = other.given("vote=close")
    assert back.realised == base.realised == {"vote": "close", "court": "more"}
    assert back.settings.equals(base.settings)
    assert levers(other.given("vote=close;court=same")) == {"bus-closure"}


def test_an_event_after_the_run_makes_no_branch(tmp_path: Path) -> None:
    base = three(tmp_path, folders.court())
    early = base.between("2024-01-01", "2024-02-29")
    assert [one.name for one in early.branches().branches] == ["vote=close", "vote=open"]
    with pytest.raises(Faults, match="no event is decided on a day of the run"):
        base.between("2024-04-01", "2024-06-30").branches()


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda base: base.branches("votes"), "no event 'votes' .* Write 'vote'"),
        (lambda base: base.given("vote=closed"), "no outcome 'vote=closed'.* Write 'vote=close'"),
        (lambda base: base.given("vote=open;court=more"), "depends on 'vote=close'"),
        (lambda base: base.given("vote=open;vote=close"), "named twice"),
        (lambda base: base.without("bus-closure").branches("court"), "'court' never happens here"),
        (lambda base: base.without("bus-closure").given("court=more"), "depends on 'vote=close'"),
    ],
)
def test_branches_that_there_are_not(
    ask: Callable[[Scenario], object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(Faults, match=told):
        ask(three(tmp_path, folders.court("vote=close")))


def row(**cells: str) -> str:
    """Return a row of another event, half of which is well."""
    usual = {
        "event": "rain", "outcome": "much", "on": "2024-05-01", "takes_effect": "",
        "probability": "0.5", "levers": "", "given": "", "name_en": "Rain", "name_es": "Lluvia",
        "source": "assumed", "quality": "assumed",
    }  # fmt: skip
    return ",".join((usual | cells).values()) + "\n"


LITTLE = row(outcome="little", levers="more-slots", on="2024-02-20", takes_effect="2024-04-01")
MANY = "".join(
    row(event=f"e{n}", outcome=name, on="2024-05-01", levers=lever)
    for n, lever in enumerate(["more-slots", "", "", ""])
    for name in ("yes", "no")
)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (row(probability="0.3") + LITTLE, "row 4: the probabilities of 'rain' sum to 0.8"),
        (row(), "row 4: 'rain' has one outcome, 'much'"),
        (row(given="vote=close") + LITTLE, "row 4: the outcomes of 'rain' do not all depend"),
        (row(on="2023-12-31") + LITTLE, "row 4: on is 2023-12-31, before the run's start on 2024"),
        (row(levers="more-slot") + LITTLE, "row 4: levers names 'more-slot', an unknown lever. "
         "Write 'more-slots'"),
        (row(levers="local-election") + LITTLE, "row 4: levers names 'local-election', which has "
         "no settings"),
        (row(levers="bus-closure", on="2024-02-20") + LITTLE, "row 4: levers names 'bus-closure', "
         "which an outcome of 'vote' has too"),
        (row() + row(outcome="little", levers="more-slots"), "row 5: 'more-slots' holds from "
         "2024-04-01 on (settings.csv, row"),
        (row(given="vote=clos") + LITTLE, "row 4: given is 'vote=clos', an unknown outcome. "
         "Write 'vote=close'"),
        (row(given="vote=close", on="2024-02-10") + LITTLE, "row 4: on 2024-02-10 is not after "
         "2024-02-10, the day of 'vote=close'"),
        (row(on="2024-05-03", takes_effect="2024-05-02") + LITTLE, "row 4: on 2024-05-03 is after"),
        (row() + row(outcome="little"), "row 5: 'little' has the same levers as 'much'"),
        (row() + row(), "row 5: "),
        (row(probability="1.5") + LITTLE, "row 4: probability is 1.5"),
        (row(source="nobody") + LITTLE, "row 4: "),
    ],
)  # fmt: skip
def test_each_fault_is_one_line_with_its_row(rows: str, told: str, tmp_path: Path) -> None:
    folder = folders.with_outcomes(folders.copy(tmp_path), rows)
    lines = [str(fault) for fault in check(folder)]
    assert any(line.startswith(f"outcomes.csv, {told}") for line in lines), lines


def test_faults_are_listed_together(tmp_path: Path) -> None:
    rows = row(on="2023-12-31", levers="more-slot", probability="0.3") + LITTLE
    faults = check(folders.with_outcomes(folders.copy(tmp_path), rows))
    assert [fault.row for fault in faults] == [4, 4, 4]


def test_more_than_sixteen_branches_are_refused(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    for n in range(4):
        at = folder / "settings.csv"
        at.write_text(
            at.read_text("utf-8") + f"stay.days,,,2024-05-0{n + 1},,set,3,,,days,lever-{n},"
            "assumed,assumed,\n", "utf-8"
        )  # fmt: skip
        folders.add(folder, "levers.csv", f"lever-{n},2024-05-01,,n,n,,assumed,assumed,")
    events = [
        row(event=f"e{n}", outcome="yes", levers=f"lever-{n}") + row(event=f"e{n}", outcome="no")
        for n in range(4)
    ]
    assert check(folders.with_outcomes(folder, *events[:3])) == []
    assert len(load(folder).branches().branches) == 16
    [fault] = check(folders.with_outcomes(folder, *events))
    assert "more than 16 branches" in fault.message


def test_one_check_tells_all_that_is_wrong_with_events_and_what_is_told_of_them(
    tmp_path: Path,
) -> None:
    wrong = (
        row(probability="0.3"),
        row(outcome="little", levers="more-slots"),
        row(event="snow", on="2023-12-31"),
        row(event="snow", outcome="no", levers="local-election"),
        MANY,
    )
    folder = folders.with_outcomes(folders.copy(tmp_path), *wrong)
    beliefs = "event,outcome,belief,source\nvote,close,1.4,assumed\n"
    rumours = (
        "day,place,outcome,jump,half_life_days,source\n2024-02-01,sout_town,close,1,3,assumed\n"
    )
    (folder / "beliefs.csv").write_text(beliefs, "utf-8")
    (folder / "rumours.csv").write_text(rumours, "utf-8")
    found = command("check", str(folder))
    assert found.returncode == 2
    lines = (found.stdout + found.stderr).splitlines()
    for told in (
        "outcomes.csv, row 4: the probabilities of 'rain' sum to 0.8, expected 1. Mend them",
        "outcomes.csv, row 6: on is 2023-12-31, before the run's start on 2024-01-01. Leave",
        "outcomes.csv, row 7: levers names 'local-election', which has no settings. Give it",
        "outcomes.csv: the events have more than 16 branches together. Ask for fewer",
        "beliefs.csv, row 2: belief is 1.4, expected 0 to 1.",
        "rumours.csv, row 2: place is 'sout_town', an unknown place. Write 'south_town'",
    ):
        assert sum(told in line for line in lines) == 1, (told, lines)


def test_thirds_sum_to_one(tmp_path: Path) -> None:
    text = folders.VOTE.replace("0.4", "0.333333").replace("0.6", "0.666667")
    folder = folders.with_outcomes(folders.copy(tmp_path))
    path = folder / "outcomes.csv"
    path.write_text(path.read_text("utf-8").replace(folders.VOTE, text), "utf-8")
    assert check(folder) == []


@pytest.mark.parametrize(
    ("day", "events"),
    [("2024-02-09", []), ("2024-02-10", []), ("2024-03-01", ["vote"]),
     ("2024-04-01", ["vote", "court"])],
)  # fmt: skip
def test_an_event_is_known_once_it_and_its_levers_are(
    day: str, events: list[str], tmp_path: Path
) -> None:
    known = three(tmp_path, *BOTH).as_known(day)
    assert list(dict.fromkeys(known.outcomes["event"])) == events


def test_an_announced_event_is_known_before_it_comes(tmp_path: Path) -> None:
    folder = folders.with_outcomes(folders.copy(tmp_path))
    path = folder / "levers.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False).assign(announced="")
    table.loc[table["lever"] == "bus-closure", "announced"] = "2024-02-05"
    vote = {"lever": "vote", "since": "2024-02-10", "announced": "2024-01-05", "name_en": "Vote",
            "name_es": "Voto", "source": "assumed"}  # fmt: skip
    pd.concat([table, pd.DataFrame([vote])]).fillna("").to_csv(path, index=False)
    base = load(folder)
    assert len(base.as_known("2024-02-04").outcomes) == 0
    assert len(base.as_known("2024-02-05").outcomes) == 2


def test_what_depends_on_an_event_goes_with_it(tmp_path: Path) -> None:
    table = three(tmp_path, *BOTH).outcomes
    assert kept(table, lambda one: one.event != "vote").empty
    assert [one.event for one in outcomes_of(kept(table, lambda one: one.event != "court"))] == [
        "vote", "vote",
    ]  # fmt: skip


def test_a_scenario_is_written_with_the_events_that_it_leaves_open(tmp_path: Path) -> None:
    base = three(tmp_path, folders.court())
    base.write(tmp_path / "whole")
    assert load(tmp_path / "whole").branches().branches[3].name == "vote=open;court=same"
    base.given("vote=open").write(tmp_path / "open")
    assert {*load(tmp_path / "open").outcomes["event"]} == {"court"}
    base.between("2024-03-01", "2024-06-30").write(tmp_path / "later")
    assert {*load(tmp_path / "later").outcomes["event"]} == {"court"}


def test_a_lever_is_renamed_in_outcomes_too(tmp_path: Path) -> None:
    folder = folders.with_outcomes(folders.copy(tmp_path), *BOTH)
    folders.add(folder, "levers.csv", "vote,2024-02-10,,Vote,Voto,,assumed,assumed,")
    assert "outcomes.csv" in rename(folder, "bus-closure", "no-coaches")
    assert "outcomes.csv" in rename(folder, "vote", "ballot")
    assert load(folder).realised == {"ballot": "close", "court": "more"}
    assert load(folder).outcomes["levers"].iloc[0] == "no-coaches"


def test_the_bundled_corridor_branches_on_the_election() -> None:
    base = load("darien-rio-bravo")
    tree = base.branches()
    closing, as_is = (one.scenario for one in tree.branches)
    assert [(one.name, one.probability) for one in tree.branches] == [
        ("us-election-2024=closing", 0.5),
        ("us-election-2024=as-is", 0.5),
    ]
    assert closing.settings.equals(base.settings)
    assert as_is.settings.equals(base.without("us-closure-2025-01").settings)
