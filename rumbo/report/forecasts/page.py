"""Puts a page of scores or of a forecast into its template and writes it whole."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rumbo.files.code import __version__
from rumbo.report.corridor.page import drawing
from rumbo.report.page.parts import Figure, Row
from rumbo.report.page.render import render
from rumbo.report.page.render import write_page as write
from rumbo.report.page.style import COLOURS, Spec
from rumbo.report.page.words import Words
from rumbo.report.read.names import plain

HUES = {
    f"kind.{model}": hue
    for model, hue in zip(
        ("stack", "persistence", "seasonal-persistence", "damped-ets", "policy-shock",
         "mechanistic"),
        COLOURS,
        strict=True,
    )
}  # fmt: skip
"""Colour of each model that is drawn, by the key of its name."""

OWN = {
    "scorecard": {"kind_of_page": "scorecard.kind", "footer": "scorecard.footer"},
    "outlook": {"kind_of_page": "outlook.kind", "footer": "outlook.footer"},
}
"""Words that each kind of page has for those that every page prints."""

OTHER_HUE = "#8a8a86"

FAMILIES = {
    "border-patrol": "scorecard.family.patrol",
    "border-patrol-nationalities": "scorecard.family.patrol_nationalities",
    "border-patrol-sectors": "scorecard.family.patrol_sectors",
    "ports": "scorecard.family.ports",
    "mexico": "scorecard.family.mexico",
    "mexico-nationalities": "scorecard.family.mexico_nationalities",
}
"""Families of series, and their titles."""


def hue(model: str) -> str:
    """Return the colour of a model."""
    return HUES.get(f"kind.{model}", OTHER_HUE)


def model_name(model: str, words: Words) -> str:
    """Return the name of a model for readers; its identifier where it has none."""
    return words.maybe(f"kind.{model}", plain(model))


def ahead_text(words: Words, *months: int) -> str:
    """Return how far ahead one month lies, or several, in words."""
    if months == (1,):
        return words("scorecard.ahead_one")
    return words("scorecard.ahead", months=words.listed([str(each) for each in months]))


def capital(told: str) -> str:
    """Return a text with a capital first letter."""
    return told[:1].upper() + told[1:]


def family_title(family: str, words: Words) -> str:
    """Return the name of a family of series for readers."""
    return words(FAMILIES[family]) if family in FAMILIES else plain(family)


def write_page(
    kind: str,
    told: Row,
    figures: Sequence[Figure],
    specs: dict[str, Spec],
    to: Path,
    words: Words,
) -> Path:
    """Write a page.

    Parameters
    ----------
    kind
        ``scorecard`` or ``outlook``: name of its template, and beginning of the keys of its words.
    told
        Values of the template's names.
    figures
        All figures of the page.
    specs
        Specifications of its charts.
    to
        The file to write; an older one is replaced only when the new one is complete.
    words
        The language.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    shared = {
        "t": _own(words, kind),
        "kind_colours": HUES,
        "version": __version__,
        "drawing": drawing(words, figures, specs),
    }
    return write(to, render(f"{kind}.html", {**told, **shared}, words))


def _own(words: Words, kind: str) -> Callable[..., str]:
    """Return the words of a page that has its own for what it is called and for its foot."""

    def tell(key: str, **values: object) -> str:
        if key.startswith("kind."):
            return model_name(key.removeprefix("kind."), words)
        return words(OWN[kind].get(key, key), **values)

    return tell
