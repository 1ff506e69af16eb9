"""docs/tutorial.md run from its first block to its last, and the notebook that is made from it."""

import contextlib
import io
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import v4

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
NOTEBOOK = ROOT / "examples" / "tutorial.ipynb"
PICTURE = ROOT / "docs" / "tutorial.svg"

LISTED = "rumbo ask darien-rio-bravo"
"""The command whose output the page shows."""

COMMAND = "import sys; from rumbo.cli.commands import main; sys.exit(main())"

FENCE = re.compile(r"^```(\w+)\n(.*?)^```\n", flags=re.M | re.S)

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class Block(NamedTuple):
    """A piece of the page: words (no language), code, or what code printed (``text``)."""

    language: str
    content: str


def blocks(page: str) -> Iterator[Block]:
    """Go through the pieces of a page."""
    end = 0
    for found in FENCE.finditer(page):
        yield Block("", page[end : found.start()])
        yield Block(found[1], found[2])
        end = found.end()
    yield Block("", page[end:])


def run(page: str, folder: Path) -> list[Block]:
    """Run a page's code in a folder, and return its pieces with what was printed this time.

    Parameters
    ----------
    page
        The page.
    folder
        Where files are written.

    Returns
    -------
    list of Block
    """
    pieces, names, printed = list[Block](), dict[str, Any](), ""
    with contextlib.chdir(folder):
        for block in blocks(page):
            if block.language == "text":
                block = block._replace(content=printed)
            elif block.language == "python":
                printed = _printed(block.content, names)
            elif block.content.strip() == LISTED:
                printed = _listed()
            pieces.append(block)
    return pieces


def text(pieces: list[Block]) -> str:
    """Return pieces as a page."""
    return "".join(
        f"```{one.language}\n{one.content}```\n" if one.language else one.content for one in pieces
    )


def _printed(code: str, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(code, PAGE.name, "exec"), names)
    return out.getvalue()


def _listed() -> str:
    """Run the command that lists questions, as a user would."""
    command = [sys.executable, "-c", COMMAND, *LISTED.split()[1:]]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def notebook(pieces: list[Block], picture: str) -> str:
    """Return a page that was run as a notebook, as JSON.

    Parameters
    ----------
    pieces
        The page with what its code printed.
    picture
        The chart as SVG.

    Returns
    -------
    str
    """
    cells: list[Any] = []
    for block in pieces:
        if block.language == "python":
            cells.append(v4.new_code_cell(block.content.rstrip("\n")))
        elif block.language == "text" and cells and cells[-1].cell_type == "code":
            cells[-1].outputs.append(v4.new_output("stream", name="stdout", text=block.content))
        elif block.language:
            _append(cells, f"```{block.language}\n{block.content}```\n")
        else:
            _append(cells, block.content)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02}"
        if cell.cell_type == "markdown":
            cell["source"] = elsewhere(cell["source"].strip("\n"))
    made = v4.new_notebook(cells=_numbered(cells), metadata={"kernelspec": KERNEL})
    _show(made.cells, picture)
    nbformat.validate(made)
    return nbformat.writes(made) + "\n"


def _append(cells: list[Any], words: str) -> None:
    """Add words to the last cell of words, or in a new one."""
    if cells and cells[-1].cell_type == "markdown":
        cells[-1]["source"] += words
    elif words.strip():
        cells.append(v4.new_markdown_cell(words))


def _numbered(cells: list[Any]) -> list[Any]:
    code = [cell for cell in cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell["execution_count"] = number
    return cells


def _show(cells: list[Any], picture: str) -> None:
    """Put the chart below the cell that saves it; the words need no link to its file then."""
    for cell, words in pairwise(cells):
        if cell.cell_type == "code" and PICTURE.name in cell["source"]:
            shown = v4.new_output("display_data", data={"image/svg+xml": picture})
            cell.outputs.append(shown)
            words["source"] = re.sub(rf"!\[[^\]]*\]\([^)]*{PICTURE.name}\)\n*", "", words["source"])


def elsewhere(words: str) -> str:
    """Return words whose links lead to the pages of docs/ from the folder of examples."""
    words = words.replace("](../examples/", "](")
    return re.sub(r"\]\((?!\w+:|tutorial\.ipynb)([^)#]+)", r"](../docs/\1", words)


def shapes(picture: str) -> list[str]:
    """Return where bars and ticks of an SVG lie, which no font of the machine moves."""
    marks = re.findall(r'<path aria-label="[^"]*" role="graphics-symbol"[^>]* d="([^"]+)"', picture)
    return [re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.0f}", mark) for mark in marks]
