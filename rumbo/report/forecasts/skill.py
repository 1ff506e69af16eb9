"""Every model's scores: its ratios to same-as-last-month, and its own."""

from rumbo.report.charts.forecasts import MARKS
from rumbo.report.forecasts.harder import harder_blocks
from rumbo.report.forecasts.names import ScoreReport, hue, model_legend, model_name
from rumbo.report.page.parts import DASH, Chart, Figure, Fold, Heading, Row, Section, Table, Text
from rumbo.report.page.words import Words
from rumbo.report.read.ratios import Estimate, Writer, mean_of, ratio, ratio_text, score_text
from rumbo.report.read.scorecard import ABSOLUTE, HEADLINE, STACK

SCORES = {
    "wis_log": "scorecard.score.wis_log",
    "crps_log": "scorecard.score.crps_log",
    "wis_natural": "scorecard.score.wis_natural",
    "crps_natural": "scorecard.score.crps_natural",
}
"""Scores, and their names."""

AVERAGES = {
    "geometric_wis_log": "scorecard.ratio.geometric_log",
    "relative_wis_log": "scorecard.ratio.relative_log",
    "geometric_wis_natural": "scorecard.ratio.geometric_natural",
    "relative_wis_natural": "scorecard.ratio.relative_natural",
}
"""Ratios of scores, and how each is averaged."""


def skill(report: ScoreReport) -> Section:
    """Return every model's scores, beside same-as-last-month's and by themselves."""
    words = report.words
    blocks = [
        Text(words("scorecard.skill.text")),
        _ratio_figure(report),
        *harder_blocks(report),
        Heading(words("scorecard.skill.log")),
        Text(words("scorecard.skill.log_text")),
        *_ratio_tables(report, HEADLINE),
        Heading(words("scorecard.skill.natural")),
        Text(words("scorecard.skill.natural_text")),
        Fold(
            words("scorecard.skill.natural_tables"), _ratio_tables(report, "relative_wis_natural")
        ),
        Fold(words("scorecard.table.other"), [_other_table(report)]),
        Fold(
            words("scorecard.skill.absolute"),
            [Text(words("scorecard.skill.absolute_text")), *_absolute_tables(report)],
        ),
    ]
    return Section("skill", words("scorecard.part.skill"), blocks)


def _ratio_tables(report: ScoreReport, name: str) -> list[Table]:
    """Return every model's ratio to same-as-last-month, a table for each family."""
    words = report.words
    months = report.month_heads()
    heads = [words("scorecard.head.model"), *months, words("scorecard.head.cells")]
    tables = []
    for family, title in report.titles.items():
        rows = [
            [
                model_name(model, words),
                *_ratios(report, family, model, name),
                _cells(report, family, model),
            ]
            for model in report.card.models
        ]
        scored = [row for row in rows if {*row[1:]} != {DASH}]
        tables.append(Table(heads, scored, f"{title}: {words(AVERAGES[name])}"))
    return tables


def _ratios(report: ScoreReport, family: str, model: str, name: str) -> list[str]:
    card = report.card
    estimates = (ratio(card, family, ahead, model, name) for ahead in card.shown)
    return [DASH if one is None else ratio_text(one, report.words) for one in estimates]


def _cells(report: ScoreReport, family: str, model: str) -> str:
    """Return on how many origins and forecasts a row rests, at each month ahead."""
    rows = (report.card.row(family, ahead, model) for ahead in report.card.shown)
    counts = [DASH if row is None else report.words.digits(row["cells"]) for row in rows]
    return " / ".join(counts) if any(count != DASH for count in counts) else DASH


def _other_table(report: ScoreReport) -> Table:
    """Return the published forecast's ratios under every way of averaging."""
    words = report.words
    rows = [
        [title, words(key), *_ratios(report, family, STACK, name)]
        for family, title in report.titles.items()
        for name, key in AVERAGES.items()
    ]
    heads = words.heads("scorecard.head.family", "scorecard.head.ratio")
    return Table([*heads, *report.month_heads()], rows, words("scorecard.table.other"))


def _absolute_tables(report: ScoreReport) -> list[Table]:
    """Return every model's own mean scores with their ranges, a table for each family."""
    words = report.words
    heads = words.heads("scorecard.head.model", "scorecard.head.score") + report.month_heads()
    tables = []
    for family, title in report.titles.items():
        rows = [
            [model_name(model, words), words(SCORES[score]), *cells]
            for model in report.card.models
            for score in ABSOLUTE
            if set(cells := _scores(report, family, model, score)) != {DASH}
        ]
        tables.append(Table(heads, rows, f"{title}: {words('scorecard.table.absolute')}"))
    return tables


def _scores(report: ScoreReport, family: str, model: str, score: str) -> list[str]:
    """Return the cells of one score."""
    cells = (report.card.cells(family, ahead, model) for ahead in report.card.shown)
    return [score_text(mean_of(rows, score), report.words) if len(rows) else DASH for rows in cells]


def _ratio_figure(report: ScoreReport) -> Figure:
    """Return the published forecast's ratio by month ahead, a panel for each family."""
    words, card, titles = report.words, report.card, report.titles
    estimates = {
        family: {
            ahead: one
            for ahead in card.horizons
            if (one := ratio(card, family, ahead, STACK, HEADLINE)) is not None
        }
        for family in titles
    }
    panels = {titles[family]: by_month for family, by_month in estimates.items() if by_month}
    numbers = [1.0, *(n for panel in panels.values() for one in panel.values() for n in one)]
    ends = min(numbers), max(numbers)
    heads = ("scorecard.head.family", "scorecard.head.ahead", "scorecard.head.ratio_range")
    rows = [
        [title, str(ahead), ratio_text(one, words)]
        for title, panel in panels.items()
        for ahead, one in panel.items()
    ]
    return Figure(
        "ratios",
        words("scorecard.figure.ratios"),
        words("scorecard.text.ratios"),
        [
            mark_chart(title, {STACK: panel}, 1.0, ends, ratio_text, words)
            for title, panel in panels.items()
        ],
        Table(words.heads(*heads), rows, words("scorecard.table.ratios")),
        [model_legend([STACK], words)],
    )


def mark_chart(
    title: str,
    models: dict[str, dict[int, Estimate]],
    line: float,
    ends: tuple[float, float],
    write: Writer,
    words: Words,
) -> Chart:
    """Return a panel of numbers with their ranges by month ahead, for each model.

    Beside them are the value to meet, and the lowest and highest value that the panel shows.
    """
    rows = [
        _mark(model, ahead, one, write(one, words), words)
        for model, panel in models.items()
        for ahead, one in panel.items()
    ]
    data = {"marks": rows, "line": [{"at": line}], "ends": [{"at": end} for end in ends]}
    numbers = "; ".join(f"{row['title']}, {row['ahead']}: {row['told']}" for row in rows)
    alt = words("scorecard.alt.marks", title=title, told=numbers)
    return Chart(MARKS, data, title, alt, size="half")


def _mark(model: str, ahead: int, one: Estimate, written: str, words: Words) -> Row:
    # The published forecast is sorted first.
    order = f"0 {model}" if model == STACK else f"1 {model}"
    named = {"title": model_name(model, words), "model": order, "colour": hue(model)}
    return {**named, "ahead": str(ahead), "told": written, **one._asdict()}
