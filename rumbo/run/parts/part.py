"""One part of a run: some of its chunks of members, the same whoever runs them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rumbo.files.faults import Fault, Faults
from rumbo.run.workers import Members

OPTION = "--part"


class RunPart(NamedTuple):
    """A part of a run.

    Attributes
    ----------
    number
        Which it is, from 1.
    of
        How many there are.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """Return it as it is asked for."""
        return f"{self.number}/{self.of}"

    def among(self, chunks: Sequence[Members]) -> Sequence[Members]:
        """Return its chunks: those next to one another, which share most of what runs them.

        Parameters
        ----------
        chunks
            Those of the whole run.

        Raises
        ------
        Faults
            If there are fewer chunks than parts.
        """
        if self.of > len(chunks):
            message = f"the run falls into {len(chunks)} chunks of members, got {self.of} parts"
            cure = f"Ask for at most {len(chunks)} parts, or for more members"
            raise Faults([Fault(OPTION, 0, message, cure)])
        first, end = ((n * len(chunks)) // self.of for n in (self.number - 1, self.number))
        return chunks[first:end]


def read_part(text: str) -> RunPart:
    """Return a part as it is written: number, stroke, how many.

    Parameters
    ----------
    text
        Such as ``3/20``.

    Raises
    ------
    Faults
        If it has another form, or the number is none of them.
    """
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    part = RunPart(*map(int, match.groups())) if match else RunPart(0, 0)
    if not 1 <= part.number <= part.of:
        cure = "Write number/parts, such as 3/20; the first is 1"
        raise Faults([Fault(OPTION, 0, f"'{text}' is no part of a run", cure)])
    return part
