"""Members' months put in their place: in whatever order they come, in memory or in a file."""

import errno
import os

import numpy as np
import pytest

from rumbo.run import result
from rumbo.run.result import Gathered, Months
from rumbo.scenario.values.sets import AS_SET

CHUNKS = (range(2, 5), range(0, 2), range(5, 6))


def recorded(chunk: range, scenario: int) -> Months:
    numbers = 100 * scenario + np.array(chunk, dtype=np.float32)
    return {"sums": np.repeat(numbers[:, None], 2, axis=1), "by_place": _by_place(numbers)}


def _by_place(numbers: np.ndarray) -> np.ndarray:
    return numbers[:, None, None] + np.arange(6, dtype=np.float32).reshape(2, 3) / 8


def gathered() -> Gathered:
    found = Gathered(2, np.full(6, AS_SET))
    for chunk in CHUNKS:
        found.put(chunk, [recorded(chunk, scenario) for scenario in (0, 1)])
    return found


def check(found: Gathered) -> None:
    for scenario in (0, 1):
        for name, values in recorded(range(6), scenario).items():
            assert np.array_equal(found.measures[name][scenario], values)


def test_members_stand_in_their_order() -> None:
    found = gathered()
    assert (found.members, list(found.measures)) == (6, ["sums", "by_place"])
    check(found)


def test_large_measures_lie_in_a_file_and_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "LARGE", 1)
    found = gathered()
    check(found)
    found.measures["sums"][0, 0] = -1.0
    assert found.measures["sums"][0, 0].tolist() == [-1.0, -1.0]
    assert found.measures["sums"].base is not None


def test_where_the_disk_is_full_they_lie_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(result, "LARGE", 1)
    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    check(gathered())
