"""The command that holds claims against the record."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rumbo.cli.asking.voice import voice
from rumbo.cli.options import CorridorOrFirst, Json, Languages, Seed, Workers, a_file, a_folder
from rumbo.cli.terminal import Language, languages, progress_bar, say, stoppable
from rumbo.files.atomic import write_text
from rumbo.files.inert import to_csv

if TYPE_CHECKING:
    from rumbo.report.claims.names import LedgerReport
    from rumbo.run.program import Compiled
    from rumbo.scenario.scenario import Scenario
    from rumbo.scores.claims import Judged

WIDTH = 100
"""Columns of the ledger where no terminal says how wide it is."""


def claims(
    corridor: CorridorOrFirst = "",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day up to which figures count; all if left out.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what needs forecasts.")] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Run the model too, which takes many minutes.")
    ] = False,
    members: Annotated[
        int, typer.Option("--members", min=5, help="Runs of each scenario, with --model.")
    ] = 40,
    seed: Seed = 0,
    workers: Workers = None,
    out: Annotated[
        Path,
        typer.Option("--out", callback=a_folder, help="Where pages, tables and runs are kept."),
    ] = Path("runs/claims"),
    page: Annotated[
        Path | None,
        typer.Option("--page", callback=a_file, help="A file for the ledger in Markdown, besides."),
    ] = None,
    language: Languages = Language.both,
    as_json: Json = False,
) -> None:
    """Hold what is claimed of a corridor against the record, with thresholds of a dated table."""
    from rumbo.answers.claims.ledger import as_table, askable, ledger
    from rumbo.answers.claims.on_record import Making
    from rumbo.scenario.corridor import corridors
    from rumbo.scenario.scenario import load

    scenario = load(corridor or corridors()[0])
    spoken = voice(language).language
    askable(scenario, as_of, spoken)  # refused before the line that says that work has begun
    if not quick:
        say(f"Forecasts, made once and kept in {out}, take some minutes; --quick leaves them out.")
    with stoppable(out), progress_bar("steps") as progress:
        making = Making(out, not quick, model, members, seed, workers, progress)
        judged = ledger(scenario, as_of, making=making, language=spoken)
    reports = _reports(judged, scenario, as_of, language)
    _show(reports[0])
    _write(reports, out)
    statistics = out / "statistics.csv"
    write_text(statistics, as_table(judged).to_csv(index=False, lineterminator="\n"))
    say(f"Numbers: {statistics}")
    if page:
        from rumbo.report.claims.page import ledger_markdown

        page.parent.mkdir(parents=True, exist_ok=True)
        write_text(page, ledger_markdown(reports[0]))
        say(f"Page: {page}")
    if as_json:
        say(json.dumps(_plain(judged), allow_nan=False))


def claims_checked(ready: "Compiled") -> "Compiled":
    """Return a corridor that was checked, its claims too, if it has any."""
    from rumbo.answers.claims.read import has_claims, read_claims

    if has_claims(ready.scenario.folder):
        read_claims(ready.scenario.folder, ready.scenario.sources)
    return ready


def _reports(
    judged: "Sequence[Judged]", scenario: "Scenario", as_of: str | None, language: Language
) -> "list[LedgerReport]":
    from rumbo.report.claims.page import ledger_report

    levers = scenario.levers.drop_duplicates("lever")
    names = {
        row.lever: {"en": row.name_en, "es": row.name_es} for row in levers.itertuples(index=False)
    }
    places = {
        row.id: {one: row.name for one in ("en", "es")}
        for row in scenario.network.places.itertuples(index=False)
    }
    told = {
        "id": scenario.id,
        "day": as_of or "",
        "names": names | scenario.bundles | places,
        "roles": scenario.roles.described(),
        "texts": scenario.texts,
    }
    return [ledger_report(judged, told, one.value) for one in languages(language)]


def _write(reports: "Sequence[LedgerReport]", out: Path) -> None:
    from rumbo.report.claims.page import ledger_table, write_ledger

    out.mkdir(parents=True, exist_ok=True)
    for report in reports:
        language = report.words.language
        table = out / f"claims-{language}.csv"
        write_text(table, to_csv(ledger_table(report)))
        say(f"Ledger: {table}")
        say(f"Report: {write_ledger(report, out / f'claims-{language}.html')}")


def _show(report: "LedgerReport") -> None:
    """Print each claim with its verdict, who speaks, and the number that it rests on."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    words = report.words
    for one in report.judged:
        verdict = f"{report.verdict(one)} ({report.speaks_in_short(one)})"
        console.print(Text(f"{one.id} {words.pick(one.words)}", style="bold"))
        console.print(Padding(verdict, (0, 0, 0, 4)))
        console.print(Padding(report.main(one), (0, 0, 0, 4)))
    count = sum(one.computed for one in report.judged)
    say(words("claims.computed", count=count, all=len(report.judged)))


def _plain(judged: "Sequence[Judged]") -> list[dict[str, Any]]:
    """Return a ledger ready for JSON."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "claim": dict(one.words),
            "verdict": one.verdict,
            "speaks": one.speaks,
            "why": one.why,
            "findings": [
                {
                    "part": each.part,
                    "test": each.test,
                    "outcome": each.outcome,
                    "speaks": each.speaks,
                    "why": each.why,
                    "statistics": [row._asdict() for row in each.statistics],
                    "foreseen": [row._asdict() for row in each.foreseen],
                }
                for each in one.findings
            ],
        }
        for one in judged
    ]
