"""On which values a difference hangs, where a study of its sensitivity is kept."""

from rumbo.report.page.parts import Row
from rumbo.report.page.words import text
from rumbo.report.read.contrast import contrast
from rumbo.report.read.names import group_title, lever_title, outcomes_title, scenario_record
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
    words, rows = run.words, run.records("sensitivity")
    without = scenario_record(run.scenarios[number], run).get("without") or []
    asked = [text(row["without"]) for row in rows[:1]]
    found = strongest(rows, EFFECT)
    if not found.rows or without != asked or not contrast(run, number).lever:
        return ""
    listed = "; ".join(value_title(run, row) for row in found.rows)
    key = "hangs.five" if len(found.rows) == HANGS else "hangs.some"
    told = [words(key, measure=words("measure.zones"), listed=listed), share(run, found)]
    told += [] if same_fit(run, rows[0]) else [words("hangs.other_fit")]
    return " ".join(filter(None, told))


def share(run: Run, found: Hanging) -> str:
    """Say what the strongest values make of how far an output varies; empty if it is not known."""
    if found.share is None:
        return ""
    middle, low, high = (run.words.percent(_within(one)).lstrip("+") for one in found.share)
    return run.words("hangs.share", middle=middle, low=low, high=high)


def value_title(run: Run, row: Row) -> str:
    """Return what a value is in plain words, and the lever that brings it."""
    words, name = run.words, text(row["parameter"])
    if name == "belief":
        outcome, _, group = text(row["lever"]).rpartition("/")
        who = group_title(group, run)
        return words("hangs.belief", outcome=outcomes_title(outcome, run), group=who)
    known = (run.background.get("parameters") or {}).get(name) or {}
    meaning = words.column(known, "meaning") or name
    lever = text(row["lever"])
    return words("hangs.of", value=meaning, lever=lever_title(lever, run)) if lever else meaning


def _within(share: float) -> float:
    """Return a share of variance; estimates may lie a little outside 0 to 1."""
    return min(max(share, 0.0), 1.0)


def same_fit(run: Run, row: Row) -> bool:
    """Say whether what a table tells was found with the fit that a run shows."""
    fit = run.background.get("posterior") or {}
    return bool(text(fit.get("digest")) == text(row.get("posterior")))
