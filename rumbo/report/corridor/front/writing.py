"""How to write about a run: sentences that one may print, and sentences that one may not."""

from collections.abc import Sequence

from rumbo.report.corridor.front.effects import effect, moved, shared
from rumbo.report.corridor.speaks import speaker
from rumbo.report.corridor.statements import FEW_MEMBERS, corridor_title
from rumbo.report.page.parts import Bullets, Fold, Text
from rumbo.report.read.contrast import Contrast, against, with_it
from rumbo.report.read.ranges import Amount
from rumbo.report.read.run import Run
from rumbo.scores.speaking import RECORD


def writing(run: Run, asked: Contrast, amounts: Sequence[Amount], over: str) -> list[Fold]:
    """Return what may and may not be printed of an effect over a time, where it has ranges."""
    if not run.words.ranged:
        return []
    words, main = run.words, amounts[0]
    blocks = [
        Text(words("writing.may"), "caption"),
        Bullets([*_may(run, asked, amounts, over)]),
        Text(words("writing.may_not"), "caption"),
        Bullets([*_may_not(run, asked, main, [one for one in amounts if one.weak])]),
    ]
    return [Fold(words("writing.title"), blocks)]


def _may(run: Run, asked: Contrast, amounts: Sequence[Amount], over: str) -> list[str]:
    words, who = run.words, speaker(run, asked.number)
    asks = (run.background.get("question") or {}).get("words")
    about = {
        "with": inner(lowered(with_it(run, asked))),
        "against": inner(against(run, asked)),
        "version": str(run.data.attrs.get("version", "")),
        "period": over,
        "corridor": corridor_title(run),
        "question": words("writing.question", title=words.column(asks, "title")) if asks else "",
    }
    enough = run.members >= FEW_MEMBERS
    sound = [one for one in amounts if enough and not one.weak and moved(asked, one)]
    told = [
        words(
            "writing.effect",
            measure=one.title,
            range=effect(run, asked, one).short,
            shared=shared(run, asked, one),
            who=who.short,
            **about,
        )
        for one in sound
    ]
    found = words("writing.record" if who.who == RECORD else "writing.assumed")
    beside = words("writing.beside", about=inner(words.column(asks, "about"))) if asks else ""
    return [*told, *filter(None, [beside if told else ""]), found, words("writing.if")]


def lowered(phrase: str) -> str:
    """Return a phrase as it stands inside a sentence."""
    return phrase[:1].lower() + phrase[1:]


INNER = str.maketrans("\u201c\u201d\u00ab\u00bb", "\u2018\u2019\u201c\u201d")
"""Quotation marks, and those that stand for them inside a quotation: in English, in Spanish."""


def inner(phrase: str) -> str:
    """Return a phrase as it is quoted inside a quotation."""
    return phrase.translate(INNER)


def _may_not(run: Run, asked: Contrast, main: Amount, weak: Sequence[Amount]) -> list[str]:
    words = run.words
    told = [words("writing.one_number", what=asked.what, measure=main.title)]
    if run.members < FEW_MEMBERS:
        told.insert(0, words("writing.no_few", count=run.members, enough=FEW_MEMBERS))
    if speaker(run, asked.number).who != RECORD:
        told.append(words("writing.no_finding", what=asked.what))
    told += [words("writing.no_weak", measure=one.title) for one in weak]
    return [*told, words("writing.no_success"), words("writing.no_will")]
