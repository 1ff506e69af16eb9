"""The bundled corridor, made ready to run and filled with people."""

from dataclasses import replace
from functools import cache

import numpy as np

import rumbo
from rumbo.engine.step import Luck
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.states import State, begin
from rumbo.scenario.scenario import Scenario

CORRIDOR, DEAL = "darien-rio-bravo", "december-2023-deal"

FULL = 330
"""Day by which the corridor is full."""


@cache
def fitted() -> Scenario:
    """Return the corridor with its fitted posterior."""
    return rumbo.load(CORRIDOR).fitted()


ADDED = ("minds", "smuggling", "caravans")
"""Rules that came after the time which a day is held against."""


@cache
def plainer() -> Scenario:
    """Return the fitted corridor as if the rules that came later were not listed."""
    whole = fitted()
    rules = tuple(rule for rule in whole.header.rules if rule not in ADDED)
    return replace(whole, header=whole.header.model_copy(update={"rules": rules}), rules=rules)


@cache
def pair() -> list[Scenario]:
    """Return the corridor with and without the deal."""
    base = rumbo.load(CORRIDOR)
    return [base, base.without(DEAL)]


@cache
def program() -> Program:
    """Return the corridor made ready, without a posterior."""
    return compile_scenario(rumbo.load(CORRIDOR))


@cache
def fitted_program() -> Program:
    """Return the fitted corridor made ready."""
    return compile_scenario(fitted())


def filled(
    program: Program, *, stochastic: bool, members: int, days: int = FULL
) -> tuple[State, Luck]:
    """Return a corridor that has run for some days."""
    luck = Luck(1, np.arange(members), 0, stochastic)
    state = begin(program, luck)
    run_days(program, state, luck, range(days))
    return state, luck


def scaled(program: Program, times: float) -> Program:
    """Return a corridor with so many times the people, and the room for them."""
    return replace(program, entry=program.entry * times, limit=program.limit * times)
