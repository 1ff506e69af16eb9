"""What scenarios have in common is run once: a trunk, and the runs that branch off it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rumbo.engine.step import Luck
from rumbo.run.days import months_of, run_days
from rumbo.run.program import Program
from rumbo.run.result import Months
from rumbo.run.states import State, begin


class Stem(NamedTuple):
    """Where a program branches off.

    Attributes
    ----------
    program
        Number of the program whose days it shares.
    day
        First day on which the two differ; the number of days if they never do.
    """

    program: int
    day: int


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

    def branch(self, program: Program) -> "Offshoot":
        """Return the run of another program, which is the trunk's until it differs."""
        return Offshoot(self, program)

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


class Offshoot:
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
        self._course: Course | None = None

    def going_on(self, program: Program) -> "Offshoot":
        """Return the run of a program that is the same on the days that this one ran."""
        other = Offshoot(self._trunk, program)
        if self._course:
            luck, state, day = self._course.luck, self._course.state, self._course.day
            other._course = Course(program, luck, state, day)
        return other

    @property
    def _run(self) -> Course:
        if self._course is None:
            state = self._trunk.at(self._day) if self._day else None
            self._course = Course(self._program, self._trunk.luck, state, self._day)
        return self._course

    def months(self) -> Months:
        """Run what is left, and put the recorded months together."""
        never = self._day == len(self._program.dates)
        return self._trunk.months() if never else self._run.months()

    def month(self, number: int, end: int) -> Months:
        """Run the days before ``end`` and return a recorded month that ends with them."""
        whose = self._trunk if end <= self._day else self._run
        return whose.month(number, end)


def run_branches(programs: Sequence[Program], luck: Luck) -> Iterator[Months]:
    """Run several programs for the same members; days that they share are run once.

    Each goes on from the one before it that it is like for longest.

    Parameters
    ----------
    programs
        The trunk, and those that branch off it or off one another on the first day on which they
        differ.
    luck
        Seed and members.

    Yields
    ------
    dict of str to numpy.ndarray
        Recorded months of each program.
    """
    stems, end = stems_of(programs), len(programs[0].dates)
    states, whole = dict[Stem, State](), dict[int, Months]()
    for n, (program, stem) in enumerate(zip(programs, stems, strict=True)):
        later = stems[n + 1 :]
        if stem.day == end:
            months = whole[stem.program]
        else:
            course = Course(program, luck, _taken(states, stem, later), stem.day)
            states |= _passed(course, {one for one in later if one.program == n} - {Stem(n, end)})
            months = course.months()
            del course  # states of many members are large: each goes as soon as nobody needs it
        whole = {m: own for m, own in {**whole, n: months}.items() if Stem(m, end) in later}
        yield months
        del months


def _taken(states: dict[Stem, State], stem: Stem, later: Sequence[Stem]) -> State | None:
    """Return the state to go on from; it is kept only if a later program needs it too."""
    return states[stem].copy() if stem in later and stem.day else states.pop(stem, None)


def _passed(course: Course, stems: Iterable[Stem]) -> Iterator[tuple[Stem, State]]:
    """Run up to each day on which others branch off, and give the state there."""
    for stem in sorted(stems):
        if stem.day:  # before the first day there may be unlike compartments
            course.to(stem.day)
            yield stem, course.state.copy()


def stems_of(programs: Sequence[Program]) -> list[Stem]:
    """Return what each program branches off.

    Parameters
    ----------
    programs
        Programs of the same days.

    Returns
    -------
    list of Stem
        Of each, the first among those before it that are like it for longest.
    """
    stems = [Stem(0, 0)]
    for n, program in enumerate(programs[1:], 1):
        stem = Stem(0, program.differs_from(programs[0]))
        for m in range(1, n):
            if stems[m] == stem:  # both left the same program on the same day
                day = program.differs_from(programs[m], stem.day)
                stem = Stem(m, day) if day > stem.day else stem
        stems.append(stem)
    return stems
