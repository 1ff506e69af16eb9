"""A plain, agent-by-agent walk over a network of places: the oracle that the engine must match.

It follows the rules of Flee 3, written anew from their description. One call does one run:

    counts = run(world, rules, seed=1, people=20)  # (days, places), at the end of each day

``World`` holds plain arrays, counted in people (not agents). ``people`` is how many people one
agent stands for: capacities and first counts are divided by it and rounded down, newcomers are
rounded down on their running total, and the result is multiplied back. Those on a link are in no
place, so a row of the result is less than all people by them.

A day: newcomers start in the zones; those on a link that has closed will be put back at its start
when they get to its end; everyone in a place decides, one after the other, seeing the places as
full as they are at that moment; everyone on a link travels, and may decide again.
``tests/agents_inputs.py`` makes a ``World`` and its ``Rules`` from a folder in Flee's format.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

OTHER, TOWN, CAMP, MARKER = range(4)  # kinds; OTHER is a conflict zone or a forwarding hub

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class World(NamedTuple):
    """What is given: places, one-way links between them, and what changes by day."""

    kind: Ints  # (days, places) one of the four kinds
    score: Floats  # (days, places) how attractive a place is as the end of a way
    chance: Floats  # (days, places) that somebody there sets out
    capacity: Floats  # (places,) people; below 1 there is no limit
    start: Ints  # (places,) people there before the first day
    spawned: Ints  # (days,) newcomers
    zone_weight: Floats  # (days, places) where newcomers start, in proportion
    link_from: Ints  # (links,) place
    link_to: Ints  # (links,) place
    length: Floats  # (links,) km
    speed: Floats  # (links,) km that a day on the link brings
    walk_chance: Floats  # (links,) that such a day is at walking speed
    open: Bools  # (days, links)


class Rules(NamedTuple):
    """How people choose and travel; defaults are those of Flee 3."""

    awareness: int = 1  # places that somebody sees ahead along a way, markers not counted
    softening: float = 10.0  # km added to the length of every way
    distance_power: float = 1.0
    weight_softening: float = 0.0
    weight_power: float = 1.0
    capacity_scaling: float = 1.0
    buffer: float = 0.9  # share of the capacity from which a place counts as filling up
    max_speed: float = 360.0  # km that count as a full day in the short-stint rule
    walk_speed: float = 35.0
    start_on_foot: bool = False  # everybody's first link is walked
    avoid_short_stints: bool = False
    keep_going: bool = True  # with a way chosen set out for certain; in Flee 3.1 by chance


class Ways(NamedTuple):
    """The ways on a day; those out of a place are rows ``first[place]`` to ``first[place + 1]``."""

    first: Ints
    goal: Ints  # (ways,) last place
    length: Floats  # (ways,) km
    hops: Ints  # (ways, longest + 1) places after the first, then -1


class Agents(NamedTuple):
    """One entry an agent."""

    place: Ints  # where it is, or where its link starts
    link: Ints  # -1 when in a place
    on_link: Floats  # km
    moved: Floats  # km today
    recent: Floats  # running mean of a day's travel over a full day's, halving every day
    legs: Ints  # links travelled, counted from 1
    doomed: Bools  # its link has closed since it set out
    goal: Ints  # where its way ends
    step: Ints  # column of ``route`` that it goes to next; -1 there when it has no way
    route: Ints  # (agents, longest + 1)


class Today(NamedTuple):
    """All that a day's decisions look at."""

    kind: Ints
    score: Floats
    chance: Floats
    open: Bools
    ways: Ways
    present: Ints  # (places,) agents, kept up to date
    room: Floats  # (places,) agents
    first: Ints  # links[first[place] : first[place + 1]] are those out of a place
    links: Ints
    world: World
    rules: Rules
    rng: np.random.Generator


def ways_of(world: World, rules: Rules, t: int) -> Ways:
    """Return every path without a loop over open links, of up to ``awareness`` real places."""
    found: list[tuple[list[int], float]] = []

    def walk(path: list[int], length: float, seen: int) -> None:
        for link in np.flatnonzero(world.open[t] & (world.link_from == path[-1])):
            place, far = int(world.link_to[link]), length + float(world.length[link])
            if place in path:
                continue
            real = world.kind[t, place] != MARKER
            if real:
                found.append(([*path[1:], place], far))
            if seen + real < rules.awareness:
                walk([*path, place], far, seen + real)

    first = [0]
    for place in range(world.kind.shape[1]):
        walk([place], 0.0, 0)
        first.append(len(found))
    hops = np.full((len(found), max((len(p) for p, _ in found), default=0) + 1), -1)
    for row, (path, _) in enumerate(found):
        hops[row, : len(path)] = path
    goal = np.array([path[-1] for path, _ in found], dtype=np.int64)
    return Ways(np.array(first), goal, np.array([far for _, far in found], dtype=float), hops)


@njit(cache=True)
def share_free(day: Today, p: int) -> float:
    """Return 1 up to the buffer of a place, 0 when full, and a straight line between."""
    n, room, buffer = day.present[p], day.room[p], day.rules.buffer
    if room < 1 or n <= buffer * room:
        return 1.0
    return 0.0 if n >= room else 1.0 - (n - buffer * room) / (room * (1.0 - buffer))


@njit(cache=True)
def choose(a: int, agents: Agents, day: Today) -> bool:
    """Draw a way among those out of the agent's place; False if there is none."""
    rules, ways = day.rules, day.ways
    low, high = ways.first[agents.place[a]], ways.first[agents.place[a] + 1]
    if low == high:
        return False
    sums, total = np.empty(high - low), 0.0
    for w in range(low, high):
        goal = ways.goal[w]
        far = (rules.softening + ways.length[w]) ** rules.distance_power
        weight = (rules.weight_softening + day.score[goal]) / far * share_free(day, goal)
        total += weight**rules.weight_power
        sums[w - low] = total
    w = low + int(day.rng.random() * (high - low))  # if all weights are 0
    if total > 0.0:
        w = min(low + np.searchsorted(sums, day.rng.random() * total, side="right"), high - 1)
    agents.route[a] = -1
    agents.route[a, : ways.hops.shape[1]] = ways.hops[w]
    agents.goal[a], agents.step[a] = ways.goal[w], 0
    return True


@njit(cache=True)
def decide(a: int, forced: bool, agents: Agents, day: Today) -> None:
    """Perhaps choose a way, and enter its next link unless that is gone or the camp is full."""
    here, chosen = agents.place[a], agents.route[a, agents.step[a]] >= 0
    certain = (forced and day.kind[here] == TOWN) or (chosen and day.rules.keep_going)
    if day.rng.random() >= (1.0 if certain else day.chance[here]):
        return
    if not chosen and not choose(a, agents, day):
        return
    goal, target = agents.goal[a], agents.route[a, agents.step[a]]
    if day.kind[goal] != CAMP or share_free(day, goal) >= 0.5:
        for link in day.links[day.first[here] : day.first[here + 1]]:
            if day.open[link] and day.world.link_to[link] == target:
                day.present[here] -= 1
                agents.step[a] += 1
                agents.link[a], agents.on_link[a], agents.doomed[a] = link, 0.0, False
                return
    agents.route[a] = -1  # the way is dropped


@njit(cache=True)
def travel(a: int, agents: Agents, day: Today) -> None:
    """Move an agent along its link, and on through as many as the day allows."""
    world, rules = day.world, day.rules
    while agents.link[a] >= 0:
        link = agents.link[a]
        speed = world.speed[link]
        walks = day.rng.random() < world.walk_chance[link]
        if walks or (rules.start_on_foot and agents.legs[a] == 1):
            speed = rules.walk_speed
        agents.on_link[a] += speed
        agents.moved[a] += speed
        if agents.on_link[a] <= world.length[link]:
            return
        agents.legs[a] += 1
        agents.moved[a] += world.length[link] - agents.on_link[a]
        agents.place[a] = world.link_from[link] if agents.doomed[a] else world.link_to[link]
        agents.link[a] = -1
        day.present[agents.place[a]] += 1
        if agents.doomed[a] or agents.moved[a] >= speed:
            return
        pace = (agents.recent[a] + agents.moved[a] / rules.max_speed) / 2.0
        decide(a, rules.avoid_short_stints and pace < 0.5, agents, day)


@njit(cache=True)
def live(n: int, agents: Agents, day: Today) -> None:
    """Let the first n agents live one day."""
    for a in range(n):
        if agents.link[a] >= 0:
            agents.doomed[a] |= not day.open[agents.link[a]]
        else:
            decide(a, False, agents, day)
    for a in range(n):
        travel(a, agents, day)
    for a in range(n):
        agents.recent[a] = (agents.recent[a] + agents.moved[a] / day.rules.max_speed) / 2.0
        agents.moved[a] = 0.0


def run(world: World, rules: Rules, seed: int, people: int = 1) -> Ints:
    """Return the people in every place at the end of every day, shape (days, places)."""
    rng = np.random.default_rng(seed)
    (days, places), marker = world.kind.shape, world.kind == MARKER
    graph = np.concatenate([world.open, marker], axis=1)
    present, new = world.start // people, np.diff(np.cumsum(world.spawned) // people, prepend=0)
    n, most = int(present.sum()), int(present.sum() + new.sum())
    whole, real = np.zeros((5, most), dtype=np.int64), np.zeros((3, most))
    route = np.full((most, rules.awareness + marker.any(0).sum() + 1), -1)
    agents = Agents(whole[0], whole[1] - 1, *real, whole[2] + 1, whole[3] > 0, *whole[3:], route)
    agents.place[:n] = np.repeat(np.arange(places), present)
    room, counts = (world.capacity // people) * rules.capacity_scaling, np.zeros((days, places))
    order = np.argsort(world.link_from, kind="stable")
    fixed = (present, room, np.searchsorted(world.link_from[order], np.arange(places + 1)), order)
    for t in range(days):
        if new[t]:
            share = world.zone_weight[t] / world.zone_weight[t].sum()
            agents.place[n : n + new[t]] = rng.choice(places, new[t], p=share)
            present += np.bincount(agents.place[n : n + new[t]], minlength=places)
            n += int(new[t])
        if t == 0 or (graph[t] != graph[t - 1]).any():
            ways = ways_of(world, rules, t)
        given = (world.kind[t], world.score[t], world.chance[t], world.open[t], ways)
        live(n, agents, Today(*given, *fixed, world, rules, rng))
        counts[t] = present * people
    return counts.astype(np.int64)
