"""What ``rumbo ask`` says, in the reader's language."""

import csv
import os
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rumbo.cli.terminal import Language
from rumbo.files.faults import Fault


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files("rumbo.cli.asking").joinpath("asked.csv").read_text("utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


class Voice(NamedTuple):
    """Who speaks to the reader: in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled."""
        return _texts()[key][self.language].format(**values)

    def fault(self, where: str, key: str, cure: str, **values: object) -> Fault:
        """Return a fault in this language."""
        return Fault(where, 0, self(key, **values), self(cure, **values))


def voice(language: Language) -> Voice:
    """Return the language to speak: that of the pages, or if they are in both that of the system.

    Parameters
    ----------
    language
        Language of the pages.
    """
    if language is not Language.both:
        return Voice(language.value)
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Voice("es" if next(filter(None, names), "").lower().startswith("es") else "en")
