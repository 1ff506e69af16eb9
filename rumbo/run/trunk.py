"""What scenarios have in common is run once: a trunk, and the runs that branch off it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from rumbo.engine.step import Luck
from rumbo.run.days import months_of, run_days
from rumbo.run.program import Program
from rumbo.run.result import Months
from rumbo.run.states import State, begin


class Course:
    """A program on its way through the days.

    Parameters
    ----------
    program
        The scenario made ready.
    luck
        Seed and members.
    state, day
        Where the run stands, and the day it is to go on from; the first day if not given.
    """

    def __init__(
        self, program: Program, luck: Luck, state: State | None = None, day: int = 0
    ) -> None:
        self.program = program
        self.luck = luck
        self.state = state or begin(program, luck)
        self.day = day

    def to(self, day: int) -> None:
        """Run the days before a day, unless they were run."""
        run_days(self.program, self.state, self.luck, range(self.day, day))
        self.day = max(self.day, day)

    def months(self) -> Months:
        """Run what is left, and put the recorded months together."""
        self.to(len(self.program.dates))
        return months_of(self.program, self.state)

    def month(self, number: int, end: int) -> Months:
        """Run the days before ``end`` and return a recorded month that ends with them."""
        self.to(end)
        month = self.state.recorder.months[number]
        return {name: array[:, None] for name, array in month.items()}


class Trunk:
    """The run that others branch off on the first day on which they differ from it.

    Parameters
    ----------
    program, luck
        What is run, as far as it is asked for.
    marks
        Days at whose start the state is kept when the run comes to them.
    """

    def __init__(self, program: Program, luck: Luck, marks: Iterable[int]) -> None:
        self.program = program
        self.luck = luck
        self._run = Course(program, luck)
        self._marks = sorted(marks)
        self._states: dict[int, State] = {}
        self._asked = 0

    @property
    def held(self) -> int:
        """Bytes of the states that are kept."""
        return sum(state.held for state in self._states.values())

    def to(self, day: int) -> None:
        """Run the days before a day, unless they were run; keep the states at marks on the way."""
        for mark in self._marks:
            if self._run.day < mark <= day:
                self._run.to(mark)
                self._states[mark] = self._run.state.copy()
        self._run.to(day)

    def months(self) -> Months:
        """Run what is left, and put the recorded months together."""
        self.to(len(self.program.dates))
        return self._run.months()

    def month(self, number: int, end: int) -> Months:
        """Run the days before ``end`` and return a recorded month that ends with them."""
        self.to(end)
        return self._run.month(number, end)

    def branch(self, program: Program) -> "Branch":
        """Return the run of another program, which is the trunk's until it differs."""
        return Branch(self, program)

    def at(self, day: int) -> State:
        """Return a copy of the state at the start of a day; that of the day asked last is kept."""
        if day not in self._states:
            self.to(day)
            state = self._run.state.copy() if self._run.day == day else self._again(day)
            if day == len(self.program.dates):
                return state
            self._states.pop(self._asked, None)
            self._asked, self._states[day] = day, state
        return self._states[day].copy()

    def _again(self, day: int) -> State:
        """Run to a day that was passed, from the last state kept before it."""
        start = max((mark for mark in self._states if mark <= day), default=0)
        state = self._states[start].copy() if start else None
        run = Course(self.program, self.luck, state, start)
        run.to(day)
        return run.state


class Branch:
    """A run that is its trunk's until the first day on which the two differ.

    Parameters
    ----------
    trunk
        What it branches off.
    program
        What is run.
    """

    def __init__(self, trunk: Trunk, program: Program) -> None:
        self._trunk = trunk
        self._program = program
        self._day = program.differs_from(trunk.program)

    @cached_property
    def _run(self) -> Course:
        state = self._trunk.at(self._day) if self._day else None
        return Course(self._program, self._trunk.luck, state, self._day)

    def months(self) -> Months:
        """Run what is left, and put the recorded months together."""
        never = self._day == len(self._program.dates)
        return self._trunk.months() if never else self._run.months()

    def month(self, number: int, end: int) -> Months:
        """Run the days before ``end`` and return a recorded month that ends with them."""
        whose = self._trunk if end <= self._day else self._run
        return whose.month(number, end)


def run_branches(programs: Sequence[Program], luck: Luck) -> Iterator[Months]:
    """Run several programs for the same members; what they share with the first is run once.

    Parameters
    ----------
    programs
        The trunk, and those that branch off it on the first day on which they differ.
    luck
        Seed and members.

    Yields
    ------
    dict of str to numpy.ndarray
        Recorded months of each program.
    """
    first, end = programs[0], len(programs[0].dates)
    days = [program.differs_from(first) for program in programs[1:]]
    course, states = Course(first, luck), dict[int, State]()
    for day in sorted({*days} - {0, end}):
        course.to(day)
        states[day] = course.state.copy()
    shared = course.months()
    del course  # states of many members are large: each goes as soon as nobody needs it
    yield shared
    for n, (program, day) in enumerate(zip(programs[1:], days, strict=True), 1):
        if day == end:
            yield shared
        else:
            again = day in states and day in days[n:]
            state = states[day].copy() if again else states.pop(day, None)
            yield Course(program, luck, state, day).months()
