"""Who speaks for the size of an effect: assumptions, the record, or nobody yet."""

import re
from collections import Counter
from typing import NamedTuple

from rumbo.report.corridor.hangs import same_fit
from rumbo.report.page.parts import Row
from rumbo.report.page.words import text
from rumbo.report.read.names import lever_title
from rumbo.report.read.run import Run
from rumbo.scores.narrowed import Narrowed
from rumbo.scores.speaking import ASSUMED, OPEN, RECORD, Sizes, sizes_of
from rumbo.scores.speaking import differing as values_apart

SHORT = {
    ASSUMED: ("speaks.short_assumed", "speaks.short_assumed_by"),
    OPEN: ("speaks.short_open", "speaks.short_open_by"),
    RECORD: ("", "speaks.short_record_by"),
}
"""Who speaks in a few words: without a fit, which the record needs, and with one."""

NARROWED = {
    ASSUMED: "speaks.narrowed_assumed",
    OPEN: "speaks.narrowed_open",
    RECORD: "speaks.narrowed_record",
}
"""Who speaks, by how far a fit narrowed the sizes."""


class Speaker(NamedTuple):
    """Who speaks for the size of an effect: which of the three, in words, and in a sentence.

    The label is all that must stand beside every effect; where assumptions speak, or nobody yet,
    the phrase adds by how much the record narrows the sizes.
    """

    who: str
    label: str
    short: str
    sentence: str


def speaker(run: Run, number: int) -> Speaker:
    """Return who speaks for the size of a scenario's difference from the first.

    What it goes by is said in `rumbo.scores.speaking.Sizes`.
    """
    words, sizes = run.words, sizes_between(run, number)
    who, found = sizes.who, sizes.found
    if sizes.whole is None:
        label = words(SHORT[who][0])
        return Speaker(who, label, label, _rests_on(run, found, ("speaks.assumed", "speaks.open")))
    by = _narrower(run, sizes.whole)
    rests = _rests_on(run, found, ("speaks.rests_assumed", "speaks.rests"))
    told = words(NARROWED[who], by=by, count=len(sizes.narrowed))
    short = words(SHORT[who][1], by=by)
    label = short if who == RECORD else words(SHORT[who][0])
    return Speaker(who, label, short, " ".join(filter(None, (rests, told, held_text(run)))))


def speaks(run: Run, number: int) -> str:
    """Say on what the size of a scenario's difference from the first rests."""
    return speaker(run, number).sentence


def sizes_between(run: Run, number: int) -> Sizes:
    """Return the values in which a scenario differs from the first, and who speaks for them."""
    return sizes_of(run.background, run.scenarios[0], run.scenarios[number])


def held_text(run: Run) -> str:
    """Return how often ranges of an effect held simulated truths; empty where it was not tested.

    Of which effect, and with which fit, is said: others were not tested.
    """
    words = run.words
    for row in run.records("tested"):
        if (row["test"], row["series"], row["figure"]) == ("calibration", "effect", "held_90"):
            share, low, high = (
                words.percent(float(row[name])).lstrip("+") for name in ("value", "low", "high")
            )
            lever = re.search(r"--lever (\S+)", text(row["command"]))
            what = lever_title(lever[1], run) if lever else words("speaks.held_lever")
            ends = {"low": low, "high": high, "n": int(float(row["n"]))}
            key = "speaks.held" if same_fit(run, row) else "speaks.held_before"
            return words(key, lever=what, share=share, **ends)
    return ""


def narrower_text(run: Run, size: Narrowed) -> str:
    """Return by how much of its spread a size is narrower after the fit, in per cent."""
    return run.words("speaks.by", by=_narrower(run, size))


def _narrower(run: Run, size: Narrowed) -> str:
    middle, least, most = (
        run.words.percent(max(1.0 - ratio, 0.0)).lstrip("+")
        for ratio in (size.ratio, size.high, size.low)
    )
    return run.words("speaks.range", middle=middle, low=least, high=most)


def _rests_on(run: Run, found: Counter[str], keys: tuple[str, str]) -> str:
    """Say what the values rest on that make an effect, by keys: of assumed ones, and of others."""
    words, (assumed, several) = run.words, keys
    if not found:
        return words("speaks.unknown")
    if set(found) == {ASSUMED}:
        return words(assumed, count=found[ASSUMED])
    each = [_counted(run, quality, count) for quality, count in found.most_common()]
    return words(several, listed=words.listed(each))


def _counted(run: Run, quality: str, count: int) -> str:
    label = run.words.maybe(f"quality.{quality}", quality)
    return run.words("speaks.quality", quality=label, count=count)


def differing(run: Run, number: int) -> list[Row]:
    """Return the values in which a scenario differs from the first."""
    return values_apart(run.background, run.scenarios[0], run.scenarios[number])
