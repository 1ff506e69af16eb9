"""What a corridor says in its own words: put before the report's, and checked against them."""

from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from rumbo.files.faults import Collector, choose
from rumbo.report.page.words import LANGUAGES, OwnTexts, catalogue

FILE = "words.csv"

FREE = (
    "area.", "caution.", "claims.fixed.", "component.", "household.", "kind.", "licence.",
    "limit.own.", "measure.", "mode.", "month.", "nationality.", "place.", "publisher.",
    "quality.", "record.note.", "region.", "target.", "tested.", "thanks.", "unit.",
)  # fmt: skip
"""Beginnings of the keys of what a corridor names itself; such texts are printed as they are.

``caution.`` and the name of a measure or parameter is said wherever it is printed, such as on what
few people it rests; ``licence.`` and a licence is what it is called; ``record.note.`` and a measure
is said below the record table; ``claims.fixed.`` and a claim's ``why_fixed`` is how that is told;
``publisher.`` and how figures name who published them is how these are called where that is a
description; ``limit.own.`` and a name is a limit of this corridor alone.
``tested.`` and the name of a test, or of a series or figure of one, is what the page says of it.
``thanks.`` and the name of a measure, or any other name, is whom the pages thank;
``month.2024-06`` is what the page of scores says of a month, where it was scored.
"""

TITLED = ("zones", "gates")
"""Roles of components whose titles name the measures of the same names."""


def own_texts(told: Mapping[str, Any]) -> OwnTexts:
    """Return a corridor's own texts, the titles of its components among them as measures.

    Parameters
    ----------
    told
        What a corridor tells of itself: its ``roles`` and ``texts``, if it has any.

    Returns
    -------
    dict
        Texts by key and language.

    Raises
    ------
    Faults
        If a text holds other values than the report puts into it.
    """
    texts, roles = told.get("texts") or {}, told.get("roles") or {}
    faults, warnings = Collector(), Collector()
    check_texts(((0, key, text) for key, text in texts.items()), faults, warnings)
    faults.check()
    titles = {role: texts.get(f"component.{roles.get(role)}") for role in TITLED}
    return {**{f"measure.{role}": title for role, title in titles.items() if title}, **texts}


def check_texts(
    rows: Iterable[tuple[int, str, Mapping[str, str]]], faults: Collector, warnings: Collector
) -> None:
    """Note texts that the report cannot fill, and keys that it does not know.

    Parameters
    ----------
    rows
        Row in the file, key, and text by language.
    faults
        Where is noted what the report cannot print.
    warnings
        Where is noted what it does not use.
    """
    for row, key, texts in rows:
        if key in catalogue():
            _check_values(row, key, texts, faults)
        elif not key.startswith(FREE):
            message = f"key is '{key}', which the report does not know and never prints"
            warnings.add(FILE, row, message, choose(key, [*catalogue(), *FREE]))


def _check_values(row: int, key: str, texts: Mapping[str, str], faults: Collector) -> None:
    expected = _values(catalogue()[key]["en"])
    for language in LANGUAGES:
        found = _values(texts[language])
        if found != expected:
            message = f"'{key}', {language}: the text holds {_listed(found)}, expected "
            cure = f"Start from the report's own text: {catalogue()[key][language]}"
            faults.add(FILE, row, message + _listed(expected), cure.rstrip("."))


def _values(text: str) -> list[str]:
    """Return the names in braces that stand in a text, once each; a broken one as it is."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return [f"braces that do not fit ({error})"]
    return sorted({f"{{{name}}}" for _, name, _, _ in parts if name is not None})


def _listed(values: list[str]) -> str:
    return ", ".join(values) or "nothing in braces"
