"""Settings of a run in Flee's format, with Flee's defaults."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from rumbo.files.faults import Collector, choose
from rumbo.files.tables import read_text
from rumbo.files.yaml import read_yaml
from rumbo.flee.keys import IGNORED, KEYS, REMARKS, SECTIONS, UNSUPPORTED, WrongValue, parse_value


@dataclass(frozen=True)
class Settings:
    """Settings of a run; the defaults are Flee's.

    Attributes
    ----------
    take_from_population
        Whether those who leave are taken from the population of their place.
    insert_day0
        Whether those counted on day 0 stand in the camps already.
    sum_from_camps
        Whether the whole is the sum over camps.
    empty_camps_on_day0
        Whether those counted on day 0 are left out altogether.
    conflict_spawn_decay
        Factors of a zone's weight by time since its onset, the last one kept; None is 1.
    conflict_spawn_decay_interval
        Days that each factor holds.
    max_move_speed, max_walk_speed
        Distance of a day by vehicle and on foot (km/day).
    camp_weight, conflict_weight, foreign_weight
        Factors of a destination's score.
    default_movechance, conflict_movechance, camp_movechance, idpcamp_movechance
        Chance to leave a place (1/day).
    movechance_pop_base, movechance_pop_scale_factor
        Persons and exponent by which the chance grows with the size of a place.
    awareness_level
        Routes ahead that people see.
    softening
        Distance added to every path (km).
    distance_power, weight_power
        Exponents of distance and of the whole weight.
    weight_softening
        Added to every score.
    capacity_scaling
        Factor of capacities.
    capacity_buffer
        Share of the capacity from which a camp draws fewer people.
    avoid_short_stints
        Whether people travel on where a day's distance is not yet made.
    start_on_foot
        Whether the first route is walked.
    use_pop_for_loc_weight, pop_power_for_loc_weight
        Whether, and with which exponent, population draws people.
    """

    take_from_population: bool = False
    insert_day0: bool = True
    sum_from_camps: bool = True
    empty_camps_on_day0: bool = False
    conflict_spawn_decay: tuple[float, ...] | None = None
    conflict_spawn_decay_interval: int = 30
    max_move_speed: float = 360.0
    max_walk_speed: float = 35.0
    camp_weight: float = 1.0
    conflict_weight: float = 1 / math.sqrt(10)
    foreign_weight: float = 1.0
    default_movechance: float = 0.3
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    movechance_pop_base: float = 10_000.0
    movechance_pop_scale_factor: float = 0.0
    awareness_level: int = 1
    softening: float = 10.0
    distance_power: float = 1.0
    weight_softening: float = 0.0
    weight_power: float = 1.0
    capacity_scaling: float = 1.0
    capacity_buffer: float = 0.9
    avoid_short_stints: bool = False
    start_on_foot: bool = False
    use_pop_for_loc_weight: bool = False
    pop_power_for_loc_weight: float = 0.1


FIELDS = tuple(field.name for field in fields(Settings))
"""Names of the settings."""


def read_settings(
    path: Path, faults: Collector, warnings: Collector | None = None
) -> Settings | None:
    """Read a file of settings.

    Parameters
    ----------
    path
        The file, usually ``simsetting.yml``.
    faults
        Where faults are noted.
    warnings
        Where is noted what Flee reads without effect.

    Returns
    -------
    Settings or None
        None after a fault.
    """
    text = read_text(path, faults)
    if text is None:
        return None
    # A collector without faults is false, so that 'or' would lose it.
    remarks = Collector() if warnings is None else warnings
    reading = _SettingsReading(path.name, _lines(text), faults, remarks)
    before = len(faults.faults)
    content = reading.parse(text)
    values = reading.values(content) if content is not None else {}
    return Settings(**values) if len(faults.faults) == before else None


_Path = tuple[str, ...]


def _lines(text: str) -> list[tuple[_Path, int]]:
    """Every key with those above it, and its line; indentation says what is above."""
    above: list[tuple[int, str]] = []
    keys: list[tuple[_Path, int]] = []
    for line, content in enumerate(text.splitlines(), 1):
        key = re.match(r"""( *)["']?([A-Za-z_]\w*)["']?\s*:(\s|$)""", content)
        if key:
            above = [one for one in above if one[0] < len(key[1])] + [(len(key[1]), key[2])]
            keys.append((tuple(name for _, name in above), line))
    return keys


@dataclass(frozen=True)
class _SettingsReading:
    file: str
    lines: list[tuple[_Path, int]]
    faults: Collector
    warnings: Collector

    def parse(self, text: str) -> Mapping[str, object] | None:
        for path, line in self.twice():
            self.faults.add(self.file, line, f"'{path[-1]}' stands there twice", "Keep one of them")
        cure = "Mend this line; write 'key: value', with two blanks before keys of a section"
        content = read_yaml(self.file, text, cure, self.faults)
        return None if content is None else self.section((), content)

    def twice(self) -> Iterator[tuple[_Path, int]]:
        seen: set[_Path] = set()
        for path, line in self.lines:
            if path in seen:
                yield path, line
            seen.add(path)

    def line(self, *path: str) -> int:
        return next((line for known, line in self.lines if known == path), 0)

    def section(self, path: _Path, content: object) -> Mapping[str, object]:
        """What is under a key; nothing may be there."""
        if isinstance(content, dict):
            return {str(key): value for key, value in content.items()}
        if content is not None:
            name = path[0] if path else "the file"
            message = f"{name} holds {_shown(content)}, expected keys"
            cure = "Write 'key: value' on lines of their own"
            self.faults.add(self.file, self.line(*path), message, cure)
        return {}

    def values(self, content: Mapping[str, object]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, held in content.items():
            if name in SECTIONS:
                for key, value in self.section((name,), held).items():
                    self.one(name, key, value, read)
            elif ("", name) not in IGNORED:
                self.unknown("", name)
        return read

    def one(self, section: str, key: str, value: object, read: dict[str, object]) -> None:
        at = (section, key)
        if section == "log_levels" or at in IGNORED:
            return
        if at in UNSUPPORTED:
            self.unsupported(section, key, value)
        elif at not in KEYS:
            self.unknown(section, key)
        else:
            self.known(section, key, value, read)

    def known(self, section: str, key: str, value: object, read: dict[str, object]) -> None:
        try:
            parsed = parse_value(KEYS[section, key], value)
        except WrongValue as wrong:
            message = f"{key} is {_shown(value)}, expected {wrong.expected}"
            self.faults.add(self.file, self.line(section, key), message, wrong.cure)
            return
        if key in FIELDS:
            read[key] = parsed
            if (key, parsed) == ("awareness_level", 0):
                message = "awareness_level is 0, with which nobody moves, as in Flee"
                cure = "Write 1 to 3 unless that is meant"
                self.warnings.add(self.file, self.line(section, key), message, cure)
        else:
            self.remark(section, key, parsed)

    def remark(self, section: str, key: str, value: object) -> None:
        neutral, message, cure = REMARKS[key]
        if value != neutral:
            self.warnings.add(self.file, self.line(section, key), message.format(value), cure)

    def unsupported(self, section: str, key: str, value: object) -> None:
        neutral = UNSUPPORTED[section, key]
        if value is None or value == neutral or _below(value, key):
            return
        off = "Remove it" if neutral is None else f"Set it to {neutral}, or remove the line"
        message = f"{key} is {_shown(value)}, which Rumbo does not support"
        self.faults.add(self.file, self.line(section, key), message, off)

    def unknown(self, section: str, key: str) -> None:
        here = [name for where, name in KEYS if where == section] if section else list(SECTIONS)
        elsewhere = [where for where, name in KEYS | UNSUPPORTED if name == key]
        cure = f"Move it under {elsewhere[0]}:" if elsewhere else choose(key, here)
        where = f" in {section}" if section else ""
        message = f"'{key}' is unknown{where}; Flee would pass over it"
        cure = f"{cure}, or remove it"
        self.faults.add(self.file, self.line(*filter(None, (section, key))), message, cure)


def _below(value: object, key: str) -> bool:
    """Whether a threshold is so low that it prunes nothing."""
    return key == "pruning_threshold" and isinstance(value, int | float) and value <= 1


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    return "empty" if value is None else json.dumps(value, default=str)[:60]
