"""What cannot be meant of dated events, in tables and in calls: one clear line each."""

from collections.abc import Callable
from pathlib import Path

import folders
import numpy as np
import pytest
import xarray as xr

import rumbo
from rumbo import check, load
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.scenario import Scenario

OUTCOMES = "event,outcome,on,takes_effect,probability,levers,given,name_en,name_es,source,quality\n"
BELIEFS = (
    "event,outcome,group,since,until,belief,low,high,blur_days,lag_days,attention_days,source\n"
)
RUMOURS = "day,place,group,outcome,jump,half_life_days,source\n"


def three(to: Path, rows: str = "", beliefs: str = "", rumours: str = "") -> Path:
    """Give a copy of the smallest corridor a vote, other events, and what is told of them."""
    folder = folders.with_outcomes(folders.copy(to), rows)
    for name, head, told in (("beliefs", BELIEFS, beliefs), ("rumours", RUMOURS, rumours)):
        if told:
            (folder / f"{name}.csv").write_text(head + told, encoding="utf-8")
    return folder


def lines_of(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def row(outcome: str, levers: str = "", given: str = "", event: str = "court", **days: str) -> str:
    on, effect = days.get("on", "2024-03-15"), days.get("effect", "2024-04-01" * bool(levers))
    return f"{event},{outcome},{on},{effect},0.5,{levers},{given},N,N,assumed,assumed\n"


# outcomes.csv


CLOSE = row("more", "more-slots", "vote=close") + row("same", "", "vote=close")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            row("more", "more-slots", "vote=open", on="2024-03-20"),
            "on of 'court=more' is 2024-03-20"
            ", but 2024-03-15 in row 4. Write the same in each of its rows, or another outcome.",
        ),
        (row("more", "", "vote=open"), "levers of 'court=more' is none, but more-slots in row 4."),
        (
            row("more", "more-slots", "vote=open", effect="2024-03-25"),
            "takes_effect of 'court=more' is 2024-03-25, but 2024-04-01 in row 4.",
        ),
    ],
)
def test_an_outcome_is_the_same_whatever_it_depends_on(
    more: str, told: str, tmp_path: Path
) -> None:
    other = row("same", "more-slots" * (",,0.5,," in more), "vote=open")
    lines = lines_of(three(tmp_path, CLOSE + more + other))
    assert f"outcomes.csv, row 6: {told}" in lines[0]


def test_days_of_an_outcome_without_levers_may_be_left_out(tmp_path: Path) -> None:
    same = row("same", "", "vote=open", effect="2024-04-01")
    folder = three(tmp_path, CLOSE + row("more", "more-slots", "vote=open") + same)
    assert check(folder) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (row("a", "more-slots") + row("b") + row("c", event=""), ["row 6: event is empty"]),
        (
            row("a", "more-slots", "vote = close") + row("b", "", "vote=close"),
            ["row 4: given is 'vote = close', an unknown outcome. Write 'vote=close'"],
        ),
        (
            row("a", "more-slots", "vote") + row("b", "", "vote"),
            [
                f"row {n}: given is 'vote', an unknown outcome. Write one of: vote=close, vote="
                for n in (4, 5)
            ],
        ),
        (
            row("a", "more-slots") + row("b", event="Court"),
            [
                "row 4: 'court' has one outcome, 'a', expected two or more. Add a row for "
                "what else may come, or write 'Court' as its event",
                "row 5: 'Court' has one outcome, 'b', expected two or more. Add a row for "
                "what else may come, or write 'court' as its event",
            ],
        ),
        (
            row("a", "more-slots").replace("0.5", "1e999") + row("b"),
            ["row 4: probability is '1e999', expected a number"],
        ),
    ],
)
def test_one_slip_is_told_once(rows: str, told: list[str], tmp_path: Path) -> None:
    lines = lines_of(three(tmp_path, rows))
    wanted = [f"outcomes.csv, {one}" for one in told]
    assert [line[: len(one)] for line, one in zip(lines, wanted, strict=True)] == wanted


def test_levers_may_have_blanks_between_them(tmp_path: Path) -> None:
    folder = three(tmp_path, row("a", "more-slots ; ") + row("b"))
    assert check(folder) == []
    rename(folder, "more-slots", "slots")
    assert "more-slots" not in (folder / "outcomes.csv").read_text("utf-8")


def test_events_are_checked_beside_tables_that_cannot_be_read(tmp_path: Path) -> None:
    folder = three(tmp_path, row("a", "more-slots") + row("b").replace("0.5", "0.6"))
    (folder / "figures.csv").write_text("month\n2024-01\n", encoding="utf-8")
    (folder / "places.csv").write_text("", encoding="utf-8")
    told = "outcomes.csv, row 4: the probabilities of 'court' sum to 1.1, expected 1"
    assert any(line.startswith(told) for line in lines_of(folder))


def test_what_is_told_is_checked_beside_outcomes_that_cannot_be_read(tmp_path: Path) -> None:
    folder = three(
        tmp_path, "", "vot,close,OTX,,,0.5,,,,,,assumed\n", "2024-02-01,nowhere,,shut,1,3,assumed\n"
    )
    (folder / "outcomes.csv").write_text("event,outcome\nvote,close\n", encoding="utf-8")
    lines = [line for line in lines_of(folder) if not line.startswith("outcomes.csv")]
    assert [line.partition(". ")[0] for line in lines] == [
        "beliefs.csv, row 2: group is 'OTX', an unknown group",
        "rumours.csv, row 2: place is 'nowhere', an unknown place",
    ]


# beliefs.csv and rumours.csv


@pytest.mark.parametrize(
    ("beliefs", "told"),
    [
        (
            "vote,close,,,,0.7,,,,,,assumed\nvote,open,,2024-01-15,,0.8,,,,,,assumed\n",
            "row 3: beliefs in vote sum to 1.5 for OTH-adult from 2024-01-15 on (rows 2, 3)",
        ),
        (
            "vote,close,OTH,,,0.9,,,,,,assumed\nvote,open,,,,0.9,,,,,,assumed\n",
            "row 3: beliefs in vote sum to 1.8 for OTH-adult (rows 2, 3), expected 1 at most",
        ),
        (
            "vote,close,,,,0.5,,,1e300,,,assumed\n",
            "row 2: blur_days is 1e+300, expected 0 to 3650 (ten years)",
        ),
        (
            "vote,close,,,,0.5,,,,1e300,,assumed\n",
            "row 2: lag_days is 1e+300, expected 0 to 3650 (ten years)",
        ),
        (
            "vote,close,,,,0.5,,,,,1e999,assumed\n",
            "row 2: attention_days is '1e999', expected a number",
        ),
    ],
)
def test_beliefs_that_cannot_be_held(beliefs: str, told: str, tmp_path: Path) -> None:
    [line] = lines_of(three(tmp_path, "", beliefs))
    assert line.startswith(f"beliefs.csv, {told}")


def test_beliefs_that_take_turns_may_sum_to_more(tmp_path: Path) -> None:
    turns = (
        "vote,close,,,,0.9,,,inf,,,assumed\n"
        "vote,close,,2024-01-15,,0.2,,,,,,assumed\n"
        "vote,open,,2024-01-15,,0.8,,,,,,assumed\n"
    )
    assert check(three(tmp_path, "", turns)) == []


def test_a_rumour_named_in_two_ways_is_there_twice(tmp_path: Path) -> None:
    told = "2024-02-01,south_town,,{},0.5,3,assumed\n"
    [line] = lines_of(three(tmp_path, "", "", told.format("close") + told.format("vote=close")))
    assert line.startswith("rumours.csv, row 3: duplicate rumour '2024-02-01, south_town, vote=cl")


def test_what_is_told_of_no_event_is_told_where_to_add_it(tmp_path: Path) -> None:
    folder = three(
        tmp_path, "", "vote,close,,,,0.5,,,,,,assumed\n", "2024-02-01,south_town,,x,1,3,assumed\n"
    )
    (folder / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    cures = [fault.cure for fault in check(folder)]
    assert cures == ["Add it to outcomes.csv"] * 2


# Calls


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda one: one.given("vote"), "Write one of: vote=close, vote=open"),
        (lambda one: one.branches(["vote"]), r"no event '\['vote'\]'.* Write 'vote'"),
        (lambda one: one.branches(None), "no event 'None'"),
        (lambda one: one.without("vote"), r"dated event.* .given\('vote=close'\) or .given\('vo"),
        (lambda one: one.without("vote=open"), r"dated event.* .given\('vote=open'\)"),
        (lambda one: rumbo.simulate([one, one.branches().branches[0]]), "got Branch: .* .scenario"),
        (lambda one: rumbo.simulate(None), "got NoneType: load a corridor with rumbo.load"),
        (lambda one: rumbo.simulate("three_places"), "got str: load a corridor"),
        (lambda one: rumbo.mixture(one.branches()), "expected a result, got Tree: give what"),
    ],
)
def test_calls_that_cannot_be_meant(
    ask: Callable[[Scenario], object], told: str, tmp_path: Path
) -> None:
    base = load(three(tmp_path))
    with pytest.raises(ValueError, match=told):
        ask(base)


def test_a_branch_may_be_named_with_an_end_to_it(tmp_path: Path) -> None:
    assert load(three(tmp_path)).given("vote=open;").name == "vote=open"


@pytest.mark.parametrize("name", ["change", "without", "given", "between", "settings"])
def test_a_tree_says_where_it_is_changed(name: str, tmp_path: Path) -> None:
    tree = load(three(tmp_path)).branches()
    with pytest.raises(AttributeError, match=rf"use .{name} of the scenario before its .branches"):
        getattr(tree, name)
    with pytest.raises(AttributeError, match=r"a tree of branches has no 'nothing'$"):
        _ = tree.nothing


def test_branches_that_weigh_nothing_are_not_mixed() -> None:
    runs = xr.DataArray(
        np.ones((2, 3)),
        dims=("branch", "member"),
        coords={"branch": ["a=x", "a=y"], "probability": ("branch", [0.0, 1.0])},
    )
    assert float(rumbo.mixture(runs).quantile(0.5)) == 1.0
    with pytest.raises(ValueError, match="probability 0 together, so nothing weighs"):
        rumbo.mixture(runs.isel(branch=[0]))
    with pytest.raises(ValueError, match="one or several"):
        rumbo.mixture(runs).quantile([])
