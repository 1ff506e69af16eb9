"""Paces are worked out when days come to them, once for all scenarios that await the same."""

import pickle
from functools import partial
from typing import Any

import numpy as np
import pytest

from rumbo import Scenario, load
from rumbo.engine.arrays import Array
from rumbo.engine.rates import EVEN
from rumbo.model.minds import outlook as outlooks
from rumbo.model.minds.chain import Chain
from rumbo.model.minds.outlook import even_until
from rumbo.model.minds.world import Reckonings
from rumbo.run import unfolding
from rumbo.run.program import Compiled, Program, compile_beside, compile_even, paced
from rumbo.run.session import Session


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load("darien-rio-bravo").fitted()


@pytest.fixture(scope="module")
def compiled(base: Scenario) -> Compiled:
    return compile_beside(base)


def paced_days(program: Program) -> list[int]:
    return [t for t in range(len(program.dates)) if program.pace.on(t) is not EVEN]


def test_no_pace_moves_before_it_is_said_to(base: Scenario, compiled: Compiled) -> None:
    since = even_until(compiled.outlook())
    assert 0 < since <= paced_days(compiled.program)[0] < since + 31
    blind = base.without("minds")
    assert even_until(compile_even(blind).outlook()) == len(compiled.program.dates)


def test_what_has_no_pace_yet_is_the_same_until_then(base: Scenario, compiled: Compiled) -> None:
    even = compile_even(base)
    since = even_until(even.outlook())
    assert since <= even.program.differs_from(compiled.program) < since + 31
    whole = paced(even, even.outlook()).program
    assert whole.differs_from(compiled.program) == len(whole.dates)


def test_months_that_nobody_awaits_anything_in_wait_for_no_pace(
    base: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Exception):
        pass

    def ask(*_: object) -> None:
        raise Asked

    session = Session(base)
    changed = base.change("stay.days", 9.0, since="2024-01-05")
    monkeypatch.setattr(unfolding, "paced", ask)
    closed = []
    with pytest.raises(Asked):
        closed.extend(session.months(changed))
    assert len(closed) > 8
    assert closed[-1].result()["month"].to_numpy()[-1] < np.datetime64("2024-11-01")


def test_what_two_scenarios_await_alike_is_reckoned_once(
    base: Scenario, compiled: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = []
    table = outlooks.pace_table

    def counted(*given: object) -> object:
        walks.append(given)
        return table(*given)

    monkeypatch.setattr(outlooks, "pace_table", counted)
    late = base.change("stay.days", 9.0, since="2024-09-01", until="2024-10-31")
    count = partial(len, walks)
    beside = compile_beside(late, compiled).program
    some = count()
    alone = compile_beside(late).program
    assert 0 < some < count() - some
    assert beside.differs_from(alone) == len(alone.dates)


def test_groups_with_the_rates_of_before_await_what_they_awaited(
    base: Scenario, compiled: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = []
    table = outlooks.pace_table

    def counted(chain: Chain, *given: Any) -> Array:
        walked.append(len(chain.rate))
        return table(chain, *given)

    monkeypatch.setattr(outlooks, "pace_table", counted)
    compile_beside(base.without("chnv-parole"), compiled)
    nationalities = base.groups["nationality"]
    bound = nationalities.isin(["CUB", "HTI", "NIC", "VEN"]).sum()
    assert set(walked) == {bound}
    assert bound < len(nationalities)


def test_reckonings_do_not_travel() -> None:
    """They are known by numbers of objects, which are others in another process."""
    here = Reckonings()
    here.of("key", (), lambda _: np.ones((2, 1)))
    there = pickle.loads(pickle.dumps(here))
    assert there.of("key", (), lambda _: np.zeros((2, 1))).tolist() == [[0.0], [0.0]]
