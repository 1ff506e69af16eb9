"""One self-contained file: the page's content put into its template and written in one go."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from rumbo.files.atomic import write_text
from rumbo.report.page.parts import Row
from rumbo.report.page.words import Words


def write_page(path: Path, text: str) -> Path:
    """Write a page whole, into a folder that is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path


def render(name: str, told: Row, words: Words) -> str:
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


def _read(name: str) -> str:
    return files("rumbo.report.page").joinpath(name).read_text("utf-8")


@lru_cache
def library() -> str:
    """Return the drawing library as one script."""
    import vl_convert

    bundle = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    # A closing tag inside a script would end it.
    return bundle.replace("</script", "<\\/script")
