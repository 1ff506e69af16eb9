"""The ledger of claims as a page, as Markdown, and as a table."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rumbo.files.code import __version__
from rumbo.report.claims.chapters import CHAPTERS, claims, limits, statements
from rumbo.report.claims.names import LedgerReport
from rumbo.report.page.markdown import markdown
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Heading, Page, PageBlock, Section, Text, sections
from rumbo.report.page.render import write_page
from rumbo.report.page.words import Words
from rumbo.scores.claims import Judged


def ledger_report(
    judged: Sequence[Judged], told: Mapping[str, Any], language: str = "en"
) -> LedgerReport:
    """Return a ledger told in one language.

    Parameters
    ----------
    judged
        What `rumbo.answers.claims.ledger.ledger` returned.
    told
        What a corridor tells of itself: its ``id``, ``roles``, ``texts``, ``names`` of its levers
        by language, and the ``day`` of the ledger, empty where everything published counts.
    language
        ``en`` or ``es``.

    Returns
    -------
    LedgerReport
    """
    words = Words(language, own_texts(told))
    return LedgerReport(tuple(judged), words, told["day"], told["id"], told["names"])


def write_ledger(report: LedgerReport, to: str | os.PathLike[str]) -> Path:
    """Write one HTML file that tells a ledger; an older one is replaced once it is complete.

    Parameters
    ----------
    report
        The ledger.
    to
        The file.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    words, judged = report.words, report.judged
    day = report.published
    computed = sum(one.computed for one in judged)
    facts = [
        (words("claims.fact.day"), day),
        (words("claims.fact.claims"), words.digits(len(judged))),
        (words("claims.fact.computed"), words.digits(computed)),
        (words("fact.version"), __version__),
    ]
    page = Page(
        title=words("claims.page.title"),
        about=words("claims.page.about"),
        period=day,
        facts=facts,
        version=__version__,
        sections=sections(CHAPTERS, report),
        kind="claims.page.kind",
        footer="claims.page.footer",
    )
    return write_page(page, to, words)


def ledger_markdown(report: LedgerReport) -> str:
    """Return a ledger as a page in Markdown, without its charts."""
    words = report.words
    day = report.published
    blocks: list[PageBlock] = [
        Text(words("claims.page.about")),
        Text(words("claims.cite", corridor=report.corridor, day=day)),
    ]
    for chapter in (statements(report), claims(report), limits(report)):
        blocks += [Heading(chapter.title)] if chapter.key != "claims" else []
        blocks += chapter.blocks
    return markdown(Section("claims", words("claims.page.title"), blocks))


LEDGER_COLUMNS = "id kind claim verdict speaks why main change thresholds".split()
"""Columns of `ledger_table`."""


def ledger_table(report: LedgerReport) -> pd.DataFrame:
    """Return a ledger as a table of texts, a row a claim.

    Parameters
    ----------
    report
        The ledger.

    Returns
    -------
    pandas.DataFrame
        Columns `LEDGER_COLUMNS`; ``main`` is the statistic that the first test rests on, with its
        range, ``why`` the reason where there is no verdict.
    """
    words = report.words
    rows = []
    for one in report.judged:
        main = report.main(one)
        limits = " ; ".join(" ".join(filter(None, row[:2])) for row in one.thresholds)
        why = report.reason(one) if one.why else ""
        speaks = report.speaks_in_short(one)
        claim, change = words.pick(one.words), words.pick(one.change)
        rows.append(
            [one.id, one.kind, claim, report.verdict(one), speaks, why, main, change, limits]
        )
    return pd.DataFrame(rows, columns=LEDGER_COLUMNS)
