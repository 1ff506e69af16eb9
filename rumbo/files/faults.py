"""Faults in the input: one line each, collected so that all are shown together."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LISTED = 12
"""Most names that a fault lists."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of the input.

    Attributes
    ----------
    file
        Name of the file, or of the call when the input came from code.
    row
        Line in the file, counted from 1 for the header; 0 when the whole file is meant.
    message
        What is wrong and what was expected.
    cure
        How to mend it.
    """

    file: str
    row: int
    message: str
    cure: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = f"{self.file}, row {self.row}" if self.row else self.file
        return " ".join(f"{where}: {self.message}. {self.cure}.".split())


class Faults(ValueError):
    """Raised when the input cannot be used.

    Parameters
    ----------
    faults
        All faults found, listed together in the text of the exception.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["Faults"], tuple[tuple[Fault, ...]]]:
        """Let the exception pass between processes."""
        return (Faults, (self.faults,))


OLD_RESULT = Fault(
    "result",
    0,
    "it was made by an earlier version and does not say all that pages and files tell of it",
    "Run the scenario again",
)
"""What is said of a result that carries less than one of today."""


class Collector:
    """Gathers faults while input is checked.

    Parameters
    ----------
    most
        Faults of one kind in one file beyond this many are counted, not listed.
    """

    def __init__(self, most: int = 20) -> None:
        self._most = most
        self._found: dict[Fault, None] = {}
        self._beyond: dict[tuple[str, str], int] = {}
        self._kinds: dict[tuple[str, str], int] = {}

    def add(self, file: str, row: int, message: str, cure: str, kind: str = "") -> None:
        """Note a fault; ``kind`` joins faults that are alike, such as all those of one column."""
        key = (file, kind or message)
        self._kinds[key] = self._kinds.get(key, 0) + 1
        if self._kinds[key] <= self._most:
            self._found[Fault(file, row, message, cure)] = None
        else:
            self._beyond[key] = self._beyond.get(key, 0) + 1

    @property
    def faults(self) -> list[Fault]:
        """All faults, by file and row."""
        more = [
            Fault(file, 0, f"{count} more faults like those listed in {kind}", "Mend these first")
            for (file, kind), count in self._beyond.items()
        ]
        return sorted([*self._found, *more])

    def __bool__(self) -> bool:
        """Whether any fault was found."""
        return bool(self._found)

    def check(self) -> None:
        """Refuse what was checked if any fault was found.

        Raises
        ------
        Faults
            All of them together.
        """
        if self._found:
            raise Faults(self.faults)


def misspelt(name: str, known: Sequence[str]) -> str:
    """Return the known name that an unknown one is probably meant to be; empty if none.

    Only what is nearly spelt alike is a slip: a name that is merely like another may mean the
    opposite of it. Names of several parts, such as ``mode:bus``, must be alike part by part.

    Parameters
    ----------
    name
        The unknown name.
    known
        Names that could be meant.

    Returns
    -------
    str
    """
    same = [one for one in known if plain(one) == plain(name)]
    if same or not name.strip():
        return next(iter(same), "")
    near = [(_likeness(name, one), one) for one in known]
    likeness, best = max(near, default=(0.0, ""), key=lambda pair: pair[0])
    return best if likeness >= SLIP else _only_one_with(name, known)


SLIP = 0.75
"""Likeness of two names that takes a wrong or missing letter or two for a slip."""

SHORT = 3
"""Letters of words that are too short to find a longer name by."""

_PARTS = re.compile(r"[.:>@/]")


def plain(name: str) -> str:
    """Return a name without accents, capitals, blanks, hyphens, brackets and quotes."""
    letters = unicodedata.normalize("NFKD", name.casefold()).strip(" []()'\"")
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"[\s_-]+", "-", bare)


def _likeness(name: str, other: str) -> float:
    """Return how alike two names are in the part in which they differ most, 0 to 1."""
    mine, theirs = (_PARTS.split(plain(one)) for one in (name, other))
    if len(mine) != len(theirs):
        return 0.0
    pairs = zip(mine, theirs, strict=True)
    return min(SequenceMatcher(None, one, two).ratio() for one, two in pairs)


def _only_one_with(name: str, known: Sequence[str]) -> str:
    """Return the only known name that holds all words of another, such as ``deal``."""
    words = set(plain(name).split("-"))
    if not all(len(word) > SHORT for word in words):
        return ""
    holding = [one for one in known if words <= set(plain(one).split("-"))]
    return holding[0] if len(holding) == 1 else ""


def choose(name: str, known: Sequence[str], meanings: Mapping[str, str] | None = None) -> str:
    """Say which name to write instead of an unknown one.

    Parameters
    ----------
    name
        The unknown name.
    known
        Names that could be meant.
    meanings
        What they mean, by name, to be said beside a suggestion.

    Returns
    -------
    str
        A cure such as "Write 'harbour'" or a list of what is known.
    """
    close = misspelt(name, known)
    if close:
        meaning = (meanings or {}).get(close)
        return f"Write '{close}'" + (f" ({meaning})" if meaning else "")
    if not known:
        return "None is known here"
    listed = ", ".join(sorted(known)[:LISTED])
    return f"Write one of: {listed}" + (", ..." if len(known) > LISTED else "")


def choose_or_add(name: str, known: Sequence[str], table: str) -> str:
    """Say the same where the name may be right, but lacks its row in a table.

    Parameters
    ----------
    name
        The unknown name.
    known
        Names that could be meant.
    table
        Name of the file to add it to.

    Returns
    -------
    str
    """
    return f"{choose(name, known)}, or add it to {table}" if known else f"Add it to {table}"
