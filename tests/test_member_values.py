"""The values that members hold: where the rows say, and what rates become with them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from helpers import three_places, variant
from scipy import stats

import rumbo
from rumbo.engine.step import Luck
from rumbo.model.noise import ENTRIES
from rumbo.run.program import Program, compile_scenario
from rumbo.scenario.calendar import resolve
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.values.held import hold, off_bound, ranged
from rumbo.scenario.values.history import build_history
from rumbo.scenario.values.ranges import Z90, scale_of

Cell = tuple[int, ...]

OF_ENTRIES = {name for family in ENTRIES for name, _ in family.unsure}


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load("darien-rio-bravo")


@pytest.fixture(scope="module")
def program(bundled: Scenario) -> Program:
    return compile_scenario(bundled)


def pairs_of(program: Program) -> set[tuple[str, str]]:
    return {pair for doubts in program.noise.doubts for pair in doubts}


def holding(program: Program, z: np.ndarray) -> Program:
    """Return a program whose members stand at the same places in every range that is drawn."""
    values = dict.fromkeys(pairs_of(program), z)
    fitted = Posterior("any", date(2024, 1, 1), ("2024-01",), ("OTH",), values, {})
    return replace(program, noise=replace(program.noise, posterior=fitted))


def luck(members: int) -> Luck:
    return Luck(7, np.arange(members), 0, True)


# Which ranges are drawn


@pytest.mark.long
def test_all_are_drawn_but_those_that_no_factor_can_move(
    bundled: Scenario, program: Program
) -> None:
    read = {name for family in (*program.noise.families, *ENTRIES) for name, _ in family.unsure}
    read |= {name for name, *_ in program.noise.limits} | {*program.noise.apart}
    read |= {family.spared for family in program.noise.families}
    read = {name for name in read - {""} if PARAMETERS[name].rule in bundled.header.rules}
    meant = {(name, lever) for name, lever in ranged(bundled.settings) if name in read}
    left = set(off_bound(bundled.settings))
    assert len(meant & left) > 2
    assert pairs_of(program) == meant - left


def test_who_seeks_a_shelter_is_each_members_own_and_moves_nobody(tmp_path: Path) -> None:
    """Not one of a few sets, whose weights come of figures that tell nothing of it."""
    said = {"at": "middle_town", "source": "assumed", "quality": "assumed"}
    seek = said | {"parameter": "shelter.seek", "value": 0.4, "unit": "share"}
    none = {"parameter": "shelter.places", "since": "2024-01-01", "value": 0, "unit": "places"}
    sure, unsure = (
        variant(tmp_path / name, settings=[seek | ends, said | none])
        for name, ends in (("sure", {}), ("unsure", {"low": 0.2, "high": 0.7}))
    )
    runs = [rumbo.simulate(one, members=24, seed=3, workers=1) for one in (sure, unsure)]
    for name in {*runs[0].data_vars} - {"shelter_shortfall", "visible_crowd"}:
        np.testing.assert_array_equal(*(one[name] for one in runs))
    short = [one["shelter_shortfall"].sel(place="middle_town").squeeze().values for one in runs]
    sought = 0.4 * (short[1] / short[0]).mean(axis=1)
    assert len(np.unique(sought.round(4))) == 24
    assert 0.2 < np.quantile(sought, 0.2) < 0.4 < np.quantile(sought, 0.8) < 0.7


# Where members stand


def alone(scenario: Scenario, name: str, day: int) -> Iterator[tuple[Setting, Cell]]:
    """Go through the cells of a parameter in which one row with a range rules, and that row."""
    rows = [s for s in each_setting(scenario.settings_in_force) if s.parameter == name]
    history = build_history(PARAMETERS[name], rows, scenario.selectors)
    ruling: dict[Cell, list[Setting]] = {}
    for entry in history.in_force(day):
        here = np.zeros(history.shape, dtype=bool)
        here[entry.cells] = True
        for cell in map(tuple, np.argwhere(here).tolist()):
            kept = ruling.get(cell, []) if entry.setting.operation == "multiply" else []
            ruling[cell] = [*kept, entry.setting]
    for cell, held in ruling.items():
        unsure = [s for s in held if s.low < s.value or s.value < s.high]
        if len(unsure) == 1:
            yield unsure[0], cell


def column(program: Program, name: str, cell: Cell) -> tuple[int, int]:
    """Return the kind of groups, and the place or entry, of a cell among members' values."""
    noise, parameter = program.noise, PARAMETERS[name]
    group = cell[-1] if parameter.by_group else 0
    if name in OF_ENTRIES:
        return 0, int(np.flatnonzero(program.wiring.entry_group == group)[0])
    kind = int(noise.factor_row[group]) if parameter.by_group else 0
    if parameter.over == "link":
        start = program.labels["link"][cell[0]].split(">")[0]
        return kind, noise.place_names.index(start)
    return kind, cell[0] if parameter.over == "place" else 0


def ends_of(row: Setting, middle: float) -> list[float]:
    """Return what a row's low and high make of a value, with whatever else multiplies it."""
    if middle == row.value:
        return [row.low, row.high]
    if not PARAMETERS[row.parameter].odds:
        return [middle / row.value * end for end in (row.low, row.high)]
    by = [end if row.operation == "multiply" else end / (1.0 - end) for end in row[8:11]]
    odds = [middle / (1.0 - middle) * end / by[0] for end in by[1:]]  # value, low, high
    return [one / (1.0 + one) for one in odds]


@pytest.mark.long
def test_nine_members_in_ten_lie_between_the_ends_of_the_row(
    bundled: Scenario, program: Program
) -> None:
    """Every row that is drawn, where it rules alone: within 2 % of the way between its ends.

    On the parameter's scale, of 4,000 members who stand evenly over the normal distribution. An
    end on a bound, such as the one undercount of 1, is never reached and not looked at.
    """
    spread = holding(program, stats.norm.ppf((np.arange(4000) + 0.5) / 4000))
    seen: set[tuple[str, int]] = set()
    for segment, doubts in enumerate(spread.noise.doubts):
        day = int(program.dates[np.argmax(program.segment == segment)].astype(np.int64))
        for name in sorted({name for name, _ in doubts}):
            rows = {(s.file, s.row): (s, cell) for s, cell in alone(bundled, name, day)}
            fresh = {key: rows[key] for key in rows.keys() - seen}
            if not any((name, row.lever) in doubts for row, _ in fresh.values()):
                continue
            middle = spread.noise.middles[segment][name]
            own = middle * spread.noise.own(name, luck(4000), segment)
            found = np.quantile(own, [0.05, 0.95], axis=0)
            scale = scale_of(PARAMETERS[name], "set")
            for key, (row, cell) in fresh.items():
                if (name, row.lever) not in doubts:
                    continue
                k, x = column(program, name, cell)
                at = k % own.shape[1], x % own.shape[2]
                low, high = (scale.onto(float(v)) for v in found[:, *at])
                meant = ends_of(row, float(middle[*at]))
                way = [scale.onto(v) if v not in scale else None for v in meant]
                for end, is_ in zip(way, (low, high), strict=True):
                    assert end is None or abs(is_ - end) < 0.02 * (high - low), (row, found[:, *at])
                seen.add(key)
    assert len(seen) > 50


def test_a_member_holds_what_the_row_holds_at_the_same_place(
    bundled: Scenario, program: Program
) -> None:
    """A level and the factors that multiply it, together: as in settings held there."""
    z = np.array([-1.2, 0.7])
    moved = holding(program, z)
    for at, one in enumerate(z):
        there = replace(
            bundled, settings=hold(bundled.settings, dict.fromkeys(pairs_of(program), one))
        )
        for name in ("checkpoint.chance", "crossing.factor", "harm.undercount", "transfer.seats"):
            for day in (date(2023, 8, 1), date(2024, 5, 1)):
                t = int(np.argmax(program.dates == np.datetime64(day)))
                segment = int(program.segment[t])
                own = moved.noise.own(name, luck(2), segment)[at]
                meant = resolve(there, name, day)
                meant = meant[..., 0] if PARAMETERS[name].by_group else meant
                now = resolve(bundled, name, day)
                now = now[..., 0] if PARAMETERS[name].by_group else now
                np.testing.assert_allclose(now * own[0], meant, rtol=1e-9)


# What rates become


def share_at_the_ends(scenario: Scenario, parameter: str, kind: str, place: str) -> np.ndarray:
    """Return the share of one kind among the exits of where it starts, at both ends of a range."""
    values = {(parameter, ""): np.array([-Z90, Z90])}
    fitted = Posterior(scenario.id, scenario.end, ("2024-01",), ("OTH",), values, {})
    program = compile_scenario(scenario.without("shocks").fitted(fitted))
    space, noise = program.space, program.noise
    of_kind = space.of(kind)
    exits = np.flatnonzero(
        space.source
        == space.source[of_kind[space.at(of_kind) == noise.place_names.index(place)][0]]
    )
    factors = noise.of(luck(2), "2024-01", 0).rate[:, 0, noise.factor_of(space)[exits]]
    weights = factors * program.rate[0][0, exits]
    return weights[:, np.isin(exits, of_kind)].sum(axis=1) / weights.sum(axis=1)


@pytest.mark.parametrize(
    ("parameter", "kind", "place", "ends"),
    [
        ("transfer.share", "transfer", "middle_town", [0.4, 0.8]),
        ("retry.share", "retry", "middle_town", [0.6, 0.9]),
        ("crossing.removed", "border_remove", "north_sector", [0.1, 0.3]),
        ("deport.share", "deport", "north_crossing", [0.02, 0.1]),
    ],
)
def test_of_several_ways_on_a_member_takes_its_own_share(
    parameter: str, kind: str, place: str, ends: list[float]
) -> None:
    base = three_places().change("deport.share", 0) if kind == "transfer" else three_places()
    np.testing.assert_allclose(share_at_the_ends(base, parameter, kind, place), ends, rtol=1e-9)


def test_members_let_go_whom_their_own_containment_does_not_keep(tmp_path: Path) -> None:
    """Strength .5, .2 to .7, of which three in ten are spared: .65 of all go, .86 and .51."""
    rows = [
        {"parameter": "containment.strength", "at": "middle_town", "value": 0.5, "low": 0.2,
         "high": 0.7, "unit": "share"},
        {"parameter": "containment.papers", "value": 0.3, "unit": "share"},
    ]  # fmt: skip
    values = {("containment.strength", ""): np.array([-Z90, Z90])}
    base = variant(tmp_path / "w", settings=rows).without("shocks")
    fitted = Posterior(base.id, base.end, ("2024-01",), ("OTH",), values, {})
    noise = compile_scenario(base.fitted(fitted)).noise
    depart = noise.of(luck(2), "2024-01", 0).rate[:, 0, noise.axis.of("depart")]
    at = noise.place_names.index("middle_town")
    np.testing.assert_allclose(depart[:, at], [0.86 / 0.65, 0.51 / 0.65], rtol=1e-9)
    assert (np.delete(depart, at, axis=1) == 1).all()
    off = compile_scenario(base.without("containment").fitted(fitted)).noise
    assert (off.of(luck(2), "2024-01", 0).rate == 1).all()
