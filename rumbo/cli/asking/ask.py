"""Commands that answer a named question in a page, and tell all that is known of a place."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from rumbo.cli.options import Languages, RunFolder, a_folder
from rumbo.cli.requests import AskRequest, takes
from rumbo.cli.terminal import Language, pages_in, report_on, run_and_report, say, warn
from rumbo.files.reachable import no_folder

if TYPE_CHECKING:
    import xarray as xr

    from rumbo.cli.asking.asked import Query
    from rumbo.cli.asking.voice import Voice
    from rumbo.scenario.scenario import Scenario

Pair: TypeAlias = "tuple[Scenario, Scenario]"


@takes(AskRequest)
def ask(asked: AskRequest) -> None:
    """Answer a named question of a corridor in a page; without one, list its questions."""
    from rumbo.cli.asking.voice import voice
    from rumbo.scenario.scenario import load

    says = voice(asked.language)
    if not asked.question and not asked.file:
        _list(load(asked.corridor), asked.corridor, says, as_json=asked.as_json)
        return
    for query, pair in _queries(asked, says):
        _answer(query, pair, asked, says)


def _queries(asked: AskRequest, says: "Voice") -> "list[tuple[Query, Pair]]":
    """Return the questions with their scenarios, once all of them can be asked."""
    from rumbo.cli.arguments import RUNS, FaultsTogether
    from rumbo.cli.arguments import ask as load_asked
    from rumbo.cli.asking.asked import Query, checked, queries_in
    from rumbo.cli.asking.beds import beds_of
    from rumbo.scenario.posterior import POSTERIOR

    gathered = FaultsTogether()
    gathered.add(no_folder("--out", asked.out or RUNS))
    if asked.file and (asked.question or asked.since or asked.until):
        gathered.add([says.fault("--file", "file.beside", "file.beside_cure")])
    beds = gathered.take(partial(beds_of, asked.beds or (), says), None)
    own = (asked.question or "", asked.since, asked.until, tuple(asked.places or ()), beds or {})
    queries = [Query(*own)]
    if asked.file:
        queries = gathered.take(partial(queries_in, asked.file, says), [])
        names = [query.question for query in queries]
        for name in dict.fromkeys(one for one in names if asked.out and names.count(one) > 1):
            gathered.add([says.fault("--out", "file.again", "file.again_cure", name=name)])
    base = plain = load_asked(asked.corridor)
    if asked.posterior or (Path(plain.folder) / POSTERIOR).is_file():
        base = gathered.take(partial(plain.fitted, asked.posterior), plain)
    found: list[tuple[Query, Pair]] = []
    for query in queries:
        whole = _with_shared(query, asked, beds or {})
        unread = beds is None and not whole.beds  # as is told: not once more that none are given
        able = gathered.take(partial(checked, whole, plain, says, beds_told=unread), None)
        if able is not None and not unread:
            found += gathered.take(partial(_sides, base, able), [])
    gathered.check()
    return found


def _sides(base: "Scenario", query: "Query") -> "list[tuple[Query, Pair]]":
    pair = base.ask(query.question, since=query.since, until=query.until, beds=query.beds)
    return [(query, pair)]


def _with_shared(query: "Query", asked: AskRequest, beds: dict[str, float]) -> "Query":
    """Return a question with the places and beds that the command line gives for all."""
    places = query.places or tuple(asked.places or ())
    return query._replace(places=places, beds={**beds, **query.beds})


def _answer(query: "Query", pair: "Pair", asked: AskRequest, says: "Voice") -> None:
    """Run a question's two scenarios, or take up their run, and write its pages."""
    from rumbo.cli.arguments import default_folder
    from rumbo.run.spec import RunSpec

    spec = RunSpec.of(pair, asked.members, asked.seed)
    with_it = next(one.name for one in pair if one.asking and one.asking.side == "with")
    folder = asked.out or default_folder(spec, with_it)
    folder = folder / query.question if asked.file and asked.out else folder
    warn(*pair)
    result = run_and_report(
        spec,
        asked.workers,
        folder,
        asked.language,
        yes=asked.yes,
        begin=partial(_start, query, pair, asked, says),
        places=query.places,
    )
    for name in query.places:
        _write_place(result, name, folder, asked.language, says)


def _start(query: "Query", pair: "Pair", asked: AskRequest, says: "Voice") -> None:
    """Say what is run and on what it rests, before it begins."""
    from rumbo.scenario.questions.question import questions_of

    first = pair[0]
    title = questions_of(first.questions)[query.question].words[f"title_{says.language}"]
    told = {"members": asked.members, "corridor": asked.corridor}
    say(says("start", title=title, start=first.start, end=first.end, **told), error=True)
    fit = first.posterior
    say(says("fitted", day=fit.as_of) if fit else says("unfitted"), error=True)


def _write_place(
    result: "xr.Dataset", name: str, folder: Path, language: Language, says: "Voice"
) -> None:
    from rumbo.report import write_place

    paths = pages_in(folder, f"place-{name}", language)
    reports = {
        one: path for one, path in pages_in(folder, "report", language).items() if path.is_file()
    }
    for path in write_place(result, name, paths, report=reports):
        say(says("page", path=path))


def _link_reports(result: "xr.Dataset", folder: Path) -> None:
    """Write the reports of a folder again, so that they lead to the pages of places beside them."""
    every = pages_in(folder, "report", Language.both)
    there = [Language(one) for one, path in every.items() if path.is_file()]
    if there:
        report_on(result, folder, Language.both if len(there) == len(every) else there[0])


def _list(scenario: "Scenario", named: str, says: "Voice", *, as_json: bool) -> None:
    """Print the questions of a corridor, in both languages, and how to ask them of it."""
    from rumbo.scenario.questions.question import LANGUAGES, questions_of

    known = questions_of(scenario.questions)
    if as_json:
        rows = [{"question": one.key, **one.words} for one in known.values()]
        say(json.dumps(rows, ensure_ascii=False))
        return
    key = "list.title" if known else "unknown.none"
    say(says(key, corridor=named, start=scenario.start, end=scenario.end))
    if known:
        say(says("list.ahead", corridor=named))
    for one in known.values():
        say(f"\n{one.key}")
        for language in LANGUAGES:
            say(f"  {language}: {one.words[f'title_{language}']}")
        if one.since == one.since:
            say(f"  {says('list.since', day=f'{one.since:%Y-%m-%d}')}")
        if one.of_beds:
            say(f"  {says('list.beds')}")


def place(
    run: RunFolder,
    names: Annotated[list[str], typer.Argument(help="Ids of places.", metavar="PLACE...")],
    language: Languages = Language.both,
    to: Annotated[
        Path | None, typer.Option("--to", callback=a_folder, help="Folder; the run's if left out.")
    ] = None,
) -> None:
    """Write a page of a place from a run: who waits there, who comes and goes, beds short."""
    from rumbo.cli.asking.voice import voice
    from rumbo.run.folder import open_run

    result, says = open_run(run), voice(language)
    for name in names:
        _write_place(result, name, to or run, language, says)
    _link_reports(result, to or run)
