"""Copies of the smallest corridor, with one thing in them wrong."""

import shutil
from pathlib import Path

THREE_PLACES = Path(__file__).parent.parent / "examples" / "three_places"


def copy(to: Path) -> Path:
    """Return a copy of the smallest corridor."""
    folder = to / "three_places"
    shutil.copytree(THREE_PLACES, folder)
    return folder


def swap(folder: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands once in a file; return the row."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def add(folder: Path, file: str, line: str) -> int:
    """Add a line to a file; return its row."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1
