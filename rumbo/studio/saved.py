"""A scenario as a small file: written, read and checked against its corridor."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rumbo.files.code import __version__
from rumbo.files.faults import Fault, Faults
from rumbo.scenario.scenario import Scenario
from rumbo.studio.pair import Compared, pair_asked
from rumbo.studio.question import ScenarioAsked, read_asked, weights_by_event
from rumbo.studio.wording import Refused, Text, refused, said

KEY, FORM = "rumbo_scenario", 1
"""Says what a file is, and in which form."""

ABOUT = (KEY, "corridor", "version", "digest")
"""What a file says beside the scenario."""

LARGEST = 200_000
"""Most letters of a file."""


def written(asked: ScenarioAsked, base: Scenario) -> str:
    """Return a scenario as the text of a file."""
    about = {KEY: FORM, "corridor": base.id, "version": __version__, "digest": base.content.digest}
    return json.dumps({**about, **asked.as_json()}, ensure_ascii=False, indent=2) + "\n"


def file_name(asked: ScenarioAsked, base: Scenario) -> str:
    """Return a name for a scenario's file."""
    own = asked.name or (asked.question[0] if asked.question else base.id)
    return f"{slug(own) or 'scenario'}.rumbo.json"


def slug(name: str) -> str:
    """Return a name as the name of a file: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-")[
        :60
    ]


def read(text: object, base: Scenario) -> tuple[ScenarioAsked, list[Text]]:
    """Return the scenario that a file holds.

    Parameters
    ----------
    text
        What the file holds.
    base
        The corridor.

    Returns
    -------
    ScenarioAsked
        The scenario.
    list of dict
        What is to be known before it is used, such as that the corridor has changed.

    Raises
    ------
    Refused
        If it is no such file, of another corridor or a later form, or does not fit the corridor.
    """
    content = content_of(text)
    if content["corridor"] != base.id:
        raise refused("file.corridor", own=str(content["corridor"])[:60], corridor=base.id)
    asked = read_asked({key: value for key, value in content.items() if key not in ABOUT}, base)
    if content.get("digest") == base.content.digest:
        return asked, []
    return asked, [said("file.changed", version=str(content.get("version"))[:20])]


def content_of(text: object) -> dict[str, Any]:
    """Return what a file says, once it says that it is a scenario in a known form.

    Raises
    ------
    Refused
        If it does not.
    """
    try:
        content = parsed(text) if isinstance(text, str) and len(text) <= LARGEST else None
    except ValueError:
        content = None
    if not isinstance(content, dict) or KEY not in content or "corridor" not in content:
        raise refused("file.form")
    if content[KEY] != FORM:
        raise refused("file.later", form=str(content[KEY])[:20], known=FORM)
    return content


def parsed(text: str | bytes) -> Any:
    """Return what JSON says.

    Raises
    ------
    ValueError
        If it is not JSON, or holds what JSON does not know, such as NaN.
    """
    try:
        return json.loads(text, parse_constant=_unknown)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _unknown(name: str) -> float:
    raise ValueError(name)


def open_scenario(path: str | Path, language: str = "en") -> Compared:
    """Read a scenario that the studio saved, on the corridor that it is of.

    That is the bundled one of its name, or a folder of its name here or beside the file.

    Parameters
    ----------
    path
        The file.
    language
        Of what is refused, ``en`` or ``es``.

    Returns
    -------
    Compared
        The scenarios to run together, as in ``rumbo.simulate(pair.scenarios, members=20)``; its
        ``weights`` are for `rumbo.answers.outlook.outlook.MonthsAhead.weighed`.

    Raises
    ------
    Faults
        If it cannot be read or does not fit its corridor.
    """
    from rumbo.scenario.scenario import load

    try:
        content = content_of(_text_of(Path(path)))
        base = with_own_fit(load(_corridor(str(content["corridor"]), Path(path))))
        asked, _ = read(json.dumps(content), base)
    except Refused as problem:
        raise as_faults(Path(path).name, (text[language] for text in problem.texts)) from None
    return pair_asked(asked, base)._replace(weights=weights_by_event(asked.weights))


def _corridor(name: str, file: Path) -> str | Path:
    """Return the corridor of a file: the folder of its name beside it, else the one named so."""
    beside = file.parent / Path(name).name
    return beside if beside.is_dir() else name


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise refused("file.form") from None


def as_faults(file: str, sentences: Iterable[str]) -> Faults:
    """Return what was refused as faults of a file, or of a call."""
    return Faults([Fault(file, 0, *_halves(text)) for text in sentences])


def _halves(text: str) -> tuple[str, str]:
    """Return what is wrong, and how to mend it: the first sentence, and the rest."""
    message, _, cure = text.removesuffix(".").partition(". ")
    return message, cure or message


def with_own_fit(base: Scenario) -> Scenario:
    """Return a corridor with the fit in its folder, if it has one."""
    from rumbo.scenario.posterior import POSTERIOR

    return base.fitted() if (Path(base.folder) / POSTERIOR).is_file() else base
