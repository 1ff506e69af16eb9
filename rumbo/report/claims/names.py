"""What a ledger calls verdicts, speakers, tests, statistics and what they are of."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rumbo.report.page.words import Words, capital
from rumbo.scores.claims import SERIES, Finding, Judged, Statistic

VERDICTS = {
    "supported": "claims.verdict.supported",
    "as_assumed": "claims.verdict.as_assumed",
    "mixed": "claims.verdict.mixed",
    "local": "claims.verdict.local",
    "open": "claims.verdict.open",
    "contradicted": "claims.verdict.contradicted",
    "not_computable": "claims.verdict.not_computable",
}
"""Words of verdicts, in the order in which they are told."""

LEFT_OUT = ("not_run", "not_forecast")
"""Reasons that whoever asked gave: what they left out was not tried, and may well be computable."""

UNTRIED = "claims.verdict.untried"

SPEAKERS = {
    "data": "claims.speaks.data",
    "prior": "claims.speaks.prior",
    "figures": "claims.speaks.figures",
    "nobody": "claims.speaks.nobody",
}
"""Words of who speaks."""

SHORT = {
    "data": "claims.short.data",
    "prior": "claims.short.prior",
    "figures": "claims.short.figures",
    "nobody": "claims.short.nobody",
}
"""The same in a word or two."""

PARTS = {
    "level": "claims.part.level",
    "cause": "claims.part.cause",
    "north": "claims.part.north",
    "south": "claims.part.south",
    "reports": "claims.part.reports",
    "model": "claims.part.model",
    "stops": "claims.part.stops",
    "returns": "claims.part.returns",
    "flights": "claims.part.flights",
    "crossings": "claims.part.crossings",
    "levers": "claims.part.levers",
    "step": "claims.part.step",
    "upstream": "claims.part.upstream",
    "second": "claims.part.second",
    "total": "claims.part.total",
    "sectors": "claims.part.sectors",
    "year-2016": "claims.part.year-2016",
    "season-2016": "claims.part.season-2016",
    "sides": "claims.part.sides",
    "forecast": "claims.part.forecast",
}
"""What tests of a claim are called; other names are printed as they are."""

TESTS = {
    "step": "claims.test.step",
    "did_with_placebos": "claims.test.did_with_placebos",
    "pit": "claims.test.pit",
    "share_with_bounds": "claims.test.share_with_bounds",
    "attribute": "claims.test.attribute",
    "ratio_change": "claims.test.ratio_change",
    "distance": "claims.test.distance",
}
"""What each kind of test does, in a sentence."""

RULES = {
    "every": "claims.rule.every",
    "all": "claims.rule.all",
    "weigh": "claims.rule.weigh",
    "first": "claims.rule.first",
    "part": "claims.rule.part",
}
"""How tests of a claim are put together."""

MEASURES = {"appointments": "claims.measure.appointments"}
"""Measures that claims ask of and no chart tells."""

STATISTICS = {
    "change": "claims.stat.change",
    "unseasonal": "claims.stat.unseasonal",
    "spreads": "claims.stat.spreads",
    "dated": "claims.stat.dated",
    "difference": "claims.stat.difference",
    "above": "claims.stat.above",
    "came": "claims.stat.came",
    "place": "claims.stat.place",
    "beside": "claims.stat.beside",
    "share": "claims.stat.share",
    "ended": "claims.stat.ended",
    "of": "claims.stat.of",
    "unknown": "claims.stat.unknown",
    "months": "claims.stat.months",
    "survey": "claims.stat.survey",
    "of_claimed": "claims.stat.of_claimed",
    "before": "claims.stat.before",
    "after": "claims.stat.after",
    "points": "claims.stat.points",
    "left": "claims.stat.left",
    "settings": "claims.stat.settings",
    "distance": "claims.stat.distance",
    "pairs": "claims.stat.pairs",
    "lever": "claims.stat.lever",
    "narrowed": "claims.stat.narrowed",
    "with": "claims.stat.with",
    "without": "claims.stat.without",
    "moved": "claims.stat.moved",
    "again": "claims.stat.again",
    "north_share": "claims.stat.north_share",
    "fall": "claims.stat.fall",
    "north": "claims.stat.north",
    "settled": "claims.stat.settled",
    "returned_home": "claims.stat.returned_home",
}
"""What statistics are called."""

REASONS = {
    "motive": "claims.why.motive",
    "figures": "claims.why.figures",
    "placebos": "claims.why.placebos",
    "events": "claims.why.events",
    "reports": "claims.why.reports",
    "surveys": "claims.why.surveys",
    "place": "claims.why.place",
    "no_fit": "claims.why.no_fit",
    "later_fit": "claims.why.later_fit",
    "not_run": "claims.why.not_run",
    "lever": "claims.why.lever",
    "later": "claims.why.later",
    "not_forecast": "claims.why.not_forecast",
    "not_forecast_of": "claims.why.not_forecast_of",
}
"""Why something could not be computed."""

MOST = 7.0
"""Logs beyond which a change is told as a thousandfold."""

UNRANGED = ("dated", "of", "unknown", "above", "settings", "pairs", "narrowed")
"""Statistics that are counts of rows or settings, or a ratio of widths: they have no range."""

Names = Mapping[str, Mapping[str, str]]
"""Names of levers by language."""


@dataclass(frozen=True)
class LedgerReport:
    """A ledger told in one language.

    Parameters
    ----------
    judged
        Claims with what their tests gave.
    words
        The language.
    day
        Day of the ledger, ISO; empty where everything published counts.
    corridor
        Id of the corridor.
    names
        Names of its levers.
    """

    judged: tuple[Judged, ...]
    words: Words
    day: str
    corridor: str
    names: Names

    @property
    def published(self) -> str:
        """Return what figures count, in words."""
        words = self.words
        return (
            words("claims.until", day=self.of(self.day)) if self.day else words("claims.everything")
        )

    def verdict(self, one: Judged | Finding) -> str:
        """Return what a claim's or a test's verdict is called."""
        if one.why in LEFT_OUT:
            return self.words(UNTRIED)
        return self.words(VERDICTS[one.verdict if isinstance(one, Judged) else one.outcome])

    def speaks(self, one: Judged | Finding) -> str:
        """Return who says a verdict."""
        left = one.why in LEFT_OUT
        return self.words("claims.speaks.untried" if left else SPEAKERS[one.speaks])

    def speaks_in_short(self, one: Judged) -> str:
        """Return the same in a word or two."""
        left = one.why in LEFT_OUT
        return self.words("claims.short.untried" if left else SHORT[one.speaks])

    def main(self, one: Judged) -> str:
        """Return the number that a verdict rests on first, or why there is none."""
        if one.why:
            return capital(self.reason(one)) + "."
        asked = one.findings[:1] if one.rule in ("first", "part") else one.findings
        deciding = [each for each in asked if each.outcome == one.verdict] or list(asked)
        found = next((each for each in deciding if each.statistics), None)
        if found is None:
            return ""
        sentence = self.statistic(found.statistics[0])
        return f"{self.part(found)}: {sentence}" if len(one.findings) > 1 else sentence

    def reason(self, one: Judged | Finding) -> str:
        """Return why something could not be computed."""
        values = dict(one.values)
        if "series" in values:
            values["series"] = self.series(values["series"])
        if "lever" in values:
            values["lever"] = self.of(values["lever"])
        for name in ("months", "day"):
            if name in values:
                values[name] = self.of(values[name])
        return self.words(REASONS[one.why], **values)

    def part(self, finding: Finding) -> str:
        """Return what a test among others is called."""
        key = PARTS.get(finding.part)
        return self.words(key) if key else capital(finding.part)

    def series(self, spelled: str) -> str:
        """Return what a series is called: its measure, where, and whom it counts."""
        match = SERIES.fullmatch(spelled)
        if match is None:
            return spelled
        words = self.words
        of, own = match["measure"], capital(match["measure"])
        measure = words(MEASURES[of]) if of in MEASURES else words.maybe(f"measure.{of}", own)
        name = words.maybe(f"component.{match['component']}", measure)
        areas = (match["area"] or "").split(";")
        parts = [self._area(area) for area in areas if area]
        who = match["who"]
        people = words.maybe(f"nationality.{who}", who) if who else ""
        return ", ".join(filter(None, [name, "; ".join(parts), people]))

    def _area(self, area: str) -> str:
        """Return what an area, a place or a country is called."""
        families = ("area", "place", "kind")
        return next(filter(None, (self.words.maybe(f"{f}.{area}", "") for f in families)), area)

    def of(self, name: str) -> str:
        """Return what a statistic is of: months, a day, an area, a measure or a lever."""
        words = self.words
        if " > " in name:
            first, last = map(self.of, name.split(" > "))
            return words("claims.from_to", first=first, last=last)
        if ".." in name:
            first, last = map(self.of, name.split(".."))
            return words("period", first=first, last=last)
        if "," in name:
            return ", ".join(self.of(part) for part in name.split(","))
        if _MONTH.fullmatch(name):
            return words.month(date.fromisoformat(f"{name}-01"))
        if _DAY.fullmatch(name):
            return words.day(name, short=False)
        if name in self.names:
            return words.pick(self.names[name], name)
        for family in ("measure", "area", "place", "nationality", "caravans.outcome"):
            if (told := words.maybe(f"{family}.{name}", "")) and name:
                return told
        return name

    def statistic(self, one: Statistic) -> str:
        """Return a statistic with its range, as a sentence."""
        words = self.words
        of = self.series(one.of) if one.name == "beside" else self.of(one.of)
        label = words(STATISTICS[one.name], of=of)
        value, low, high = (self._number(x, one.unit) for x in (one.value, one.low, one.high))
        if one.name in UNRANGED:
            return words("claims.counted", label=label, value=value)
        if one.name == "place":
            return words("claims.between", label=label, value=value, low=low, high=high)
        if one.low == one.high:
            return words("claims.exact", label=label, value=value)
        sentence = words("claims.ranged", label=label, value=value, low=low, high=high)
        unsure = one.unit in ("log", "points", "spreads") and one.low < 0.0 < one.high
        return f"{sentence} {words('claims.unsure')}" if unsure else sentence

    def _number(self, value: float, unit: str) -> str:
        words = self.words
        if unit == "log":
            return words("claims.percent", value=_signed(words, _percent(value)))
        if unit == "share":
            return words("claims.percent", value=words.digits(100.0 * value, 1))
        if unit == "points":
            return _signed(words, 100.0 * value, 1)
        if unit in ("ratio", "spreads"):
            return words.digits(value, 2)
        if unit == "number":
            return words.digits(value)
        return words.count(value) if unit in ("count", "miles") else words.digits(value, 1)


def _percent(log: float) -> float:
    """Return a change on the log scale in per cent."""
    return 100.0 * math.expm1(min(log, MOST))


def _signed(words: Words, value: float, decimals: int = 0) -> str:
    return ("+" if round(value, decimals) > 0 else "") + words.digits(value, decimals)


_MONTH = re.compile(r"\d{4}-\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
