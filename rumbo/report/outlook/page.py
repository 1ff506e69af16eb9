"""The page of an outlook."""

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from rumbo.report.corridor.limits import cite_section, limits_section
from rumbo.report.outlook.after import after
from rumbo.report.outlook.branches import branches
from rumbo.report.outlook.months import answer, corridor, cost, place, statements
from rumbo.report.page.markdown import markdown
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Answer, Bullets, Page, Section, Text, sections
from rumbo.report.page.render import write_page
from rumbo.report.page.words import Words
from rumbo.report.read.outlook import OutlookTable, read_about, read_outlook

LIMITS = (
    "outlook.limit.policy",
    "outlook.limit.sizes",
    "outlook.limit.turning",
    "outlook.limit.entries",
    "outlook.limit.hindsight",
    "scorecard.limit.delays",
    "forecast.limit.minds",
    "limit.shelter",
    "limit.observed",
    "limit.coarse",
)


def write_outlook(
    about: str | os.PathLike[str], to: str | os.PathLike[str], language: str = "en"
) -> Path:
    """Write one HTML file that tells of the months ahead of a day.

    Parameters
    ----------
    about
        The file ``outlook-DAY.json`` that ``rumbo outlook`` wrote; its tables lie beside it.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.

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
    told = _read(Path(about), language)
    return write_page(_page(told), to, told.words)


def outlook_text(about: str | os.PathLike[str], command: str, language: str = "en") -> str:
    """Return the same as a page in Markdown, for documentation.

    Parameters
    ----------
    about, language
        As for `write_outlook`.
    command
        What shows it.

    Returns
    -------
    str
        What stands in folds and behind charts is told as well.
    """
    told = _read(Path(about), language)
    page = _page(told)
    intro = [Text(_drivers(told)), Text(answer(told).sentence)]
    intro.append(Text(told.words("origin.command", command=command)))
    parts = [markdown(Section("outlook", page.title, intro))]
    parts += [markdown(section, 2) for section in page.sections]
    return "\n".join(parts)


def _read(path: Path, language: str) -> OutlookTable:
    about = read_about(path)
    return read_outlook(path, Words(language, own_texts(about)))


def _page(told: OutlookTable) -> Page:
    words, about = told.words, told.about
    last = words.month(told.ahead("waiting", about["place"])[-1]["month"])
    return Page(
        title=words("outlook.question", place=told.place_name, month=last),
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
        answer=[Answer(_drivers(told), answer(told))],
    )


def _drivers(told: OutlookTable) -> str:
    """Return how old everything is that drives the outlook, in one line: the newest first."""
    words, of = told.words, dict[tuple[int, str], list[str]]()
    for one in told.about["drivers"]:
        of.setdefault((one["days"], one["last"]), []).append(told.title(one["series"]))
    parts = [_driver(words, *age, titles) for age, titles in sorted(of.items())]
    return words("outlook.drivers", day=told.day, listed="; ".join(parts))


def _driver(words: Words, days: int, last: str, titles: Sequence[str]) -> str:
    month = words.month(pd.Timestamp(f"{last}-01"), short=True)
    return words("outlook.driver", series=words.listed(titles), month=month, days=days)


def limits(told: OutlookTable) -> Section:
    """Return the limits of an outlook."""
    return limits_section(told.words, LIMITS)


def cite(told: OutlookTable) -> Section:
    """Return how an outlook was made and is cited."""
    words, fit = told.words, told.about["fit"]
    quoted = words("outlook.cite", day=told.day, version=told.about["version"])
    again = words(
        "outlook.cite.again",
        corridor=told.about["corridor"],
        day=told.about["as_of"],
        months=len(told.about["months"]),
        place=told.about["place"],
        members=told.about["members"],
        seed=told.about["seed"],
        fit=fit.get("members", fit["draws"]),
        draws=fit["draws"],
    )
    own = [words(key) for key in words.own if key.startswith("thanks.")]
    return cite_section(words, quoted, again, [Bullets([*own, words("licence.rumbo")])])


CHAPTERS = (statements, place, branches, corridor, cost, after, limits, cite)
"""Chapters of the page, in their order."""
