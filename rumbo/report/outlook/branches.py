"""The branches of an outlook: chance, what each holds as it was known, and what it comes to."""

from rumbo.report.outlook.first import SHORT
from rumbo.report.outlook.months import branch_topic, speaks
from rumbo.report.outlook.rows import cell
from rumbo.report.page.parts import DASH, Fold, PageBlock, Row, Section, Table, Text
from rumbo.report.page.words import as_number, capital
from rumbo.report.read.names import nationality_name
from rumbo.report.read.outlook import MIXED, OutlookTable
from rumbo.scores.branches import own_weights
from rumbo.scores.speaking import quality_of


def branches(told: OutlookTable) -> Section | None:
    """Return the branches side by side, or None where nothing is to be decided."""
    words, every = told.words, told.about["branches"]
    if len(every) < 2:
        return None
    blocks: list[PageBlock] = [
        Text(words("outlook.branches.text", members=words.digits(told.about["members"]))),
        Text(speaks(told)),
        _outcomes(told),
        _side_by_side(told),
    ]
    for branch in every:
        if branch["settings"]:
            title = words("outlook.settings", branch=told.branch_title(branch))
            blocks.append(
                Fold(title, [Text(words("outlook.settings.text")), _settings(told, branch)])
            )
    return Section("branches", words("branches.part"), blocks)


def _outcomes(told: OutlookTable) -> Table:
    """Return what may come: when it is known and takes effect, and the chance that is taken."""
    words, weights = told.words, own_weights(told.about["branches"])
    known = {
        tuple(one[name] for name in ("event", "outcome", "on", "takes_effect")): one
        for branch in told.about["branches"]
        for one in branch["outcomes"]
    }
    events = [*weights]
    rows = [
        [
            words.pick(one),
            words.day(one["on"]),
            words.day(one["takes_effect"]),
            words.percent(weights[one["event"]][one["outcome"]]).lstrip("+"),
            words(f"quality.{quality_of(one)}"),
        ]
        for one in sorted(known.values(), key=lambda one: events.index(one["event"]))
    ]
    heads = words.heads("minds.outcome", "minds.news", "minds.effect", "branches.weight")
    return Table([*heads, words("branches.source")], rows, words("outlook.outcomes"), wrap=True)


def _side_by_side(told: OutlookTable) -> Table:
    """Return what branches come to in the last month, a row for each and one for all mixed."""
    words, at = told.words, told.about["place"]
    beds = [(SHORT, at)] if told.ahead(SHORT, at) else []
    series = [("waiting", at), *beds, ("queue", ""), *((one, "") for one in told.families)]
    mixed: Row = {"branch": MIXED, "outcomes": [], "probability": 1.0}
    rows = [
        [
            branch_topic(told, branch),
            *(_last(told, one, place, branch["branch"]) for one, place in series),
        ]
        for branch in [*told.about["branches"], mixed]
    ]
    last = capital(words.month(told.ahead("waiting", at)[-1]["month"]))
    titles = [
        words("outlook.waiting", place=told.place_name),
        *(told.title(s) for s, _ in series[1:]),
    ]
    heads = [*words.heads("branches.branch"), *titles]
    return Table(heads, rows, words("outlook.table.branches", month=last))


def _last(told: OutlookTable, series: str, place: str, branch: str) -> str:
    rows = told.ahead(series, place, branch)
    return cell(rows[-1], told.words) if rows else DASH


def _settings(told: OutlookTable, branch: Row) -> Table:
    """Return the values that a branch holds, as far as they were known on the day."""
    words = told.words
    rows = [
        [
            words.column(one | {"meaning_en": one["en"], "meaning_es": one["es"]}, "meaning"),
            _whom(told, one),
            _written(told, one),
            _range(told, one),
        ]
        for one in branch["settings"]
    ]
    heads = words.heads("outlook.head.value_of", "for", "value", "range")
    return Table(heads, rows, words("outlook.settings.table"), wrap=True)


def _whom(told: OutlookTable, one: Row) -> str:
    """Return for whom a value holds, and where if it is not everywhere."""
    words = told.words
    who = nationality_name(one["group"], words) if one["group"] else words("outlook.everybody")
    if not one["at"]:
        return who
    label = one["at"].partition(":")[2] or one["at"]
    return f"{who}, {words.maybe(f'kind.{label}', label)}"


def _written(told: OutlookTable, one: Row) -> str:
    value = told.words.value(one["value"])
    return f"× {value}" if one["operation"] == "multiply" else value


def _range(told: OutlookTable, one: Row) -> str:
    words = told.words
    low, high = as_number(one["low"]), as_number(one["high"])
    if low is None or high is None:
        return DASH
    return f"{words.value(low)} {words('to')} {words.value(high)}"
