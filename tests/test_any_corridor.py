"""The package speaks of roles: no corridor's countries, agencies or places stand in its code."""

import re
from pathlib import Path

import pytest

import rumbo

PACKAGE = Path(rumbo.__file__).parent

OF_ONE_CORRIDOR = re.compile(
    r"\b(usbp|ofo|cbp(_one)?|comar|border.patrol|title.42|unhcr|united.states|us_\w+|"
    r"dari[eé]n|honduras|honduran\w*|panam[aá]\w*|m[eé]xic\w*|tapachula|chiapas|guatemala\w*)\b"
    r"|darien|mexico",
    re.IGNORECASE,
)
"""Words of the first corridor."""

CODES = re.compile(r"""["'(:\s](MX|HN|PA|GT|CO|US)["'),\s]""")
"""Codes of its countries, where they stand alone."""

APART = (
    "flee/",  # figures of camps in Flee's format are UNHCR's
    "scenario/edit/renamed.csv",  # what folders of an earlier version say
    "scenario/edit/counted.csv",
)
"""Where such words are needed."""

FILES = sorted(
    path
    for kind in ("*.py", "*.csv", "*.html", "*.j2", "*.css")
    for path in PACKAGE.rglob(kind)
    if not path.is_relative_to(PACKAGE / "corridors")
    and not str(path.relative_to(PACKAGE)).startswith(APART)
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_names_one_corridor(path: Path) -> None:
    found = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if OF_ONE_CORRIDOR.search(line) or CODES.search(line)
    ]
    assert found == []
