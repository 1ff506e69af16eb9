"""Names of models and of families of series, and what the page of scores tells of."""

from collections.abc import Iterable
from dataclasses import dataclass

from rumbo.report.page.parts import Legend, Mark
from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import Words, capital
from rumbo.report.read.names import plain
from rumbo.report.read.scorecard import Scorecard

DRAWN = (
    "stack",
    "persistence",
    "seasonal-persistence",
    "damped-ets",
    "policy-shock",
    "mechanistic",
)
"""Models that are drawn, in the order of their colours."""

OTHER_HUE = "#8a8a86"


@dataclass(frozen=True)
class ScoreReport:
    """The scores of an evaluation, told in one language."""

    card: Scorecard
    words: Words

    @property
    def titles(self) -> dict[str, str]:
        """Families of series, and the title of each."""
        return {family: _family_title(family, self.words) for family in self.card.families}

    def month_heads(self) -> list[str]:
        """Return the titles of the columns of months ahead."""
        return [capital(ahead_text(self.words, ahead)) for ahead in self.card.shown]


def hue(model: str) -> str:
    """Return the colour of a model."""
    return COLOURS[DRAWN.index(model)] if model in DRAWN else OTHER_HUE


def model_name(model: str, words: Words) -> str:
    """Return the name of a model for readers; its identifier where it has none."""
    return words.maybe(f"kind.{model}", plain(model))


def model_legend(models: Iterable[str], words: Words) -> Legend:
    """Return a legend of models by their colours."""
    return Legend([Mark(model_name(m, words), "kind", f"--hue:{hue(m)}") for m in models])


def ahead_text(words: Words, *months: int) -> str:
    """Return how far ahead one month lies, or several, in words."""
    if months == (1,):
        return words("scorecard.ahead_one")
    return words("scorecard.ahead", months=words.listed([str(each) for each in months]))


def _family_title(family: str, words: Words) -> str:
    """Return the corridor's title of a family of series, or its id as words."""
    return words.maybe(f"target.{family}", capital(plain(family)))
