"""Each rule against a case worked by hand on the smallest corridor."""

from pathlib import Path

import numpy as np
import pytest
from helpers import QUIET, rates, three_places, variant

from rumbo.engine.rates import Day, rate_of_mean
from rumbo.engine.step import Luck
from rumbo.model.rules.travel import saturate
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import simulate

ALWAYS = 36.7368005696771
"""Rate of leaving at the first opportunity: -log(1e-16), to the rounding of a double."""

WAY = "middle_town>north_crossing"


def test_departure_keeps_the_mean_stay() -> None:
    """Five days on average: leaving 1 in 5 each day, rate -log(4/5)."""
    found = rates(three_places().without("checkpoints").without("harm"), "depart")
    assert sum(v for (a, k, _), v in found.items() if (a, k) == ("middle_town", 0)) == (
        pytest.approx(-np.log(1 - 1 / 5))
    )
    assert rate_of_mean(1.0, 1.0) == pytest.approx(ALWAYS)
    assert rate_of_mean(5.0, 0.5) == pytest.approx(-np.log(1 - 0.1) / 0.5)


def test_route_is_a_logit_over_the_ways() -> None:
    """Coach: 1 day, 54 dollars; on foot: 15 days. Stopped at odds of a third, and half of that."""
    found = rates(three_places(), "depart")
    coach = np.exp(-0.3 * 1 - 0.3 * 0.54 + np.log(1 - 0.25)) * (1 - 0.25)
    foot = np.exp(-0.3 * 15 + np.log(1 - 1 / 7)) * (1 - 1 / 7)
    ratio = found["middle_town", 0, f"{WAY}:bus"] / found["middle_town", 0, f"{WAY}:walk"]
    assert ratio == pytest.approx(coach / foot)


def test_checkpoints_stop_the_stated_share() -> None:
    """A quarter of those by coach and, at half the odds, a seventh of those on foot."""
    stop = rates(three_places(), "stop")["middle_town", 0, "middle_town"]
    go = rates(three_places(), "depart")
    coach, foot = (go["middle_town", 0, f"{WAY}:{mode}"] for mode in ("bus", "walk"))
    assert stop == pytest.approx(coach * 0.25 / 0.75 + foot * (1 / 7) / (6 / 7))


def test_patrols_find_those_who_stay_whether_anybody_sets_out_or_not() -> None:
    """Both are stops in the record; only stops depend on how soon people set out."""
    base = three_places()
    watched = base.change("patrol.rate", 0.02, at="middle_town")
    here = ("middle_town", 0, "middle_town")
    assert rates(watched, "patrol")[here] == pytest.approx(0.02)
    assert rates(watched, "stop") == rates(base, "stop")
    still = watched.without("departure")
    assert rates(still, "patrol") == rates(watched, "patrol")
    assert rates(still, "stop")[here] < 1e-9
    more, plain = (simulate(one, mode="expected")["stops"].sum() for one in (watched, base))
    assert more > 1.05 * plain


def test_papers_count_against_coaches_at_each_place_that_they_pass() -> None:
    """Two units at the start; somebody with papers pays none."""
    base = three_places()
    asked = base.change("route.paper", 2).change("route.paper", 0, group="family")
    links = [("middle_town", 0, f"{WAY}:{mode}") for mode in ("bus", "walk")]
    for group, paid in ((0, 2.0), (1, 0.0)):
        before, after = (
            np.divide(*(rates(one, "depart", group=group)[link] for link in links))
            for one in (base, asked)
        )
        assert after / before == pytest.approx(np.exp(-paid))


def test_an_expected_wait_counts_against_the_ways_through_a_place(tmp_path: Path) -> None:
    """Five days by way of one town, or twice as long where half may not leave; none before."""
    town = {"name": "T", "country": "GT", "lat": 24, "lon": -99, "kind": "hub", "admin1": "South"}
    way = {"mode": "road", "distance_km": 450, "typical_hours": 10, "method": "assumed"}
    base = variant(
        tmp_path / "towns",
        places=[town | {"id": "east"}, town | {"id": "west"}],
        links=[
            way | {"from": one, "to": other}
            for via in ("east", "west")
            for one, other in (("south_town", via), (via, "north_crossing"))
        ],
        settings=[
            {"parameter": "stay.days", "at": via, "value": 5, "unit": "days"}
            for via in ("east", "west")
        ],
    ).change("route.wait", 0.2)
    held = base.change("containment.strength", 0.5, at="east")
    for scenario, longer in ((base, 0.0), (held, 5.0), (held.change("stay.days", 50), 10.0)):
        go = rates(scenario, "depart")
        east, west = (go["south_town", 0, f"south_town>{via}:road"] for via in ("east", "west"))
        assert east / west == pytest.approx(np.exp(-0.2 * longer))


def test_changing_the_mode_costs_each_time(tmp_path: Path) -> None:
    """All come on foot: the coach is boarded, the feet are not."""
    dear = three_places().change("mode.board", -1, at="mode:bus")
    dearer = dear.change("mode.board", -1, at="mode:walk")
    links = [("middle_town", 0, f"{WAY}:{mode}") for mode in ("bus", "walk")]
    base, one, other = (
        np.divide(*(rates(s.without("checkpoints"), "depart")[link] for link in links))
        for s in (three_places(), dear, dearer)
    )
    assert one / base == pytest.approx(np.exp(-1))
    assert other / base == pytest.approx(np.exp(-1))


def test_a_coach_passes_the_checks_between(tmp_path: Path) -> None:
    """Through a village on the road with its own check: stopped there if not stopped before."""
    village = {
        "id": "village", "name": "Village", "country": "MX", "lat": 24, "lon": -99,
        "kind": "waypoint", "admin1": "North",
    }  # fmt: skip
    road = {"mode": "road", "distance_km": 450, "typical_hours": 10, "method": "assumed"}
    scenario = variant(
        tmp_path / "village",
        places=[village],
        links=[
            {"from": "middle_town", "to": "village"} | road,
            {"from": "village", "to": "north_crossing"} | road,
        ],
        settings=[
            {"parameter": "checkpoint.chance", "at": "village", "value": 0.4, "unit": "prob"},
            {"parameter": "mode.open", "at": "mode:road", "value": 0, "unit": "share"},
            {"parameter": "mode.open", "at": "mode:walk", "value": 0, "unit": "share"},
        ],
    )
    scenario = scenario.change("mode.open", 1, at="mode:walk").change(
        "link.open", 0, at=f"{WAY}:walk"
    )
    stop, go = rates(scenario, "stop"), rates(scenario, "depart")
    onward = go["middle_town", 0, f"{WAY}:bus"] / (0.75 * 0.6)
    assert stop["middle_town", 0, "middle_town"] == pytest.approx(onward * 0.25)
    assert stop["middle_town", 0, "village"] == pytest.approx(onward * 0.75 * 0.4)


@pytest.mark.parametrize("people", [1.0, 50.0, 400.0])
def test_stops_saturate(people: float) -> None:
    """The day's stops settle at K (1 - exp(-q X / K))."""
    capacity, chance = 40.0, 0.2
    values = {"checkpoint.capacity": np.array([capacity])}
    stopped = chance * people
    for _ in range(200):
        day = Day(None, 1.0, np.array([[stopped]]))
        stopped = (stopped + chance * people * saturate(day, values)["stop"][0, 0]) / 2
    assert stopped == pytest.approx(capacity * -np.expm1(-chance * people / capacity), rel=1e-6)


def test_a_check_without_capacity_stops_as_one_that_is_empty() -> None:
    day = Day(None, 1.0, np.zeros((1, 1)))
    assert saturate(day, {"checkpoint.capacity": np.zeros(1)})["stop"].tolist() == [[1.0]]


def test_transfer_takes_its_share_and_retry_falls() -> None:
    """Held 3 days; 0.95 of 0.6 moved; 0.8, 0.64 and 0.512 of the moved start again."""
    leaving = -np.log(1 - 1 / 3)
    base = three_places()
    moved = rates(base, "transfer")["north_crossing", 0, "middle_town"]
    assert moved == pytest.approx(leaving * 0.6 * 0.95)
    assert rates(base, "deport")["north_crossing", 0, "north_crossing"] == pytest.approx(
        leaving * 0.05
    )
    again = rates(base, "retry")
    assert [again["middle_town", k, "middle_town"] / 36.0 for k in (0, 1, 2)] == (
        pytest.approx([0.8, 0.64, 0.512])
    )
    settle, home = (
        rates(base, f"moved_{way}")["middle_town", 1, "middle_town"] for way in ("settle", "home")
    )
    assert settle == pytest.approx(home)
    assert settle + home == pytest.approx(36.0 * (1 - 0.64))


def test_seats_hold_transfers_back() -> None:
    runs = simulate(three_places().without(QUIET).change("transfer.seats", 1), members=3, seed=1)
    moved = runs["transfers"].sum("place")
    assert (moved <= runs["month"].dt.days_in_month).all()
    assert moved.sum() > 100


def test_containment_lets_those_with_papers_go() -> None:
    """Strength 0.5 and papers 0.2: leaving falls to 1 - 0.5 * 0.8 = 0.6 of what it was."""
    base = three_places()
    held = base.change("containment.strength", 0.5, at="middle_town").change(
        "containment.papers", 0.2
    )
    name = ("middle_town", 0, f"{WAY}:bus")
    assert rates(held, "depart")[name] == pytest.approx(0.6 * rates(base, "depart")[name])
    off = held.without("containment")
    assert rates(off, "depart")[name] == pytest.approx(rates(base, "depart")[name])


def test_a_mode_half_closed_is_half_as_likely_against_another() -> None:
    base = three_places()
    half = base.change("mode.open", 0.5, at="mode:bus")
    coach, foot = (("middle_town", 0, f"{WAY}:{mode}") for mode in ("bus", "walk"))
    was, now = rates(base, "depart"), rates(half, "depart")
    assert now[coach] / now[foot] == pytest.approx(0.5 * was[coach] / was[foot])
    shut = rates(base.change("mode.open", 0, at="mode:bus"), "depart")
    assert shut[coach] == 0


def test_a_link_closes_and_opens_by_date() -> None:
    base, coach = three_places(), ("middle_town", 0, f"{WAY}:bus")
    january, march, may = (rates(base, "depart", day)[coach] for day in (0, 70, 130))
    assert march == 0
    assert january == may > 0


def test_clearance_moves_some_and_scatters_others() -> None:
    cleared = (
        three_places()
        .change("clearance.rate", 0.4, at="north_crossing")
        .change("clearance.moved", 0.25)
    )
    assert rates(cleared, "clear_move")["north_crossing", 0, "middle_town"] == pytest.approx(0.1)
    assert rates(cleared, "clear_scatter")["north_crossing", 0, "north_crossing"] == pytest.approx(
        0.3
    )


def with_parole(folder: Path):
    airport = {"country": "CU", "lat": 23, "lon": -82, "kind": "airport", "roles": "origin"}
    arrival = {
        "country": "US",
        "lat": 26,
        "lon": -80,
        "kind": "airport",
        "roles": "arrival_airport",
    }
    link = {"from": "island", "to": "coast", "mode": "passenger_air", "distance_km": 400,
            "typical_hours": 1.5, "method": "assumed"}  # fmt: skip
    months = [f"2024-0{m}" for m in range(1, 7)]
    return variant(
        folder,
        places=[
            {"id": "island", "name": "Island"} | airport,
            {"id": "coast", "name": "Coast"} | arrival,
        ],
        links=[link],
        inflows=[
            {"month": m, "place": "island", "group": "OTH-adult", "route": "parole", "persons": 310}
            for m in months
        ],
        settings=[
            {"parameter": "parole.airport", "at": "coast", "value": 1, "unit": "weight"},
            {"parameter": "parole.open", "value": 1, "unit": "0/1", "until": "2024-04-01"},
            {"parameter": "parole.seats", "value": 5, "unit": "persons/day"},
            {"parameter": "parole.diverted", "value": 0.3, "unit": "share"},
        ],
    ).without(QUIET)


def test_parole_flies_up_to_its_seats_and_diverts_when_closed(tmp_path: Path) -> None:
    """310 a month ask for 5 seats a day; from April on three in ten take the land route instead."""
    runs = simulate(with_parole(tmp_path / "parole"), mode="expected").isel(scenario=0, member=0)
    flown = runs["parole_arrivals"].sum("group").values
    np.testing.assert_allclose(flown[1:3], [5 * 29, 5 * 31])
    assert flown[3:].sum() == pytest.approx(0, abs=1e-6)
    closed = simulate(three_places().without(QUIET), mode="expected").isel(scenario=0, member=0)
    more = (runs["entries"] - closed["entries"]).sum("group").values
    np.testing.assert_allclose(more, [0, 0, 0, 93, 93, 93], atol=0.1)


def test_appointments_only_from_the_area() -> None:
    base = three_places()
    assert rates(base, "request")["north_crossing", 0, "north_crossing"] == pytest.approx(0.1)
    assert rates(base, "request")["middle_town", 0, "middle_town"] == 0
    south = base.change("appointment.eligible", 1, at="middle_town", since="2024-02-01")
    assert rates(south, "request", day=40)["middle_town", 0, "middle_town"] == pytest.approx(0.1)


def test_asylum_takes_its_time_in_two_stages() -> None:
    """Sixty days in two stages of thirty; half of the ended ones settle."""
    base, stage = three_places(), -np.log(1 - 1 / 30)
    name = ("middle_town", 0, "middle_town")
    assert rates(base, "apply")[name] == pytest.approx(0.01)
    assert rates(base, "asylum_advance")[name] == pytest.approx(stage)
    assert rates(base, "asylum_settle")[name] == pytest.approx(stage / 2)
    assert rates(base, "asylum_resume")[name] == pytest.approx(stage / 2)


def test_border_outcomes_share_those_who_cross() -> None:
    """15 % unseen, 4 in 10,000 die, doubled; 2 days held; 20 % removed, 10 % sent back."""
    base = three_places().without("checkpoints")
    way = ("north_crossing", 0, "north_crossing>north_sector:border_crossing")
    crossing = -np.log(1 - 1 / 10)
    met, unseen, dead = (rates(base, kind)[way] for kind in ("encounter", "evade", "die_crossing"))
    assert unseen / met == pytest.approx(0.15 / 0.85)
    assert dead == pytest.approx(crossing * 0.0008)
    assert met + unseen + dead == pytest.approx(crossing)
    out, sector = np.log(2), ("north_sector", 0, "north_sector")
    assert rates(base, "border_remove")[sector] == pytest.approx(out * 0.2)
    assert rates(base, "border_release")[sector] == pytest.approx(out * 0.7)
    assert rates(base, "expel_retry")[sector] == pytest.approx(out * 0.05)


def test_crossing_factor_slows_crossing_only() -> None:
    base = three_places()
    slow = base.change("crossing.factor", 0.25, at="north_sector")
    way = ("north_crossing", 0, "north_crossing>north_sector:border_crossing")
    assert rates(slow, "encounter")[way] == pytest.approx(0.25 * rates(base, "encounter")[way])
    coach = ("middle_town", 0, f"{WAY}:bus")
    assert rates(slow, "depart")[coach] == pytest.approx(rates(base, "depart")[coach])


def test_removal_is_held_by_its_seats() -> None:
    runs = simulate(three_places().without(QUIET).change("removal.seats", 0.5), members=4, seed=1)
    by_group = runs["removals"].groupby("group").sum()
    assert float(by_group.sum(["member", "group", "scenario"]).max()) <= 4 * 2 * (31 * 0.5 + 31)
    whole = simulate(three_places().without(QUIET), members=4, seed=1)
    assert float(runs["removals"].sum()) < 0.5 * float(whole["removals"].sum())


def test_visible_crowd_is_who_exceeds_the_shelters() -> None:
    """In the expected run: the mean over days of people beyond 200 places, never below zero."""
    runs = simulate(three_places().without(QUIET), mode="expected").isel(scenario=0, member=0)
    np.testing.assert_allclose(
        runs["visible_crowd"], runs["shelter_shortfall"].sel(place="north_crossing")
    )
    staying = runs["waiting"].sel(place="north_crossing").sum("group")
    held = runs["held"].sel(place="north_crossing")
    np.testing.assert_allclose(runs["visible_crowd"][2:], (staying - held - 200)[2:], rtol=1e-4)
    bigger = simulate(three_places().without(QUIET).change("shelter.places", 1e6), mode="expected")
    assert float(bigger["visible_crowd"].max()) == 0


def test_recorded_deaths_are_the_true_ones_over_the_undercount() -> None:
    runs = simulate(three_places(), mode="expected")
    np.testing.assert_allclose(runs["deaths_recorded"] * 2, runs["deaths"])
    assert float(runs["deaths"].sum()) > 0
    assert float(simulate(three_places().without("harm"), mode="expected")["deaths"].sum()) == 0


def test_kept_appointments_vary_by_month_about_their_slots() -> None:
    """Noise of mean one and of the coefficient of variation stated, the same for a whole month."""
    base = three_places()
    slots = [name for name, *_ in compile_scenario(base).noise.limits].index("appointment.slots")
    noise = compile_scenario(base.change("appointment.shock", 0.1)).noise
    luck = Luck(1, np.arange(10_000), 0, True)
    kept = noise.of(luck, "2024-02", 0).limit[:, slots]
    assert kept.mean() == pytest.approx(1, abs=4 * 0.1 / 100)
    assert kept.std() == pytest.approx(0.1, rel=0.04)
    assert (kept != noise.of(luck, "2024-03", 0).limit[:, slots]).all()
    none = compile_scenario(base).noise.of(luck, "2024-02", 0).limit[:, slots]
    assert (none == none[0]).all()
    meant = noise.of(luck._replace(stochastic=False), "2024-02", 0).limit[:, slots]
    assert (meant == 1).all()


def test_kidnapping_is_counted_and_moves_nobody() -> None:
    program = compile_scenario(three_places())
    rows = program.space.of("kidnap")
    np.testing.assert_array_equal(program.space.source[rows], program.space.target[rows])


@pytest.mark.parametrize(
    ("rule", "measure"),
    [
        ("checkpoints", "stops"), ("transfers", "transfers"),
        ("entries", "entries"), ("departure", "passages"), ("border", "removals"),
        ("crowd", "shelter_shortfall"), ("harm", "kidnappings"),
        ("asylum", "asylum_applications"), ("removal", "removals"),
        ("removal", "returns_by_transit"),
    ],
)  # fmt: skip
def test_a_rule_can_be_switched_off(rule: str, measure: str) -> None:
    on, off = (
        float(simulate(s, mode="expected")[measure].sum())
        for s in (three_places(), three_places().without(rule))
    )
    assert on > 10
    assert off == pytest.approx(0, abs=1e-9)


def test_attrition_can_be_switched_off() -> None:
    place = ("north_crossing", 0, "north_crossing")
    for kind in ("settle", "home"):
        assert rates(three_places(), kind)[place] == pytest.approx(0.001)
        assert rates(three_places().without("attrition"), kind)[place] == 0


def test_shelter_places_count_from_the_day_they_open() -> None:
    base = three_places().without(QUIET)
    opened = base.change("shelter.places", 1e6, at="north_crossing", since="2024-05-01")
    runs = simulate([base, opened], mode="expected").isel(member=0)
    crowd = runs["visible_crowd"]
    np.testing.assert_array_equal(crowd[0, :4], crowd[1, :4])
    assert (crowd[0, 4:] > 0).all()
    assert (crowd[1, 4:] == 0).all()


def test_counting_changes_from_the_day_it_does() -> None:
    base = three_places().without(QUIET)
    twice = base.change("stop.count", 2, since="2024-03-01")
    events = simulate([base, twice], mode="expected")["stops"].sum(["place", "group"])
    ratio = (events[1] / events[0]).isel(member=0).values
    np.testing.assert_allclose(ratio, [1, 1, 2, 2, 2, 2], rtol=1e-6)
