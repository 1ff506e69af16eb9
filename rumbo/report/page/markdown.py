"""Blocks of a page as Markdown, for a page of documentation."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from rumbo.report.page.parts import Bullets, Fold, Heading, PageBlock, Section, Table, Text


def markdown(section: Section, level: int = 1) -> str:
    """Return a chapter as Markdown.

    Parameters
    ----------
    section
        Its blocks are texts, headings, lists, tables and folds.
    level
        Level of its heading.

    Returns
    -------
    str
        The text, one line break at its end.
    """
    parts = [f"{'#' * level} {section.title}", *_blocks(section.blocks, level)]
    return "\n\n".join(parts) + "\n"


def _blocks(blocks: Iterable[PageBlock], level: int) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Text):
            yield _plain(block.text)
        elif isinstance(block, Heading):
            yield f"{'#' * (level + 1)} {_plain(block.text)}"
        elif isinstance(block, Bullets):
            yield "\n".join(f"- {_plain(one)}" for one in block.sentences)
        elif isinstance(block, Table):
            if block.caption:
                yield f"**{_plain(block.caption)}**"
            yield _table(block)
        elif isinstance(block, Fold):
            yield f"<details><summary>{_plain(block.title)}</summary>"
            yield from _blocks(block.blocks, level)
            yield "</details>"


def _table(table: Table) -> str:
    """Return a table; all columns but the first stand to the right."""
    rule = ["---", *["---:"] * (len(table.heads) - 1)]
    return "\n".join(map(_row, [table.heads, rule, *table.rows]))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell).replace('|', '/') for cell in cells)} |"


def _plain(text: str) -> str:
    return Markup(text).striptags() if isinstance(text, Markup) else str(text)
