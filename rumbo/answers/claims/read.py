"""The claims of a corridor, read and checked; their figures and sources stand beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from rumbo.answers.claims.arguments import Arguments, Wrong, values
from rumbo.answers.claims.kinds import FORMS
from rumbo.files.cells import Column
from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.files.tables import CsvTable, empty_table, left_out, read_table
from rumbo.report.claims.faults import fault_words
from rumbo.scenario.schema import FIGURES, SOURCES
from rumbo.scores.claims import RULES

CLAIMS, OWN_FIGURES, OWN_SOURCES = "claims.csv", "claims_figures.csv", "claims_sources.csv"

MOTIVE = "motive"

KINDS = ("fact", "behaviour", "mechanism", "cause", "forecast", "normative", MOTIVE)
"""Kinds of claims; a motive has no test."""

COLUMNS = (
    Column("id", "id", filled=True),
    Column("part", needed=False, adds="the name of a test where a claim has several"),
    Column("kind", known=KINDS),
    Column("claim_en"),
    Column("claim_es"),
    Column("rule", known=RULES),
    Column("test"),
    Column("arguments"),
    Column("thresholds"),
    Column("fixed", "date"),
    Column("why_fixed", needed=False, adds="when in the work thresholds were fixed"),
    Column("change_en", needed=False, adds="what would change the verdict"),
    Column("change_es", needed=False, adds="the same in Spanish"),
    Column("limit_en", needed=False, adds="what the tests stand for, and what they do not see"),
    Column("limit_es", needed=False, adds="the same in Spanish"),
    Column("source", needed=False, adds="the documents that make the claim"),
    Column("about", needed=False, adds="documents about it"),
)
"""Columns of the claims: a row for each test; the first of a claim says what is claimed."""

_OPEN = {
    "measure": Column("measure", filled=True),
    "unit": Column("unit", filled=True),
}

FIGURE_COLUMNS = (
    *(_OPEN.get(column.name, column) for column in FIGURES),
    Column("n", "number", needed=False, low=1, adds="how many were asked in a survey"),
)
"""Columns of the figures that only claims need: as of the corridor's, of any measure and unit."""


class ClaimTest(NamedTuple):
    """One test of a claim.

    Attributes
    ----------
    part, test
        Its name among those of the claim, and its kind.
    asked
        Arguments and thresholds, read.
    thresholds, fixed, why_fixed
        Thresholds as written, the day on which they were fixed, and when in the work.
    """

    part: str
    test: str
    asked: Arguments
    thresholds: str
    fixed: str
    why_fixed: str


@dataclass(frozen=True)
class Claim:
    """What is claimed, and how it is tested.

    Attributes
    ----------
    id, kind, rule
        As in the table.
    words, change, limit
        Texts by language.
    made_by, about
        Ids of documents.
    tests
        Tests in order; none of a motive.
    """

    id: str
    kind: str
    rule: str
    words: Mapping[str, str]
    change: Mapping[str, str]
    limit: Mapping[str, str]
    made_by: tuple[str, ...]
    about: tuple[str, ...]
    tests: tuple[ClaimTest, ...] = ()


class ClaimBook(NamedTuple):
    """The claims of a corridor.

    Attributes
    ----------
    claims
        The claims in order.
    figures
        Figures that only they need.
    sources
        Documents that make claims or tell of them.
    """

    claims: tuple[Claim, ...]
    figures: pd.DataFrame
    sources: pd.DataFrame


def has_claims(folder: Path) -> bool:
    """Whether a corridor's folder holds claims."""
    return not left_out(folder / CLAIMS)


def read_claims(folder: Path, sources: pd.DataFrame, language: str = "en") -> ClaimBook:
    """Read the claims of a corridor.

    Parameters
    ----------
    folder
        The corridor's folder.
    sources
        The corridor's sources, which figures of claims may cite as well.
    language
        Language of what is said of faults: ``en`` or ``es``.

    Returns
    -------
    ClaimBook

    Raises
    ------
    Faults
        Everything that is wrong with the files, listed together.
    """
    if not has_claims(folder):
        message, cure = fault_words(language, "none", file=CLAIMS)
        raise Faults([Fault(str(folder), 0, message, cure)])
    faults = Collector()
    claims = read_table(folder / CLAIMS, COLUMNS, faults)
    figures = _read(folder / OWN_FIGURES, FIGURE_COLUMNS, faults)
    own = _read(folder / OWN_SOURCES, SOURCES, faults)
    faults.check()
    assert claims is not None
    assert figures is not None
    assert own is not None
    _check_sources(claims, figures, own, sources, language, faults)
    read = list(_claims(claims, language, faults))
    faults.check()
    return ClaimBook(tuple(read), figures.frame, own.frame)


def _read(path: Path, columns: tuple[Column, ...], faults: Collector) -> CsvTable | None:
    return empty_table(path.name, columns) if left_out(path) else read_table(path, columns, faults)


def _check_sources(
    claims: CsvTable,
    figures: CsvTable,
    own: CsvTable,
    sources: pd.DataFrame,
    language: str,
    faults: Collector,
) -> None:
    mine = {*own.frame["source"]}
    every = mine | {*sources["source"], "assumed"}
    cited = ((claims, "source", mine), (claims, "about", mine), (figures, "source", every))
    for table, column, known in cited:
        for row, cell in zip(table.row.tolist(), table.frame[column], strict=True):
            for key in filter(None, cell.split(";")):
                if key not in known:
                    message, _ = fault_words(language, "source", source=key, file=OWN_SOURCES)
                    faults.add(table.file, row, message, choose(key, sorted(known)))


def _claims(table: CsvTable, language: str, faults: Collector) -> Iterator[Claim]:
    """Go through the claims, noting what is wrong with any."""
    rows = table.frame.to_dict("records")
    found: dict[str, Claim] = {}
    parts: dict[str, list[str]] = {}
    for row, line in zip(rows, table.row.tolist(), strict=True):
        claim, first = str(row["id"]), str(row["id"]) not in found
        note = _Note(claim, line, language, faults)
        if first:
            found[claim] = _claim(row, note)
        if row["part"] in parts.setdefault(claim, []):
            note("twice", part=str(row["part"]))
        parts[claim].append(str(row["part"]))
        test = _test(row, found[claim].kind, note)
        if test is not None:
            tests = (*found[claim].tests, test)
            found[claim] = replace(found[claim], tests=tests)
    yield from found.values()


@dataclass(frozen=True)
class _Note:
    """Notes what is wrong with a row, in the reader's language."""

    claim: str
    row: int
    language: str
    faults: Collector

    def __call__(self, name: str, cure: str = "", /, **values: str) -> None:
        message, usual = fault_words(self.language, name, claim=self.claim, **values)
        self.faults.add(CLAIMS, self.row, message, cure or usual)


def _claim(row: Mapping[str, str], note: _Note) -> Claim:
    """Return what the first row of a claim says."""
    for name in ("kind", "claim_en", "claim_es"):
        if not row[name]:
            note("words", column=name)
    if not row["rule"] and row["kind"] != MOTIVE:
        note("words", column="rule")
    words, change, limit = (
        {language: row[f"{name}_{language}"] for language in ("en", "es")}
        for name in ("claim", "change", "limit")
    )
    made_by, about = (tuple(filter(None, row[name].split(";"))) for name in ("source", "about"))
    return Claim(row["id"], row["kind"], row["rule"], words, change, limit, made_by, about)


def _test(row: Mapping[str, str], kind: str, note: _Note) -> ClaimTest | None:
    """Return the test of a row; None where there is none, or a fault was noted."""
    if kind == MOTIVE:
        if row["test"]:
            note("motive")
        return None
    if not row["test"]:
        note("no_test")
    elif row["test"] not in FORMS:
        note("unknown_test", choose(row["test"], list(FORMS)), test=row["test"])
    elif not row["thresholds"]:
        limits = ", ".join(FORMS[row["test"]].thresholds)
        note("no_threshold", test=row["test"], known=limits)
    elif pd.isna(row["fixed"]):
        note("not_fixed")
    else:
        return _read_test(row, note)
    return None


def _read_test(row: Mapping[str, str], note: _Note) -> ClaimTest | None:
    try:
        asked = values(FORMS[row["test"]], row["arguments"], row["thresholds"])
    except Wrong as wrong:
        told = {"name": wrong.name, "text": wrong.text, "expected": wrong.expected}
        note("argument", test=row["test"], **told)
        return None
    fixed = str(row["fixed"])[:10]
    return ClaimTest(
        row["part"], row["test"], asked, row["thresholds"], fixed, str(row["why_fixed"])
    )
