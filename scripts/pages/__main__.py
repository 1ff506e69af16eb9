"""Write every page and file that is made from the package: ``python -m scripts.pages``."""

import os
import tempfile
from pathlib import Path

from rumbo.files.atomic import write_text
from scripts.pages import api, codemeta, result, tutorial

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write them."""
    os.chdir(ROOT)
    _write(codemeta.FILE, codemeta.content())
    _write(ROOT / "docs" / "api.md", api.page())
    _write(ROOT / "docs" / "result.md", result.page())
    with tempfile.TemporaryDirectory() as folder:
        pieces = tutorial.run(tutorial.PAGE.read_text("utf-8"), Path(folder))
        picture = (Path(folder) / tutorial.PICTURE.name).read_text("utf-8")
    _write(tutorial.PAGE, tutorial.text(pieces))
    _write(tutorial.PICTURE, picture)
    _write(tutorial.NOTEBOOK, tutorial.notebook(pieces, picture))


def _write(path: Path, content: str) -> None:
    write_text(path, content)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
