"""How to write about a run: sentences that one may print, and sentences that one may not."""

from collections.abc import Sequence

from rumbo.report.corridor.front.effects import effect, shared
from rumbo.report.corridor.speaks import speaker
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
    about = {
        "with": lowered(with_it(run, asked)),
        "against": against(run, asked),
        "version": str(run.data.attrs.get("version", "")),
        "period": over,
    }
    sound = [one for one in amounts if not one.weak]
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
    return [*told, found, words("writing.if")]


def lowered(phrase: str) -> str:
    """Return a phrase as it stands inside a sentence."""
    return phrase[:1].lower() + phrase[1:]


def _may_not(run: Run, asked: Contrast, main: Amount, weak: Sequence[Amount]) -> list[str]:
    words = run.words
    told = [words("writing.one_number", what=asked.what, measure=main.title)]
    if speaker(run, asked.number).who != RECORD:
        told.append(words("writing.no_finding", what=asked.what))
    told += [words("writing.no_weak", measure=one.title) for one in weak]
    return [*told, words("writing.no_success"), words("writing.no_will")]
