"""On which values a difference hangs, where a study of its sensitivity is kept."""

from rumbo.report.page.parts import Row
from rumbo.report.page.words import text
from rumbo.report.read.names import lever_title, scenario_record
from rumbo.report.read.run import Run
from rumbo.scores.sensitivity import HANGS, Hanging, strongest

EFFECT = "effect"
"""The output that is a difference between scenarios."""


def hangs(run: Run, number: int) -> str:
    """Say on which values the headline difference of a scenario hangs; empty if nothing is known.

    Parameters
    ----------
    run
        The run.
    number
        Number of the scenario: only of one that leaves out what was studied, and nothing else.

    Returns
    -------
    str
    """
    rows, record = run.records("sensitivity"), scenario_record(run.scenarios[number], run)
    asked = [text(row["without"]) for row in rows[:1]]
    if not rows or record.get("changes") or (record.get("without") or []) != asked:
        return ""
    told = [sentence(run, strongest(rows, EFFECT), run.words("measure.zones"))]
    told += [] if _same_fit(run, rows[0]) else [run.words("hangs.other_fit")]
    return " ".join(told)


def sentence(run: Run, hanging: Hanging, measure: str) -> str:
    """Return the sentence that names the values and their share; empty if none moves it."""
    words, rows = run.words, hanging.rows
    if not rows:
        return ""
    listed = "; ".join(value_title(run, row) for row in rows)
    key = "hangs.five" if len(rows) == HANGS else "hangs.some"
    told = words(key, measure=measure, listed=listed)
    if hanging.share is None:
        return told
    middle, low, high = (words.percent(_within(share)).lstrip("+") for share in hanging.share)
    return f"{told} {words('hangs.share', middle=middle, low=low, high=high)}"


def value_title(run: Run, row: Row) -> str:
    """Return what a value is in plain words, and the lever that brings it."""
    words, name = run.words, text(row["parameter"])
    known = (run.background.get("parameters") or {}).get(name) or {}
    meaning = words.column(known, "meaning") or name
    lever = text(row["lever"])
    return words("hangs.of", value=meaning, lever=lever_title(lever, run)) if lever else meaning


def _within(share: float) -> float:
    """Return a share of variance; estimates may lie a little outside 0 to 1."""
    return min(max(share, 0.0), 1.0)


def _same_fit(run: Run, row: Row) -> bool:
    fit = run.background.get("posterior") or {}
    return bool(text(fit.get("digest")) == text(row["posterior"]))
