"""The page of scores: whether the published forecast beats same-as-last-month, and where not."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rumbo.files.code import __version__
from rumbo.report.corridor.limits import cite_section
from rumbo.report.forecasts.held import held
from rumbo.report.forecasts.names import ScoreReport, ahead_text
from rumbo.report.forecasts.skill import skill
from rumbo.report.forecasts.weights import weights
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import (
    Bullets,
    Cards,
    Heading,
    Page,
    Section,
    Statement,
    Text,
    led,
    sections,
)
from rumbo.report.page.render import write_page
from rumbo.report.page.style import colour
from rumbo.report.page.words import Words, capital
from rumbo.report.read.ratios import Estimate, ratio, ratio_text
from rumbo.report.read.scorecard import HEADLINE, STACK, read_scorecard

VERDICTS = {"below": "scorecard.better", "holds": "scorecard.unclear", "above": "scorecard.worse"}
"""By where the range of a ratio lies beside 1: what it is called in short."""

EXPLAINED = {"holds": "scorecard.not_clear", "above": "scorecard.not_worse"}
"""The sentence wherever the published forecast does not beat same-as-last-month."""


def write_scorecard(
    folder: str | os.PathLike[str],
    to: str | os.PathLike[str],
    language: str = "en",
    *,
    corridor: Mapping[str, Any] | None = None,
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
    corridor
        Its ``roles`` and ``texts``, as a result's background carries them; without them series go
        by their ids and the page by words that fit any corridor.

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
    report = ScoreReport(read_scorecard(Path(folder)), Words(language, own_texts(corridor or {})))
    words, card = report.words, report.card
    scored = card.scores[card.scores["model"] == STACK]
    facts = [
        (words("scorecard.fact.origins"), _period(report)),
        (words("scorecard.fact.count"), words.digits(len(card.origins))),
        (words("scorecard.fact.cells"), words.digits(len(scored))),
        (words("scorecard.fact.models"), words.digits(len(card.models))),
        (words("fact.version"), __version__),
    ]
    page = Page(
        title=words("scorecard.title"),
        about=words("scorecard.about"),
        period=_period(report),
        facts=facts,
        version=__version__,
        sections=sections(CHAPTERS, report),
        kind="scorecard.kind",
        footer="scorecard.footer",
    )
    return write_page(page, to, words)


def _period(report: ScoreReport) -> str:
    ends = (date.fromisoformat(f"{report.card.origins[n]}-01") for n in (0, -1))
    first, last = (report.words.month(end) for end in ends)
    return report.words("period", first=first, last=last)


def statements(report: ScoreReport) -> Section:
    """Return whether the published forecast wins, family by family, and where it does not."""
    words = report.words
    ratios = {title: _ratios(report, family) for family, title in report.titles.items()}
    explained = {title: _explained(each, words) for title, each in ratios.items()}
    not_better = [Text(led(title, said)) for title, said in explained.items() if said]
    blocks = [
        Text(words("scorecard.question")),
        Cards([_statement(title, each, words) for title, each in ratios.items()]),
        *([Bullets(over)] if (over := _nowcasts(report)) else []),
        Text(words("scorecard.how_to_read")),
        Text(words("scorecard.what_ranges_hold")),
        Heading(words("scorecard.where_not")),
        *(not_better or [Text(words("scorecard.everywhere"))]),
        Text(words("scorecard.cost")),
    ]
    return Section("statements", words("part.statements"), blocks)


def _ratios(report: ScoreReport, family: str) -> dict[int, Estimate]:
    """Return the published forecast's ratio at each month ahead that sentences tell of."""
    card = report.card
    pairs = ((ahead, ratio(card, family, ahead, STACK, HEADLINE)) for ahead in card.shown)
    return {ahead: estimate for ahead, estimate in pairs if estimate is not None}


def _statement(title: str, ratios: dict[int, Estimate], words: Words) -> Statement:
    """Return at which months ahead the published forecast beats same-as-last-month."""
    if not ratios:
        return Statement(title, capital(words("scorecard.none")), "", colour(0))
    parts = [
        words(key, months=ahead_text(words, *lying))
        for verdict, key in VERDICTS.items()
        if (lying := _lying(ratios, verdict))
    ]
    listed = [
        words("scorecard.at", ahead=ahead_text(words, ahead), ratio=ratio_text(one, words))
        for ahead, one in ratios.items()
    ]
    sentence = words("scorecard.told", ratios="; ".join(listed))
    return Statement(title, capital("; ".join(parts)), sentence, colour(0))


def _nowcasts(report: ScoreReport) -> list[str]:
    """Return of each family at which months ahead some months were over on the day."""
    words, card, told = report.words, report.card, []
    for family, title in report.titles.items():
        cells = {ahead: card.cells(family, ahead, STACK) for ahead in card.horizons}
        over = [ahead for ahead, rows in cells.items() if rows["nowcast"].any()]
        if over:
            months = ahead_text(words, *over)
            told.append(led(title, words("scorecard.nowcasts", months=months)))
    return told


def _lying(ratios: dict[int, Estimate], verdict: str) -> dict[int, Estimate]:
    """Return the ratios whose range lies below 1, above it, or holds it."""
    return {ahead: one for ahead, one in ratios.items() if one.against(1.0) == verdict}


def _explained(ratios: dict[int, Estimate], words: Words) -> str:
    """Return sentences on where the published forecast does not win; empty if it always does."""
    sentences = [
        _sentence(key, lying, words)
        for verdict, key in EXPLAINED.items()
        if (lying := _lying(ratios, verdict))
    ]
    even = [ahead for ahead, one in _lying(ratios, "holds").items() if one.value >= 1.0]
    if even:
        sentences.append(words("scorecard.not_even", ahead=capital(ahead_text(words, *even))))
    return " ".join(sentences)


def _sentence(key: str, ratios: dict[int, Estimate], words: Words) -> str:
    listed = words.listed([ratio_text(one, words) for one in ratios.values()])
    return words(key, ahead=capital(ahead_text(words, *ratios)), ratios=listed)


def limits(report: ScoreReport) -> Section:
    """Return what the scores cannot say."""
    words = report.words
    months = [words.maybe(f"month.{m}", "") for m in sorted(set(report.card.scores["month"]))]
    breaks = [words("scorecard.limit.breaks"), *dict.fromkeys(filter(None, months))]
    sentences = [
        words("scorecard.limit.edition"),
        words("scorecard.limit.delays"),
        words("scorecard.limit.hindsight"),
        " ".join(breaks),
        words("scorecard.limit.ahead"),
        words("scorecard.limit.past"),
        words("limit.observed"),
    ]
    return Section("limits", words("scorecard.part.limits"), [Bullets(sentences)])


def cite(report: ScoreReport) -> Section:
    """Return how to cite the scores, and their licence."""
    words = report.words
    licences = [Bullets([words("licence.rumbo")])]
    quoted = words("scorecard.cite", version=__version__, period=_period(report))
    return cite_section(words, quoted, words("scorecard.cite.again"), licences)


CHAPTERS = (statements, skill, held, weights, limits, cite)
"""Chapters of the page, in their order."""
