"""One place: who waits there, who comes and goes, how long, and how many beds are short."""

from collections.abc import Iterator

import xarray as xr

from rumbo.report.answer.effects import asked_period, beds_side, held, over_asked
from rumbo.report.answer.flows import (
    at_place,
    coming,
    leaving,
    named,
    places_text,
    seekers,
    share_range,
    short_of_beds,
    short_with,
    waiting_at,
)
from rumbo.report.charts.policies import policy_marks, policy_rows
from rumbo.report.charts.rows import Curve, fan, month_table, observed_text, publishers
from rumbo.report.corridor.levers import source_link
from rumbo.report.page.parts import (
    DASH,
    Figure,
    Heading,
    Legend,
    PageBlock,
    Section,
    Table,
    Text,
    led,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range
from rumbo.report.read.beds import beds_at, has_beds, times_with_beds
from rumbo.report.read.names import cautions, nationality_name, publisher_name, scenario_title
from rumbo.report.read.ranges import spread
from rumbo.report.read.record import fails, marked
from rumbo.report.read.run import Run

LATEST = 6
"""Months of the run's end that are printed one by one."""

SHOWN = 8
"""Nationalities that are told apart."""

HARMS = ("stops", "transfers", "asylum_applications", "kidnappings")
"""What happens to people at a place, beside those who wait, where the model counts it."""


def place(run: Run, place: str) -> Section:
    """Return all that a run tells of one place.

    Parameters
    ----------
    run
        A run of the corridor.
    place
        Id of the place.

    Returns
    -------
    Section
        Beds, months, estimates of others, and who is there.
    """
    words, name = run.words, named(run, place)
    blocks: list[PageBlock] = [
        *_beds(run, place),
        Text(words("here.stay.text"), "note"),
        _last_months(run, place),
        _figure(run, place),
        *_reported(run, place),
        *_who(run, place),
        *_cost(run, place),
    ]
    return Section("place", words("here.part", place=name), blocks)


def _beds(run: Run, place: str) -> Iterator[PageBlock]:
    """Say how many shelter places are known, who says so, and which way the number short errs."""
    words, name, first = run.words, named(run, place), beds_side(run)
    yield Heading(words("here.beds"))
    if not has_beds(run, place, first):
        yield Text(words("here.beds.none", place=name))
        return
    for number in (n for n in dict.fromkeys((first, 0)) if has_beds(run, place, n)):
        yield Text(places_text(run, place, number))
        yield Text(led(words("head.source"), source_link(run, beds_at(run, place, number).source)))
    yield Text(words("here.beds.way"), "warning")
    yield from _seek(run, place)


def _seek(run: Run, place: str) -> Iterator[PageBlock]:
    """Say which share of people seeks a shelter, and on what that rests."""
    words, row = run.words, seekers(run, place, beds_side(run))
    if row is None:
        yield Text(words("here.seek.all"))
        return
    yield Text(words("here.seek", **share_range(run, row)))
    yield Text(led(words("head.source"), source_link(run, row.get("source"))))


def _last_months(run: Run, place: str) -> Table:
    """Return the last months of the run: people present and beds short, both ranges of each."""
    words, number = run.words, beds_side(run)
    title = words("here.latest", place=named(run, place))
    heads = words.heads("month", "here.present", "here.present_half")
    beds = has_beds(run, place, number)
    lacking = dict(Curve("", _short(run, place)).ranges) if beds else {}
    if beds:
        heads += words.heads("here.lacking", "here.lacking_half")
        title = f"{title}. {short_with(run, place, number)}"
    rows = []
    for at, ends in Curve("", waiting_at(run, place).isel(scenario=0)).ranges[-LATEST:]:
        short = _both_ranges(run, lacking[at]) if at in lacking else [DASH, DASH] if beds else []
        rows.append([words.month(at, short=True), *_both_ranges(run, ends), *short])
    return Table(heads, rows, title)


def _short(run: Run, place: str) -> xr.DataArray:
    """Return people short of beds in the months with beds, of the scenario that is told first."""
    number = beds_side(run)
    times = times_with_beds(run, place, number)
    return short_of_beds(run, place).isel({"scenario": number, run.dimension: times})


def _both_ranges(run: Run, ends: Range) -> list[str]:
    span = run.words.span
    return [span(ends.low, ends.high), span(ends.low_half, ends.high_half)]


def _figure(run: Run, place: str) -> Figure:
    """Return the months: who is there, who comes and goes, who finds no bed, and differences."""
    words, curves, changes = run.words, [*_curves(run, place)], [*_changes(run, place)]
    marks, shown = policy_rows(run), legend(words, "wide", "half", "middle", "reported").marks
    charts = [
        fan(one, words, size="wide" if n == 0 else "half", marks=marks)
        for n, one in enumerate(curves)
    ]
    charts += [
        fan(one, words, size="half", colour=colour(1), signed=True, marks=marks) for one in changes
    ]
    return Figure(
        "place-months",
        words("here.months", place=named(run, place)),
        words("here.months.text"),
        charts,
        month_table([*curves, *changes], words),
        [Legend([*shown, *policy_marks(run)])],
        source=publishers(curves, words),
    )


def _curves(run: Run, place: str) -> Iterator[Curve]:
    words, weak = run.words, fails(run, "waiting", place=place)
    title = marked(run, words("here.waiting"), "waiting", place=place)
    seen = run.observed("waiting", area=place)
    yield Curve(title, waiting_at(run, place).isel(scenario=0), seen, weak)
    if len(times_with_beds(run, place, number := beds_side(run))):
        yield Curve(short_with(run, place, number), _short(run, place))
    yield Curve(words("here.coming"), coming(run, place).isel(scenario=0))
    yield Curve(words("here.leaving"), leaving(run, place).isel(scenario=0))


def _changes(run: Run, place: str) -> Iterator[Curve]:
    """Go through the paired differences of people waiting, month by month."""
    for asked in held(run):
        sides = (asked.having, asked.lacking)
        having, lacking = (scenario_title(run.scenarios[n], run) for n in sides)
        title = run.words("here.difference", with_=having, without=lacking)
        yield Curve(title, asked.of(waiting_at(run, place)))


def _reported(run: Run, place: str) -> Iterator[PageBlock]:
    """Return what others estimated of people there, beside what is simulated."""
    words, seen = run.words, run.observed("waiting", area=place)
    values = waiting_at(run, place).isel(scenario=0)
    rows = []
    for row in seen.itertuples():
        ends = spread(values.sel(month=row.month))
        cells = [words.month(row.month, short=True), observed_text(row, words)]
        cells += [words.span(ends.low, ends.high), publisher_name(row.publisher, words) or DASH]
        rows.append([*cells, words.maybe(f"quality.{row.quality}", row.quality)])
    yield Heading(words("reported.title"))
    if not rows:
        yield Text(words("here.unreported", place=named(run, place)))
        return
    heads = words.heads("month", "reported", "simulated", "who", "quality")
    yield Text(words("reported.text"))
    yield Table(heads, rows, words("table.reported"), wrap=True)


def _who(run: Run, place: str) -> Iterator[PageBlock]:
    """Return which nationalities wait there, the largest first."""
    words = run.words
    found = [
        (nationality_name(code, words), run.series("waiting", place=place, nationality=code))
        for code in run.nationalities
    ]
    sizes_of = [(name, over_asked(run, each, "stock").isel(scenario=0)) for name, each in found]
    largest = sorted(sizes_of, key=lambda pair: -float(pair[1].median()))
    shown = [pair for pair in largest[:SHOWN] if words.printed(float(pair[1].median()))]
    if rest := [each for _, each in largest[len(shown) :]]:
        shown.append((words("here.rest"), sum(rest[1:], start=rest[0])))
    rows = [[name, *words.range_cells(spread(each))] for name, each in shown]
    if rows:
        heads = words.heads("here.nationality", *words.ends)
        yield Table(heads, rows, words("here.who", period=asked_period(run)))


def _cost(run: Run, place: str) -> Iterator[PageBlock]:
    """Return what happens to people there, in each scenario, and what is to be known of it."""
    words = run.words
    # Those taken elsewhere are counted where they arrive, which a title of all does not say.
    own = {"transfers": "here.taken"}
    titles = {key: words(own.get(key, f"measure.{key}")) for key in HARMS if key in run.data}
    rows = []
    for key, title in titles.items():
        values = over_asked(run, at_place(run, key, place), "flow")
        spans = [spread(values.isel(scenario=n)) for n in range(len(run.scenarios))]
        rows.append([title, *(words.span(ends.low, ends.high) for ends in spans)])
    heads = [words("head.series"), *(scenario_title(name, run) for name in run.scenarios)]
    caption = words("here.cost", place=named(run, place), period=asked_period(run))
    yield Table(heads, rows, caption, wrap=True)
    yield from (Text(one, "note") for one in cautions(run, titles))
