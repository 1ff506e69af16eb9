"""The chapters of the months ahead: in short, at the place, and for the whole corridor."""

from collections.abc import Sequence

from rumbo.report.outlook.after import share_text
from rumbo.report.outlook.rows import ahead_chart_of, cell, marks, month_of
from rumbo.report.page.parts import (
    DASH,
    Cards,
    Figure,
    PageBlock,
    Row,
    Section,
    Statement,
    Table,
    Text,
    filled,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import HARD_SPACE
from rumbo.report.read.outlook import MIXED, OutlookTable, ends_of

OF_PLACE = ("waiting", "beds_short", "set_out_for", "set_out_from", "taken_to")
"""What is told of the place, in the order of its table."""

COSTS = ("days_waited", "transfers", "kidnappings", "deaths")
"""Human cost of the whole corridor."""


def statements(told: OutlookTable) -> Section:
    """Return the answer branch by branch and mixed, what speaks, and the human cost beside it."""
    words = told.words
    cards = [_card(told, branch, n) for n, branch in enumerate(_told_branches(told))]
    blocks: list[PageBlock] = [
        Cards(cards),
        Text(speaks(told)),
        Text(words("outlook.how_to_read")),
    ]
    if share := share_text(told):
        blocks.append(Text(share))
    blocks.append(Text(beside(told), "note"))
    return Section("statements", words("part.statements"), blocks)


def _told_branches(told: OutlookTable) -> list[Row]:
    """Return all branches together, then each where there are several."""
    every: Sequence[Row] = told.about["branches"]
    mixed = {"branch": MIXED, "outcomes": [], "probability": 1.0}
    return [mixed, *every] if len(every) > 1 else [mixed]


def _card(told: OutlookTable, branch: Row, number: int) -> Statement:
    words, place = told.words, told.about["place"]
    rows = told.ahead("waiting", place, branch["branch"])
    first, last = ends_of(rows[0]), ends_of(rows[-1])
    sentence = words(
        "outlook.card",
        place=told.place_name,
        month=words.month(rows[-1]["month"]),
        middle=words.count(last.middle),
        low_half=words.count(last.low_half),
        high_half=words.count(last.high_half),
        first=words.month(rows[0]["month"]),
        first_range=words.span(first.low, first.high),
    )
    topic = branch_topic(told, branch)
    short, who = words.span(last.low, last.high), who_speaks(told, branch)
    return Statement(topic, short, sentence, colour(number), who)


def branch_topic(told: OutlookTable, branch: Row) -> str:
    """Return what a branch is called, with its chance; all together if it is the mixture."""
    words = told.words
    if branch["branch"] == MIXED:
        several = len(told.about["branches"]) > 1
        return words("outlook.mixed") if several else words("outlook.alone")
    chance = words.percent(branch["probability"]).lstrip("+")
    return words("outlook.branch", outcome=told.branch_title(branch), chance=chance)


def who_speaks(told: OutlookTable, branch: Row) -> str:
    """Return in short who speaks for a branch: the counts up to the day, then what is assumed."""
    day = told.day
    if branch["branch"] == MIXED and len(told.about["branches"]) > 1:
        key = "outlook.who.given" if told.about.get("weights") else "outlook.who.mixed"
        return told.words(key, day=day)
    if not branch.get("settings"):
        return told.words("outlook.who.alone", day=day)
    unsized = any(map(_unsized, branch["settings"]))
    return told.words("outlook.who.sizes" if unsized else "outlook.who.branch", day=day)


def speaks(told: OutlookTable) -> str:
    """Return who speaks: what was counted, and what of branches is assumed."""
    words = told.words
    if len(told.about["branches"]) < 2:
        return words("outlook.speaks.alone")
    unsized = any(_unsized(one) for branch in told.about["branches"] for one in branch["settings"])
    return words("outlook.speaks.sizes") if unsized else words("outlook.speaks.branches")


def _unsized(setting: Row) -> bool:
    """Whether it was known that a value is changed, and not by how much."""
    return bool(setting.get("unsized"))


def beside(told: OutlookTable) -> str:
    """Return the human cost of the last month, told beside the answer; what is not known of it."""
    words = told.words
    rows = {name: told.ahead(name)[-1] for name in _costs(told)}
    listed = "; ".join(f"{told.title(n)}: {cell(row, words)}" for n, row in rows.items())
    month = words.month(told.ahead("waiting", told.about["place"])[-1]["month"])
    return f"{words('outlook.cost', month=month, listed=listed)} {_of_harm(told)}".strip()


def _costs(told: OutlookTable) -> list[str]:
    return [name for name in COSTS if told.ahead(name)]


UNKNOWN = {"deaths": "outlook.deaths.none", "kidnappings": "outlook.kidnappings.none"}
"""What is said of a harm of which no rate was known on the day."""


def _of_harm(told: OutlookTable) -> str:
    """Return what is to be known of each harm told of, and that others are not told of, and why."""
    said = (told.words.maybe(f"caution.{name}", "") for name in _costs(told))
    none = (told.words(key) for name, key in UNKNOWN.items() if not told.ahead(name))
    return " ".join(filter(None, dict.fromkeys((*said, *none))))


def beds_text(told: OutlookTable) -> str:
    """Return which shelter places are known, and what the shortfall is not."""
    beds, seek, words = told.about["beds"], told.about["seek"], told.words
    value = words.digits(beds["value"])  # nobody is behind a place: neither rounded nor hidden
    if beds["low"] is not None and beds["high"] is not None:
        low, high = (words.digits(beds[end]) for end in ("low", "high"))
        value = f"{value} ({low} {words('to')}{HARD_SPACE}{high})"
    key = "outlook.beds.given" if beds.get("given") else "outlook.beds"
    said = words(key, place=told.place_name, places=value)
    if seek is None:
        return f"{said} {words('outlook.beds.all')}"
    ends = {end: seek["value"] if seek[end] is None else seek[end] for end in ("low", "high")}
    told_ends = {end: words.digits(100 * one) for end, one in ends.items()}
    share = words("outlook.beds.seek", share=words.digits(100 * seek["value"]), **told_ends)
    return f"{said} {share}"


def place(told: OutlookTable) -> Section:
    """Return the months ahead at the place: a table of all mixed, and a chart of each branch."""
    words, at = told.words, told.about["place"]
    name = told.place_name
    series = [one for one in OF_PLACE if told.ahead(one, at)]
    charts = [
        ahead_chart_of(told, "waiting", at, branch["branch"], branch_topic(told, branch), colour(n))
        for n, branch in enumerate(_told_branches(told))
    ]
    title = words("outlook.waiting", place=name)
    table = _by_branch(told, title)
    blocks = [
        _by_month(told, series, at, words("outlook.table.place", place=name)),
        Text(words("outlook.place.text")),
        Figure(
            "place", title, words("outlook.text.place"), charts, table, [marks(words, known=False)]
        ),
    ]
    return Section("place", words("outlook.part.place", place=name), blocks)


def _by_month(told: OutlookTable, series: Sequence[str], at: str, caption: str) -> Table:
    """Return series side by side, a row for each month ahead; all branches mixed."""
    words = told.words
    columns = [told.ahead(one, at) for one in series]
    rows = [
        [month_of(of_month[0], words), *(cell(row, words) for row in of_month)]
        for of_month in zip(*columns, strict=True)
    ]
    titles = [
        words("outlook.here") if one == "waiting" and at else told.title(one) for one in series
    ]
    return Table([*words.heads("month"), *titles], rows, caption)


def _by_branch(told: OutlookTable, caption: str) -> Table:
    """Return who waits at the place by month, a column for each branch."""
    words, at = told.words, told.about["place"]
    every = _told_branches(told)
    columns = [told.rows("waiting", at, branch["branch"]) for branch in every]
    rows = [
        [month_of(of_month[0], words), *(cell(row, words) for row in of_month)]
        for of_month in zip(*columns, strict=True)
    ]
    return Table(
        [*words.heads("month"), *(branch_topic(told, one) for one in every)], rows, caption
    )


def corridor(told: OutlookTable) -> Section:
    """Return counts of the whole corridor ahead: a chart and a table of each."""
    words = told.words
    charts = [
        ahead_chart_of(told, one, "", MIXED, told.title(one), colour(n))
        for n, one in enumerate(told.families)
    ]
    table = _counts_table(told)
    text = words("outlook.text.corridor")
    figure = Figure("counts", words("outlook.counts"), text, charts, table, [marks(words)])
    stocks = _by_month(told, ("waiting", "queue"), "", words("outlook.table.stocks"))
    return Section("corridor", words("outlook.part.corridor"), [figure, stocks])


def _counts_table(told: OutlookTable) -> Table:
    words, every = told.words, told.families
    of = {one: {row["month"]: row for row in told.rows(one)} for one in every}
    months = sorted({month for own in of.values() for month in own})
    rows = [
        [
            words.month(month, short=True),
            *(cell(of[one][month], words) if month in of[one] else DASH for one in every),
        ]
        for month in months
    ]
    heads = [*words.heads("month"), *(told.title(one) for one in every)]
    return Table(heads, rows, words("outlook.counts"))


def cost(told: OutlookTable) -> Section:
    """Return the human cost of the whole corridor by month, all branches mixed."""
    words = told.words
    table = _by_month(told, _costs(told), "", words("outlook.table.cost"))
    text = f"{words('outlook.cost.text')} {_of_harm(told)}".strip()
    blocks = [Text(text), *filled(table)]
    return Section("cost", words("part.cost"), blocks)
