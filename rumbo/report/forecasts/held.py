"""How often past ranges held what came, and whether they were too narrow or too wide."""

from rumbo.report.forecasts.page import ahead_text, model_name
from rumbo.report.forecasts.skill import Titles, mark_chart, month_heads
from rumbo.report.page.parts import DASH, Figure, Table
from rumbo.report.page.words import Words
from rumbo.report.read.ratios import Estimate, held, percent, share_text
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


def shares(card: Scorecard, family: str, model: str, cover: int) -> dict[int, Estimate]:
    """Return the shares that a model's ranges held, by month ahead.

    Parameters
    ----------
    card
        The scores.
    family, model
        Whose forecasts.
    cover
        Cover of the ranges, in %.

    Returns
    -------
    dict of int to Estimate
        Without months ahead of which nothing was scored.
    """
    cells = ((ahead, card.cells(family, ahead, model)) for ahead in card.horizons)
    return {ahead: held(rows, cover) for ahead, rows in cells if len(rows)}


def cover_sentences(
    card: Scorecard, titles: Titles, words: Words
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return of each model and family how often its ranges held.

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
    list of tuple
        Name of the model; and for each family its title and what is said of it.
    """
    return [
        (
            model_name(model, words),
            [
                (title, " ".join(told))
                for family, title in titles.items()
                if any(
                    told := [cover_sentence(card, family, model, cover, words) for cover in TOLD]
                )
            ],
        )
        for model in COMPARED
    ]


def cover_sentence(card: Scorecard, family: str, model: str, cover: int, words: Words) -> str:
    """Return how often a model's ranges of one cover held, empty where nothing was scored.

    Parameters
    ----------
    card
        The scores.
    family, model
        Whose forecasts.
    cover
        Cover of the ranges, in %.
    words
        The language.

    Returns
    -------
    str
        Shares with their ranges, and whether the ranges were too narrow or too wide.
    """
    found = shares(card, family, model, cover)
    kept = {ahead: each for ahead, each in found.items() if ahead in card.shown}
    if not kept:
        return ""
    listed = [
        words("scorecard.share_at", share=share_text(each, words), ahead=ahead_text(words, ahead))
        for ahead, each in kept.items()
    ]
    name = percent(words.digits(cover), words)
    sentence = words("scorecard.held", cover=name, shares="; ".join(listed))
    return f"{sentence} {_verdicts(kept, cover, words)}"


def _verdicts(found: dict[int, Estimate], cover: int, words: Words) -> str:
    """Return at which months ahead ranges were too narrow, too wide, or neither for sure."""
    told = []
    for verdict, key in VERDICTS.items():
        months = [ahead for ahead, one in found.items() if _lies(one, cover) == verdict]
        if months:
            told.append(words(key, months=ahead_text(words, *months)))
    return " ".join(told)


def _lies(found: Estimate, cover: int) -> str:
    """Say where a share and its range lie beside a cover, in whole per cent as printed."""
    away = round(100.0 * found.value) - cover
    if away == 0:
        return "right"
    side = "narrow" if away < 0 else "wide"
    return f"perhaps {side}" if found.against(cover / 100.0, decimals=2) == "holds" else side


def held_figures(card: Scorecard, titles: Titles, words: Words) -> list[Figure]:
    """Return the shares held by month ahead: a figure a cover, a panel for each family."""
    return [_figure(card, titles, cover, words) for cover in TOLD]


def _figure(card: Scorecard, titles: Titles, cover: int, words: Words) -> Figure:
    name = percent(words.digits(cover), words)
    panels = {
        family: {model: shares(card, family, model, cover) for model in COMPARED}
        for family in titles
    }
    charts = [
        mark_chart(
            titles[family],
            {model: _in_percent(each) for model, each in panel.items()},
            float(cover),
            (0.0, 100.0),
            lambda one, words: share_text(Estimate(*(end / 100.0 for end in one)), words),
            words,
        )
        for family, panel in panels.items()
    ]
    heads = [words("scorecard.head.family"), words("scorecard.head.ahead"),
             *(model_name(model, words) for model in COMPARED)]  # fmt: skip
    rows = [
        [titles[family], str(ahead), *(_cell(panel[model].get(ahead), words) for model in COMPARED)]
        for family, panel in panels.items()
        for ahead in card.horizons
    ]
    return Figure(
        f"held-{cover}",
        words("scorecard.figure.held", cover=name),
        words("scorecard.text.held", cover=name),
        charts,
        Table(heads, rows, words("scorecard.table.held_at", cover=name)),
        [f"kind.{model}" for model in COMPARED],
    )


def _in_percent(found: dict[int, Estimate]) -> dict[int, Estimate]:
    return {ahead: Estimate(*(100.0 * end for end in one)) for ahead, one in found.items()}


def _cell(found: Estimate | None, words: Words) -> str:
    return DASH if found is None else share_text(found, words)


def held_table(card: Scorecard, titles: Titles, words: Words) -> Table:
    """Return the shares that ranges of every cover held."""
    keys = ("scorecard.head.family", "scorecard.head.model", "scorecard.head.cover")
    rows = [
        [title, model_name(model, words), percent(words.digits(cover), words),
         *(_cell(found.get(ahead), words) for ahead in card.shown)]
        for family, title in titles.items()
        for model in COMPARED
        for cover in COVERS
        if (found := shares(card, family, model, cover))
    ]  # fmt: skip
    heads = [*(words(key) for key in keys), *month_heads(card, words)]
    return Table(heads, rows, words("scorecard.table.held"))
