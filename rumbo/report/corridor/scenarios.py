"""The scenarios of a run, and what each assumes."""

from rumbo.report.page.parts import Mark, Row, ScenarioNote, Scenarios, Section, Text
from rumbo.report.page.style import colour
from rumbo.report.page.words import text
from rumbo.report.read.names import (
    deal_terms,
    group_title,
    lever_title,
    parameter_title,
    scenario_record,
    scenario_title,
    selector_title,
    source_titles,
)
from rumbo.report.read.run import Run


def scenarios(run: Run) -> Section:
    """Return what each scenario assumes."""
    words = run.words
    about = words("crisis.scenarios" if run.dimension == "day" else "scenarios.text")
    notes = [_note(name, n, run) for n, name in enumerate(run.scenarios)]
    return Section("scenarios", words("part.scenarios"), [Text(about), Scenarios(notes)])


def scenario_marks(run: Run) -> list[Mark]:
    """Return the entries of a legend for the scenarios of a run."""
    return [
        Mark(scenario_title(name, run), "line", f"--hue:{colour(n)}")
        for n, name in enumerate(run.scenarios)
    ]


def _note(name: str, number: int, run: Run) -> ScenarioNote:
    assumptions = _assumptions(name, run)
    about = run.words("under_this_assumption" if assumptions else "assume.nothing")
    return ScenarioNote(name, scenario_title(name, run), colour(number), about, assumptions)


def _assumptions(name: str, run: Run) -> list[str]:
    record, words = scenario_record(name, run), run.words
    left_out = record.get("without") or []
    without = [words("assume.without", what=lever_title(each, run)) for each in left_out]
    placed = [
        words("assume.deal", deal=lever_title(each["name"], run), terms=deal_terms(each, words))
        for each in record.get("deals") or []
        if each["name"] not in left_out
    ]
    changed = [row for key in ("changes", "shifted") for row in record.get(key) or []]
    return without + placed + [_change(change, run) for change in changed]


def _change(change: Row, run: Run) -> str:
    words = run.words
    since, until = words.day(change.get("since")), words.last_day(change.get("until"))
    return words(
        "assume.change",
        parameter=parameter_title(text(change.get("parameter")), run),
        value=words.value(change.get("value")),
        at=selector_title(change.get("at"), run),
        group=group_title(change.get("group"), run),
        since=since or words("run_start"),
        until=until or words("run_end"),
        source=_source(change, run),
    )


def _source(change: Row, run: Run) -> str:
    """Return who says so: a change may be one that whoever asks has given."""
    said = text(change.get("source"))
    if said == "given":
        return run.words("source.given")
    return "; ".join(title for title, _ in source_titles(said, run)) or run.words("assumed")
