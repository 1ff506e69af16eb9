"""The widget's module: the studio's own page and scripts, and the script that frames them."""

import json
import re
from functools import cache
from importlib.resources import files

FRAMED, IMPORTED = "frame.js", "rumbo/"
"""The script that runs first in the frame; what the names of scripts begin with there."""

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What the frame may load: nothing from elsewhere, and no eval; its own parts lie inside it."""

STYLE = (
    ".skip, #made { display: none; }"
    "header, main, footer { padding-left: 14px; padding-right: 14px; }"
    "@media (min-width: 761px) and (max-width: 1000px) "
    "{ main { grid-template-columns: 240px minmax(0, 1fr); gap: 0 24px; } }"
)
"""A cell's own: without what makes no sense in it (a link within the page, on whose machine it is),
and with narrower margins than a page."""

FRAME = "box-sizing: border-box; width: 100%; resize: vertical; border: 1px solid #8a8a86"
"""Style of the frame, as wide as its cell; whoever reads may draw it higher."""


@cache
def module_text() -> str:
    """Return the module that a notebook loads, as text."""
    whole = {"html": _html(), "scripts": _scripts(), "style": FRAME}
    return f"const PAGE = {json.dumps(whole)};\n{_read('notebook', 'widget.js')}"


def _read(folder: str, name: str) -> str:
    return files("rumbo.studio").joinpath(folder).joinpath(name).read_text("utf-8")


def _scripts() -> dict[str, str]:
    """Return the scripts of the page, whose imports are names: a frame has no folder."""
    page = files("rumbo.studio").joinpath("page")
    own = {one.name: one.read_text("utf-8") for one in page.iterdir() if one.name.endswith(".js")}
    whole = {**own, FRAMED: _read("notebook", FRAMED)}
    return {
        f"{IMPORTED}{name}": re.sub(r'from "\./', f'from "{IMPORTED}', whole[name])
        for name in sorted(whole)
    }


def _html() -> str:
    """Return the page with its style inside, and its scripts where the frame finds them."""
    style = _read("page", "studio.css") + STYLE
    scripts = f'import "{IMPORTED}{FRAMED}"; import "{IMPORTED}studio.js";'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    inside = {
        '<meta charset="utf-8">': f'<meta charset="utf-8">\n{policy}',
        '<link rel="stylesheet" href="/page/studio.css">': f"<style>{style}</style>",
        '<script id="vega" src="/page/vega.js" async></script>': '<script id="vega"></script>',
        '<script type="module" src="/page/studio.js"></script>': (
            '<script type="importmap">{imports}</script>\n'
            f'<script type="module">{scripts}</script>'
        ),
    }
    html = _read("page", "index.html")
    for lying, own in inside.items():
        html = html.replace(lying, own)
    return html
