"""The page of one forecast: ranges by month, how such ranges held, and recorded deaths beside."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rumbo.files.code import __version__
from rumbo.report.corridor.limits import cite_section, limits_section
from rumbo.report.forecasts.deaths import deaths_statement, deaths_table
from rumbo.report.forecasts.groups import group_blocks
from rumbo.report.forecasts.names import model_name
from rumbo.report.forecasts.totals import ForecastTotal, total_blocks, total_statement, totals_of
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Bullets, Cards, Page, Section, Text, filled, sections
from rumbo.report.page.render import write_page
from rumbo.report.page.words import Words
from rumbo.report.read.forecast import ForecastTable, read_forecast
from rumbo.report.read.scorecard import Scorecard, read_scorecard

LIMITS = (
    "forecast.limit.policy",
    "scorecard.limit.delays",
    "scorecard.limit.ahead",
    "forecast.limit.ranges",
    "forecast.limit.minds",
    "limit.observed",
    "limit.coarse",
)


@dataclass(frozen=True)
class ForecastReport:
    """A forecast and, if known, how such forecasts did before, told in one language.

    Parameters
    ----------
    table
        The forecast.
    card
        How such forecasts did.
    words
        The language.
    roles
        Who plays which part in the corridor, as far as known.
    """

    table: ForecastTable
    card: Scorecard | None
    words: Words
    roles: Mapping[str, Any]

    @property
    def totals(self) -> Sequence[ForecastTotal]:
        """Totals that are forecast."""
        return totals_of(self.table, self.roles)

    @property
    def regions(self) -> Sequence[str]:
        """Regions that deaths are recorded in, those at the end of the way first."""
        return list(reversed(self.roles.get("regions") or self.table.areas("deaths")))

    @property
    def day(self) -> str:
        """The day of the forecast, as it is written."""
        return self.words.day(self.table.day.isoformat(), short=False)

    @property
    def model(self) -> str:
        """The name of what made the forecast."""
        return model_name(self.table.model, self.words)


def write_forecast(
    forecast: str | os.PathLike[str],
    figures: pd.DataFrame,
    to: str | os.PathLike[str],
    language: str = "en",
    *,
    evaluation: str | os.PathLike[str] | None = None,
    corridor: Mapping[str, Any] | None = None,
) -> Path:
    """Write one HTML file that tells of a forecast as of a day.

    Parameters
    ----------
    forecast
        The table of one model's forecast in the columns of the forecast hubs, such as a file of
        ``model-output/stack``.
    figures
        What had been published by the day of the forecast: ``rumbo.figures(scenario, day)``.
        Recorded deaths among them stand beside the forecast.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.
    evaluation
        Folder of an evaluation, from which is told how often such ranges held in the past.
    corridor
        Its ``roles`` and ``texts``, as a result's background carries them; without them series go
        by their ids and the page by words that fit any corridor.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If a table is missing, cannot be read or cannot be true, or a figure was published after
        the day of the forecast; then nothing is written.
    ValueError
        If the language is unknown.
    """
    told = corridor or {}
    words = Words(language, own_texts(told))
    table = read_forecast(Path(forecast), figures)
    card = None if evaluation is None else read_scorecard(Path(evaluation))
    report = ForecastReport(table, card, words, told.get("roles") or {})
    return write_page(_page(report), to, words)


def _page(report: ForecastReport) -> Page:
    words, day = report.words, report.day
    return Page(
        title=words("forecast.title"),
        about=words("forecast.about", day=day),
        period=day,
        facts=[
            (words("forecast.fact.day"), day),
            (words("scorecard.head.model"), report.model),
            (words("fact.version"), __version__),
        ],
        version=__version__,
        sections=sections(CHAPTERS, report),
        kind="forecast.kind",
        footer="forecast.footer",
    )


def statements(report: ForecastReport) -> Section:
    """Return the ranges of each total and the deaths on record, in short."""
    words, table = report.words, report.table
    cards = [total_statement(table, one, n, words) for n, one in enumerate(report.totals)]
    blocks = [
        Text(words("forecast.warning"), "warning"),
        *_stale(table, words),
        Cards([*cards, deaths_statement(table, report.regions, words)]),
        Text(words("forecast.how_to_read")),
        Text(words("scorecard.cost")),
    ]
    return Section("statements", words("part.statements"), blocks)


def _stale(table: ForecastTable, words: Words) -> list[Text]:
    """Return that counts were too old to drive the simulation, where they were."""
    if not table.driven_until:
        return []
    month = words.month(pd.Timestamp(f"{table.driven_until}-01"))
    return [Text(words("forecast.stale", month=month), "warning")]


def totals(report: ForecastReport) -> Section:
    """Return the ranges of each total by month, and how such ranges held before."""
    blocks = [
        block
        for number, total in enumerate(report.totals)
        for block in total_blocks(report.table, report.card, total, number, report.words)
    ]
    return Section("totals", report.words("forecast.part.totals"), blocks)


def groups(report: ForecastReport) -> Section | None:
    """Return the parts of totals by nationality and by area, None where there are none."""
    words = report.words
    blocks = [
        block for total in report.totals for block in group_blocks(report.table, total, words)
    ]
    if not blocks:
        return None
    about = Text(words("forecast.groups.text"))
    return Section("groups", words("forecast.part.groups"), [about, *blocks])


def deaths(report: ForecastReport) -> Section:
    """Return the deaths on record."""
    words = report.words
    table = deaths_table(report.table, report.regions, words)
    shown = filled(table) or [Text(words("forecast.deaths.none"))]
    blocks = [Text(words("forecast.deaths.under")), *shown]
    return Section("deaths", words("forecast.part.deaths"), blocks)


def limits(report: ForecastReport) -> Section:
    """Return the limits of a forecast."""
    return limits_section(report.words, LIMITS)


def cite(report: ForecastReport) -> Section:
    """Return how to cite a forecast, and licences."""
    words = report.words
    quoted = words("forecast.cite", day=report.day, model=report.model, version=__version__)
    measures = dict.fromkeys([*(one.target for one in report.totals), "deaths"])
    thanks = [words.maybe(f"thanks.{measure}", "") for measure in measures]
    licences = [Bullets([*filter(None, thanks), words("licence.rumbo")])]
    return cite_section(words, quoted, words("forecast.cite.again"), licences)


CHAPTERS = (statements, totals, groups, deaths, limits, cite)
"""Chapters of the page, in their order."""
