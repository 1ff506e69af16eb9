"""The shape of what a run folder says of itself, which somebody may have written by hand."""

import sys
from collections.abc import Callable, Mapping
from datetime import date

from rumbo.run.spec import MODES

Fits = Callable[[object], bool]
"""Whether a value of JSON is of a kind."""


def has_shape(manifest: object) -> bool:
    """Whether something has the shape of a manifest, so that a run can be repeated from it.

    Parameters
    ----------
    manifest
        What its JSON holds.

    Returns
    -------
    bool
        False if something is missing, or is of another kind than a run writes.
    """
    return _MANIFEST(manifest)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _among(numbers: range) -> Fits:
    return lambda value: _whole(value) and value in numbers


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _list_of(one: Fits) -> Fits:
    return lambda value: isinstance(value, list) and all(map(one, value))


def _each(one: Fits) -> Fits:
    """Whether a mapping holds under every name what fits."""
    return lambda value: isinstance(value, dict) and all(map(one, value.values()))


def _either(*kinds: Fits) -> Fits:
    return lambda value: any(fits(value) for fits in kinds)


def _holding(must: Mapping[str, Fits], may: Mapping[str, Fits] | None = None) -> Fits:
    """Whether a mapping holds what it must, and what it may if it does, among others."""
    known = {**must, **(may or {})}

    def fits(value: object) -> bool:
        return (
            isinstance(value, dict)
            and must.keys() <= value.keys()
            and all(known[name](value[name]) for name in known.keys() & value.keys())
        )

    return fits


def _only(must: Mapping[str, Fits], may: Mapping[str, Fits] | None = None) -> Fits:
    """Whether a mapping holds these and no others: they are given to a call by name."""
    held, names = _holding(must, may), must.keys() | (may or {}).keys()
    return lambda value: held(value) and isinstance(value, dict) and value.keys() <= names


_CHANGE = _only(
    {"parameter": _text, "value": _number},
    dict.fromkeys(("unit", "at", "group", "since", "until", "source"), _text),
)
_SHARE = _either(_number, _list_of(_number))
_DEAL = _only(
    {"name": _text},
    {
        "since": _text,
        "until": _each(_text),
        "ramp": _each(_whole),
        "compliance": _each(_SHARE),
    },
)
_MOVED = _only({"lever": _text, "since": _text}, {"until": _text, "only": _list_of(_text)})
_ASKING = _only(dict.fromkeys(("question", "side", "since", "until"), _text))
_SCENARIO = _holding(
    {
        "name": _text,
        "start": _day,
        "end": _day,
        "without": _list_of(_text),
        "changes": _list_of(_CHANGE),
    },
    {
        "deals": _list_of(_DEAL),
        "moved": _list_of(_MOVED),
        "asking": _ASKING,
        "posterior": _each(lambda _: True),
    },
)
_SCENARIOS = _list_of(_SCENARIO)
_LAYOUT = _only(
    {
        "scenarios": _list_of(_text),
        "branches": _list_of(_text),
        "probability": _list_of(_number),
    }
)
_ARGUMENTS = _only(
    {
        "members": _among(range(1, sys.maxsize)),
        "seed": _among(range(2**63)),
        "mode": lambda value: value in MODES,
    }
)
_MANIFEST = _holding(
    {
        "run_id": _text,
        "arguments": _ARGUMENTS,
        "scenarios": lambda value: bool(value) and _SCENARIOS(value),
    },
    {"layout": _LAYOUT, "versions": _each(_text), "files": _each(_text)},
)
