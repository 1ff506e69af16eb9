"""Ranges, paired differences and misfit against cases worked by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from report_fixture import make_runs

from rumbo.report.corridor.levers import is_event
from rumbo.report.page.words import Range, Words
from rumbo.report.read.ranges import misfit, overall, paired, relative, roomy, spread
from rumbo.report.read.run import read_run


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return make_runs()


def _months(values: object) -> xr.DataArray:
    table = np.asarray(values, dtype=float)
    months = pd.date_range("2024-01-01", periods=table.shape[-1], freq="MS")
    dims = ("scenario", "member", "month")[-table.ndim :]
    return xr.DataArray(table, {"month": months}, dims=dims)


def test_spread_by_hand() -> None:
    ends = spread(xr.DataArray(np.arange(21.0), dims="member"))
    assert ends == (1, 5, 10, 15, 19)


def test_overall_sums_flows_and_averages_stocks() -> None:
    values = _months([[1, 2, 3], [4, 5, 6]])
    assert overall(values, "flow").values.tolist() == [6, 15]
    assert overall(values, "stock").values.tolist() == [2, 5]


def test_a_stock_counts_the_days_of_each_month() -> None:
    """Of January to March of a leap year 29 days in 91 are February's."""
    assert overall(_months([0, 91, 0]), "stock") == pytest.approx(29)


def test_differences_are_paired_by_member() -> None:
    values = _months([[[10], [1000]], [[12], [1001]]])
    assert paired(values).values.tolist() == [[[2], [1]]]
    assert np.allclose(relative(values).values, [[[0.2], [0.001]]])


def test_misfit_by_hand() -> None:
    simulated = _months([[float(m)] * 4 for m in range(21)])
    observed = xr.DataArray([10.0, 17.0, 40.0, np.nan], {"month": simulated["month"]}, dims="month")
    fit = misfit(simulated, observed)
    assert (fit.months, fit.inside_half, fit.inside) == (3, 1, 2)


def test_rounding_leaves_out_no_value_that_a_range_holds() -> None:
    ends = Range(1_004_400, 1, 2, 3, 2_251_793)
    assert roomy(ends, 2_250_892)[::4] == (1_004_400, 2_260_000)
    assert roomy(ends, 1_004_450)[::4] == (1_004_400, 2_251_793)
    assert roomy(ends, 2_251_900) == ends
    assert roomy(Range(1_006, 1, 2, 3, 5_000), 1_008)[::4] == (1_000, 5_000)


def test_series_add_up(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    whole = run.series("zones")
    parts = sum(run.series("zones", nationality=code) for code in run.nationalities)
    assert np.allclose(whole, parts)
    direct = runs["encounters"].sel(component="USBP").astype(float).sum(("area", "group"))
    assert np.allclose(whole, direct)
    assert np.allclose(
        run.series("waiting"),
        run.series("waiting", place=["tapachula", "mexico_city", "ciudad_juarez"]),
    )


def test_differences_are_zero_before_scenarios_part(runs: xr.Dataset) -> None:
    change = paired(read_run(runs, Words("en")).series("deaths"))
    assert not change.isel(month=slice(0, 2)).any()


def test_single_days_are_events() -> None:
    day = {"since": "2024-06-02", "until": "2024-06-03"}
    assert is_event(day)
    assert not is_event({**day, "until": "2024-06-10"})
    assert is_event({**day, "until": None})
    assert not is_event({**day, "until": "", "modelled": True})
