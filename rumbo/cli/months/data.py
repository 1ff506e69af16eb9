"""Commands on the figures of a corridor: files of new months added, a template for others."""

from pathlib import Path
from typing import Annotated

import typer

from rumbo.cli.options import Spoken
from rumbo.cli.terminal import say

data = typer.Typer(
    rich_markup_mode=None,
    help="Add files of new months to a corridor of your own, as agencies publish them.",
)

Target = Annotated[str, typer.Option("--corridor", help="Folder of your own corridor.")]


@data.command("add")
def add_file(
    file: Annotated[Path, typer.Argument(help="File of an agency, or a filled-in template.")],
    corridor: Target,
    published: Annotated[
        str | None, typer.Option("--published", help="Day on which it was published.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")
    ] = False,
    language: Spoken = None,
) -> None:
    """Add a file's figures to a corridor, keep the file, and say what changed."""
    from rumbo.cli.months.telling import tell_added
    from rumbo.updating.add import add

    tell_added(add(file, corridor, published=published, dry_run=dry_run), dry_run=dry_run)


@data.command("template")
def print_template(
    corridor: Annotated[
        str, typer.Option("--corridor", help="A bundled corridor or a folder.")
    ] = "",
    language: Spoken = None,
) -> None:
    """Print a table for any other count, to be filled in and added."""
    from rumbo.scenario.corridor import corridors
    from rumbo.scenario.scenario import load
    from rumbo.updating.template import template

    typer.echo(template(load(corridor or corridors()[0])), nl=False)


@data.command("forms")
def list_forms(
    corridor: Annotated[
        str, typer.Option("--corridor", help="A bundled corridor or a folder.")
    ] = "",
    language: Spoken = None,
) -> None:
    """List the forms of files that a corridor knows, and whether a real file was tried."""
    from rumbo.cli.months.telling import tell_forms
    from rumbo.files.faults import Collector
    from rumbo.scenario.corridor import corridors
    from rumbo.scenario.scenario import load
    from rumbo.updating.forms import read_forms

    faults = Collector()
    known = read_forms(load(corridor or corridors()[0]).folder, faults)
    faults.check()
    if not known.forms:
        say("The corridor has no forms.csv; rumbo data template prints a table for any count.")
        return
    tell_forms(known.forms)
