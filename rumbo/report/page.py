"""One self-contained file: the page's content put into its template and written in one go."""

import os
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import xarray as xr
from markupsafe import Markup

from rumbo.files.atomic import write_text
from rumbo.report import crisis, learned
from rumbo.report.content import content
from rumbo.report.reading import Record, Run, read_run
from rumbo.report.words import Words


def write_report(runs: xr.Dataset, path: str | os.PathLike[str], *, language: str = "en") -> Path:
    """Write one HTML file that shows a result to planners and journalists.

    The file holds everything it needs and is read without a network. A run of displacement, by
    day, gets a page about camps and roads; learned shares one about camps alone; a run of the
    corridor one about its months.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.learn_shares`` returned, or the ``result.nc`` of a run
        folder.
    path
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ValueError
        If the language is unknown or the result lacks a variable.
    """
    return write_page(Path(path), page(read_run(runs, Words(language))))


def write_page(path: Path, text: str) -> Path:
    """Write a page whole, into a folder that is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path


def page(run: Run) -> str:
    """Return the page of a run as text."""
    name, told = _told(run)
    return render(name, {**told, "t": run.words}, run.words)


def render(name: str, told: Record, words: Words) -> str:
    """Return a page as text.

    Parameters
    ----------
    name
        File of the template.
    told
        Values of its names; ``t`` gives the text of a key.
    words
        The language.

    Returns
    -------
    str
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = {"style": Markup(_read("style.css")), "script": Markup(_read("page.js"))}
    template = environment.get_template(name)
    return template.render(**told, **parts, language=words.language, library=Markup(library()))


def _told(run: Run) -> tuple[str, Record]:
    """Return the name of a run's template and the values of its names."""
    if run.learned:
        return "learned.html", learned.content(run)
    if run.dimension == "day":
        return "displacement.html", crisis.content(run)
    return "template.html", content(run)


def _read(name: str) -> str:
    return files("rumbo.report").joinpath(name).read_text("utf-8")


@lru_cache
def library() -> str:
    """Return the drawing library as one script."""
    import vl_convert

    bundle = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    # A closing tag inside a script would end it.
    return bundle.replace("</script", "<\\/script")
