"""The page of an outlook."""

import os
from dataclasses import replace
from pathlib import Path

from rumbo.report.corridor.limits import cite_section, limits_section
from rumbo.report.outlook.after import after
from rumbo.report.outlook.branches import branches
from rumbo.report.outlook.first import answer, beds_short, drivers, first_screen, question
from rumbo.report.outlook.limits import LIMITS, command_of
from rumbo.report.outlook.months import corridor, cost, place, statements
from rumbo.report.page.links import PathOf, in_others, led_to
from rumbo.report.page.markdown import markdown
from rumbo.report.page.parts import Bullets, Page, Section, Text, sections
from rumbo.report.page.render import write_page
from rumbo.report.read.outlook import OutlookTable, open_outlook


def write_outlook(
    about: str | os.PathLike[str],
    to: str | os.PathLike[str],
    language: str = "en",
    *,
    others: PathOf | None = None,
) -> Path:
    """Write one HTML file that tells of the months ahead of a day.

    Parameters
    ----------
    about
        The file ``outlook-DAY-PLACE.json`` that ``rumbo outlook`` wrote; its tables lie beside it.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.
    others
        The files of the same page by language, which it links to.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If a file is missing, cannot be read or lacks something; then nothing is written.
    ValueError
        If the language is unknown.
    """
    told = open_outlook(Path(about), language)
    links = in_others(to, language, others or {})
    return write_page(replace(_page(told), others=links), to, told.words)


def outlook_text(about: str | os.PathLike[str], language: str = "en") -> str:
    """Return the same as a page in Markdown, for documentation.

    Parameters
    ----------
    about, language
        As for `write_outlook`.

    Returns
    -------
    str
        What stands in folds and behind charts is told as well.
    """
    told = open_outlook(Path(about), language)
    page = _page(told)
    intro = [Text(drivers(told)), Text(answer(told).sentence)]
    intro += [Text(one.who or one.sentence) for one in beds_short(told)]
    intro.append(Text(told.words("origin.command", command=command_of(told))))
    parts = [markdown(Section("outlook", page.title, intro))]
    parts += [markdown(section, 2) for section in page.sections]
    return "\n".join(parts)


def _page(told: OutlookTable) -> Page:
    words, about = told.words, told.about
    return Page(
        title=question(told),
        about="",
        period=told.day,
        facts=[
            (words("forecast.fact.day"), told.day),
            (words("outlook.fact.corridor"), words.pick(about["title"], about["corridor"])),
            (words("fact.members"), words.digits(about["members"])),
            (words("fact.seed"), str(about["seed"])),
            (words("fact.version"), about["version"]),
        ],
        version=str(about["version"]),
        sections=sections(CHAPTERS, told),
        kind="outlook.kind",
        footer="outlook.footer",
        answer=first_screen(told),
        source=words("outlook.source", version=str(about["version"]), day=told.day),
    )


def limits(told: OutlookTable) -> Section:
    """Return the limits of an outlook."""
    return limits_section(told.words, LIMITS)


def cite(told: OutlookTable) -> Section:
    """Return how an outlook was made and is cited."""
    words, fit = told.words, told.about["fit"]
    quoted = words("outlook.cite", day=told.day, version=told.about["version"])
    size = {"fit": fit.get("members", fit["draws"]), "draws": fit["draws"]}
    again = led_to(words("outlook.cite.again", **size), command_of(told))
    own = [words(key) for key in words.own if key.startswith("thanks.")]
    return cite_section(words, quoted, again, [Bullets([*own, words("licence.rumbo")])])


CHAPTERS = (statements, place, branches, corridor, cost, after, limits, cite)
"""Chapters of the page, in their order."""
