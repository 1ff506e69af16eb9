"""Commands on a corridor's folder: made new or from another, an id changed, brought up to date."""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from rumbo.cli.options import Corridor
from rumbo.cli.terminal import progress_bar, say

Folder = Annotated[Path, typer.Argument(help="Folder of a corridor.")]


def new(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make a small corridor to start from: only the columns that are needed."""
    from rumbo.scenario.edit.new import make

    for name in make(folder):
        say(f"  {name}")
    say(f"Made {folder}. Edit it, and ask: rumbo check {folder}")


def copy(
    corridor: Corridor,
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
) -> None:
    """Make a copy of a corridor that is one's own to change, with its fit."""
    from rumbo.scenario.edit.copy import copy as make

    names = make(corridor, folder)
    say(f"Made {folder}: {len(names)} files. Edit it, and ask: rumbo check {folder}")


def rename(
    folder: Folder,
    old: Annotated[str, typer.Argument(help="Id of a place, group, lever, source or component.")],
    new: Annotated[str, typer.Argument(help="The id that it gets.")],
) -> None:
    """Change an id everywhere in a corridor's folder."""
    from rumbo.scenario.edit.rename import rename as change

    say(f"{old} is {new} now, in {', '.join(change(folder, old, new))}")


def upgrade(folder: Folder) -> None:
    """Bring a folder of an earlier version up to date."""
    from rumbo.scenario.edit.upgrade import upgrade as bring_up_to_date

    written = bring_up_to_date(folder)
    say(f"Written anew: {', '.join(written)}" if written else f"{folder}: up to date already")


def export_run(run: Path, target: Path) -> None:
    """Export a run: what cannot be exported is refused before the line that says work has begun."""
    from rumbo.exporting import export
    from rumbo.run.folder import open_run

    with ExitStack() as stack:
        begin = cache(lambda: stack.enter_context(progress_bar("steps", "Writing")))
        written = export(open_run(run), target, progress=lambda done, every: begin()(done, every))
    _tell_export(target, written)


def _tell_export(target: Path, written: Sequence[Path]) -> None:
    """Say what an export wrote: its files, and how many there are in each of its folders."""
    say(f"Exported to {target}:")
    real = Path(os.path.realpath(target))  # what was written is told by its real path
    inside = [path.relative_to(real).parts for path in written]
    for (name,) in (parts for parts in inside if len(parts) == 1):
        say(f"  {name}")
    for folder, count in Counter(parts[0] for parts in inside if len(parts) > 1).items():
        say(f"  {folder}/ ({count} files)")
