"""An effect told: its range the positive way, how many simulations share it, and who speaks."""

from rumbo.report.corridor.speaks import speaker
from rumbo.report.page.parts import Statement
from rumbo.report.page.style import colour
from rumbo.report.read.contrast import Contrast, effect_text, signs, signs_text
from rumbo.report.read.ranges import Amount, spread
from rumbo.report.read.run import Run


def effect(run: Run, asked: Contrast, amount: Amount, *, beside: bool = False) -> Statement:
    """Return how a quantity differs with what is asked about; in brief where it stands beside."""
    words, change = run.words, asked.of(amount.values)
    ends = spread(change)
    half = words.change(ends.low_half, ends.high_half)
    told = words("effect.half", half=half, middle=words.single_change(ends.middle))
    said = speaker(run, asked.number)
    who = said.label if beside else said.short
    if not moved(asked, amount):
        who = words("effect.unmoved")
    return Statement(
        amount.title,
        effect_text(words, change),
        told if words.ranged else "",
        colour(asked.number),
        f"{shared(run, asked, amount)}; {who}",
        amount.weak,
    )


def moved(asked: Contrast, amount: Amount) -> bool:
    """Whether what is asked about moves a quantity in any simulation: else no size is assumed."""
    return bool(asked.of(amount.values).values.any())


def shared(run: Run, asked: Contrast, amount: Amount) -> str:
    """Say in how many simulations a quantity is larger, and in how many smaller."""
    return signs_text(run.words, signs(asked.of(amount.values)))
