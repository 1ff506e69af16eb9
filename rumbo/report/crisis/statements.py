"""The first page of a run of displacement: statements, each a range before its middle value."""

from rumbo.report.corridor.front.answer import asked_of, effects
from rumbo.report.corridor.headline import period
from rumbo.report.corridor.statements import first_section, warnings
from rumbo.report.page.parts import Answer, PageBlock, Section, Statement
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range, as_number
from rumbo.report.read.camps import amounts, beyond, capacity, entries, present
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run

TOLD = {
    "crisis.in_camps_last": "crisis.in_camps_told",
    "crisis.on_road_mean": "crisis.on_road_told",
    "crisis.person_days": "crisis.person_days_told",
    "crisis.turned_back": "crisis.turned_back_told",
}
"""Quantities told on the first page, and the sentence of each."""

CHANGES = ("crisis.in_camps_last", "crisis.person_days")
"""Quantities whose differences between scenarios are told."""


def statements(run: Run) -> Section:
    """Return the first chapter of a run of displacement."""
    words = run.words
    after = [words("how_to_read"), _ranges_hold(run)] if words.ranged else []
    return first_section(words, crisis_warnings(run), _cards(run), after)


def _cards(run: Run) -> list[Statement]:
    titled = {each.title: each.values for each in amounts(run)}
    values = {key: titled[run.words(key)] for key in TOLD}
    levels = [_level(run, key, spread(values[key].isel(scenario=0))) for key in TOLD]
    return [_displaced(run), *levels[:2], *_crowded(run), *levels[2:]]


def answer(run: Run) -> list[PageBlock]:
    """Return how scenarios differ, or where people are on the last day if there is but one."""
    titled = {each.title: each for each in amounts(run)}
    main, *beside = (titled[run.words(key)] for key in CHANGES)
    if len(run.scenarios) > 1:
        return effects(run, main, beside)
    first = _level(run, CHANGES[0], spread(main.values.isel(scenario=0)))
    return [Answer("", first)]


def question(run: Run, title: str) -> str:
    """Return what the page asks; of a single scenario the title of the crisis."""
    if len(run.scenarios) == 1:
        return title
    return asked_of(run, run.words("crisis.front.in_camps"))


def _displaced(run: Run) -> Statement:
    """Return how many are displaced, which is given: it has no range because it has none."""
    words = run.words
    new = float(entries(run).isel(scenario=0).median())
    inside = present(run, run.data["place"].values.astype(str).tolist()).isel(day=-1)
    people = (inside + run.sums("travelling").isel(day=-1)).isel(scenario=0)
    start = float(people.median()) - new
    sentence = words("crisis.displaced.told", entries=words.exact(round(new)), period=period(run))
    if round(start) > 0:
        sentence += " " + words("crisis.displaced.start", start=words.exact(round(start)))
    short = words("crisis.displaced.short", entries=words.exact(round(new)))
    return Statement(words("crisis.displaced"), short, sentence, colour(0))


def _level(run: Run, key: str, ends: Range) -> Statement:
    words = run.words
    day = words.day(run.times[-1].isoformat(), short=False)
    sentence = words(TOLD[key], range=words.range_text(ends), day=day)
    return Statement(words(key), words.short_range(ends), sentence, colour(0))


def _crowded(run: Run) -> list[Statement]:
    """Return how crowded the camp with most people beyond its capacity is, if any is known."""
    over = beyond(run)
    if over is None:
        return []
    words, peak = run.words, over.isel(scenario=0).max("day")
    worst = peak.isel(place=int(peak.median("member").argmax("place")))
    ends, camp = spread(worst), str(worst["place"].item())
    if bool(peak.any()):
        name, places = place_name(run.places[camp], words), words.digits(capacity(run, camp))
        topic = words("crisis.crowded", camp=name)
        people = words.range_text(ends)
        sentence = words("crisis.crowded_told", camp=name, places=places, range=people)
    else:
        topic = words("crisis.beyond")
        sentence = words("crisis.no_crowd", range=words.range_text(ends))
    return [Statement(topic, words.short_range(ends), sentence, colour(0))]


def crisis_warnings(run: Run) -> list[str]:
    """Return what a reader must know before reading the ranges."""
    averages = run.data.attrs.get("mode") == "expected"
    return warnings(run) + ([run.words("crisis.averages")] if averages else [])


def _ranges_hold(run: Run) -> str:
    """Return what the ranges hold, and how many values are given with a range."""
    rows, words = run.records("settings"), run.words
    ranged = [r for r in rows if None not in (as_number(r.get("low")), as_number(r.get("high")))]
    return words("crisis.ranges", ranged=words.digits(len(ranged)), count=words.digits(len(rows)))
