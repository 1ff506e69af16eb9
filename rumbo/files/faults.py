"""Faults in the input: one line each, collected so that all are shown together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

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
        """Raise `Faults` if any fault was found."""
        if self._found:
            raise Faults(self.faults)


def misspelt(name: str, known: Sequence[str]) -> str:
    """Return the known name that an unknown one is probably meant to be; empty if none."""
    # 0.6 takes a few wrong letters for a slip; below it, names are merely alike.
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), "") if known else ""


def choose(name: str, known: Sequence[str]) -> str:
    """Say which name to write instead of an unknown one.

    Parameters
    ----------
    name
        The unknown name.
    known
        Names that could be meant.

    Returns
    -------
    str
        A cure such as "Did you mean 'harbour'?" or a list of what is known.
    """
    close = misspelt(name, known)
    if close:
        return f"Write '{close}'" if name.strip() else f"Write one such as '{close}'"
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
