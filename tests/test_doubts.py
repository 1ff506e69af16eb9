"""Ranges of beliefs, what branches expect of one another, and what may come of several events."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import add, copy, court, swap, with_outcomes

import rumbo
from rumbo.fitting.points import Headline, allowed_at
from rumbo.model.minds.hearing import beliefs_of
from rumbo.run.check import compiled_ready, ranges_of
from rumbo.run.program import compile_beside, compile_scenario
from rumbo.run.sets import Sets, drawn, held
from rumbo.run.spec import RunSpec
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.tree.doubts import hold_beliefs
from rumbo.scenario.values.ranges import Z90
from rumbo.scenario.values.sets import SETS, standing

BELIEFS = "event,outcome,group,since,until,belief,low,high,source\n"
CLOSE = ("belief", "vote=close/")
WIDE = "vote,close,,,,0.5,0.2,0.8,assumed\nvote,open,,,,0.5,,,assumed\n"


def told(to: Path, beliefs: str = WIDE, *outcomes: str, rules: str = "  - minds\n") -> Path:
    """Give a copy of the smallest corridor minds, a vote, and what is told of it."""
    folder = with_outcomes(copy(to), *outcomes)
    swap(folder, "corridor.yaml", "  - shocks\n", "  - shocks\n" + rules)
    for row in (
        "worth.crossing,,,2024-03-01,,multiply,0.2,0.1,0.6,worth,bus-closure,assumed,assumed,",
        "minds.turn,,,2024-04-01,,multiply,0.1,,,1/day,more-slots,assumed,assumed,",
    ):
        add(folder, "settings.csv", row)
    (folder / "beliefs.csv").write_text(BELIEFS + beliefs, encoding="utf-8")
    return folder


def believed(scenario: Scenario) -> list[float]:
    return [round(one, 6) for one in scenario.beliefs["belief"]]


# Beliefs at their place in a set


def test_a_belief_goes_through_its_range_with_the_sets(tmp_path: Path) -> None:
    base = load(told(tmp_path))
    pairs = drawn(compile_beside(base))
    assert CLOSE in pairs
    values = {n: believed(held(base, pairs, n)) for n in range(SETS)}
    order = np.argsort([close for close, _ in values.values()])
    assert order.tolist() == np.argsort(standing(*CLOSE)).tolist()
    assert min(values.values())[0] == pytest.approx(0.2, abs=0.03)
    assert max(values.values())[0] == pytest.approx(0.8, abs=0.03)
    for close, still in values.values():
        assert still == pytest.approx(min(0.5, 1.0 - close), abs=1e-6)
    assert believed(base) == [0.5, 0.5]


def test_outcomes_beside_one_that_is_moved_share_what_it_leaves() -> None:
    rows = pd.DataFrame(
        [
            ("vote", "a", "", 0.2, np.nan, np.nan),
            ("vote", "b", "", 0.5, 0.3, 0.9),
            ("vote", "c", "", 0.3, 0.2, 0.4),
            ("vote", "b", "OTH", 0.5, 0.3, 0.9),
            ("rain", "b", "", 1.0, np.nan, np.nan),
        ],
        columns=["event", "outcome", "group", "belief", "low", "high"],
    ).assign(since=pd.NaT, until=pd.NaT, source="assumed")
    places = {("belief", "vote=b/"): 1.645, ("belief", "vote=c/"): 1.645}
    after = hold_beliefs(rows, places)["belief"].round(6).tolist()
    assert after[:3] == pytest.approx([0.1 * 0.2 / 0.6, 0.9, 0.1 * 0.4 / 0.6], abs=1e-5)
    assert after[3:] == [0.5, 1.0]
    assert hold_beliefs(rows, {}) is rows


def test_members_of_different_sets_go_at_different_paces(tmp_path: Path) -> None:
    sets = Sets(RunSpec.of(load(told(tmp_path)), 40, 1))
    low, high = (sets.under(int(n))[0] for n in np.argsort(standing(*CLOSE))[[0, -1]])
    slow, fast = (one.pace.on(10)[0].max() for one in (low, high))
    assert 1.0 < slow < fast


def test_a_check_counts_ranges_of_beliefs_and_says_why_one_moves_nobody(tmp_path: Path) -> None:
    rows = (
        "vote,close,,,,0.5,0.2,0.8,assumed\n"
        "vote,open,,,,0.4,0.2,0.5,assumed\n"
        "vote,close,OTH,,2024-02-01,0.5,0.5,0.5,assumed\n"
        "vote,close,,2024-02-15,,0.4,0.2,0.5,assumed\n"
    )
    plain = ranges_of(compiled_ready(told(tmp_path / "plain", "vote,close,,,,0.5,,,assumed\n")))
    own = ranges_of(compiled_ready(told(tmp_path / "told", rows)))
    assert (own.factors, own.sets) == (plain.factors, plain.sets + 1)
    found = [(one.file, one.row, one.message.partition(": ")[2]) for one in own.unmoved]
    assert found[len(plain.unmoved) :] == [
        ("beliefs.csv", 3, "its outcome has no levers, so nobody awaits it"),
        ("beliefs.csv", 4, "it has no width"),
        ("beliefs.csv", 5, "it begins once the news has come"),
    ]
    off = ranges_of(compiled_ready(told(tmp_path / "off", rules="")))
    assert "the rule 'minds' is switched off" in str(off.unmoved[-1])


# What branches expect


EVENTS = {
    "apart": (court(),),
    "given one": (court("vote=close"),),
    "given each": (court("vote=close"), court("vote=open", 0.5)),
}


@pytest.mark.parametrize("events", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("number", [-1, 3])
def test_branches_part_with_the_news_whatever_else_may_come(
    tmp_path: Path, events: tuple[str, ...], number: int
) -> None:
    tree = load(told(tmp_path, WIDE, *events)).branches()
    sets = Sets(RunSpec.of(tree, 1, 1))
    first, *others = sets.under(number)
    days = {str(first.dates[first.differs_from(one)]) for one in others}
    assert days == {"2024-02-10", "2024-03-15"}


def test_what_depends_on_another_outcome_is_awaited_with_it(tmp_path: Path) -> None:
    base = load(told(tmp_path, WIDE, court("vote=close")))
    alone = base.given("vote=open").alone("court=more", frozenset())
    assert alone is not None
    assert alone.realised == {"vote": "close", "court": "more"}
    assert base.given("vote=open").alone("court=more", {"vote"}) is None
    other = base.alone("vote=close", frozenset())
    assert other is not None
    assert "more-slots" not in {*other.settings["lever"]}


def test_beliefs_in_what_one_event_may_bring_are_one_at_most(tmp_path: Path) -> None:
    levers = "vote,half,2024-02-10,2024-04-01,0.2,more-slots,,Half,Medio,assumed,assumed\n"
    folder = told(tmp_path, "vote,close,,,,0.9,,,assumed\n", levers)
    swap(folder, "outcomes.csv", "2024-03-01,0.6,", "2024-03-01,0.4,")
    rumour = "day,place,group,outcome,jump,half_life_days,source\n2024-02-01,{},,half,0.9,9,assumed"
    (folder / "rumours.csv").write_text(rumour.format("south_town") + "\n", encoding="utf-8")
    one = beliefs_of(Calendar(load(folder)), {})
    close, _, half = (path[:, 0, 0] for path in one.path)
    on = int(one.on[0])
    assert (close + half)[:on].max() == pytest.approx(1.0)
    assert half[on - 9] > close[on - 9]
    compile_scenario(load(folder))


# Writing


def test_what_is_told_of_an_event_goes_with_it(tmp_path: Path) -> None:
    rows = WIDE + "court,more,,,,0.3,,,assumed\n"
    folder = told(tmp_path, rows, court())
    rumour = "day,place,group,outcome,jump,half_life_days,source\n"
    told_of = ("vote=close", "more")
    (folder / "rumours.csv").write_text(
        rumour
        + "".join(
            f"2024-02-0{n},south_town,,{o},0.5,3,assumed\n" for n, o in enumerate(told_of, 1)
        ),
        encoding="utf-8",
    )
    one = load(folder).given("vote=open").write(tmp_path / "written")
    again = rumbo.load(one)
    assert {*again.outcomes["event"]} == {*again.beliefs["event"]} == {"court"}
    assert again.rumours["outcome"].tolist() == ["more"]


# What a headline hangs on


def test_beliefs_are_among_what_a_headline_hangs_on(tmp_path: Path) -> None:
    scenario = load(told(tmp_path))
    flat = {"entry": np.zeros((1, 1, 1))}
    day = pd.Timestamp("2024-08-01").date()
    question = Headline.of(
        scenario.fitted(Posterior(scenario.id, day, ("2024-01",), ("OTH",), {}, flat))
    )
    assert CLOSE in question.pairs
    moved, lowered = allowed_at(question.scenario, {CLOSE: Z90})
    assert (believed(moved)[0], lowered) == (pytest.approx(0.8), set())
    blind = replace(question, scenario=question.scenario.without("minds"))
    assert CLOSE not in blind.pairs
