"""Keys of ``simsetting.yml``: which are used, which Flee has besides, which do nothing."""

import math
from dataclasses import dataclass

from rumbo.files.cells import allowed

SECTIONS = ("log_levels", "spawn_rules", "move_rules", "optimisations")
"""Sections of the file."""


@dataclass(frozen=True)
class SettingKey:
    """What a key may hold.

    Attributes
    ----------
    kind
        switch, number, whole (number) or numbers (a list).
    low, high
        Range of a number.
    above
        Whether a number must be above ``low``, not just reach it.
    """

    kind: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False


_SWITCH = SettingKey("switch")
_CHANCE = SettingKey("number", 0, 1)
_FACTOR = SettingKey("number", 0)
_POSITIVE = SettingKey("number", 0, above=True)
# Beyond, weights of thousands of kilometres or persons are no longer numbers.
_EXPONENT = SettingKey("number", -10, 10)

KEYS: dict[tuple[str, str], SettingKey] = {
    ("spawn_rules", "take_from_population"): _SWITCH,
    ("spawn_rules", "insert_day0"): _SWITCH,
    ("spawn_rules", "sum_from_camps"): _SWITCH,
    ("spawn_rules", "empty_camps_on_day0"): _SWITCH,
    ("spawn_rules", "camps_are_sinks"): _SWITCH,
    ("spawn_rules", "conflict_zone_spawning_only"): _SWITCH,
    ("spawn_rules", "conflict_spawn_decay"): SettingKey("numbers", 0),
    ("spawn_rules", "conflict_spawn_decay_interval"): SettingKey("whole", 1),
    ("move_rules", "max_move_speed"): SettingKey("number", 1),
    ("move_rules", "max_walk_speed"): SettingKey("number", 0.1),
    ("move_rules", "camp_weight"): _FACTOR,
    ("move_rules", "conflict_weight"): _FACTOR,
    ("move_rules", "foreign_weight"): _FACTOR,
    ("move_rules", "default_movechance"): _CHANCE,
    ("move_rules", "conflict_movechance"): _CHANCE,
    ("move_rules", "camp_movechance"): _CHANCE,
    ("move_rules", "idpcamp_movechance"): _CHANCE,
    ("move_rules", "movechance_pop_base"): _POSITIVE,
    ("move_rules", "movechance_pop_scale_factor"): _EXPONENT,
    ("move_rules", "awareness_level"): SettingKey("whole", 0, 9),
    ("move_rules", "softening"): _FACTOR,
    ("move_rules", "distance_power"): _EXPONENT,
    ("move_rules", "weight_softening"): _FACTOR,
    ("move_rules", "weight_power"): SettingKey("number", 0, 10),
    ("move_rules", "capacity_scaling"): _FACTOR,
    ("move_rules", "capacity_buffer"): _CHANCE,
    ("move_rules", "avoid_short_stints"): _SWITCH,
    ("move_rules", "start_on_foot"): _SWITCH,
    ("move_rules", "use_pop_for_loc_weight"): _SWITCH,
    ("move_rules", "pop_power_for_loc_weight"): _EXPONENT,
    ("optimisations", "hasten"): SettingKey("whole", 1),
}
"""Keys that are read, by section and name."""

UNSUPPORTED: dict[tuple[str, str], object] = {
    ("spawn_rules", "conflict_driven_spawning"): None,
    ("spawn_rules", "flood_driven_spawning"): None,
    ("spawn_rules", "flood_driven_spawn_mode"): None,
    ("spawn_rules", "flood_zone_spawning_only"): False,
    ("spawn_rules", "starvation_driven_spawning"): False,
    ("spawn_rules", "read_from_agents_csv_file"): False,
    ("move_rules", "pruning_threshold"): 1.0,
    ("move_rules", "fixed_routes"): False,
    ("move_rules", "stay_close_to_home"): False,
    ("move_rules", "two_system_decision_making"): False,
    ("move_rules", "s1s2_model"): None,
    ("move_rules", "use_v1_rules"): False,
    ("move_rules", "WomenAvoidHazards"): False,
    ("move_rules", "ChildrenAvoidHazards"): False,
    ("move_rules", "ElderlyAvoidHazards"): False,
    ("move_rules", "BoysTakeRisk"): False,
    ("move_rules", "MatchCampEthnicity"): False,
    ("move_rules", "MatchTownEthnicity"): False,
    ("move_rules", "MatchConflictEthnicity"): False,
    ("move_rules", "MatchCampReligion"): False,
    ("move_rules", "use_economic_pull"): False,
    ("move_rules", "harvest_months"): [],
    ("move_rules", "flee_when_starving"): False,
    ("move_rules", "avoid_food_deprived_locations"): False,
    ("move_rules", "flood_rules"): None,
}
"""Keys of Flee that are not supported, with the value that switches them off."""

IGNORED = frozenset(
    {
        ("", "number_of_steps"),
        ("", "conflict_input_file"),
        ("spawn_rules", "average_social_connectivity"),
        ("move_rules", "average_social_connectivity"),
        ("move_rules", "max_crossing_speed"),
        ("move_rules", "home_distance_power"),
        ("move_rules", "avg_religion_fraction"),
        ("move_rules", "conflict_threshold"),
    }
)
"""Keys that change nothing while the unsupported ones are off."""

REMARKS: dict[str, tuple[object, str, str]] = {
    "hasten": (
        1,
        "hasten is {0}: Flee follows one person in {0} to be faster; Rumbo counts everybody",
        "Nothing needs to be done",
    ),
    "camps_are_sinks": (
        False,
        "camps_are_sinks has no effect in Flee, which looks for another spelling",
        "Remove the line",
    ),
    "conflict_zone_spawning_only": (
        True,
        "conflict_zone_spawning_only False has no effect in Flee: elsewhere the weight is 0",
        "Write True, or remove the line",
    ),
}
"""Keys read without effect: the value that needs no word, and what is said of others."""


class WrongValue(Exception):
    """Raised for a value that a key cannot hold.

    Parameters
    ----------
    expected
        What was expected.
    cure
        How to mend it.
    """

    def __init__(self, expected: str, cure: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.cure = cure


def parse_value(key: SettingKey, value: object) -> object:
    """Check a value.

    Parameters
    ----------
    key
        What the key may hold.
    value
        What the file holds.

    Returns
    -------
    bool, int, float, tuple or None
        The value as the setting wants it.
    """
    if key.kind == "switch":
        return _switch(value)
    if key.kind == "numbers":
        return _numbers(key, value)
    number = _number(key, value)
    return int(number) if key.kind == "whole" else number


def _switch(value: object) -> bool:
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        raise WrongValue(
            "True or False; Flee takes any text for true, even 'False'",
            "Write True or False without quotes",
        )
    raise WrongValue("True or False", "Write True or False")


def _numbers(key: SettingKey, value: object) -> tuple[float, ...] | None:
    if value is None or value == []:
        return None
    if not isinstance(value, list):
        raise WrongValue("a list of numbers", "Write it like [1.0, 0.5, 0.1]")
    return tuple(_number(key, one) for one in value)


def _number(key: SettingKey, value: object) -> float:
    expected = allowed(key.low, key.high)
    if key.above:
        expected = f"more than {key.low:g}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(f"a number, {expected}", "Write a number such as 0.5, without quotes")
    fits = key.low < value if key.above else key.low <= value <= key.high
    if not (fits and math.isfinite(value)):
        raise WrongValue(expected, "Mend the number")
    if key.kind == "whole" and value != int(value):
        raise WrongValue(f"a whole number, {expected}", "Write a whole number")
    return float(value)
