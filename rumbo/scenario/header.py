"""What ``corridor.yaml`` says, read and checked."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from rumbo.files.faults import Collector, choose
from rumbo.files.tables import read_text
from rumbo.files.yaml import line_of, read_yaml
from rumbo.scenario.parameters import RULE_NAMES

FILE = "corridor.yaml"

SHORTEST = 0.04
"""Days that a step may last at the least, a little less than an hour."""

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
"""Form of a month."""

TargetId = Annotated[str, Field(pattern=r"^\w[\w-]*$")]
"""Id of a family of series, as tables and texts name it."""

MOST_DAYS = 100_000
"""Days that a run may have: 270 years, so more is a slip."""


class TwoLanguages(BaseModel):
    """A text in two languages."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class Region(TwoLanguages):
    """A region that deaths are counted in.

    Attributes
    ----------
    countries
        Countries that it covers.
    crossing
        Whether it is that of people who cross into a destination zone.
    """

    countries: tuple[str, ...] = ()
    crossing: bool = False

    @property
    def rest(self) -> bool:
        """Whether it covers what no other region does."""
        return not self.countries and not self.crossing


class Target(TwoLanguages):
    """A family of series that are forecast, with its title.

    Attributes
    ----------
    measure, component
        What is counted, as in ``figures.csv``.
    by
        The whole, or nationality by nationality, or area by area.
    only
        Which nationalities or areas; all that there are figures of if none is named.
    """

    measure: str = Field(min_length=1)
    component: str = ""
    by: Literal["total", "nationalities", "areas"] = "total"
    only: tuple[str, ...] = ()


class Plain(BaseModel):
    """A part of the header."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Expelled(Plain):
    """Who is sent back from a destination zone, free to try again.

    Attributes
    ----------
    lever
        Until its end the shares hold.
    shares
        By nationality.
    others
        Share of all other nationalities.
    without
        Share of everybody after the lever's end.
    source
        Where the shares come from.
    """

    lever: str = Field(min_length=1)
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    others: float = Field(0.0, ge=0, le=1)
    without: float = Field(0.0, ge=0, le=1)
    source: str = Field(min_length=1)


class Origins(Plain):
    """First and last month that forecasts are judged from."""

    first: str = Field(pattern=MONTH)
    last: str = Field(pattern=MONTH)


class Hindcast(Plain):
    """What hindcasts ask.

    Attributes
    ----------
    as_of
        Day by whose figures they are made.
    lever
        Lever whose effect is asked for.
    """

    as_of: date
    lever: str = Field(min_length=1)


class Header(BaseModel):
    """What ``corridor.yaml`` says."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    id: str = Field(pattern=r"^\w[\w.-]*$")
    title: TwoLanguages
    description: TwoLanguages
    start: date
    end: date
    model: Literal["corridor", "displacement"] = "corridor"
    record: Literal["month", "day"] = "month"
    step: float = Field(1.0, gt=0, le=1)
    # Ten years: stocks have long settled, and a longer run is a slip.
    warm_up: int = Field(0, ge=0, le=3650)
    rules: tuple[str, ...]
    licence: str = Field(min_length=1)
    bundles: dict[str, TwoLanguages] = {}
    stopping: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    regions: dict[str, Region] = {}
    targets: dict[TargetId, Target] = {}
    expelled: Expelled | None = None
    origins: Origins | None = None
    hindcast: Hindcast | None = None
    _text: str = PrivateAttr("")

    def line(self, *keys: str) -> int:
        """Return the line of the innermost of some nested keys that is found; 0 if none is."""
        return line_of(self._text, *keys)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        """Turn what YAML can say into dates and tuples, before the strict check."""
        if not isinstance(data, dict):
            return data
        plain = dict(data)
        for name in ("start", "end"):
            plain[name] = _day(plain.get(name))
        rules = plain.get("rules", RULE_NAMES.get(plain.get("model", "corridor"), ()))
        plain["rules"] = tuple(rules) if isinstance(rules, list) else rules
        for name in ("stopping", "waiting"):
            plain[name] = _as_tuple(plain.get(name, ()))
        for name, part in (("regions", "countries"), ("targets", "only")):
            plain[name] = _with_tuples(plain.get(name, {}), part)
        if isinstance(asked := plain.get("hindcast"), dict):
            plain["hindcast"] = {**asked, "as_of": _day(asked.get("as_of"))}
        return plain


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _with_tuples(table: object, part: str) -> object:
    """Make tuples of the lists that the entries of a table have under a name."""
    if not isinstance(table, dict):
        return table
    return {
        name: {**one, part: _as_tuple(one.get(part, ()))} if isinstance(one, dict) else one
        for name, one in table.items()
    }


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def read_header(folder: Path, faults: Collector) -> Header | None:
    """Read ``corridor.yaml``.

    Parameters
    ----------
    folder
        Folder of the corridor.
    faults
        Where faults are noted.

    Returns
    -------
    Header or None
        None after a fault.
    """
    text = read_text(folder / FILE, faults)
    if text is None:
        return None
    keys = re.findall(r"(?m)^([^\s#:][^:\n]*):", text)
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        faults.add(FILE, line_of(text, key), f"'{key}' stands there twice", "Keep one of them")
    cure = "Mend this line; copy the form of a bundled corridor"
    content = read_yaml(FILE, text, cure, faults)
    if content is None:
        return None
    try:
        header = Header.model_validate(content if isinstance(content, dict) else {})
    except ValidationError as error:
        for one in error.errors():
            _add_header_fault(text, one, faults)
        return None
    header._text = text
    return header if _header_fits(text, header, faults) else None


def _add_header_fault(text: str, error: Mapping[str, Any], faults: Collector) -> None:
    path = [str(part) for part in error["loc"] if part != "[key]"]
    where, line = ".".join(path), line_of(text, *path)
    kind, given = error["type"], error["input"]
    shown = json.dumps(given) if isinstance(given, bool | None) else f"'{str(given)[:40]}'"
    if kind == "missing":
        faults.add(FILE, line, f"{where} is missing", _cure_of_missing(path))
    elif kind == "extra_forbidden":
        cure = choose(path[-1], _fields_beside(error["loc"]))
        faults.add(FILE, line, f"'{where}' is unknown", f"{cure}, or remove it")
    elif kind == "string_type":
        message = f"{where} is {shown}, expected text"
        faults.add(FILE, line, message, "Put the text in double quotes")
    elif kind.startswith("date"):
        message = f"{where} is {shown}, expected a date"
        faults.add(FILE, line, message, "Write it as year-month-day, such as 2023-07-01")
    else:
        faults.add(FILE, line, f"{where} is {shown}, expected {_expected(error)}", "Mend this line")


def _cure_of_missing(path: Sequence[str]) -> str:
    *above, name = path
    return f"Add '{name}: ...' under {'.'.join(above)}" if above else f"Add a line '{name}: ...'"


EXPECTED: Mapping[str, str] = {
    "tuple_type": "a list, such as [A, B]",
    "dict_type": "names with values, such as name: value",
    "bool_type": "true or false",
    "string_too_short": "text that is not empty",
}
"""What is expected, by kind of error, in words of a file rather than of the code."""

PATTERNS: Mapping[str, str] = {
    MONTH: "a month, such as 2023-07",
    r"^\w[\w-]*$": "letters, digits, _ and - alone",
    r"^\w[\w.-]*$": "letters, digits, _, - and . alone",
}
"""What is expected, by pattern."""


def _expected(error: Mapping[str, Any]) -> str:
    """Say what was expected in place of a wrong value."""
    kind, found = error["type"], dict(error.get("ctx") or {})
    if kind == "string_pattern_mismatch":
        return PATTERNS[found["pattern"]]
    if kind in ("model_type", "model_attributes_type"):
        part = _part_of(error["loc"])
        return f"entries named {', '.join(part.model_fields)}"
    told = str(error["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    return EXPECTED.get(kind, told)


PARTS: Mapping[str, type[BaseModel]] = {
    "title": TwoLanguages, "description": TwoLanguages, "bundles": TwoLanguages,
    "regions": Region, "targets": Target, "expelled": Expelled, "origins": Origins,
    "hindcast": Hindcast,
}  # fmt: skip
"""What stands under a key of the header."""


def _fields_beside(where: Sequence[str | int]) -> tuple[str, ...]:
    """Names that may stand where an unknown one does."""
    part = _part_of(where) if len(where) > 1 else Header
    return tuple(part.model_fields)


def _part_of(where: Sequence[str | int]) -> type[BaseModel]:
    """Return what stands under the first of some nested keys."""
    return PARTS[str(where[0])]


def _header_fits(text: str, header: Header, faults: Collector) -> bool:
    before = len(faults.faults)
    known = RULE_NAMES[header.model]
    for rule in header.rules:
        if rule not in known:
            faults.add(
                FILE, line_of(text, "rules"), f"the rule '{rule}' is unknown", choose(rule, known)
            )
    if header.start > header.end:
        message = f"start {header.start} is after end {header.end}"
        faults.add(FILE, line_of(text, "start"), message, "Swap the two dates")
    elif (header.end - header.start).days >= MOST_DAYS:
        message = f"the run has {(header.end - header.start).days + 1} days, expected at most "
        cure = "Mend one of the two dates"
        faults.add(FILE, line_of(text, "start"), f"{message}{MOST_DAYS}", cure)
    if header.step < SHORTEST:
        message = f"step is {header.step:g}, expected an hour (1/24) or more"
        faults.add(FILE, line_of(text, "step"), message, "Write 1, 0.5 or 0.25")
    # A step such as 0.05 has no exact binary form; that is forgiven, and nothing else.
    if not math.isclose(1 / header.step, round(1 / header.step), rel_tol=1e-9):
        message = f"step is {header.step:g}, expected a whole number of steps in a day"
        faults.add(FILE, line_of(text, "step"), message, "Write 1, 0.5 or 0.25")
    return len(faults.faults) == before
