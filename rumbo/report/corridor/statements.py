"""The first page: what the run is, and a few statements, each a range before its middle value."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rumbo.report.corridor.headline import headlines, period
from rumbo.report.page.parts import (
    Answer,
    Cards,
    Page,
    PageBlock,
    Section,
    Statement,
    Text,
    sections,
)
from rumbo.report.page.words import Words
from rumbo.report.read.run import Run

FEW_MEMBERS = 20
"""Under this number of simulations a range of nine in ten says little."""


def statements(run: Run) -> Section:
    """Return the first chapter of a run of the corridor."""
    words = run.words
    keys = ("how_to_read", "how_to_read.record", "what_ranges_hold", "mark.note")
    # Of a single scenario the first statement is the page's answer.
    cards = headlines(run) if len(run.scenarios) > 1 else headlines(run)[1:]
    told = [each for each in warnings(run) if each != thin(run)]  # it stands beside the answer
    return first_section(words, told, cards, [words(key) for key in keys])


def first_section(
    words: Words, warned: Sequence[str], cards: Sequence[Statement], after: Sequence[str]
) -> Section:
    """Return the first chapter of a page: warnings, statements, and what to know of them."""
    blocks = [*(Text(one, "warning") for one in warned), Cards(cards), *map(Text, after)]
    return Section("statements", words("part.statements"), blocks)


def warnings(run: Run) -> list[str]:
    """Return what a reader must know before reading the ranges."""
    fit = [levels(run)] if "posterior" in run.background else []
    return [*filter(None, [thin(run)]), *fit]


def thin(run: Run) -> str:
    """Return that the simulations are too few for their ranges; empty if they are enough."""
    if run.members == 1:
        return run.words("warn.single")
    few = run.members < FEW_MEMBERS
    return run.words("warn.few", count=run.members, enough=FEW_MEMBERS) if few else ""


def warned(run: Run, blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """Return blocks of a first screen, the first number warned of if it rests on too little."""
    if not blocks or not isinstance(blocks[0], Answer):
        return [*blocks]
    return [replace(blocks[0], warning=thin(run)), *blocks[1:]]


def levels(run: Run) -> str:
    """Return what the levels of the run were set on: whether the figures shown test it."""
    fit = run.background.get("posterior")
    if fit is None:
        return run.words("observed.levels")
    return run.words("observed.fitted", day=run.words.day(fit["as_of"], short=False))


def run_page(
    run: Run,
    about: str,
    chapters: Iterable[Callable[[Run], Section | None]],
    title: str = "",
    answer: Sequence[PageBlock] = (),
) -> Page:
    """Return a page of chapters about a run; its title is the corridor's unless it asks."""
    own, attrs = corridor_title(run), run.data.attrs
    told = {"version": str(attrs.get("version", "")), "run": str(attrs.get("run_id", ""))}
    return Page(
        title=title or own,
        about=f"{own}, {period(run)}. {about}" if title else about,
        period=period(run),
        facts=facts(run),
        version=str(run.data.attrs.get("version", "")),
        sections=sections(chapters, run),
        answer=warned(run, answer),
        source=run.words("source.run", **told),
    )


def corridor_title(run: Run) -> str:
    """Return the title of the corridor, or of the crisis."""
    own = str(run.data.attrs.get("title", ""))
    return run.words.pick(run.background["corridor"].get("title"), own)


def facts(run: Run) -> list[tuple[str, str]]:
    """Return what identifies the run."""
    words, attrs = run.words, run.data.attrs
    return [
        (words("fact.period"), period(run)),
        (words("fact.members"), words.digits(run.members)),
        (words("fact.run"), str(attrs.get("run_id", ""))),
        (words("fact.seed"), str(attrs.get("seed", ""))),
        (words("fact.version"), str(attrs.get("version", ""))),
    ]


def citation(run: Run, key: str = "cite.text") -> str:
    """Return how to cite this report, by the key of its words."""
    words, attrs = run.words, run.data.attrs
    return words(
        key,
        version=str(attrs.get("version", "")),
        title=corridor_title(run),
        period=period(run),
        run=str(attrs.get("run_id", "")),
        seed=str(attrs.get("seed", "")),
        members=run.members,
    )
