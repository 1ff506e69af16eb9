"""The published forecast beside the best of the plainest references, and beside two by name."""

from rumbo.report.forecasts.names import ScoreReport, ahead_text, model_name
from rumbo.report.page.parts import DASH, Heading, PageBlock, Table, Text
from rumbo.report.page.words import capital
from rumbo.report.read.ratios import beside, best_plain, ratio_text
from rumbo.report.read.scorecard import HARDER, STACK


def harder_blocks(report: ScoreReport) -> list[PageBlock]:
    """Return the table of harder references, and how to read it."""
    words = report.words
    heads = [
        *words.heads("scorecard.head.family", "scorecard.head.ahead"),
        *words.heads("scorecard.harder.best", "scorecard.harder.ratio"),
        *(words("scorecard.harder.fixed", model=model_name(m, words)) for m in _named(report)),
    ]
    rows = [
        _row(report, family, ahead)
        for family in report.titles
        for ahead in report.card.shown
        if len(report.card.cells(family, ahead, STACK))
    ]
    table = Table(heads, rows, words("scorecard.harder.table"), wrap=True)
    return [Heading(words("scorecard.harder")), Text(words("scorecard.harder.text")), table]


def _named(report: ScoreReport) -> list[str]:
    return [name for name in HARDER if name in report.card.models]


def _row(report: ScoreReport, family: str, ahead: int) -> list[str]:
    words, best = report.words, best_plain(report.card, family, ahead)
    ratios = (beside(report.card, family, ahead, STACK, one) for one in (best, *_named(report)))
    cells = [DASH if one is None else ratio_text(one, words) for one in ratios]
    months = capital(ahead_text(words, ahead))
    return [report.titles[family], months, model_name(best, words), *cells]
