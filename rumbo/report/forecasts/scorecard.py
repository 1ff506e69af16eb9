"""The page of scores: whether the published forecast beats same-as-last-month, and where not."""

import os
from datetime import date
from pathlib import Path

from rumbo.files.code import __version__
from rumbo.report.charts.forecasts import scorecard_specifications
from rumbo.report.corridor.statements import Statement
from rumbo.report.forecasts.held import cover_sentences, held_figures, held_table
from rumbo.report.forecasts.page import ahead_text, capital, family_title, write_page
from rumbo.report.forecasts.skill import (
    absolute_tables,
    other_table,
    ratio_figure,
    skill_tables,
    weights_figure,
)
from rumbo.report.page.parts import Row
from rumbo.report.page.style import colour
from rumbo.report.page.words import Words
from rumbo.report.read.ratios import Estimate, ratio, ratio_text
from rumbo.report.read.scorecard import HEADLINE, STACK, Scorecard, read_scorecard

PARTS = {
    "statements": "part.statements",
    "skill": "scorecard.part.skill",
    "held": "scorecard.part.held",
    "weights": "scorecard.part.weights",
    "limits": "scorecard.part.limits",
    "cite": "part.cite",
}
"""Parts of the page in their order, and their titles."""

VERDICTS = {
    "below": "scorecard.better",
    "holds": "scorecard.unclear",
    "above": "scorecard.worse",
}
"""By where the range of a ratio lies beside 1: what it is called in short."""

EXPLAINED = {
    "holds": "scorecard.not_clear",
    "above": "scorecard.not_worse",
}
"""The sentence wherever the published forecast does not beat same-as-last-month."""

DOMINANT = ("2025-01", "2025-02")
"""Months of the steepest change of policy on record; where scored, they weigh most."""


def write_scorecard(
    folder: str | os.PathLike[str], to: str | os.PathLike[str], language: str = "en"
) -> Path:
    """Write one HTML file that tells how well forecasts did in the past.

    Parameters
    ----------
    folder
        What ``rumbo.forecast`` evaluated into: it holds ``skill.csv``, ``scores.csv`` and
        ``weights.csv``.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If a table is missing, cannot be read or cannot be true; then nothing is written.
    ValueError
        If the language is unknown.
    """
    words = Words(language)
    card = read_scorecard(Path(folder))
    titles = {family: family_title(family, words) for family in card.families}
    ratios, weights = ratio_figure(card, titles, words), weights_figure(card, titles, words)
    covers = held_figures(card, titles, words)
    drawn = {"ratios": ratios, "covers": covers, "weights": weights}
    told = {**drawn, **_texts(card, titles, words), **_tables(card, titles, words)}
    figures, specs = [ratios, *covers, weights], scorecard_specifications(words)
    return write_page("scorecard", told, figures, specs, Path(to), words)


def _texts(card: Scorecard, titles: dict[str, str], words: Words) -> Row:
    return {
        "title": words("scorecard.title"),
        "about": words("scorecard.about"),
        "period": _period(card, words),
        "facts": _facts(card, words),
        "statements": [_statement(card, family, titles[family], words) for family in titles],
        "not_better": not_better(card, titles, words),
        "cover_sentences": cover_sentences(card, titles, words),
        "dominant": bool(set(DOMINANT) & set(card.scores["month"])),
        "citation": words("scorecard.cite", version=__version__, period=_period(card, words)),
        "sections": [(part, words(title)) for part, title in PARTS.items()],
        "notes": [],
    }


def _tables(card: Scorecard, titles: dict[str, str], words: Words) -> Row:
    return {
        "skill_tables": skill_tables(card, titles, HEADLINE, words),
        "natural_tables": skill_tables(card, titles, "relative_wis_natural", words),
        "other": other_table(card, titles, words),
        "absolute_tables": absolute_tables(card, titles, words),
        "held_table": held_table(card, titles, words),
    }


def _period(card: Scorecard, words: Words) -> str:
    ends = (date.fromisoformat(f"{card.origins[n]}-01") for n in (0, -1))
    first, last = (words.month(end) for end in ends)
    return words("period", first=first, last=last)


def _facts(card: Scorecard, words: Words) -> list[tuple[str, str]]:
    published = card.scores[card.scores["model"] == STACK]
    return [
        (words("scorecard.fact.origins"), _period(card, words)),
        (words("scorecard.fact.count"), words.digits(len(card.origins))),
        (words("scorecard.fact.cells"), words.digits(len(published))),
        (words("scorecard.fact.models"), words.digits(len(card.models))),
        (words("fact.version"), __version__),
    ]


def _found(card: Scorecard, family: str) -> list[tuple[int, Estimate]]:
    """Return the published forecast's ratio at each month ahead that sentences tell of."""
    pairs = ((ahead, ratio(card, family, ahead, STACK, HEADLINE)) for ahead in card.shown)
    return [(ahead, found) for ahead, found in pairs if found is not None]


def _statement(card: Scorecard, family: str, title: str, words: Words) -> Statement:
    """Return at which months ahead the published forecast beats same-as-last-month."""
    found = _found(card, family)
    parts = []
    for verdict, key in VERDICTS.items():
        months = [ahead for ahead, each in found if each.against(1.0) == verdict]
        if months:
            parts.append(words(key, months=ahead_text(words, *months)))
    told = [
        words("scorecard.at", ahead=ahead_text(words, ahead), ratio=ratio_text(each, words))
        for ahead, each in found
    ]
    sentence = words("scorecard.told", ratios="; ".join(told))
    short = "; ".join(parts) if found else words("scorecard.none")
    return Statement(title, capital(short), sentence if found else "", colour(0))


def not_better(card: Scorecard, titles: dict[str, str], words: Words) -> list[tuple[str, str]]:
    """Return a paragraph for each family in which the published forecast does not win throughout.

    Parameters
    ----------
    card
        The scores.
    titles
        Titles of families.
    words
        The language.

    Returns
    -------
    list of tuple of str
        Title of the family, and the paragraph.
    """
    found = {title: _found(card, family) for family, title in titles.items()}
    told = {title: _explained(each, words) for title, each in found.items()}
    return [(title, paragraph) for title, paragraph in told.items() if paragraph]


def _explained(found: list[tuple[int, Estimate]], words: Words) -> str:
    sentences = [
        _sentence(key, lying, words)
        for verdict, key in EXPLAINED.items()
        if (lying := [pair for pair in found if pair[1].against(1.0) == verdict])
    ]
    even = [ahead for ahead, one in found if one.against(1.0) == "holds" and one.value >= 1.0]
    if even:
        sentences.append(words("scorecard.not_even", ahead=capital(ahead_text(words, *even))))
    return " ".join(sentences)


def _sentence(key: str, found: list[tuple[int, Estimate]], words: Words) -> str:
    months = ahead_text(words, *(ahead for ahead, _ in found))
    ratios = words.listed([ratio_text(one, words) for _, one in found])
    return words(key, ahead=capital(months), ratios=ratios)
