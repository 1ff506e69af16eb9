"""What people believe of dated events: paths by hand, talk, rumours, tables and what was known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import THREE_PLACES, add, copy

import rumbo
from rumbo.files.faults import Faults
from rumbo.model.minds.belief import (
    Announced,
    Hearing,
    Rumour,
    heard,
    path_of,
    signal_of,
    unlearned,
)
from rumbo.model.minds.dates import any_day, blurred_date
from rumbo.model.minds.hearing import Beliefs, beliefs_of
from rumbo.model.minds.success import LearnedSuccess
from rumbo.model.minds.talk import Contacts, contacts_along, taken_up
from rumbo.run.program import compile_scenario
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.scenario import Scenario, load

AT_ONCE = 1e9
"""A speed at which news is believed on the day it is heard."""


def line(places: int) -> Contacts:
    """Places in a row, each with its neighbours."""
    return contacts_along(np.arange(places - 1), np.arange(1, places))


def hearing(
    days: int, speed: float = AT_ONCE, contact: float = 0.0, places: int = 1, hearers: int = 1
) -> Hearing:
    """People who all hear alike."""
    everywhere = np.ones((1, hearers, places))
    segment = np.zeros(days, dtype=np.int64)
    return Hearing(segment, everywhere * speed, everywhere, np.array([contact]), line(places))


def announced(
    days: int, level: float, on: int, since: int = 0, lag: float = 0.0, **more: object
) -> Announced:
    """An outcome that is told from a day on, and on people's minds all the time."""
    told = np.where(np.arange(days) < since, 0.0, level)[:, None]
    late = np.full((days, 1), lag)
    return Announced(told, np.full((days, 1), np.inf), late, on, **{"came": None} | more)


# Paths by hand.


def test_what_is_told_grows_e_fold_over_the_days_of_attention() -> None:
    one = announced(41, 0.8, 40)._replace(attention=np.full((41, 1), 20.0))
    told = signal_of(one)[:, 0]
    assert told[40] == 0.8
    assert told[20] == pytest.approx(0.8 / np.e)
    assert told[0] == pytest.approx(0.8 / np.e**2)


def test_people_hear_late_and_come_to_believe_slowly() -> None:
    one = announced(8, 0.8, 20, since=2, lag=3.0)
    path = path_of(one, hearing(8, speed=np.log(2.0)))[:, 0, 0]
    np.testing.assert_allclose(path, [0, 0, 0, 0, 0, 0.4, 0.6, 0.7], atol=1e-12)


def test_a_place_hears_later_than_another() -> None:
    ears = hearing(10, places=2)
    ears = ears._replace(lag=np.array([[[0.5, 2.0]]]))
    path = path_of(announced(10, 0.6, 20, since=1, lag=4.0), ears)[:, 0]
    assert np.argmax(path[:, 0] > 0) == 3
    assert np.argmax(path[:, 1] > 0) == 9


def test_from_the_news_on_all_believe_what_came() -> None:
    for came in (True, False):
        path = path_of(announced(10, 0.4, 6, came=came), hearing(10))[:, 0, 0]
        assert set(path[:6]) == {0.4}
        assert set(path[6:]) == {float(came)}
    assert set(path_of(announced(10, 0.4, -3, came=True), hearing(10)).ravel()) == {1.0}
    assert set(path_of(announced(10, 0.4, 15, came=True), hearing(10)).ravel()) == {0.4}


def test_a_belief_gives_way_to_what_is_seen_by_halves() -> None:
    share = unlearned(100, 10, True, 30.0)
    np.testing.assert_allclose(share[[0, 10, 40, 70]], [0.0, 0.0, 0.5, 0.75])
    assert not unlearned(100, 10, False, 30.0).any()
    assert not unlearned(100, 10, None, 30.0).any()


def test_a_blurred_date_is_a_normal_in_whole_days() -> None:
    days = np.arange(100, 200)
    shares = blurred_date(150.0, 7.0, days)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares * days).sum() == pytest.approx(150.0)
    # Whole days add a twelfth to the variance.
    assert (shares * (days - 150.0) ** 2).sum() == pytest.approx(49.0 + 1 / 12, rel=1e-6)
    assert blurred_date(150.0, 0.0, days).tolist() == (days == 150).astype(float).tolist()


def test_a_blurred_date_past_or_beyond_is_told_apart() -> None:
    half = blurred_date(100.0, 7.0, np.arange(100, 300))
    assert half.sum() == pytest.approx(1.0)
    assert half[0] > blurred_date(100.0, 7.0, np.arange(50, 300))[50]
    assert blurred_date(200.0, 7.0, np.arange(100, 200)).sum() == pytest.approx(0.471, abs=0.01)
    for blur in (0.0, 2.0):
        assert blurred_date(10.0, blur, np.arange(100, 200)).tolist() == [1.0] + [0.0] * 99
        assert blurred_date(999.0, blur, np.arange(100, 200)).sum() == 0.0


def test_any_day_soon_is_geometric() -> None:
    shares = any_day(20.0, np.arange(50, 1000))
    assert shares.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(shares[1:] / shares[:-1], np.exp(-1 / 20.0))


# Notice and speed.


@pytest.mark.parametrize("lag", [0.0, 7.0])
def test_short_notice_and_slow_news_leave_less_belief_at_the_date(lag: float) -> None:
    date = 150
    notices, speeds = (120, 60, 30, 14, 8), (AT_ONCE, 0.3, 0.1, 0.05)
    believed = np.array([
        [
            path_of(announced(date, 0.8, date, date - notice, lag), hearing(date, speed))[-1, 0, 0]
            for speed in speeds
        ]
        for notice in notices
    ])  # fmt: skip
    assert (np.diff(believed[:, 1:], axis=0) < 0).all()
    assert (np.diff(believed, axis=1) < 0)[2:].all()
    assert (np.diff(believed, axis=1) <= 0).all()
    assert believed[0, 3] > 0.79
    assert believed[3, 3] < 0.45


def test_a_longer_lag_leaves_less_belief() -> None:
    path = [
        path_of(announced(99, 0.8, 99, 80, lag), hearing(99, 0.1))[-1, 0, 0] for lag in range(9)
    ]
    assert (np.diff(path) < 0).all()


# Talk and rumours.


def test_people_take_up_and_do_not_unhear() -> None:
    before = np.array([[0.5, 0.0, 0.0, 0.9]])
    after = taken_up(before, 0.1, line(4))
    gain = -np.expm1(-0.1 * np.array([0.5 / 2, 0.9 / 2]))
    np.testing.assert_allclose(after[0], [0.5, gain[0], gain[1], 0.9])
    assert (taken_up(before, 0.0, line(4)) == before).all()


def test_talk_alone_never_passes_the_highest_belief() -> None:
    rng = np.random.default_rng(3)
    belief, top = rng.uniform(size=(3, 12)), 0.0
    for _ in range(400):
        top = belief.max()
        after = taken_up(belief, 0.7, line(12))
        assert (after >= belief).all()
        belief = after
    assert belief.max() == top
    np.testing.assert_allclose(belief, belief.max(axis=1, keepdims=True) + np.zeros((3, 12)))


def rumoured(days: int, contact: float, level: float = 0.0, **more: float) -> np.ndarray:
    """Belief (T, P) in a row of five places, at the first of which a rumour comes up on day 5."""
    one = {"jump": 0.8, "half_life": 4.0} | more
    rumour = Rumour(5, np.array([True]), np.arange(5) == 0, **one)
    told = announced(days, level, 99, rumours=(rumour,))
    return path_of(told, hearing(days, contact=contact, places=5))[:, 0]


def test_a_rumour_halves_where_it_came_up() -> None:
    path = rumoured(20, 0.0)
    np.testing.assert_allclose(path[[4, 5, 9, 13], 0], [0.0, 0.8, 0.4, 0.2])
    assert not path[:, 1:].any()
    path = rumoured(20, 0.0, level=0.5)
    np.testing.assert_allclose(path[[4, 5, 9], 0], [0.5, 0.9, 0.7])


def test_a_rumour_spreads_one_sidedly() -> None:
    alone, talked = rumoured(40, 0.0, 0.3), rumoured(40, 0.5, 0.3)
    assert (talked >= alone - 1e-15).all()
    assert (talked[:6, 1:] == 0.3).all()
    reached = [int(np.argmax(talked[:, p] > 0.3)) for p in range(5)]
    assert reached == [5, 6, 7, 8, 9]
    np.testing.assert_allclose(talked[:8, 0], alone[:8, 0])
    assert talked[-1].max() < 0.31


def test_a_rumour_of_the_contrary_takes_belief_away() -> None:
    path = rumoured(20, 0.5, level=0.5, jump=-0.8)
    np.testing.assert_allclose(path[[4, 5], 0], [0.5, 0.1])
    assert (path <= 0.5).all()
    assert path[8, 1] < 0.5


def test_a_rumour_is_over_once_the_news_is_known() -> None:
    early = Rumour(5, np.array([True]), np.array([True]), 0.8, 50.0)
    late = early._replace(day=30, jump=-0.5)
    one = announced(40, 0.2, 20, came=True, rumours=(early, late))
    path = path_of(one, hearing(40))[:, 0, 0]
    assert path[19] > 0.6
    assert set(path[20:30]) == {1.0}
    assert path[30] == 0.5


def test_a_rumour_from_before_the_first_day_has_faded() -> None:
    old = Rumour(-8, np.array([True]), np.array([True]), 0.8, 4.0)
    path = path_of(announced(5, 0.0, 9, rumours=(old,)), hearing(5))[:, 0, 0]
    np.testing.assert_allclose(path[[0, 4]], [0.2, 0.1])


@pytest.mark.parametrize("seed", range(25))
def test_beliefs_stay_chances(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, hearers, places = 60, 3, 7
    shape = days, hearers
    two = rng.integers(0, 2, days).cumsum() > 20
    ears = Hearing(
        two.astype(np.int64),
        rng.exponential(2.0, (2, hearers, places)),
        rng.uniform(0, 3, (2, hearers, places)),
        rng.exponential(1.0, 2),
        contacts_along(rng.integers(0, places, 9), rng.integers(0, places, 9)),
    )
    rumours = tuple(
        Rumour(
            int(rng.integers(-9, days)),
            rng.uniform(size=hearers) < 0.5,
            rng.uniform(size=places) < 0.3,
            float(rng.choice([-1.0, 1.0, rng.uniform(-1, 1)])),
            float(rng.exponential(5.0) + 0.01),
        )
        for _ in range(5)
    )
    levels = rng.choice([0.0, 1.0, 0.37], size=shape)
    came = (None, True, False)[seed % 3]
    times = rng.uniform(0.1, 60, shape), rng.uniform(0, 9, shape)
    one = Announced(levels, *times, int(rng.integers(-5, days + 20)), came, rumours)
    path = path_of(one, ears)
    assert path.shape == (days, hearers, places)
    assert ((path >= 0.0) & (path <= 1.0)).all()
    news = heard(signal_of(one), one.lag, ears)
    assert (news.max(axis=(0, 2)) <= signal_of(one).max(axis=0) + 1e-12).all()


# Learned success.


def test_success_of_late_against_the_year_by_hand() -> None:
    learned = LearnedSuccess(few=1e-12)
    state = learned.start(1, 1)
    assert state.shape == (2, 2, 1, 1)
    assert learned.ratio(state).tolist() == [[1.0]]
    one = np.ones((1, 1))
    state = learned.after(state, 60 * one, 40 * one)
    assert learned.ratio(state)[0, 0] == pytest.approx(1.0)
    state = learned.after(state, 20 * one, 80 * one)
    recent, year = np.exp(-1 / 30), np.exp(-1 / 365)
    late = (60 * recent + 20) / (100 * recent + 100)
    usual = (60 * year + 20) / (100 * year + 100)
    assert learned.ratio(state)[0, 0] == pytest.approx(late / usual)
    assert learned.seen(state)[0, 0] == pytest.approx(1 - late / usual)


def test_a_closing_is_seen_and_a_way_that_opens_is_not_a_belief() -> None:
    learned = LearnedSuccess()
    state, one = learned.start(1, 2), np.array([[1.0, 1.0]])
    for _ in range(365):
        state = learned.after(state, 50 * one, 50 * one)
    assert learned.ratio(state)[0] == pytest.approx([1.0, 1.0])
    for _ in range(90):
        state = learned.after(state, np.array([[0.0, 100.0]]), np.array([[100.0, 0.0]]))
    assert learned.seen(state)[0, 0] > 0.9
    assert learned.seen(state)[0, 1] == 0.0


def test_a_few_tries_change_few_minds() -> None:
    learned, state = LearnedSuccess(), np.zeros((2, 2, 1, 1))
    state[1] = [[[500.0]], [[1000.0]]]
    one = np.ones((1, 1))
    few = learned.seen(learned.after(state, 0 * one, 2 * one))[0, 0]
    many = learned.seen(learned.after(state, 0 * one, 2000 * one))[0, 0]
    assert few < 0.1 < 0.9 < many
    never = learned.after(learned.start(1, 1), 0 * one, 9 * one)
    assert learned.seen(never).tolist() == [[0.0]]


def test_a_member_learns_from_its_own_flows_alone() -> None:
    learned = LearnedSuccess()
    rng = np.random.default_rng(1)
    flows = rng.integers(0, 50, (2, 3, 2)).astype(float)
    together = learned.after(learned.start(3, 2), *flows)
    for r in range(3):
        alone = learned.after(learned.start(1, 2), *flows[:, r : r + 1])
        assert np.array_equal(alone[:, :, 0], together[:, :, r])


def test_half_steps_fade_as_whole_ones() -> None:
    half, whole = LearnedSuccess(step=0.5), LearnedSuccess()
    state, none = np.ones((2, 2, 1, 1)), np.zeros((1, 1))
    np.testing.assert_allclose(
        half.after(half.after(state, none, none), none, none), whole.after(state, none, none)
    )


# Tables.

BELIEFS = (
    "event,outcome,group,since,until,belief,low,high,blur_days,lag_days,attention_days,source\n"
)
RUMOURS = "day,place,group,outcome,jump,half_life_days,source\n"
OUTCOMES = (
    "event,outcome,on,takes_effect,probability,levers,name_en,name_es,source\n"
    "vote,shut,2024-03-20,2024-04-01,0.4,more-slots,Shut,Cierre,assumed\n"
    "vote,open,2024-03-20,2024-04-01,0.6,,Open,Abierto,assumed\n"
)


def told(folder: Path, beliefs: str = "", rumours: str = "") -> Path:
    """Give a copy of the smallest corridor a vote, and rows of beliefs and rumours."""
    copy(folder)
    here = folder / THREE_PLACES.name
    (here / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    add(here, "levers.csv", "new-law,2024-06-05,,Law,Ley,,assumed,,")
    add(here, "settings.csv", "stay.days,south_town,,2024-06-05,,set,3,,,days,new-law,assumed,,")
    for name, head, rows in (("beliefs", BELIEFS, beliefs), ("rumours", RUMOURS, rumours)):
        if rows:
            (here / f"{name}.csv").write_text(head + rows, encoding="utf-8")
    return here


def compiled(scenario: Scenario, **came: bool) -> Beliefs:
    """Beliefs of a scenario in which outcomes of the vote came or not."""
    return beliefs_of(Calendar(scenario), {f"vote={name}": one for name, one in came.items()})


def day(scenario: Scenario, text: str) -> int:
    """Number of a day from the start of the warm-up."""
    return (pd.Timestamp(text) - pd.Timestamp(scenario.start)).days + scenario.warm_up


def test_without_rows_people_believe_the_tree(tmp_path: Path) -> None:
    base = load(told(tmp_path))
    one = compiled(base)
    assert one.outcomes == ("vote=shut", "vote=open")
    assert one.on.tolist() == [day(base, "2024-03-20")] * 2
    assert one.effect.tolist() == [day(base, "2024-04-01")] * 2
    places, groups = len(base.network.places), len(base.groups)
    assert one.on_day(0, 3).shape == (groups, places)
    assert one.path[0].shape[1] == 1, "all hear alike"
    assert set(one.blur[0].ravel()) == {7.0}
    # Lag 3 and speed 0.3 a day behind 0.4 that grows e-fold in 30 days.
    steady = -np.expm1(-0.3)
    late, growth = np.exp(-4 / 30), np.exp(1 / 30)
    expected = 0.4 * late * steady / (1 - (1 - steady) / growth)
    assert one.path[0][int(one.on[0]) - 1, 0, 0] == pytest.approx(expected, rel=1e-3)


def test_the_more_specific_row_of_beliefs_wins(tmp_path: Path) -> None:
    rows = (
        "vote,shut,OTH,,,0.9,,,0,0,1e9,assumed\n"
        "vote,shut,,,,0.1,,,inf,0,1e9,assumed\n"
        "vote,shut,OTH-family,2024-02-01,2024-03-01,0.5,0.4,0.6,2,0,1e9,assumed\n"
    )
    base = load(told(tmp_path, rows)).change("minds.speed", AT_ONCE).change("minds.contact", 0)
    one = compiled(base)
    groups = base.groups["id"].tolist()
    for name in groups:
        g = groups.index(name)
        own = 0.9 if name.startswith("OTH") else 0.1
        inside = 0.5 if name == "OTH-family" else own
        for when, belief in (("2024-01-31", own), ("2024-02-01", inside), ("2024-03-01", own)):
            assert one.on_day(0, day(base, when))[g, 0] == pytest.approx(belief), (name, when)
    assert len(set(one.hearer.tolist())) == 2 == one.path[0].shape[1]


def test_a_rumour_is_of_its_place_and_group(tmp_path: Path) -> None:
    row = "2024-02-01,middle_town,OTH-family,shut,0.8,5,assumed\n"
    base = load(told(tmp_path, rumours=row)).change("minds.contact", 0)
    calm, one = compiled(load(told(tmp_path / "calm"))), compiled(base)
    family = base.groups["id"].tolist().index("OTH-family")
    middle = base.network.places["id"].tolist().index("middle_town")
    more = one.on_day(0, day(base, "2024-02-01")) - calm.on_day(0, day(base, "2024-02-01"))
    assert more[family, middle] > 0.5
    more[family, middle] = 0.0
    np.testing.assert_allclose(more, 0.0, atol=1e-12)
    np.testing.assert_allclose(one.path[1][:, one.hearer], calm.path[1][:, calm.hearer])


def test_branches_share_beliefs_up_to_the_date(tmp_path: Path) -> None:
    base = load(told(tmp_path))
    shut, still = compiled(base, shut=True, open=False), compiled(base, shut=False, open=True)
    on, effect = int(shut.on[0]), int(shut.effect[0])
    assert np.array_equal(shut.path[0][:on], still.path[0][:on])
    assert (shut.path[0][on:] == 1.0).all()
    assert not still.path[0][on:].any()
    assert not shut.unlearned[0, : effect + 1].any()
    assert (np.diff(shut.unlearned[0, effect:]) > 0).all()
    assert not still.unlearned[0].any()


def test_what_depends_on_another_outcome_is_believed_as_likely_as_both(tmp_path: Path) -> None:
    here = told(tmp_path)
    head, *rows = OUTCOMES.splitlines()
    more = [f"{head},given", *(f"{row}," for row in rows)]
    for given, chance in (("shut", 0.5), ("open", 0.1)):
        for name, p, lever in (("strict", chance, "new-law"), ("mild", 1 - chance, "")):
            more.append(f"law,{name},2024-06-01,,{p},{lever},Law,Ley,assumed,vote={given}")
    (here / "outcomes.csv").write_text("\n".join(more) + "\n", encoding="utf-8")
    base = load(here).change("minds.speed", AT_ONCE).change("minds.contact", 0)
    for came, chance in ((True, 0.5), (False, 0.1)):
        one = compiled(base, shut=came, open=not came)
        assert len(one.outcomes) == len(one.path) == 4
        law = one.outcomes.index("law=strict")
        path, vote, on = one.path[law][:, 0, 0], int(one.on[0]), int(one.on[law])
        for t, believed in ((vote + 2, 0.4 * 0.5 + 0.6 * 0.1), (vote + 3, chance)):
            assert path[t] == pytest.approx(believed * np.exp(-(on - t + 3) / 30)), (came, t)


def test_wrong_rows_are_told_together(tmp_path: Path) -> None:
    beliefs = (
        "vot,shut,,,,0.4,,,,,,assumed\n"
        "vote,shutt,,,,0.4,,,,,,assumed\n"
        "vote,shut,OTX,,,1.4,,,,,,assumed\n"
        "vote,shut,OTH,2024-03-01,2024-02-01,0.4,0.5,0.3,-1,,0,somewhere\n"
        "vote,shut,adult,,,0.7,,,,,,assumed\n"
        "vote,open,adult,,,0.7,,,,,,assumed\n"
        "vote,open,adult,,,0.1,,,,,,assumed\n"
    )
    rumours = (
        "2024-02-01,middle_twon,,shut,0.8,0,assumed\n"
        "2024-02-01,middle_town,VEM,shutt,-1.8,-3,assumed\n"
    )
    with pytest.raises(Faults) as caught:
        load(told(tmp_path, beliefs, rumours))
    lines = str(caught.value).splitlines()
    wanted = (
        ("beliefs.csv, row 2", "unknown event", "Write 'vote'"),
        ("beliefs.csv, row 3", "'shutt', which vote does not have", "Write 'shut'"),
        ("beliefs.csv, row 4", "belief is 1.4, expected 0 to 1", ""),
        ("beliefs.csv, row 4", "group is 'OTX', an unknown group", ""),
        ("beliefs.csv, row 5", "since 2024-03-01 is not before until 2024-02-01", "Swap"),
        ("beliefs.csv, row 5", "low 0.5 is above belief 0.4", ""),
        ("beliefs.csv, row 5", "high 0.3 is below belief 0.4", ""),
        ("beliefs.csv, row 5", "blur_days is -1, expected 0 or more", ""),
        ("beliefs.csv, row 5", "attention_days is 0, expected more", ""),
        ("beliefs.csv, row 5", "source is 'somewhere', which is unknown", ""),
        ("beliefs.csv, row 6", "beliefs in vote sum to 1.5, expected 1 at most", "Lower"),
        ("beliefs.csv, row 8", "duplicate belief 'vote, open, adult', already in row 7", ""),
        ("rumours.csv, row 2", "place is 'middle_twon', an unknown place", "'middle_town'"),
        ("rumours.csv, row 2", "half_life_days is 0, expected more than 0", ""),
        ("rumours.csv, row 3", "outcome is 'shutt', an unknown outcome", "Write 'shut'"),
        ("rumours.csv, row 3", "jump is -1.8, expected -1 to 1", ""),
        ("rumours.csv, row 3", "half_life_days is -3, expected more than 0", ""),
        ("rumours.csv, row 3", "group is 'VEM', an unknown group", ""),
    )
    for where, what, cure in wanted:
        hits = [one for one in lines if one.startswith(where) and what in one and cure in one]
        assert len(hits) == 1, (where, what, lines)
    assert len(lines) == len(wanted)


def test_a_rumour_says_which_event_it_is_of_where_names_repeat(tmp_path: Path) -> None:
    row = "2024-02-01,middle_town,,{},0.8,3,assumed\n"
    here = told(tmp_path, rumours=row.format("shut"))
    again = OUTCOMES + "".join(
        f"law,{name},2024-06-01,,0.5,{lever},Law,Ley,assumed\n"
        for name, lever in (("shut", "new-law"), ("open", ""))
    )
    (here / "outcomes.csv").write_text(again, encoding="utf-8")
    with pytest.raises(Faults, match=r"'shut', which several events have.*law=shut, vote=shut"):
        load(here)
    (here / "rumours.csv").write_text(RUMOURS + row.format("law=shut"), encoding="utf-8")
    one = compiled(load(here).change("minds.contact", 0))
    at = day(load(here), "2024-02-01")
    spread = {name: float(np.ptp(p[at])) for name, p in zip(one.outcomes, one.path, strict=True)}
    assert [name for name, size in spread.items() if size > 0.1] == ["law=shut"]


def test_what_begins_later_was_not_known(tmp_path: Path) -> None:
    beliefs = (
        "vote,shut,,2024-02-01,2024-03-15,0.9,,,,,,assumed\n"
        "vote,shut,,2024-03-15,,0.2,,,,,,assumed\n"
    )
    rumours = "2024-02-20,middle_town,,shut,0.8,3,assumed\n"
    base = load(told(tmp_path, beliefs, rumours))
    seen = base.as_known("2024-02-15")
    # A vote that is in no calendar was not known of before it was decided.
    assert not len(seen.outcomes)
    assert not len(seen.beliefs)
    for when, rows, heard_of in (("2024-04-01", 2, 1), ("2024-06-01", 2, 1)):
        then = base.as_known(when)
        assert (len(then.beliefs), len(then.rumours)) == (rows, heard_of)


def test_a_vote_in_the_calendar_is_known_without_what_is_told_later(tmp_path: Path) -> None:
    beliefs = (
        "vote,shut,,2024-02-01,2024-03-15,0.9,,,,,,assumed\n"
        "vote,shut,,2024-03-15,,0.2,,,,,,assumed\n"
    )
    here = told(tmp_path, beliefs, "2024-02-20,middle_town,,shut,0.8,3,assumed\n")
    path = here / "levers.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["announced"] = np.where(table["lever"] == "more-slots", "2024-01-01", "")
    row = {"lever": "vote", "since": "2024-03-20", "announced": "2024-01-01", "name_en": "Vote",
           "name_es": "Voto", "source": "assumed"}  # fmt: skip
    pd.concat([table, pd.DataFrame([row])]).fillna("").to_csv(path, index=False)
    base = load(here)
    early, late = base.as_known("2024-02-15"), base.as_known("2024-02-20")
    assert early.beliefs["belief"].tolist() == [0.9]
    assert early.beliefs["until"].isna().all()
    assert (len(early.rumours), len(late.rumours)) == (0, 1)
    whole, then = compiled(base), compiled(late)
    before = day(base, "2024-03-15")
    assert np.array_equal(whole.path[0][:before], then.path[0][:before])
    assert not np.array_equal(whole.path[0][before + 5], then.path[0][before + 5])


def test_a_corridor_written_has_its_beliefs_and_rumours(tmp_path: Path) -> None:
    beliefs = "vote,shut,OTH,2024-02-01,,0.9,0.8,0.95,inf,,,assumed\n"
    base = load(told(tmp_path, beliefs, "2024-02-20,middle_town,,shut,-0.8,3.5,assumed\n"))
    again = load(base.write(tmp_path / "written"))
    pd.testing.assert_frame_equal(again.beliefs, base.beliefs)
    pd.testing.assert_frame_equal(again.rumours, base.rumours)
    for name in ("beliefs", "rumours"):
        table = getattr(base.content, name)
        assert base.content.digest != _without(base, name, table).content.digest


def _without(base: Scenario, name: str, table: pd.DataFrame) -> Scenario:
    from dataclasses import replace

    return replace(base, content=replace(base.content, **{name: table[:0]}))


def test_beliefs_move_no_result_without_the_rule(tmp_path: Path) -> None:
    beliefs = "vote,shut,,,,0.9,,,,,,assumed\n"
    rumours = "2024-02-20,middle_town,,shut,0.8,3,assumed\n"
    plain = compile_scenario(load(told(tmp_path / "plain")))
    base = load(told(tmp_path / "told", beliefs, rumours)).change("minds.kappa", 12)
    assert plain.differs_from(compile_scenario(base)) == len(plain.dates)


def test_the_bundled_beliefs_are_those_of_the_vote() -> None:
    base = rumbo.load("darien-rio-bravo")
    assert not len(base.rumours), "no rumour has a source with a day and place in the run"
    one = beliefs_of(Calendar(base), {})
    assert one.outcomes[:2] == ("us-election-2024=closing", "us-election-2024=as-is")
    on = int(one.on[0])
    believed, mexicans = one.on_day(0, on - 1), base.groups["nationality"] == "MEX"
    assert 0.35 < believed[~mexicans].min() <= believed[~mexicans].max() < 0.5
    assert believed[mexicans].max() < 0.05
    assert (np.diff(one.path[0][on - 200 : on, 0, 0]) > 0).all()


def test_renaming_a_place_a_group_and_an_event_reaches_what_is_told(tmp_path: Path) -> None:
    here = told(
        tmp_path,
        "vote,shut,OTH-family,,,0.9,,,,,,assumed\n",
        "2024-02-20,middle_town,OTH-family,vote=shut,0.8,3,assumed\n",
    )
    add(here, "levers.csv", "vote,2024-03-20,,Vote,Voto,,assumed,,")
    for old, new in (("middle_town", "mid"), ("OTH-family", "OTH-kin"), ("vote", "poll")):
        rename(here, old, new)
    base = load(here)
    assert base.beliefs[["event", "group"]].values.tolist() == [["poll", "OTH-kin"]]
    told_now = base.rumours[["place", "group", "outcome"]].values.tolist()
    assert told_now == [["mid", "OTH-kin", "poll=shut"]]
