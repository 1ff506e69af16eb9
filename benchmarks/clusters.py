"""Members by a cluster's workers beside those by processes of this machine."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from distributed import Client, LocalCluster

import rumbo
from benchmarks.bundled import CORRIDOR
from benchmarks.table import Bench
from rumbo.run import workers
from rumbo.run.cluster.engine import run_there
from rumbo.run.simulate import make_ready
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Job

MEMBERS, WORKERS, ROUNDS = 16, 2, 3
"""Four chunks of four members, each of two seconds or more, three times in turn."""

Runner = Callable[[Iterator[list[Job]]], object]


def efficiency() -> tuple[str, float]:
    """Wall time of four chunks by two processes of loky over that by two workers of dask."""
    # Without shocks no values are drawn in sets: one program travels, as for a share of a big run.
    scenario = rumbo.load(CORRIDOR).without("shocks").between("2023-10-01", "2024-06-30")
    ready = make_ready(RunSpec.of(scenario, MEMBERS, 3))
    (jobs,) = ready.waves(ready.chunks, MEMBERS)
    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        ways: dict[str, Runner] = {
            "loky": partial(workers._in_processes, processes=WORKERS),
            "dask": partial(run_there, client),
        }
        for run in ways.values():  # processes are started, and read compiled code
            seconds(run, jobs[:WORKERS])
        took = [{name: seconds(run, jobs) for name, run in ways.items()} for _ in range(ROUNDS)]
    loky, dask = (statistics.median(one[name] for one in took) for name in ways)
    ratio = statistics.median(one["loky"] / one["dask"] for one in took)
    chunk = WORKERS * loky / len(jobs)
    return f"loky {loky:.1f} s, dask {dask:.1f} s, a chunk {chunk:.1f} s", ratio


def seconds(run: Runner, jobs: list[Job]) -> float:
    """Return the wall time of some jobs."""
    before = time.perf_counter()
    with closing(run(iter([[*jobs]]))) as finished:
        assert sum(1 for _ in finished) == len(jobs)
    return time.perf_counter() - before


BENCHES = (
    Bench("cluster", "loky over dask, two workers, four chunks", efficiency, 0.8, 0.9, ">="),
)
