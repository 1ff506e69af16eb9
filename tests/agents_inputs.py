"""Read a crisis in Flee's folder format as the plain arrays that ``tests/agents.py`` walks over.

    case = read(folder, settings_file, people=20)
    counts = run(case.world, case.rules, seed=1, people=20)
    error(case, counts)

``people`` rounds populations, capacities and data as Flee does when it scales down. Written from
the description of the format; only what the six validation crises use is read.
"""

import ast
import csv
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from agents import CAMP, MARKER, OTHER, TOWN, Floats, Ints, Rules, World

Settings = dict[str, Any]
DEFAULTS: Settings = {
    "conflict_spawn_decay": None,
    "conflict_spawn_decay_interval": 30,
    "insert_day0": True,
    "camp_weight": 1.0,
    "conflict_weight": 10**-0.5,
    "foreign_weight": 1.0,
    "camp_movechance": 0.001,
    "idpcamp_movechance": 0.1,
    "conflict_movechance": 1.0,
    "default_movechance": 0.3,
    "movechance_pop_base": 10000.0,
    "movechance_pop_scale_factor": 0.0,
    "max_move_speed": 360.0,
}
RULE_KEYS = {
    "awareness": "awareness_level",
    "max_speed": "max_move_speed",
    "walk_speed": "max_walk_speed",
    "buffer": "capacity_buffer",
}


class Case(NamedTuple):
    """A crisis as arrays, and the camp counts to compare with."""

    world: World
    rules: Rules
    names: list[str]  # places
    camps: Ints  # those that are camps on day 0
    data: Ints  # (days, camps) people


def rows(path: Path) -> list[list[str]]:
    """Return the rows of a table that are not comments; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        found = [[field.strip() for field in row] for row in csv.reader(file)]
    return [row for row in found if len(row) > 1 and not row[0].startswith("#")]


def read_settings(path: Path) -> Settings:
    """Return the keys of a settings file without their sections."""
    lines = [line.split("#")[0].split(":", 1) for line in path.read_text().splitlines()]
    pairs = [(line[0].strip(), line[1].strip()) for line in lines if len(line) == 2]
    return DEFAULTS | {key: ast.literal_eval(value) for key, value in pairs if value}


def read(
    folder: Path, settings_file: Path, people: int = 1, *, less_day0: bool = True, **rules: Any
) -> Case:
    """Read a crisis; ``less_day0`` takes the first counts off the capacities (after Flee 3.1)."""
    settings = read_settings(settings_file)
    period = {row[0].lower(): row[1] for row in rows(folder / "input_csv/sim_period.csv")}
    begin, days = date.fromisoformat(period["startdate"]), int(period["length"])
    places = rows(folder / "input_csv/locations.csv")
    names = [row[0] for row in places]
    links = rows(folder / "input_csv/routes.csv")
    counts = read_data(folder, begin, days, people)
    camps = np.array([i for i, row in enumerate(places) if "camp" in row[5].lower()])
    data = np.column_stack([counts[names[i]] for i in camps])
    size = np.array([int(row[7] or 0) // people * people for row in places])
    start, capacity = np.zeros(len(names), dtype=np.int64), np.full(len(names), -1.0)
    start[camps], capacity[camps] = data[0], size[camps]
    if less_day0:
        capacity[camps] -= data[0]
    life = live_places(folder, settings, places, links, days, size // people)
    ends = np.array([[names.index(row[0]), names.index(row[1])] for row in links])
    ends = np.concatenate([ends, ends[:, ::-1]])
    length = np.tile([float(row[2]) for row in links], 2)
    same = np.zeros(len(length))
    world = World(
        kind=life.kind, score=life.score, chance=life.chance, capacity=capacity, start=start,
        spawned=newcomers(np.sum(list(counts.values()), axis=0)), zone_weight=life.weight,
        link_from=ends[:, 0].copy(), link_to=ends[:, 1].copy(), length=length,
        speed=same + settings["max_move_speed"], walk_chance=same, open=life.open,
    )  # fmt: skip
    keys = {name: RULE_KEYS.get(name, name) for name in Rules._fields}
    given = {name: settings[key] for name, key in keys.items() if key in settings}
    return Case(world, Rules(**given | rules), names, camps, data)


def newcomers(total: Ints) -> Ints:
    """Return the rise of a total over the highest that it has been."""
    return np.diff(np.maximum.accumulate(total), prepend=total[0])


def read_data(folder: Path, begin: date, days: int, people: int) -> dict[str, Ints]:
    """Return corrected people by day in each row of the layout but the first."""
    source = folder / "source_data"
    layout = rows(source / "data_layout.csv")[1:]
    tables = {row[0]: table_of([source / name for name in row[1:]], begin) for row in layout}
    for name, day, *_ in rows(folder / "input_csv/registration_corrections.csv"):
        dates, counts = tables[name]
        for row in np.flatnonzero(dates == (date.fromisoformat(day) - begin).days):
            counts[:row] *= counts[row] / counts[row - 1]
    return {
        name: np.array([at(*table, t, people) for t in range(days)])
        for name, table in tables.items()
    }


def table_of(files: list[Path], begin: date) -> tuple[Ints, Floats]:
    """Return days and counts in the order of the file; of several files, the sum."""
    total: list[tuple[int, float]] = []
    for path in files:
        found = [row for row in rows(path) if row[0] not in ("Date", "DateTime") and row[1]]
        one = [((date.fromisoformat(day) - begin).days, float(n)) for day, n, *_ in found]
        total = added(dict(total), dict(one)) if total else one
    return np.array([day for day, _ in total]), np.array([n for _, n in total])


def added(one: dict[int, float], two: dict[int, float]) -> list[tuple[int, float]]:
    """Add two tables: the second counts on from its last day, the first from its next."""
    last, sums = 0.0, []
    for day in sorted(day for day in one.keys() | two.keys() if day <= max(two)):
        last = two.get(day, last)
        sums.append((day, last + one[min((d for d in one if d >= day), default=max(one))]))
    return sums


def at(dates: Ints, counts: Floats, day: int, people: int) -> int:
    """Return the count on a day between two rows, rounded down to whole agents."""
    counts = counts / people
    later = np.flatnonzero(dates > day)
    if day <= dates[0] or not len(later):
        return int(counts[0 if day <= dates[0] else -1]) * people
    i = int(later[0])
    share = float(day - dates[i - 1]) / float(dates[i] - dates[i - 1])
    return int(counts[i - 1] + share * (counts[i] - counts[i - 1])) * people


class Life(NamedTuple):
    """What changes by day, (days, places), and (days, links) for ``open``."""

    kind: Ints
    score: Floats
    chance: Floats
    weight: Floats
    open: Any


class Places:
    """The state of all places while the days go by."""

    def __init__(self, table: list[list[str]], settings: Settings, size: Ints) -> None:
        self.settings, self.size = settings, size
        self.country = np.array([row[2] for row in table])
        kinds = [self.first_kind(row) for row in table]
        self.kind = np.array([kind for kind, _, _ in kinds])
        self.chance = np.array([chance for _, chance, _ in kinds])
        self.conflict = np.array([conflict for _, _, conflict in kinds])
        self.onset = np.full(len(table), -1)
        self.is_camp = self.kind == CAMP
        self.population = np.where(self.is_camp, 0, size)

    def first_kind(self, row: list[str]) -> tuple[int, float, float]:
        """Return kind, chance to set out and intensity of conflict before day 0."""
        name, set_ = row[5].lower(), self.settings
        if "camp" in name:
            return CAMP, set_["idpcamp_movechance" if "idp" in name else "camp_movechance"], -1.0
        if "conflict" in name and int(row[6]) == 0:
            return OTHER, set_["conflict_movechance"], 1.0
        if "forward" in name or "marker" in name:
            return MARKER if "marker" in name else OTHER, 1.0, -1.0
        return TOWN, set_["default_movechance"], -1.0

    def erupt(self, place: int, intensity: float, t: int) -> None:
        """Make a place a zone of conflict."""
        self.conflict[place], self.onset[place] = intensity, t
        self.chance[place] = self.settings["conflict_movechance"]
        self.kind[place] = CAMP if self.kind[place] == CAMP else OTHER

    def calm(self, place: int, kind: int = TOWN) -> None:
        """Make a place a town, or a camp."""
        self.conflict[place], self.kind[place] = -1.0, kind
        key = "default_movechance" if kind == TOWN else "camp_movechance"
        self.chance[place] = self.settings[key]

    def decay(self, t: int) -> Floats:
        """Return what is left of the force of each conflict."""
        left: Floats = np.array(self.settings["conflict_spawn_decay"] or [1.0])
        age = np.trunc((t - self.onset) / self.settings["conflict_spawn_decay_interval"])
        return left[np.minimum(age, len(left) - 1).astype(int)]

    def weights(self, t: int) -> Floats:
        """Return where newcomers start, in proportion."""
        return np.where(self.conflict > 0, self.population * self.conflict * self.decay(t), 0.0)

    def scores(self, t: int) -> Floats:
        """Return how attractive each place is."""
        score = np.where(self.country != self.country[0], self.settings["foreign_weight"], 1.0)
        score = score * np.where(self.kind == CAMP, self.settings["camp_weight"], 1.0)
        power = np.where(self.conflict > 0, self.decay(t) * self.conflict, 0.0)
        return score * self.settings["conflict_weight"] ** power


def live_places(
    folder: Path, settings: Settings, table: list[list[str]], links: list[list[str]], days: int,
    size: Ints,
) -> Life:  # fmt: skip
    """Go through the days: conflicts, the weights of zones, closures, then scores."""
    places, names = Places(table, settings, size), [row[0] for row in table]
    conflicts = read_conflicts(folder)
    closures = rows(folder / "input_csv/closures.csv")
    pairs = [(row[0], row[1]) for row in links]
    pairs += [(b, a) for a, b in pairs]
    opened = np.ones(len(pairs), dtype=bool)
    by_day: list[tuple[Any, ...]] = []
    weight = places.weights(0)
    scale = np.maximum(size, 0) / settings["movechance_pop_base"]
    factor = scale ** settings["movechance_pop_scale_factor"]
    for t in range(days):
        for name, values in conflicts.items():
            now, before = values[t] > 1e-6, t > 0 and values[t - 1] > 1e-6
            if now and not before:
                places.erupt(names.index(name), values[t], t)
            elif before and not now:
                places.calm(names.index(name))
            if now != before:
                weight = places.weights(t)
        spawning = weight
        for row in closures:
            for day, ends in ((row[3], False), (row[4], True)):
                if int(day) == t:
                    close(row, ends, places, names, pairs, opened)
        weight = places.weights(t)
        chance = places.chance * factor
        by_day.append((places.kind.copy(), places.scores(t), chance, spawning, opened.copy()))
    return Life(*(np.array(column) for column in zip(*by_day, strict=True)))


def close(
    row: list[str], ends: bool, places: Places, names: list[str], pairs: list[tuple[str, str]],
    opened: Any,
) -> None:  # fmt: skip
    """Begin or end one closure; a closed camp is a town, and links have no count of closures."""
    what, one, two = row[:3]
    if what in ("camp", "idpcamp"):
        places.calm(names.index(one), CAMP if ends else TOWN)
        if ends and what == "idpcamp":
            places.chance[names.index(one)] = places.settings["idpcamp_movechance"]
        return
    country = dict(zip(names, places.country, strict=True))
    for link, (a, b) in enumerate(pairs):
        if (what == "location" and one in (a, b)) or (
            what == "country" and {country[a], country[b]} == {one, two}
        ):
            opened[link] = ends


def read_conflicts(folder: Path) -> dict[str, Floats]:
    """Return the intensity in each place by row, whatever the days say."""
    with (folder / "input_csv/conflicts.csv").open(newline="", encoding="utf-8") as file:
        head, *lines = [row for row in csv.reader(file) if row]
    values = np.array([[float(x) for x in row[1:] if x.strip()] for row in lines])
    found = [name.strip() for name in head[1:] if name.strip()]
    return {name: values[:, i] for i, name in enumerate(found)}


def error(case: Case, counts: Ints, rescaled: bool = True, first_day: int = 0) -> float:
    """Return the mean over days of the summed differences over the summed data, from 0 to 2."""
    simulated = counts[:, case.camps].astype(float)
    data, total = case.data.sum(axis=1), simulated.sum(axis=1)
    if rescaled:
        simulated *= np.divide(data, total, out=np.zeros(len(total)), where=total > 0)[:, None]
    wrong = np.abs(simulated - case.data).sum(axis=1) / np.maximum(data, 1)
    return float(wrong[first_day:].mean())
