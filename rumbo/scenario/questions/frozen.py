"""People held for nothing: a queue that goes on filling while nobody is let through."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.files.faults import Fault
from rumbo.scenario.arrays import Array
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.settings import each_setting
from rumbo.scenario.tree.levered import Levered
from rumbo.scenario.values.history import History, build_history


class Queue(NamedTuple):
    """What people wait for, by the parameters that fill and empty it.

    Attributes
    ----------
    limit
        How many are let through in a day.
    fill
        Parameters that are all above 0, somewhere and for somebody, where people come to it.
    held
        What each of them has to reach for everybody who comes to be held.
    empty
        The parameter by which people give up; empty if they cannot.
    """

    limit: str
    fill: tuple[str, ...]
    held: float = 0.0
    empty: str = ""


ASKING = ("appointment.request", "appointment.eligible")

QUEUES = (
    Queue("appointment.slots", ASKING, empty="appointment.leave"),
    Queue("parole.seats", ("parole.open",)),
    Queue("transfer.seats", ("transfer.share",), 1.0),
    Queue("removal.seats", ("crossing.removed",), 1.0),
)
"""Every limit that people wait behind who have no other way on."""

SLOW = 1.0 / 30.0
"""Rate of giving up, per day, below which people are held: a month on average; assumed."""


def frozen(scenario: Levered) -> list[Fault]:
    """Return the queues of a scenario in which people are held for nothing.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    list of Fault
        One a queue, with the first day on which nobody is let through though people still come.
    """
    days = (np.datetime64(day, "D") for day in (scenario.start, scenario.end))
    first, last = (int(day.astype(int)) for day in days)
    found = ((queue, _Held(scenario, queue).first(first, last)) for queue in QUEUES)
    return [_told(queue, day) for queue, day in found if day is not None]


def _told(queue: Queue, day: int) -> Fault:
    when, filled = np.datetime64(day, "D"), " and ".join(queue.fill)
    slow = f", and few give up ({queue.empty})" if queue.empty else ""
    message = (
        f"from {when} on {queue.limit} is 0, yet people go on coming to wait for it ({filled})"
        f"{slow}: they are held for nothing"
    )
    raised = f" and raise {queue.empty}" if queue.empty else ""
    cure = f"Set {queue.fill[-1]} to 0{raised} from that day on, or ask a question that does so"
    return Fault(queue.limit, 0, message, f"{cure} (rumbo ask)")


@dataclass(frozen=True)
class _Held:
    """The values of a queue's parameters over time."""

    scenario: Levered
    queue: Queue

    def first(self, start: int, end: int) -> int | None:
        """Return the first day on which people are held for nothing; None if there is none."""
        if self.queue.limit not in {*self.scenario.settings["parameter"]}:
            return None
        histories = {name: self._history(name) for name in self._names()}
        days = {day for one in histories.values() for day in one.dates if start < day <= end}
        return next((day for day in sorted({start, *days}) if self._holds(histories, day)), None)

    def _names(self) -> Iterator[str]:
        yield self.queue.limit
        yield from self.queue.fill
        yield from filter(None, (self.queue.empty,))

    def _history(self, name: str) -> History:
        settings = self.scenario.settings
        rows = settings[settings["parameter"] == name]
        return build_history(PARAMETERS[name], each_setting(rows), self.scenario.selectors)

    def _holds(self, histories: dict[str, History], day: int) -> bool:
        values = {name: one.values(day) for name, one in histories.items()}
        comes = np.ones(1)
        for name in self.queue.fill:
            comes = comes * _by_place(name, values[name] - max(self.queue.held - 1e-9, 0.0))
        stays = not self.queue.empty or not (values[self.queue.empty] > SLOW).any()
        shut = _by_place(self.queue.limit, values[self.queue.limit]) == 0
        return bool(stays and (shut & (comes > 0)).any())


def _by_place(name: str, values: Array) -> Array:
    """Return the largest value of any group: by place, or one that holds everywhere."""
    everywhere = PARAMETERS[name].over == "everywhere"
    rows = values.reshape(1 if everywhere else len(values), -1)
    return np.asarray(np.maximum(rows.max(axis=1), 0.0))
