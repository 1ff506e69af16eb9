"""Titles for readers: of scenarios, levers, places, areas, groups of people, parameters."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rumbo.report.page.parts import Row
from rumbo.report.page.words import Words, text
from rumbo.report.read.run import Run
from rumbo.scores.figures import DAYS
from rumbo.scores.titles import OUTCOMES, TitlePart, outcomes_in, parts_of


def place_name(place: Row, words: Words) -> str:
    """Return the name of a place, in the reader's language where it has one of its own."""
    return words.maybe(f"place.{place['id']}", text(place.get("name")) or str(place["id"]))


def area_name(area: str, words: Words) -> str:
    """Return the name of a destination zone or of the office of a lawful gate."""
    return words.maybe(f"area.{area}", area)


def nationality_name(code: str, words: Words) -> str:
    """Return the name of a nationality."""
    return words.maybe(f"nationality.{code}", code)


def publisher_name(name: str, words: Words) -> str:
    """Return who published a figure, in the reader's language where that is a description."""
    return words.maybe(f"publisher.{name}", name)


def plain(identifier: str) -> str:
    """Return an identifier as words."""
    return identifier.replace("-", " ").replace("_", " ").strip()


def lever_title(lever: str, run: Run) -> str:
    """Return the title of a lever: of its bundle, or of its only row."""
    bundles = run.background["corridor"].get("bundles") or {}
    if lever in bundles:
        return run.words.pick(bundles[lever], plain(lever))
    names = {
        run.words.column(row, "name") for row in run.records("levers") if row["lever"] == lever
    }
    return names.pop() if len(names) == 1 else plain(lever)


def scenario_title(name: str, run: Run) -> str:
    """Return a scenario's title: its own name, or one made from what it has; no two are alike."""
    title = _title(name, run)
    others = {*run.scenarios} - {name} if name in run.scenarios else ()
    return f"{title} ({name})" if title in (_title(one, run) for one in others) else title


def _title(name: str, run: Run) -> str:
    if run.branches and name in run.scenarios:
        return branch_title(run, run.scenarios.index(name))
    return _own_title(name, run)


def branch_title(run: Run, number: int) -> str:
    """Return the title of a branch by its number: its outcomes, and of what if several branch."""
    based, branch = divmod(number, len(run.branches))
    title = outcomes_title(run.branches[branch], run)
    return title if len(run.based) == 1 else f"{_own_title(run.based[based], run)}: {title}"


def outcomes_title(keys: str, run: Run) -> str:
    """Return the names of outcomes that are told as ``event=outcome``, joined by ``;``."""
    names = {
        f"{row['event']}={row['outcome']}": run.words.column(row, "name")
        for row in run.records("outcomes")
    }
    return "; ".join(names.get(key) or plain(key) for key in keys.split(OUTCOMES))


def _own_title(name: str, run: Run) -> str:
    words = run.words
    if side := asked_side(name, run):
        return words.column(run.background["question"]["words"], side)
    if name == "base":
        return words("crisis.base" if run.dimension == "day" else "scenario.base")
    if run.learned:
        return words("learned.name")
    known = [f"{row['event']}={row['outcome']}" for row in run.records("outcomes")]
    based, came = outcomes_in(name, known)
    if came:
        told = outcomes_title(OUTCOMES.join(came), run)
        return f"{_own_title(based, run)}: {told}" if based else told
    record = scenario_record(name, run)
    if record.get("named"):
        return name
    # What branches has no record of its own: its branches say what it has besides.
    of_branches = (one for one in run.records("scenarios") if one["name"].startswith(f"{name}, "))
    return _made(record if "without" in record else next(of_branches, record), run)


def _made(record: Row, run: Run) -> str:
    """Return a scenario's title made from all that it has and the corridor does not, if anything.

    Of many changes the first are named and the others counted.
    """
    parts = [*parts_of(record)]
    whole = [_part_title(part, run) for part in parts if part.kind != "change"]
    changed = [_part_title(part, run) for part in parts if part.kind == "change"]
    told = "; ".join([*whole, *changed[:NAMED_CHANGES]]) or run.words("scenario.base")
    more = len(changed) - NAMED_CHANGES
    return run.words("scenario.more", titles=told, count=more) if more > 0 else told


NAMED_CHANGES = 2
"""Changes that the title of a scenario names."""


def _part_title(part: TitlePart, run: Run) -> str:
    """Return one thing that a scenario has, in words."""
    words, what = run.words, part.what
    if part.kind == "without":
        named = words.listed([lever_title(lever, run) for lever in what])
        return words("scenario.without", what=named)
    if part.kind == "deal":
        return f"{lever_title(what['name'], run)}, {deal_terms(what, words)}"
    if part.kind == "moved":
        return _moved_title(what, run)
    return _change_title(what, run)


def _moved_title(moved: Row, run: Run) -> str:
    words, only = run.words, [parameter_title(name, run) for name in moved.get("only") or ()]
    ends = {"since": words.day(moved.get("since")), "until": words.last_day(moved.get("until"))}
    told = [words(name, day=day) for name, day in ends.items() if day]
    part = f" ({words.listed(only)})" if only else ""
    return ", ".join([f"{lever_title(moved['lever'], run)}{part}", *told])


def _change_title(change: Row, run: Run) -> str:
    words, since = run.words, run.words.day(change.get("since"))
    told = {
        "parameter": parameter_title(text(change.get("parameter")), run),
        "value": words.value(change.get("value")),
        "at": selector_title(change.get("at"), run),
    }
    if not since:
        return words("scenario.changed", **told)
    return words("scenario.changed_since", since=words("since", day=since), **told)


def asked_side(name: str, run: Run) -> str:
    """Return which side of the question a scenario is, ``with`` or ``without``; empty if none."""
    question = run.background.get("question") or {}
    return next((side for side in ("with", "without") if question.get(side) == name), "")


def deal_terms(deal: Row, words: Words) -> str:
    """Return from when a deal holds, how fast it comes in, how far it is kept and until when.

    Parameters
    ----------
    deal
        Terms by actor as a scenario names them, or sides with their terms.
    words
        Texts of the language.

    Returns
    -------
    str
        What sides do not have in common is left to the chapter of deals.
    """
    sides = deal.get("sides") or [_side_terms(deal, actor) for actor in deal["ramp"]]
    told = [words("since", day=words.day(min(text(side["since"]) for side in sides)))]
    sides = [side for side in sides if side.get("settings") != []] or sides
    common = {name: {side[name] for side in sides} for name in ("ramp", "compliance", "until")}
    if any(len(values) > 1 for values in common.values()):
        return ", ".join([*told, words("deals.by_side")])
    (ramp,), (share,), (until,) = common.values()
    told += [words("deals.ramped", days=ramp)] if ramp else []
    told += [words("deals.kept_to", share=words.percent(share).lstrip("+"))] if share != 1 else []
    return ", ".join([*told, words("until", day=words.last_day(until))] if until else told)


def _side_terms(deal: Row, actor: str) -> Row:
    share = deal["compliance"][actor]
    return {
        "since": deal["since"],
        "ramp": deal["ramp"][actor],
        "until": deal["until"][actor],
        "compliance": share[1] if isinstance(share, list) else share,
    }


def scenario_record(name: str, run: Run) -> Row:
    """Return what the background says of a scenario."""
    named = (record for record in run.records("scenarios") if record.get("name") == name)
    return next(named, {"name": name})


def cautions(run: Run, names: Iterable[str]) -> list[str]:
    """Return what a corridor says is to be known of measures or parameters, by their names."""
    own = (run.words.maybe(f"caution.{name}", "") for name in names)
    return list(dict.fromkeys(filter(None, own)))


def source_titles(keys: object, run: Run) -> list[tuple[str, str]]:
    """Return publisher and title of each source of a cell, and its address; nothing if assumed."""
    names = [name.strip() for name in text(keys).split(";")]
    return [_source(name, run) for name in names if name not in ("", "assumed")]


def _source(name: str, run: Run) -> tuple[str, str]:
    source = run.sources.get(name) or {}
    label = ", ".join(filter(None, (text(source.get(c)) for c in ("publisher", "title"))))
    return label or run.words.maybe(f"source.{name}", name), text(source.get("address"))


def selector_title(at: object, run: Run) -> str:
    """Return where a setting applies, in words."""
    words, where = run.words, text(at)
    if not where:
        return words("everywhere")
    if where in run.places:
        return place_name(run.places[where], words)
    kind, _, label = where.partition(":")
    if kind == "mode" and label:
        return words.maybe(f"mode.{label}", plain(label))
    if ">" in where:
        return _link_title(where, run)
    return words.maybe(f"kind.{label or where}", plain(label or where))


def _link_title(link: str, run: Run) -> str:
    ends, _, mode = link.partition(":")
    names = [place_name(run.places.get(e, {"id": e}), run.words) for e in ends.split(">")]
    joined = " \u2192 ".join(names)
    return f"{joined} ({run.words.maybe(f'mode.{mode}', plain(mode))})"


def parameter_title(name: str, run: Run) -> str:
    """Return what a parameter is in plain words; its name where nobody says."""
    known = (run.background.get("parameters") or {}).get(name) or {}
    return run.words.column(known, "meaning") or name


def group_title(group: object, run: Run) -> str:
    """Return for whom a setting applies, in words."""
    words, who = run.words, text(group)
    if not who:
        return words("everyone")
    nationality, _, household = who.partition("-")
    parts = [nationality_name(nationality, words)]
    if who in ("adult", "family"):
        return words(f"household.{who}")
    if household:
        parts.append(words.maybe(f"household.{household}", household))
    return ", ".join(parts)


def one_day(since: str, until: str) -> bool:
    """Return whether ISO days bound a single day, the end being excluded."""
    try:
        return (date.fromisoformat(until) - date.fromisoformat(since)).days in (0, 1)
    except ValueError:
        return False


def dates(record: Row, words: Words) -> str:
    """Return the first and last day on which a lever or setting is in force."""
    since, until = words.day(record.get("since")), words.last_day(record.get("until"))
    if one_day(text(record.get("since")), text(record.get("until"))):
        return since
    if since and until:
        return f"{since} \u2013 {until}"
    if since:
        return words("since", day=since)
    return words("until", day=until) if until else words("always")


def period_of(run: Run, times: Sequence[date]) -> str:
    """Return the first and last of some months of a run; of a run that cuts months, their days."""
    words, ends = run.words, (times[0], times[-1])
    if DAYS not in run.data.coords:
        first, last = (words.time(end, run.dimension) for end in ends)
        return words("period", first=first, last=last)
    begun, ending = (max(run.opening, end) for end in ends)
    over = ending + timedelta(days=int(run.data[DAYS].values[run.times.index(ends[1])]) - 1)
    return words("period", first=words.day(begun, short=False), last=words.day(over, short=False))
