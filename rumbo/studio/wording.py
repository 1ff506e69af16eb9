"""What the server of the studio says, in both languages; and what is refused."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from rumbo.files.faults import Fault, Faults

LANGUAGES = ("en", "es")

OWN, PAGE = "words_desk.csv", "words.csv"
"""Texts of the server, and of the page."""

Text = dict[str, str]
"""A text by language."""


class Refused(Exception):
    """Raised when what is asked cannot be answered.

    Parameters
    ----------
    texts
        Why, sentence by sentence, in both languages.
    """

    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = [*texts]
        super().__init__(" ".join(text["en"] for text in self.texts))


@cache
def texts_in(name: str) -> dict[str, Text]:
    """Return the texts of a table of the studio: key -> language -> text."""
    table = files("rumbo.studio").joinpath(name).read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["key"]: {language: row[language] for language in LANGUAGES} for row in rows}


def said(key: str, **values: object) -> Text:
    """Return a text of the server in both languages, its places filled.

    Parameters
    ----------
    key
        Its key.
    **values
        What is put into its places; a text by language is put in in its language.
    """
    return {
        language: texts_in(OWN)[key][language].format(
            **{name: _in(value, language) for name, value in values.items()}
        )
        for language in LANGUAGES
    }


def _in(value: object, language: str) -> object:
    return value[language] if isinstance(value, dict) else value


def refused(key: str, **values: object) -> Refused:
    """Return what is raised to refuse something, in the words of a key."""
    return Refused([said(key, **values)])


Spanish = Callable[[str], str]
"""Puts a sentence of the package into Spanish, or leaves it as it is."""


def as_it_is(sentence: str) -> str:
    """Return a sentence as it is."""
    return sentence


def told_faults(faults: Faults, spanish: Spanish = as_it_is) -> list[Text]:
    """Return faults that the package found, in both languages as far as it knows them.

    Parameters
    ----------
    faults
        The faults.
    spanish
        Puts their sentences into Spanish.
    """
    return [{"en": str(one), "es": _in_spanish(one, spanish)} for one in faults.faults]


def _in_spanish(one: Fault, spanish: Spanish) -> str:
    where = f"{one.file}, fila {one.row}" if one.row else one.file
    return f"{where}: {spanish(one.message)}. {spanish(one.cure)}."
