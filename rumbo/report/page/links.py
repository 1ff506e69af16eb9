"""Links from one page to another that lies beside it, and commands inside a sentence."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from rumbo.files.direction import isolated
from rumbo.report.page.words import NAMES

PathOf = Mapping[str, str | os.PathLike[str]]
"""The file of a page in each language."""


def address(of: str | os.PathLike[str], seen_from: str | os.PathLike[str]) -> str:
    """Return the address of a page that holds as long as the two files are moved together.

    Parameters
    ----------
    of
        The page that is led to.
    seen_from
        The page that the link stands on.

    Returns
    -------
    str
        Relative to the folder of the second.
    """
    return quote(Path(os.path.relpath(of, Path(seen_from).parent)).as_posix())


def in_others(
    path: str | os.PathLike[str], language: str, paths: PathOf
) -> list[tuple[str, str, str]]:
    """Return the same page in other languages.

    Parameters
    ----------
    path, language
        The page that the links stand on.
    paths
        Its files by language, that one too.

    Returns
    -------
    list of tuple
        Code, name of the language, and address.
    """
    return [
        (other, NAMES[other], address(of, path)) for other, of in paths.items() if other != language
    ]


def link_to(label: str, to: str) -> str:
    """Return a link to a page beside this one, by its address."""
    return Markup('<a href="{}">{}</a>').format(to, isolated(label))


def typed(command: str) -> str:
    """Return a command as it is typed."""
    return Markup('<code lang="zxx">{}</code>').format(command)


def led_to(sentence: str, command: str) -> str:
    """Return a sentence with the command that it speaks of after it."""
    return Markup("{} {}").format(isolated(sentence), typed(command))
