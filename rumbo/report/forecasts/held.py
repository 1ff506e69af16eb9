"""How often past ranges held what came, and whether they were too narrow or too wide."""

from rumbo.report.forecasts.names import ScoreReport, ahead_text, model_legend, model_name
from rumbo.report.forecasts.skill import mark_chart
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Figure,
    Fold,
    Heading,
    PageBlock,
    Section,
    Table,
    Text,
    led,
)
from rumbo.report.page.words import Words
from rumbo.report.read.ratios import Estimate, held_share, percent, share_text
from rumbo.report.read.scorecard import COVERS, REFERENCE, STACK, Scorecard

COMPARED = (STACK, REFERENCE)
"""Models whose ranges are told of."""

TOLD = (50, 90)
"""Covers that sentences and charts tell of."""

VERDICTS = {
    "narrow": "scorecard.narrow",
    "perhaps narrow": "scorecard.perhaps_narrow",
    "right": "scorecard.right",
    "perhaps wide": "scorecard.perhaps_wide",
    "wide": "scorecard.wide",
}
"""What is said of ranges by where the share they held lies beside their cover."""


def held(report: ScoreReport) -> Section:
    """Return how often the ranges of the published forecast and of the reference held."""
    words = report.words
    blocks: list[PageBlock] = [Text(words("scorecard.held.text"))]
    for model in COMPARED:
        blocks.append(Heading(words("scorecard.held.of", model=model_name(model, words))))
        blocks.append(Bullets(_sentences(report, model)))
    blocks += [_figure(report, cover) for cover in TOLD]
    blocks.append(Fold(words("scorecard.table.held"), [_table(report)]))
    return Section("held", words("scorecard.part.held"), blocks)


def _sentences(report: ScoreReport, model: str) -> list[str]:
    """Return of each family how often a model's ranges held."""
    by_title = {
        title: cover_sentences(report.card, family, model, report.words)
        for family, title in report.titles.items()
    }
    return [led(title, sentences) for title, sentences in by_title.items() if sentences]


def cover_sentences(card: Scorecard, family: str, model: str, words: Words) -> str:
    """Return how often a model's ranges held and whether they were too narrow or too wide.

    Empty where nothing was scored.
    """
    sentences = (_cover_sentence(card, family, model, cover, words) for cover in TOLD)
    return " ".join(filter(None, sentences))


def _cover_sentence(card: Scorecard, family: str, model: str, cover: int, words: Words) -> str:
    by_month = _shares(card, family, model, cover)
    shown = {ahead: share for ahead, share in by_month.items() if ahead in card.shown}
    if not shown:
        return ""
    listed = [
        words("scorecard.share_at", share=share_text(share, words), ahead=ahead_text(words, ahead))
        for ahead, share in shown.items()
    ]
    name = percent(words.digits(cover), words)
    sentence = words("scorecard.held", cover=name, shares="; ".join(listed))
    return f"{sentence} {_verdicts(shown, cover, words)}"


def _shares(card: Scorecard, family: str, model: str, cover: int) -> dict[int, Estimate]:
    """Return the shares that ranges held, by month ahead of which something was scored."""
    cells = ((ahead, card.cells(family, ahead, model)) for ahead in card.horizons)
    return {ahead: held_share(rows, cover) for ahead, rows in cells if len(rows)}


def _verdicts(shares: dict[int, Estimate], cover: int, words: Words) -> str:
    """Return at which months ahead ranges were too narrow, too wide, or neither for sure."""
    lying = {ahead: _lies(share, cover) for ahead, share in shares.items()}
    months = {
        key: [ahead for ahead, lies in lying.items() if lies == verdict]
        for verdict, key in VERDICTS.items()
    }
    return " ".join(words(key, months=ahead_text(words, *at)) for key, at in months.items() if at)


def _lies(share: Estimate, cover: int) -> str:
    """Say where a share and its range lie beside a cover, in whole per cent as printed."""
    away = round(100.0 * share.value) - cover
    if away == 0:
        return "right"
    side = "narrow" if away < 0 else "wide"
    return f"perhaps {side}" if share.against(cover / 100.0, decimals=2) == "holds" else side


def _figure(report: ScoreReport, cover: int) -> Figure:
    """Return the shares that ranges of one cover held by month ahead, a panel for each family."""
    words, card = report.words, report.card
    name = percent(words.digits(cover), words)
    panels = {
        title: {model: _shares(card, family, model, cover) for model in COMPARED}
        for family, title in report.titles.items()
    }
    rows = [
        [title, str(ahead), *(_cell(panel[model].get(ahead), words) for model in COMPARED)]
        for title, panel in panels.items()
        for ahead in card.horizons
    ]
    models = [model_name(model, words) for model in COMPARED]
    heads = [*words.heads("scorecard.head.family", "scorecard.head.ahead"), *models]
    return Figure(
        f"held-{cover}",
        words("scorecard.figure.held", cover=name),
        words("scorecard.text.held", cover=name),
        [
            mark_chart(
                title,
                {model: _in_percent(shares) for model, shares in panel.items()},
                float(cover),
                (0.0, 100.0),
                lambda one, words: share_text(Estimate(*(end / 100.0 for end in one)), words),
                words,
            )
            for title, panel in panels.items()
        ],
        Table(heads, rows, words("scorecard.table.held_at", cover=name)),
        [model_legend(COMPARED, words)],
    )


def _in_percent(shares: dict[int, Estimate]) -> dict[int, Estimate]:
    return {ahead: Estimate(*(100.0 * end for end in share)) for ahead, share in shares.items()}


def _cell(share: Estimate | None, words: Words) -> str:
    return DASH if share is None else share_text(share, words)


def _table(report: ScoreReport) -> Table:
    """Return the shares that ranges of every cover held."""
    words, card = report.words, report.card
    rows = [
        [
            title,
            model_name(model, words),
            percent(words.digits(cover), words),
            *(_cell(shares.get(ahead), words) for ahead in card.shown),
        ]
        for family, title in report.titles.items()
        for model in COMPARED
        for cover in COVERS
        if (shares := _shares(card, family, model, cover))
    ]
    keys = ("scorecard.head.family", "scorecard.head.model", "scorecard.head.cover")
    heads = [*words.heads(*keys), *report.month_heads()]
    return Table(heads, rows, words("scorecard.table.held"))
