"""Runs whose paces are worked out only when their days come to the first that may have one.

What people believe of dated events takes longer to reckon than all the rest of a scenario, and
bears on no day before somebody believes it: months until then are told at once.
"""

from collections.abc import Callable
from functools import cached_property

from rumbo.model.minds.outlook import Outlook, even_until
from rumbo.model.pace import Pacing
from rumbo.run.program import Compiled, Program, paced
from rumbo.run.result import Months
from rumbo.run.trunk import Offshoot, Trunk


class Awaiting:
    """A scenario compiled with an even pace, to which its own is given when it is needed.

    Parameters
    ----------
    compiled
        Makes the scenario ready.
    pace
        Its pace, if it is known.
    """

    def __init__(self, compiled: Callable[[], Compiled], pace: Pacing | None = None) -> None:
        self._compiled = compiled
        self._pace = pace

    @cached_property
    def even(self) -> Compiled:
        """The scenario with an even pace."""
        return self._compiled()

    @cached_property
    def _outlook(self) -> Outlook:
        return self.even.outlook()

    @cached_property
    def since(self) -> int:
        """First day on which its pace may be another."""
        return even_until(self._outlook)

    @cached_property
    def program(self) -> Program:
        """The scenario with its own pace."""
        return paced(self.even, self._outlook).program

    @property
    def pace(self) -> Pacing:
        """Its pace, worked out if need be."""
        return self._pace or self.program.pace

    @property
    def known_pace(self) -> Pacing | None:
        """Its pace, if it was worked out."""
        return self.pace if self._pace or "program" in vars(self) else None


class Unfolding:
    """A run of a changed scenario, whose pace is worked out on the first day that may have one."""

    def __init__(self, trunk: Trunk, awaiting: Awaiting) -> None:
        self._awaiting = awaiting
        self._even = trunk.branch(awaiting.even.program)

    @cached_property
    def _paced(self) -> Offshoot:
        return self._even.going_on(self._awaiting.program)

    def months(self) -> Months:
        """Run what is left, and put the recorded months together."""
        return self._paced.months()

    def month(self, number: int, end: int) -> Months:
        """Run the days before ``end`` and return a recorded month that ends with them."""
        run = self._even if end <= self._awaiting.since else self._paced
        return run.month(number, end)
