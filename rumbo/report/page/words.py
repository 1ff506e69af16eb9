"""Words, numbers and dates of the report, in English and in Spanish.

Numbers are written alike in both, as readers of its Spanish write them: a comma between groups of
three digits, in numbers of four digits too, and a point before decimals (2,040,000; 1,050; 0.35).
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import lru_cache
from importlib.resources import files
from typing import ClassVar, NamedTuple

from rumbo.files.direction import isolated

LANGUAGES = ("en", "es")
NAMES = {"en": "English", "es": "Español"}
"""What each language calls itself."""

SMALL = 10
"""Counts of people under this number are not printed."""

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre",
}
SHORT_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}
HARD_SPACE = "\u00a0"
THIN_SPACE = "\u202f"

OwnTexts = Mapping[str, Mapping[str, str]]
"""Texts of a corridor: key -> language -> text."""

MINUS = "\u2212"


@lru_cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text of the report, from all ``words*.csv``: key -> language -> text."""
    folder = files("rumbo.report.page")
    names = sorted(one.name for one in folder.iterdir() if fnmatch(one.name, "words*.csv"))
    texts = (folder.joinpath(name).read_text("utf-8") for name in names)
    rows = (row for text in texts for row in csv.DictReader(text.splitlines()))
    return {row["key"]: {language: row[language] for language in LANGUAGES} for row in rows}


class Range(NamedTuple):
    """The 90 % range, the 50 % range and the middle value of one quantity."""

    low: float
    low_half: float
    middle: float
    high_half: float
    high: float


@dataclass(frozen=True)
class Words:
    """The texts and number forms of one language.

    Parameters
    ----------
    language
        ``en`` or ``es``.
    own
        Texts that a corridor says in its own words: key -> language -> text. They come before the
        report's, and may name what the report does not know.
    """

    language: str
    own: OwnTexts = field(default_factory=dict, hash=False, compare=False)
    ranged: ClassVar[bool] = True
    """Whether there are ranges to tell."""
    ends: ClassVar[tuple[str, ...]] = ("wide", "half", "middle")
    """Columns of a range: its ends, the ends of its half, its middle value."""

    def __post_init__(self) -> None:
        """Refuse a language that has no words."""
        if self.language not in LANGUAGES:
            raise ValueError(
                f"language {self.language!r} is not known: choose one of {', '.join(LANGUAGES)}"
            )

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key, its places filled with values; what only it names, as it is."""
        if key not in catalogue():
            return isolated(self.own[key][self.language])
        apart = {k: isolated(v) if isinstance(v, str) else v for k, v in values.items()}
        return (self.own.get(key) or catalogue()[key])[self.language].format(**apart)

    def heads(self, *names: str) -> list[str]:
        """Return titles of columns, each by its whole key or by the end of one of ``head.``."""
        return [self(name if "." in name else f"head.{name}") for name in names]

    def maybe(self, key: str, otherwise: str) -> str:
        """Return the text of a key, or another text where the key is unknown."""
        return self(key) if key in self.own or key in catalogue() else otherwise

    def starting(self, beginning: str) -> list[str]:
        """Return the corridor's own texts whose keys have a beginning, in their order."""
        return [self(key) for key in self.own if key.startswith(beginning)]

    def pick(self, texts: object, otherwise: str = "") -> str:
        """Return this language's text of ``{"en": ..., "es": ...}``, or what there is."""
        if not isinstance(texts, dict):
            return str(texts or otherwise)
        return str(texts.get(self.language) or texts.get("en") or otherwise)

    def column(self, record: dict[str, object], stem: str) -> str:
        """Return a record's ``stem_en`` or ``stem_es``, whichever is there."""
        return text(record.get(f"{stem}_{self.language}")) or text(record.get(f"{stem}_en"))

    def digits(self, value: float, decimals: int = 0) -> str:
        """Return a number as it is written, in both languages alike."""
        written = f"{abs(value):,.{decimals}f}"
        return (MINUS if value < 0 and written.strip("0.") else "") + written

    def exact(self, value: float) -> str:
        """Return a count as published, or that it is small."""
        if 0 < abs(value) < SMALL:
            return (MINUS if value < 0 else "") + f"<{SMALL}"
        return self.digits(value)

    @staticmethod
    def printed(value: float) -> bool:
        """Whether a count is large enough to be printed."""
        return abs(value) >= SMALL

    def count(self, value: float) -> str:
        """Return a simulated count to three significant digits."""
        return self.exact(rounded(value))

    def signed(self, value: float) -> str:
        """Return a difference of counts with its sign; of a small one that it is under 10."""
        if 0 < abs(rounded(value)) < SMALL:
            return f"<+{SMALL}" if value > 0 else f">{MINUS}{SMALL}"
        return ("+" if rounded(value) > 0 else "") + self.count(value)

    def span(self, low: float, high: float, *, signed: bool = False) -> str:
        """Return a range as in a table."""
        form = self.signed if signed else self.count
        return f"{form(low)} {self('to')}{HARD_SPACE}{form(high)}"

    def range_cells(self, ends: Range, *, signed: bool = False) -> list[str]:
        """Return the cells of a range: ends, ends of the half, middle value."""
        half = self.span(ends.low_half, ends.high_half, signed=signed)
        return [self.span(ends.low, ends.high, signed=signed), half, self.middle(ends, signed)]

    def middle(self, ends: Range, signed: bool = False) -> str:
        """Return the middle value of a range."""
        return self.signed(ends.middle) if signed else self.count(ends.middle)

    def range_text(self, ends: Range) -> str:
        """Return a range in words, its middle value last."""
        return self("crisis.range", **self.counts(ends))

    def counts(self, ends: Range) -> dict[str, str]:
        """Return the ends of a range and its middle value, by their names."""
        return {name: self.count(end) for name, end in ends._asdict().items()}

    def short_range(self, ends: Range, *, signed: bool = False) -> str:
        """Return a range in short."""
        return self.span(ends.low, ends.high, signed=signed)

    def change(self, low: float, high: float) -> str:
        """Return a range of a difference in words, such as "between 10 and 20 fewer"."""
        if rounded(low) == rounded(high) == 0:
            return self("change.none")
        near, far = sorted((low, high), key=abs)
        parts = {"near": self.count(abs(near)), "far": self.count(abs(far))}
        if low >= 0:
            return self("change.more", **parts)
        if high <= 0:
            return self("change.fewer", **parts)
        return self("change.both", low=self.count(-low), high=self.count(high))

    def single_change(self, value: float) -> str:
        """Return one difference in words, such as "20 fewer"."""
        key = "change.one_more" if value > 0 else "change.one_fewer"
        return self(key, value=self.count(abs(value))) if rounded(value) else self("change.none")

    def value(self, value: object) -> str:
        """Return a parameter's value."""
        number = as_number(value)
        if number is None:
            return text(value)
        if math.isinf(number):
            return self("no_limit")
        if number == int(number):
            return self.digits(number)
        decimals = max(0, 2 - math.floor(math.log10(abs(number))))
        written = self.digits(number, decimals)
        return written.rstrip("0").rstrip(".") if "." in written else written

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a signed share in per cent."""
        gap = THIN_SPACE if self.language == "es" else ""
        sign = "+" if round(100 * share, decimals) > 0 else ""
        return f"{sign}{self.digits(100 * share, decimals)}{gap}%"

    def month(self, when: date, *, short: bool = False) -> str:
        """Return a month and its year."""
        name = (SHORT_MONTHS if short else MONTHS)[self.language].split()[when.month - 1]
        joined = " de " if self.language == "es" and not short else " "
        return f"{name}{joined}{when.year}"

    def time(self, when: date, dimension: str, *, short: bool = False) -> str:
        """Return a day, or a month and its year, as a run was recorded by."""
        return self.day(when, short=short) if dimension == "day" else self.month(when, short=short)

    def day(self, when: object, *, short: bool = True) -> str:
        """Return an ISO date as it is written in this language; other texts as they are."""
        try:
            at = date.fromisoformat(text(when)[:10])
        except ValueError:
            return text(when)
        joined = " de " if self.language == "es" and not short else " "
        return f"{at.day}{joined}{self.month(at, short=short)}"

    def last_day(self, end: object, *, short: bool = True) -> str:
        """Return the last day before an ISO date, on which what ends then still holds."""
        try:
            before = date.fromisoformat(text(end)[:10]) - timedelta(days=1)
        except ValueError:
            return text(end)
        return self.day(before.isoformat(), short=short)

    def listed(self, parts: Sequence[str]) -> str:
        """Return a list of names as a phrase."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"

    def chart_locale(self) -> dict[str, dict[str, object]]:
        """Return the number and time locale of the charts."""
        months, short = MONTHS[self.language].split(), SHORT_MONTHS[self.language].split()
        clock = {"dateTime": "%x %X", "date": "%Y-%m-%d", "time": "%H:%M", "periods": ["", ""]}
        days = {"days": [""] * 7, "shortDays": [""] * 7}
        return {
            "formatLocale": {
                "decimal": ".",
                "thousands": ",",
                "grouping": [3],
                "currency": ["", ""],
                "minus": MINUS,
            },
            "timeFormatLocale": {**clock, **days, "months": months, "shortMonths": short},
        }


class Unranged(Words):
    """Words of a report on a single simulation, which says that there is no range."""

    ranged: ClassVar[bool] = False
    ends: ClassVar[tuple[str, ...]] = ("wide", "middle")

    def span(self, low: float, high: float, *, signed: bool = False) -> str:
        """Return that there is no range."""
        return self("no_range")

    def range_cells(self, ends: Range, *, signed: bool = False) -> list[str]:
        """Return the cells of a range: that there is none, and the value."""
        return [self("no_range"), self.middle(ends, signed)]

    def range_text(self, ends: Range) -> str:
        """Return the value, and that it has no range."""
        return self.short_range(ends)

    def short_range(self, ends: Range, *, signed: bool = False) -> str:
        """Return the value, and that it has no range."""
        middle = self.middle(ends, signed)
        return self("crisis.range_one", middle=middle, no_range=self("no_range"))


def rounded(value: float, digits: int = 3) -> float:
    """Round to a number of significant digits, and to whole numbers at least."""
    if abs(value) < 0.5:
        return 0.0
    if not math.isfinite(value):
        return value
    return float(round(value, min(0, digits - 1 - math.floor(math.log10(abs(value))))))


def place_of(value: float, digits: int = 3) -> float:
    """Return by how much two neighbouring numbers differ that have so many significant digits."""
    return 10.0 ** max(0, math.floor(math.log10(max(abs(value), 1.0))) - digits + 1)


def as_number(value: object) -> float | None:
    """Return a number read from a table's cell, or None where there is none."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


def text(value: object) -> str:
    """Return a table's cell as text, empty where it holds nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return isolated(str(value).strip())


def capital(sentence: str) -> str:
    """Return a text with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]
