"""One self-contained file: a page's blocks put into the template and written in one go."""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from rumbo.files.atomic import write_text
from rumbo.files.direction import isolated
from rumbo.report.page.drawing import drawing_json
from rumbo.report.page.parts import DASH, Page, PageBlock, figures
from rumbo.report.page.words import Words

CACHE = Path(__file__).parent / "__pycache__"
"""Where the bundled drawing library is kept."""


SAID = (
    "skip",
    "contents",
    "data_table",
    "source",
    "take_data",
    "take_picture",
    "take_drawing",
    "here",
)
"""Words that stand on every page."""


def write_page(page: Page, path: str | os.PathLike[str], words: Words) -> Path:
    """Write a page whole, into a folder that is made if it is not there."""
    text, to = render(page, words), Path(path)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_text(to, text)
    return to


def render(page: Page, words: Words) -> str:
    """Return a page as text."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        finalize=_apart,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def show(blocks: Iterable[PageBlock]) -> Markup:
        macros = environment.get_template("macros.html").module
        printed = (getattr(macros, type(block).__name__.lower())(block) for block in blocks)
        return Markup("").join(printed)

    said = {key: words(key) for key in SAID}
    said |= {"kind": words(page.kind), "footer": words(page.footer)}
    said["made"] = page.source or f"Rumbo {page.version}"
    environment.globals.update(said=said, show=show, dash=DASH)
    blocks = [block for section in page.sections for block in section.blocks]
    return environment.get_template("template.html").render(
        page=page,
        language=words.language,
        style=Markup(_read("style.css")),
        script=Markup(_read("page.js")),
        library=Markup(library()),
        drawing=Markup(drawing_json(figures(blocks), words)),
    )


def _apart(value: object) -> object:
    """Keep text from turning what stands around it; markup was made so that it does not."""
    return isolated(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _read(name: str) -> str:
    return files("rumbo.report.page").joinpath(name).read_text("utf-8")


@lru_cache
def library() -> str:
    """Return the drawing library as one script, which sets ``window.vegaEmbed``.

    Bundling it takes a second, so that it is kept, for each version, where Python keeps what it
    compiles.
    """
    kept = CACHE / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError):
        return kept.read_bytes().decode()
    bundle = _bundled()
    with suppress(OSError):  # the package may stand where nothing can be written
        kept.parent.mkdir(exist_ok=True)
        write_text(kept, bundle)
    return bundle


def _bundled() -> str:
    import vl_convert

    bundle = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    # A closing tag inside a script would end it.
    return bundle.replace("</script", "<\\/script")
