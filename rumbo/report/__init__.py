"""Pages from a saved result: one HTML file, in English or Spanish, read without a network.

Imports files and scores. Inside, each room imports only those before it: page, read, charts,
corridor, answer, crisis, forecasts, outlook.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import xarray as xr

from rumbo.report.answer.page import answered, place_page, with_places
from rumbo.report.corridor.outcomes import how_tested
from rumbo.report.corridor.page import corridor_page
from rumbo.report.corridor.record import record
from rumbo.report.corridor.statements import citation
from rumbo.report.crisis.learned import learned_page
from rumbo.report.crisis.page import crisis_page
from rumbo.report.forecasts.forecast import write_forecast
from rumbo.report.forecasts.origin import origin_page
from rumbo.report.forecasts.scorecard import write_scorecard
from rumbo.report.outlook.page import outlook_text, write_outlook
from rumbo.report.outlook.workbook import write_outlook_workbook
from rumbo.report.page.links import PathOf, address, in_others
from rumbo.report.page.markdown import markdown
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Page, Section, Text
from rumbo.report.page.render import write_page
from rumbo.report.page.words import Words
from rumbo.report.read.run import Run, read_run

__all__ = [
    "origin_page", "outlook_text", "page_of_tests", "record_page", "record_section",
    "write_forecast", "write_outlook", "write_outlook_workbook", "write_place", "write_report",
    "write_reports", "write_scorecard",
]  # fmt: skip


def record_section(runs: xr.Dataset, language: str = "en") -> Section:
    """Return the chapter that holds a run of the corridor against the record.

    Parameters
    ----------
    runs, language
        As for `write_report`.

    Returns
    -------
    Section

    Raises
    ------
    ValueError
        If the language is unknown or the result lacks a variable.
    """
    return record(read_run(runs, Words(language)))


def record_page(runs: xr.Dataset, language: str = "en") -> str:
    """Return the same chapter as a page in Markdown, with what identifies the run."""
    run = read_run(runs, Words(language))
    section = record(run)
    about = Text(citation(run))
    return markdown(section._replace(blocks=[about, *section.blocks]))


def page_of_tests(told: Mapping[str, Any], language: str = "en") -> str:
    """Return what tests of a corridor gave as a page in Markdown.

    Parameters
    ----------
    told
        What a corridor tells of itself, as `rumbo.run.about.background` gives it.
    language
        As for `write_report`.

    Returns
    -------
    str
    """
    run = Run(xr.Dataset(), dict(told), Words(language, own_texts(told)))
    nothing = Section("tested", run.words("results.part"), [Text(run.words("results.none"))])
    return markdown(how_tested(run) or nothing)


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
    return write_reports(runs, {language: path})[0]


def write_reports(
    runs: xr.Dataset, paths: PathOf, *, places: Mapping[str, PathOf] | None = None
) -> list[Path]:
    """Write the report of a result in several languages; what all need is worked out once.

    Parameters
    ----------
    runs
        As for `write_report`.
    paths
        The file to write in each language, ``en`` or ``es``; there is at least one. Each links to
        the others.
    places
        The files of places' pages, by place and language: each is told of in a line, and linked.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    ValueError
        If a language is unknown or the result lacks a variable.
    """
    first = read_run(runs, Words(next(iter(paths))))
    told = [first.in_language(language) for language in paths]
    return [_write(run, paths, places or {}) for run in told]


def _write(run: Run, paths: PathOf, places: Mapping[str, PathOf]) -> Path:
    by_time = crisis_page if run.dimension == "day" else corridor_page
    page = learned_page(run) if run.learned else answered(by_time(run), run)
    here = run.words.language
    beside = [(name, address(of[here], paths[here])) for name, of in places.items() if here in of]
    return _written(with_places(page, run, beside), run, paths)


def _written(page: Page, run: Run, paths: PathOf) -> Path:
    path = Path(paths[run.words.language])
    return write_page(
        replace(page, others=in_others(path, run.words.language, paths)), path, run.words
    )


def write_place(
    runs: xr.Dataset, place: str, paths: PathOf, *, report: PathOf | None = None
) -> list[Path]:
    """Write the page of one place in several languages.

    Parameters
    ----------
    runs
        As for `write_report`; of a corridor.
    place
        Id of the place.
    paths
        The file to write in each language, ``en`` or ``es``; there is at least one.
    report
        The files of the run's own page by language, which the pages link to.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    Faults
        If the corridor has no such place.
    ValueError
        If the language is unknown or the result lacks a variable.
    """
    first = read_run(runs, Words(next(iter(paths))))
    told = [first.in_language(language) for language in paths]
    back = {
        language: address(of, paths[language])
        for language, of in (report or {}).items()
        if language in paths
    }
    pages = [place_page(run, place, back.get(run.words.language, "")) for run in told]
    return [_written(page, run, paths) for page, run in zip(pages, told, strict=True)]
