"""What a test of a claim found, and what all tests of it give together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SERIES = re.compile(r"(?P<measure>\w+)(\.(?P<component>\w+))?(@(?P<area>[^/]+))?(/(?P<who>\w+))?")
"""A series of figures as an argument of a test writes it."""

SUPPORTED, CONTRADICTED, MIXED, OPEN = "supported", "contradicted", "mixed", "open"
AS_ASSUMED, LOCAL, NOT_COMPUTABLE = "as_assumed", "local", "not_computable"

VERDICTS = (SUPPORTED, AS_ASSUMED, MIXED, LOCAL, OPEN, CONTRADICTED, NOT_COMPUTABLE)
"""What may be said of a claim: ``as_assumed`` is consistent with what a model was told, ``local``
is contradicted as a whole and supported in a part."""

DATA, PRIOR, FIGURES, NOBODY = "data", "prior", "figures", "nobody"

SPEAKERS = (DATA, PRIOR, FIGURES, NOBODY)
"""Who speaks: what was counted; a model that says what was assumed; a model whose sizes the figures
narrowed; nobody."""


class Statistic(NamedTuple):
    """A number that a verdict rests on.

    Attributes
    ----------
    name
        What it is; pages have words for it.
    of
        Of what: an area, a month, a lever; empty where there is one alone.
    value
        The number.
    low, high
        Ends of its 90 % range, or of what editions, estimates or roundings leave open.
    unit
        How it is printed: ``log`` (a change, as %), ``share``, ``points``, ``count`` (of people),
        ``number`` (of other things), ``ratio``, ``miles``, ``days`` or ``spreads``.
    """

    name: str
    of: str
    value: float
    low: float
    high: float
    unit: str


class Foreseen(NamedTuple):
    """A month that had been forecast, and what came.

    Attributes
    ----------
    day
        As of which the forecast was made, ISO.
    series, month
        What is counted, and when.
    ends
        Quantiles of the forecast at 5, 25, 50, 75 and 95 %.
    came
        The count.
    rank
        Probability that the forecast gave to counts up to it.
    """

    day: str
    series: str
    month: str
    ends: tuple[float, ...]
    came: float
    rank: float


class Seen(NamedTuple):
    """A published month beside a forecast."""

    series: str
    month: str
    value: float


@dataclass(frozen=True)
class Finding:
    """What one test of a claim found.

    Attributes
    ----------
    part
        Name of the test among those of the claim.
    test
        Kind of the test.
    outcome
        A verdict, ``open`` where the thresholds decide nothing, or ``not_computable``.
    speaks
        Who speaks.
    statistics
        What it rests on.
    why
        Key of the reason where it could not be computed, with the values of its words.
    foreseen, seen
        Months forecast, and months published beside them.
    """

    part: str
    test: str
    outcome: str
    speaks: str = DATA
    statistics: Sequence[Statistic] = ()
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    foreseen: Sequence[Foreseen] = ()
    seen: Sequence[Seen] = ()

    @property
    def computed(self) -> bool:
        """Whether the test could be made."""
        return self.outcome != NOT_COMPUTABLE


@dataclass(frozen=True)
class Judged:
    """A claim and what its tests gave.

    Attributes
    ----------
    id, kind
        As in the corridor's table.
    words, change, limit
        What is claimed, what would change the verdict, and what the tests stand for, by language.
    verdict, speaks
        One of `VERDICTS`, and who says so.
    rule
        How the tests are put together.
    findings
        What each test found.
    thresholds
        Thresholds of each test as they stand in the table, by part, and the day they were fixed.
    made_by, about
        Documents that make the claim, and those that tell of it.
    why
        Key of the reason why there is no verdict, with the values of its words.
    """

    id: str
    kind: str
    words: Mapping[str, str]
    change: Mapping[str, str]
    limit: Mapping[str, str]
    verdict: str
    speaks: str
    rule: str
    findings: Sequence[Finding]
    thresholds: Sequence[tuple[str, str, str, str]]
    made_by: Sequence[Mapping[str, str]]
    about: Sequence[Mapping[str, str]]
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def computed(self) -> bool:
        """Whether there is a verdict."""
        return self.verdict != NOT_COMPUTABLE


RULES = ("every", "all", "weigh", "first", "part")
"""How the tests of a claim are put together, see `put_together`."""


def put_together(rule: str, findings: Sequence[Finding]) -> str:
    """Return what the tests of a claim give together.

    Parameters
    ----------
    rule
        ``every``: one part contradicted contradicts it, all supported support it, and it is open
        as long as one cannot be computed; ``all``: only all contradicted contradict it, and the
        first may support it; ``weigh``: parts that disagree make it mixed; ``first``: the first
        test decides, others stand beside it; ``part``: the first tells of the whole, and where it
        contradicts, others may support it in a part.
    findings
        What each test found, in order.

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    first, outcomes = findings[0].outcome, [one.outcome for one in findings if one.computed]
    if not outcomes or (rule in ("first", "part") and not findings[0].computed):
        return NOT_COMPUTABLE
    if rule == "first":
        return first
    if rule == "part":
        held = any(one.outcome == SUPPORTED for one in findings[1:])
        return LOCAL if first == CONTRADICTED and held else first
    whole = len(outcomes) == len(findings)
    if rule == "all":
        against = whole and set(outcomes) == {CONTRADICTED}
        return CONTRADICTED if against else SUPPORTED if first == SUPPORTED else OPEN
    return _every(outcomes, whole=whole) if rule == "every" else _weighed(outcomes)


def _every(outcomes: Sequence[str], *, whole: bool) -> str:
    if CONTRADICTED in outcomes:
        return CONTRADICTED
    if not whole:
        return OPEN
    for verdict in (SUPPORTED, AS_ASSUMED):
        if set(outcomes) <= {SUPPORTED, verdict}:
            return verdict
    return MIXED if {SUPPORTED, MIXED} & {*outcomes} else OPEN


def _weighed(outcomes: Sequence[str]) -> str:
    decided = {one for one in outcomes if one != OPEN}
    return decided.pop() if len(decided) == 1 else MIXED if decided else OPEN
