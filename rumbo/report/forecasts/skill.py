"""Tables and charts of the page of scores: ratios, absolute scores, weights of the stack."""

import pandas as pd

from rumbo.report.forecasts.page import ahead_text, capital, hue, model_name
from rumbo.report.page.parts import DASH, Chart, Figure, Row, Table
from rumbo.report.page.words import HARD_SPACE, Words
from rumbo.report.read.ratios import Estimate, Writer, mean_of, ratio, ratio_text, score_text
from rumbo.report.read.scorecard import ABSOLUTE, HEADLINE, STACK, Scorecard

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

Titles = dict[str, str]


def month_heads(card: Scorecard, words: Words) -> list[str]:
    """Return the titles of the columns of months ahead."""
    return [capital(ahead_text(words, ahead)) for ahead in card.shown]


def skill_tables(card: Scorecard, titles: Titles, name: str, words: Words) -> list[Table]:
    """Return every model's ratio to same-as-last-month, a table for each family.

    Parameters
    ----------
    card
        The scores.
    titles
        Titles of families.
    name
        The ratio, one of `AVERAGES`.
    words
        The language.

    Returns
    -------
    list of Table
    """
    heads = [
        words("scorecard.head.model"),
        *month_heads(card, words),
        words("scorecard.head.cells"),
    ]
    tables = []
    for family, title in titles.items():
        rows = [
            [model_name(model, words), *_ratios(card, family, model, name, words),
             _cells(card, family, model, words)]
            for model in card.models
        ]  # fmt: skip
        kept = [row for row in rows if any(cell != DASH for cell in row[1:])]
        tables.append(Table(heads, kept, f"{title}: {words(AVERAGES[name])}"))
    return tables


def _ratios(card: Scorecard, family: str, model: str, name: str, words: Words) -> list[str]:
    found = (ratio(card, family, ahead, model, name) for ahead in card.shown)
    return [DASH if each is None else ratio_text(each, words) for each in found]


def _cells(card: Scorecard, family: str, model: str, words: Words) -> str:
    """Return on how many origins and forecasts a row rests, at each month ahead."""
    rows = (card.row(family, ahead, model) for ahead in card.shown)
    counts = [DASH if row is None else words.digits(row["cells"]) for row in rows]
    return " / ".join(counts) if any(count != DASH for count in counts) else DASH


def other_table(card: Scorecard, titles: Titles, words: Words) -> Table:
    """Return the published forecast's ratios under every way of averaging."""
    heads = [words("scorecard.head.family"), words("scorecard.head.ratio")]
    rows = [
        [title, words(key), *_ratios(card, family, STACK, name, words)]
        for family, title in titles.items()
        for name, key in AVERAGES.items()
    ]
    return Table([*heads, *month_heads(card, words)], rows, words("scorecard.table.other"))


def absolute_tables(card: Scorecard, titles: Titles, words: Words) -> list[Table]:
    """Return every model's own mean scores with their ranges, a table for each family."""
    heads = [words("scorecard.head.model"), words("scorecard.head.score")]
    caption = words("scorecard.table.absolute")
    tables = []
    for family, title in titles.items():
        rows = [
            [model_name(model, words), words(SCORES[score]), *cells]
            for model in card.models
            for score in ABSOLUTE
            if any(cells := _scores(card, family, model, score, words))
        ]
        named = [*heads, *month_heads(card, words)]
        tables.append(Table(named, [_dashed(row) for row in rows], f"{title}: {caption}"))
    return tables


def _scores(card: Scorecard, family: str, model: str, score: str, words: Words) -> list[str]:
    """Return the cells of one score, empty where nothing was scored."""
    cells = (card.cells(family, ahead, model) for ahead in card.shown)
    return [score_text(mean_of(rows, score), words) if len(rows) else "" for rows in cells]


def _dashed(row: list[str]) -> list[str]:
    return [cell or DASH for cell in row]


def ratio_figure(card: Scorecard, titles: Titles, words: Words) -> Figure:
    """Return the published forecast's ratio by month ahead, a panel for each family."""
    found = {
        family: {
            ahead: each
            for ahead in card.horizons
            if (each := ratio(card, family, ahead, STACK, HEADLINE)) is not None
        }
        for family in titles
    }
    panels = {family: each for family, each in found.items() if each}
    ends = limits([one for each in panels.values() for one in each.values()], 1.0)
    charts = [
        mark_chart(titles[family], {STACK: each}, 1.0, ends, ratio_text, words)
        for family, each in panels.items()
    ]
    heads = [words(key) for key in ("scorecard.head.family", "scorecard.head.ahead",
                                    "scorecard.head.ratio_range")]  # fmt: skip
    rows = [[titles[family], str(ahead), ratio_text(one, words)]
            for family, each in panels.items() for ahead, one in each.items()]  # fmt: skip
    table = Table(heads, rows, words("scorecard.table.ratios"))
    return Figure(
        "ratios", words("scorecard.figure.ratios"), words("scorecard.text.ratios"), charts, table,
        (f"kind.{STACK}",),
    )  # fmt: skip


def limits(found: list[Estimate], line: float) -> tuple[float, float]:
    """Return the least and the largest of all ends and of the line to meet."""
    numbers = [line, *(end for each in found for end in each)]
    return min(numbers), max(numbers)


def mark_chart(
    title: str,
    models: dict[str, dict[int, Estimate]],
    line: float,
    ends: tuple[float, float],
    write: Writer,
    words: Words,
) -> Chart:
    """Return a panel of numbers with their ranges by month ahead.

    Parameters
    ----------
    title
        Heading over the panel.
    models
        Numbers of each model by month ahead.
    line
        The value to meet.
    ends
        Lowest and highest value that the panel shows.
    write
        Writes a number with its range.
    words
        The language.

    Returns
    -------
    Chart
    """
    rows = [_mark(model, ahead, one, write(one, words), words)
            for model, each in models.items() for ahead, one in each.items()]  # fmt: skip
    data = {"marks": rows, "line": [{"at": line}], "ends": [{"at": end} for end in ends]}
    told = "; ".join(f"{row['title']}, {row['ahead']}: {row['told']}" for row in rows)
    return Chart(
        "marks", data, title, words("scorecard.alt.marks", title=title, told=told), size="half"
    )


def _mark(model: str, ahead: int, found: Estimate, told: str, words: Words) -> Row:
    named = {"title": model_name(model, words), "model": _order(model), "colour": hue(model)}
    return {**named, "ahead": str(ahead), "told": told, **found._asdict()}


def _order(model: str) -> str:
    """Return a label that sorts the published forecast first."""
    return f"0 {model}" if model == STACK else f"1 {model}"


def weights_figure(card: Scorecard, titles: Titles, words: Words) -> Figure:
    """Return the weights of the stack's members by origin, a panel for each family."""
    middle = card.shown[len(card.shown) // 2]
    near = card.weights[card.weights["horizon"] == middle]
    charts = [
        _weights_chart(title, near[near["family"] == family], middle, words)
        for family, title in titles.items()
        if (near["family"] == family).any()
    ]
    members = list(dict.fromkeys(card.weights["member"]))
    return Figure(
        "weights",
        words("scorecard.figure.weights"),
        words("scorecard.text.weights", ahead=ahead_text(words, middle)),
        charts,
        _weights_table(card, titles, words),
        [f"kind.{member}" for member in members],
    )


def _weights_chart(title: str, rows: pd.DataFrame, ahead: int, words: Words) -> Chart:
    data = [_weight(row, words) for row in rows.to_dict("records")]
    last = rows[rows["origin"] == rows["origin"].max()]
    told = "; ".join(
        f"{model_name(row['member'], words)} {words.digits(row['weight'], 2)}"
        for row in last.to_dict("records")
    )
    far = ahead_text(words, ahead)
    alt = words("scorecard.alt.weights", title=title, ahead=far, told=told)
    return Chart("weights", {"weights": data}, title, alt)


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


def _weights_table(card: Scorecard, titles: Titles, words: Words) -> Table:
    """Return each member's mean weight, and the lowest and highest of any origin."""
    heads = [words("scorecard.head.family"), words("scorecard.head.model")]
    rows = []
    for family, title in titles.items():
        mine = card.weights[card.weights["family"] == family]
        for member in dict.fromkeys(mine["member"]):
            rows.append([title, model_name(member, words), *_spans(card, mine, member, words)])
        if len(mine):
            rows.append([title, words("scorecard.spread"), *_spans(card, mine, None, words)])
    return Table([*heads, *month_heads(card, words)], rows, words("scorecard.table.weights"))


def _spans(card: Scorecard, rows: pd.DataFrame, member: str | None, words: Words) -> list[str]:
    """Return mean, lowest and highest weight of a member, or factor on the spread, by month."""
    mine = rows if member is None else rows[rows["member"] == member]
    column = "spread" if member is None else "weight"
    found = (mine.loc[mine["horizon"] == ahead, column] for ahead in card.shown)
    return [_span(each, words) if len(each) else DASH for each in found]


def _span(values: "pd.Series", words: Words) -> str:
    mean, low, high = (words.digits(v, 2) for v in (values.mean(), values.min(), values.max()))
    return f"{mean} ({low} {words('to')}{HARD_SPACE}{high})"
