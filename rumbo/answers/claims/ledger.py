"""The ledger: every claim of a corridor held against what was published by a day."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from rumbo.answers.claims.kinds import TESTS
from rumbo.answers.claims.on_record import Making, Missing, OnRecord
from rumbo.answers.claims.read import Claim, ClaimBook, ClaimTest, read_claims
from rumbo.files.faults import Fault, Faults
from rumbo.report.claims.faults import fault_words
from rumbo.scenario.changes import day_of
from rumbo.scenario.figures import HINDSIGHT, known
from rumbo.scenario.posterior import POSTERIOR
from rumbo.scenario.scenario import Scenario
from rumbo.scores.claims import (
    AS_ASSUMED,
    DATA,
    NOBODY,
    NOT_COMPUTABLE,
    PRIOR,
    SUPPORTED,
    Finding,
    Judged,
    put_together,
)

KEPT = Path("runs") / "claims"
"""Where forecasts and runs are kept unless told otherwise."""


def ledger(
    scenario: Scenario,
    as_of: date | str | None = None,
    *,
    making: Making | None = None,
    language: str = "en",
) -> list[Judged]:
    """Hold every claim of a corridor against what was published by a day.

    Parameters
    ----------
    scenario
        The corridor.
    as_of
        The day; everything published counts if None.
    making
        What may be made where it is not kept yet: by default forecasts, but no runs of the model.
    language
        Language of what is said of faults: ``en`` or ``es``.

    Returns
    -------
    list of Judged
        In the order of the table.

    Raises
    ------
    Faults
        If there are no claims, something is wrong with them, or nothing had been published.
    """
    book, day = askable(scenario, as_of, language)
    record = OnRecord(_fitted(scenario), day, book.figures, making or Making(KEPT))
    return [_judged(claim, record, book) for claim in book.claims]


def askable(
    scenario: Scenario, as_of: date | str | None, language: str = "en"
) -> tuple[ClaimBook, date]:
    """Return a corridor's claims and the day up to which figures count, once both can be used.

    Parameters
    ----------
    scenario, as_of, language
        As in `ledger`.

    Returns
    -------
    tuple of ClaimBook and datetime.date

    Raises
    ------
    Faults
        As in `ledger`.
    """
    book = read_claims(scenario.folder, scenario.sources, language)
    day = HINDSIGHT if as_of is None else day_of("claims", "as_of", as_of).date()
    if not len(known(scenario, day).months):
        message, cure = fault_words(language, "too_early", day=str(day))
        raise Faults([Fault("as_of", 0, message, cure)])
    return book, day


def _fitted(scenario: Scenario) -> Scenario:
    """Return the corridor with its fit, if it has one and none is there yet."""
    own = (Path(scenario.folder) / POSTERIOR).exists()
    return scenario.fitted() if own and scenario.posterior is None else scenario


def _judged(claim: Claim, record: OnRecord, book: ClaimBook) -> Judged:
    findings = [_found(test, record) for test in claim.tests]
    verdict, speaks, why = NOT_COMPUTABLE, NOBODY, "motive"
    values: dict[str, str] = {}
    if findings:
        verdict = put_together(claim.rule, findings)
        speaks, why = _speaker(claim, findings, verdict), ""
    if findings and verdict == NOT_COMPUTABLE:
        lacking = next(one for one in findings if not one.computed)
        why, values = lacking.why, dict(lacking.values)
    documents = book.sources.set_index("source", drop=False)
    made_by, about = (
        documents.loc[list(ids)].to_dict("records") for ids in (claim.made_by, claim.about)
    )
    limits = [(one.part, one.thresholds, one.fixed, one.why_fixed) for one in claim.tests]
    return Judged(
        claim.id,
        claim.kind,
        claim.words,
        claim.change,
        claim.limit,
        verdict,
        speaks,
        claim.rule,
        findings,
        limits,
        made_by,
        about,
        why,
        values,
    )


def _found(test: ClaimTest, record: OnRecord) -> Finding:
    """Return what a test found; a model that says what was assumed supports nothing."""
    try:
        finding = TESTS[test.test][1](record, test.asked)
    except Missing as missing:
        return Finding(
            test.part, test.test, NOT_COMPUTABLE, NOBODY, why=missing.why, values=missing.values
        )
    assumed = finding.speaks == PRIOR and finding.outcome == SUPPORTED
    return replace(finding, part=test.part, outcome=AS_ASSUMED if assumed else finding.outcome)


def _speaker(claim: Claim, findings: Sequence[Finding], verdict: str) -> str:
    """Return who says a verdict: the test that decides, or what was counted where any did."""
    if verdict == NOT_COMPUTABLE:
        return NOBODY
    asked = findings[:1] if claim.rule in ("first", "part") else findings
    deciding = [one for one in asked if one.computed and one.outcome == verdict]
    speaks = [one.speaks for one in deciding or asked if one.computed]
    return DATA if DATA in speaks else speaks[0]


STATISTIC_COLUMNS = (
    "claim verdict speaks part test outcome statistic of value low high unit".split()
)
"""Columns of the table of statistics."""


def as_table(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return a ledger as a table: a row for each statistic, and one for what has none.

    Parameters
    ----------
    judged
        The ledger.

    Returns
    -------
    pandas.DataFrame
        Columns `STATISTIC_COLUMNS`; ``statistic`` is the reason where nothing could be computed.
    """
    return pd.DataFrame(list(_rows(judged)), columns=STATISTIC_COLUMNS)


def _rows(judged: Sequence[Judged]) -> Iterator[tuple[object, ...]]:
    for one in judged:
        start = (one.id, one.verdict, one.speaks)
        if not one.findings:
            yield (*start, "", "", one.verdict, one.why, "", None, None, None, "")
        for finding in one.findings:
            part = (*start, finding.part, finding.test, finding.outcome)
            if not finding.computed:
                yield (*part, finding.why, "", None, None, None, "")
            for statistic in finding.statistics:
                name, of, *numbers, unit = statistic
                yield (*part, name.removeprefix(""), of, *numbers, unit)
            for month in finding.foreseen:
                ends = (month.came, month.ends[0], month.ends[-1])
                of = f"{month.series} {month.month} ({month.day})"
                yield (*part, "foreseen", of, *ends, "count")
                yield (*part, "rank", of, month.rank, month.rank, month.rank, "share")
