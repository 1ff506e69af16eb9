"""Chapters of the page of claims: in short, claim by claim, and what forecasts had said."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from rumbo.report.charts.forecasts import BANDS
from rumbo.report.claims.names import RULES, TESTS, UNTRIED, VERDICTS, LedgerReport
from rumbo.report.corridor.limits import cite_section
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Chart,
    Figure,
    Fold,
    Heading,
    Legend,
    Mark,
    PageBlock,
    Row,
    Section,
    Table,
    Text,
    led,
    legend,
    link,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import Words, capital, rounded
from rumbo.scores.claims import Finding, Foreseen, Judged, Seen

TOLD = 4
"""Statistics of a test that stand in the open; the others stand in the fold."""

LIMITS = (
    "claims.limit.tests",
    "claims.limit.thresholds",
    "claims.limit.model",
    "claims.limit.names",
    "limit.observed",
)


def statements(report: LedgerReport) -> Section:
    """Return how many claims have which verdict, and which."""
    words, judged = report.words, report.judged
    computed = sum(one.computed for one in judged)
    listed: dict[str, list[str]] = {words(key): [] for key in (*VERDICTS.values(), UNTRIED)}
    for one in judged:
        title = words("claims.title", id=one.id, claim=words.pick(one.words))
        listed[report.verdict(one)].append(title)
    lines = [
        led(capital(verdict), words("claims.counts", count=len(own), listed="; ".join(own)))
        for verdict, own in listed.items()
        if own
    ]
    blocks: list[PageBlock] = [
        Text(words("claims.computed", count=computed, all=len(judged))),
        Bullets(lines),
        Text(words("claims.how_to_read")),
    ]
    return Section("statements", words("part.statements"), blocks)


def claims(report: LedgerReport) -> Section:
    """Return every claim with its verdict, what it rests on, and what would change it."""
    blocks = [block for one in report.judged for block in _claim(one, report)]
    return Section("claims", report.words("part.claims"), blocks)


def _claim(one: Judged, report: LedgerReport) -> Iterator[PageBlock]:
    words = report.words
    yield Heading(words("claims.title", id=one.id, claim=words.pick(one.words)))
    yield Text(led(capital(report.verdict(one)), capital(report.speaks(one)) + "."))
    if one.why and len(one.findings) < 2:
        yield Text(capital(report.reason(one)) + ".")
    if told := [line for finding in one.findings for line in _lines(finding, one, report)]:
        yield Bullets(told)
    for key, text in (("claims.change", one.change), ("claims.limit", one.limit)):
        if said := words.pick(text):
            yield Text(led(words(key), said + "."), "note")
    if one.findings:
        yield Fold(words("claims.fold.tests"), list(_tests(one, report)))
    if one.made_by or one.about:
        yield Fold(words("claims.fold.sources"), list(_sources(one, report)))


def _lines(finding: Finding, one: Judged, report: LedgerReport) -> Iterator[str]:
    """Go through what a test found, in sentences; of several tests each has its own verdict."""
    several = len(one.findings) > 1
    if not finding.computed:
        if several:
            yield led(report.part(finding), capital(report.reason(finding)) + ".")
        return
    verdict = report.verdict(finding)
    lines = [report.statistic(each) for each in finding.statistics[:TOLD]]
    if several:
        yield led(report.part(finding), f"{capital(verdict)}. {' '.join(lines)}")
    else:
        yield from lines


def _tests(one: Judged, report: LedgerReport) -> Iterator[PageBlock]:
    words = report.words
    if len(one.findings) > 1:
        yield Text(words(RULES[one.rule]))
    for finding, (_, limits, fixed, why) in zip(one.findings, one.thresholds, strict=True):
        told = {"limits": limits, "day": words.day(fixed, short=False)}
        lines = [
            words(TESTS[finding.test]),
            words("claims.thresholds", why=words.maybe(f"claims.fixed.{why}", why), **told),
            *(report.statistic(each) for each in finding.statistics[TOLD:]),
        ]
        if len(one.findings) > 1:
            yield Text(led(report.part(finding), capital(report.speaks(finding)) + "."))
        yield Bullets(lines)
        if finding.foreseen:
            yield _months(finding, report)


def _sources(one: Judged, report: LedgerReport) -> Iterator[PageBlock]:
    words = report.words
    for key, rows in (("claims.made_by", one.made_by), ("claims.about", one.about)):
        if rows:
            yield Text(words(key))
            yield Bullets([_source(row, report) for row in rows])


def _source(row: Mapping[str, Any], report: LedgerReport) -> str:
    title = link(str(row["title"]), row.get("address"))
    published = report.of(str(row.get("published") or DASH))
    return led(str(row["publisher"]), Markup("{}, {}").format(title, published))


def _months(finding: Finding, report: LedgerReport) -> Table:
    """Return what had been forecast of each month, and what came."""
    words = report.words
    heads = words.heads(
        "claims.head.day",
        "claims.head.series",
        "month",
        "claims.head.range",
        "claims.head.came",
        "claims.head.rank",
    )
    rows = [
        [
            words.day(one.day, short=False),
            report.series(one.series),
            report.of(one.month),
            f"{words.span(one.ends[0], one.ends[-1])} ({words.count(one.ends[2])})",
            words.exact(round(one.came)),
            words.digits(one.rank, 2),
        ]
        for one in finding.foreseen
    ]
    return Table(heads, rows, words("claims.table.months"))


def forecasts(report: LedgerReport) -> Section | None:
    """Return charts of forecasts of whole series that claims are held against, and what came."""
    words = report.words
    blocks: list[PageBlock] = []
    for one in report.judged:
        told = [each for each in one.findings if each.foreseen and one.rule == "part"]
        if told:
            blocks += [Heading(words("claims.title", id=one.id, claim=words.pick(one.words)))]
        for finding in told:
            if len({each.series for each in finding.foreseen}) == 1:
                blocks += _figures(finding, f"{one.id}-{finding.part}".lower(), report)
        blocks += [Text(line) for line in _beside(one, report) if told]
    if not blocks:
        return None
    return Section("forecasts", words("part.claims_forecasts"), blocks)


def _beside(one: Judged, report: LedgerReport) -> Iterator[str]:
    """Go through tests of other kinds that stand beside forecasts."""
    for finding in one.findings:
        if finding.test == "step" and finding.computed:
            lines = " ".join(report.statistic(each) for each in finding.statistics)
            yield led(report.part(finding), lines)


def _figures(finding: Finding, name: str, report: LedgerReport) -> Iterator[PageBlock]:
    words = report.words
    title = report.series(finding.foreseen[0].series)
    days = list(dict.fromkeys(each.day for each in finding.foreseen))
    bands = [
        Mark(words(key), "", f"background:color-mix(in srgb, var(--hue) {tint}%, white)")
        for key, tint in (("forecast.range_90", 20), ("forecast.range_50", 55))
    ]
    charts = [
        _chart([one for one in finding.foreseen if one.day == day], finding.seen, title, words)
        for day in days
    ]
    yield Figure(
        f"claims-{name}",
        f"{title}: {report.part(finding)}",
        words("claims.text.forecasts"),
        charts,
        _months(finding, report),
        [legend(words, "middle", "observed"), Legend(bands)],
    )


def _chart(ahead: Sequence[Foreseen], seen: Sequence[Seen], title: str, words: Words) -> Chart:
    last, day = ahead[-1], words.day(ahead[0].day, short=False)
    alt = words(
        "claims.alt",
        title=title,
        day=day,
        month=words.day(f"{last.month}-01"),
        range=words.span(last.ends[0], last.ends[-1]),
        came=words.exact(round(last.came)),
    )
    data = {"forecast": [_band(one, words) for one in ahead], "observed": _observed(seen, words)}
    return Chart(BANDS, data, words("claims.as_of", day=day), alt, colour(0), "half")


def _band(one: Foreseen, words: Words) -> Row:
    low, low_half, middle, high_half, high = (rounded(end) for end in one.ends)
    wide, half = words.span(low, high), words.span(low_half, high_half)
    return {
        "month": f"{one.month}-01",
        "low_90": low,
        "high_90": high,
        # Only 90 and 50 % ranges are told here: the one between is drawn as the wider.
        "low_80": low,
        "high_80": high,
        "low_50": low_half,
        "high_50": high_half,
        "middle": middle,
        "when": words.day(f"{one.month}-01"),
        "mid": words.count(one.ends[2]),
        "ninety": wide,
        "eighty": wide,
        "fifty": half,
    }


def _observed(seen: Sequence[Seen], words: Words) -> list[Row]:
    return [
        {
            "month": f"{one.month}-01",
            "value": one.value,
            "when": words.day(f"{one.month}-01"),
            "seen": words.exact(round(one.value)),
            "who": "",
        }
        for one in seen
    ]


def limits(report: LedgerReport) -> Section:
    """Return what the ledger cannot say."""
    return Section("limits", report.words("part.limits"), [Bullets([*map(report.words, LIMITS)])])


def cite(report: LedgerReport) -> Section:
    """Return how to cite the ledger and how to make it again."""
    words = report.words
    quoted = words("claims.cite", corridor=report.corridor, day=report.published)
    command = words("claims.again", corridor=report.corridor)
    return cite_section(words, quoted, command, [Bullets([words("licence.rumbo")])])


CHAPTERS = (statements, claims, forecasts, limits, cite)
"""Chapters of the page, in their order."""
