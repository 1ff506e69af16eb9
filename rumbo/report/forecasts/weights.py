"""What the published forecast is made of: the weights of its members."""

import pandas as pd

from rumbo.report.charts.forecasts import WEIGHTS
from rumbo.report.forecasts.names import ScoreReport, ahead_text, hue, model_legend, model_name
from rumbo.report.page.parts import DASH, Chart, Figure, Row, Section, Table, Text
from rumbo.report.page.words import HARD_SPACE, Words


def weights(report: ScoreReport) -> Section:
    """Return the weights of the stack's members."""
    words = report.words
    blocks = [Text(words("scorecard.weights.text")), _figure(report)]
    return Section("weights", words("scorecard.part.weights"), blocks)


def _figure(report: ScoreReport) -> Figure:
    """Return the weights by origin, a panel for each family."""
    words, card = report.words, report.card
    middle = card.shown[len(card.shown) // 2]
    near = card.weights[card.weights["horizon"] == middle]
    return Figure(
        "weights",
        words("scorecard.figure.weights"),
        words("scorecard.text.weights", ahead=ahead_text(words, middle)),
        [
            _chart(title, near[near["family"] == family], middle, words)
            for family, title in report.titles.items()
            if (near["family"] == family).any()
        ],
        _table(report),
        [model_legend(dict.fromkeys(card.weights["member"]), words)],
    )


def _chart(title: str, rows: pd.DataFrame, ahead: int, words: Words) -> Chart:
    data = [_weight(row, words) for row in rows.to_dict("records")]
    last = rows[rows["origin"] == rows["origin"].max()]
    numbers = "; ".join(
        f"{model_name(row['member'], words)} {words.digits(row['weight'], 2)}"
        for row in last.to_dict("records")
    )
    far = ahead_text(words, ahead)
    alt = words("scorecard.alt.weights", title=title, ahead=far, told=numbers)
    return Chart(WEIGHTS, {"weights": data}, title, alt)


def _weight(row: Row, words: Words) -> Row:
    at = pd.Timestamp(f"{row['origin']}-01")
    return {
        "month": at.strftime("%Y-%m-%d"),
        "model": row["member"],
        "weight": round(float(row["weight"]), 4),
        "colour": hue(row["member"]),
        "title": model_name(row["member"], words),
        "when": words.month(at),
        "told": words.digits(row["weight"], 2),
    }


def _table(report: ScoreReport) -> Table:
    """Return each member's mean weight, and the lowest and highest of any origin."""
    words, card = report.words, report.card
    rows = []
    for family, title in report.titles.items():
        mine = card.weights[card.weights["family"] == family]
        for member, own in mine.groupby("member", sort=False):
            cells = _spans(report, own, "weight")
            rows.append([title, model_name(str(member), words), *cells])
        if len(mine):
            rows.append([title, words("scorecard.spread"), *_spans(report, mine, "spread")])
    heads = words.heads("scorecard.head.family", "scorecard.head.model")
    return Table([*heads, *report.month_heads()], rows, words("scorecard.table.weights"))


def _spans(report: ScoreReport, rows: pd.DataFrame, column: str) -> list[str]:
    """Return mean, lowest and highest number of a column, by month ahead."""
    columns = (rows.loc[rows["horizon"] == ahead, column] for ahead in report.card.shown)
    return [_span(values, report.words) if len(values) else DASH for values in columns]


def _span(values: "pd.Series[float]", words: Words) -> str:
    mean, low, high = (words.digits(v, 2) for v in (values.mean(), values.min(), values.max()))
    return f"{mean} ({low} {words('to')}{HARD_SPACE}{high})"
