"""What follows from some values is worked out once, wherever these are the same."""

from typing import Any, cast

import numpy as np
import pytest
from folders import THREE_PLACES

import rumbo
from rumbo.engine.arrays import Array
from rumbo.model.rules import Ground, Values
from rumbo.model.rules import travel as going_on
from rumbo.model.rules.noted import Memory, Noted, once
from rumbo.run.program import compile_scenario

GROUND = cast(Ground, None)

SPEED, DAYS = np.array([2.0]), np.array([3.0])


class CountedWork:
    """Works out a way from speed and days, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, values: Values, ground: Ground) -> Array:
        self.times += 1
        return np.asarray(values["speed"] * values["days"])


def test_it_is_worked_out_once_for_the_values_that_it_reads() -> None:
    work, memory = CountedWork(), cast(Memory, {})
    for fare in (1.0, 2.0):
        values = Noted({"speed": SPEED, "days": DAYS, "fare": np.array([fare])}, memory)
        assert once(work, values, GROUND).tolist() == [6.0]
        # What was remembered follows from the same values as what is worked out.
        assert set(values.read) == {"speed", "days"}
    assert work.times == 1
    slower = Noted({"speed": np.array([1.0]), "days": DAYS}, memory)
    assert once(work, slower, GROUND).tolist() == [3.0]
    assert work.times == 2


def test_plain_values_remember_nothing() -> None:
    work = CountedWork()
    for _ in range(2):
        once(work, {"speed": SPEED, "days": DAYS}, GROUND)
    assert work.times == 2


def counting_choices(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note in a list whenever the choice of way is worked out."""
    choose, times = going_on.choose, [0]

    def counted(*given: Any) -> Array:
        times[0] += 1
        return choose(*given)

    monkeypatch.setattr(going_on, "choose", counted)
    return times


@pytest.mark.parametrize(
    ("parameter", "value", "more"), [("crossing.factor", 0.5, 0), ("stay.days", 9.0, 1)]
)
def test_the_choice_of_way_is_worked_out_where_what_it_reads_changes(
    monkeypatch: pytest.MonkeyPatch, parameter: str, value: float, more: int
) -> None:
    base, times = rumbo.load(THREE_PLACES), counting_choices(monkeypatch)
    compile_scenario(base)
    usual, times[0] = times[0], 0
    compile_scenario(base.change(parameter, value, since="2024-02-10", until="2024-02-20"))
    assert times[0] == usual + more
