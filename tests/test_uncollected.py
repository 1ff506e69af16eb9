"""The collector of reference cycles while a corridor is compiled."""

import gc

import pytest
from folders import THREE_PLACES

import rumbo
from rumbo.engine.space import Space
from rumbo.run.compiling import structure
from rumbo.run.compiling.uncollected import uncollected
from rumbo.run.program import compile_scenario


@uncollected()
def stopped_halfway() -> None:
    assert not gc.isenabled()
    raise ZeroDivisionError


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was(collecting: bool) -> None:
    before = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError):
            stopped_halfway()
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()


def test_it_rests_until_the_last_of_several_threads_has_ended() -> None:
    """The second to begin finds it resting, and must not leave it so for good."""
    assert gc.isenabled()
    first, second = uncollected(), uncollected()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_rests_while_a_corridor_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, build = [], structure.build_space

    def noted(*parts: object) -> Space:
        seen.append(gc.isenabled())
        return build(*parts)

    monkeypatch.setattr(structure, "build_space", noted)
    assert gc.isenabled()
    compile_scenario(rumbo.load(THREE_PLACES))
    assert seen == [False]
    assert gc.isenabled()
