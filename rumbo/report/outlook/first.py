"""The first screen of an outlook: who waits, how many beds are short, and how far to trust it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from rumbo.report.corridor.statements import FEW_MEMBERS
from rumbo.report.outlook.after import counted
from rumbo.report.outlook.months import beds_text, who_speaks
from rumbo.report.page.links import led_to
from rumbo.report.page.parts import DASH, Answer, PageBlock, Statement, Text
from rumbo.report.page.style import INK
from rumbo.report.page.words import Words
from rumbo.report.read.outlook import MIXED, OutlookTable, ends_of

SHORT = "beds_short"


def question(told: OutlookTable) -> str:
    """Return what an outlook asks: who waits, and where beds are known or given how many lack."""
    words, (*_, last) = told.words, told.ahead("waiting", told.about["place"])
    beds = told.ahead(SHORT, told.about["place"])
    key = "outlook.question.beds" if beds else "outlook.question"
    return words(key, place=told.place_name, month=words.month(last["month"]))


def first_screen(told: OutlookTable) -> list[PageBlock]:
    """Return what is read first.

    Parameters
    ----------
    told
        The outlook.

    Returns
    -------
    list of PageBlock
        Who waits in the last month, beds short, how much of what came since lay inside; how old
        the counts are, and which page tells of months past.
    """
    words, members = told.words, int(told.about["members"])
    few = words("outlook.few", count=members, enough=FEW_MEMBERS) if members < FEW_MEMBERS else ""
    past = led_to(words("outlook.past", day=told.day), f"rumbo ask {told.about['corridor']}")
    main, beside = answer(told), [*beds_short(told), _held(told)]
    lead = words("outlook.lead", day=told.day)
    return [Answer(lead, main, beside, few), Text(drivers(told), "note"), Text(past, "note")]


def answer(told: OutlookTable) -> Statement:
    """Return who waits there in the last month, all branches mixed, and how many beds are short."""
    words, at = told.words, told.about["place"]
    short = words.short_range(ends_of(told.ahead("waiting", at)[-1]))
    title = words("outlook.waiting", place=told.place_name)
    who = who_speaks(told, _mixed(told))
    return Statement(title, short, " ".join(sentences(told)), INK, who)


def sentences(told: OutlookTable) -> list[str]:
    """Return who will be present in the last month, and whom a bed will lack where it is told."""
    found = [_sentence(told, "outlook.answer", "waiting")]
    if told.ahead(SHORT, told.about["place"]):
        found.append(_sentence(told, "outlook.answer.beds", SHORT))
    return found


def _mixed(told: OutlookTable) -> dict[str, Any]:
    """Return all branches together, or the only one."""
    every: Sequence[dict[str, Any]] = told.about["branches"]
    return {"branch": MIXED} if len(every) > 1 else dict(every[0])


def _sentence(told: OutlookTable, key: str, series: str) -> str:
    words, last = told.words, told.ahead(series, told.about["place"])[-1]
    ends = words.counts(ends_of(last))
    named = {name: ends[name] for name in ("low", "high", "middle")}
    return words(key, month=words.month(last["month"]), place=told.place_name, **named)


def beds_short(told: OutlookTable) -> Iterator[Statement]:
    """Go through beds short in the last month, with what is assumed; or say that none are known."""
    words, rows = told.words, told.ahead(SHORT, told.about["place"])
    if rows:
        title = words("here.short_of", beds=words.digits(told.about["beds"]["value"]))
        yield Statement(title, words.short_range(ends_of(rows[-1])), "", INK, beds_text(told))
    else:
        yield Statement(
            words("here.beds"), DASH, words("outlook.beds.none", place=told.place_name), INK
        )


def _held(told: OutlookTable) -> Statement:
    """Return of how many months that came the figure lay inside the range."""
    words, (inside, count) = told.words, counted(told)
    title = words("outlook.short.held")
    if not count:
        return Statement(title, DASH, words("outlook.short.none"), INK)
    of = words("outlook.of", inside=inside, count=count)
    return Statement(title, of, words("outlook.short.should"), INK)


def drivers(told: OutlookTable) -> str:
    """Return how old everything is that drives the outlook, in one line: the newest first."""
    words, of = told.words, dict[tuple[int, str], list[str]]()
    for one in told.about["drivers"]:
        of.setdefault((one["days"], one["last"]), []).append(told.title(one["series"]))
    parts = [_driver(words, *age, titles) for age, titles in sorted(of.items())]
    return words("outlook.drivers", day=told.day, listed="; ".join(parts))


def _driver(words: Words, days: int, last: str, titles: Sequence[str]) -> str:
    month = words.month(pd.Timestamp(f"{last}-01"), short=True)
    return words("outlook.driver", series=words.listed(titles), month=month, days=days)
