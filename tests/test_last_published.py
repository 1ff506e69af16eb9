"""Which of several editions of a figure counts: the last published, and of what, at each place."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from folders import THREE_PLACES

from rumbo.files.faults import Faults
from rumbo.report.page.words import Words
from rumbo.report.read.camps import registered
from rumbo.report.read.forecast import _latest
from rumbo.report.read.run import Run
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.figures import known as published
from rumbo.scenario.scenario import load
from rumbo.scores.figures import spans_of, without_nested
from rumbo.scores.series import _figures

PATROL, WAITING = Key("encounters", "USBP"), Key("waiting", area="camp")

ROWS = [
    (*PATROL, "2024-01-01", "", 12.0, "2024-04-01"),
    (*PATROL, "2024-01-01", "", 10.0, "2024-02-20"),
    (*PATROL, "2024-02-01", "", 20.0, "2024-03-20"),
    (*PATROL, "2024-01-01", "", 11.0, "2024-03-01"),
    (*WAITING, "2024-01-01", "2024-01-09", 7.0, "2024-01-12"),
    (*WAITING, "2024-01-01", "2024-01-05", 6.0, "2024-01-08"),
    (*WAITING, "2024-01-01", "2024-01-05", 5.0, "2024-01-06"),
]
"""January counted three times, and not in order; people who wait, on two days of it."""

COLUMNS = [*Key._fields, "month", "day", "value", "published"]


@pytest.fixture
def figures() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=COLUMNS).assign(low=np.nan, high=np.nan, publisher="x")


def run_of(figures: pd.DataFrame, **coords: object) -> Run:
    background = {
        "figures": figures.to_dict("records"), "places": [{"id": "camp"}],
        "roles": {"zones": "USBP", "gates": "OFO", "waiting": []},
    }  # fmt: skip
    return Run(xr.Dataset(coords=coords), background, Words("en"))


def test_a_fit_takes_one_figure_a_month_and_refuses_two_estimates(figures: pd.DataFrame) -> None:
    dated = figures.astype({"month": "datetime64[ns]", "published": "datetime64[ns]"})
    rows = {Key(*key): at for key, at in dated.groupby(list(Key._fields)).indices.items()}
    backdrop = published(load(THREE_PLACES), "2024-05-01").backdrop
    known = Known(date(2024, 5, 1), backdrop, dated, rows, pd.DataFrame(), {})
    assert known.series(PATROL).values.tolist() == [12.0, 20.0]
    with pytest.raises(Faults, match="2024-01 twice"):
        known.series(WAITING)


def test_a_score_takes_one_estimate_a_day(figures: pd.DataFrame) -> None:
    rows = json.loads(json.dumps(figures.to_dict("records")))
    table = _figures(rows, ())
    assert table["value"].tolist() == [12.0, 20.0, 7.0, 6.0]


def test_a_report_takes_all_estimates_of_a_month(figures: pd.DataFrame) -> None:
    months = pd.DatetimeIndex(["2024-01-01", "2024-02-01"])
    run = run_of(figures, month=months)
    assert run.observed("zones")["value"].tolist() == [20.0, 12.0]
    assert run.observed("waiting", area="camp")["value"].tolist() == [5.0, 6.0, 7.0]


def test_a_report_of_camps_takes_one_count_a_day(
    figures: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rumbo.report.read.camps.camp_ids", lambda _run: ["camp"])
    run = run_of(figures, day=pd.date_range("2024-01-01", "2024-01-31"))
    assert registered(run)["camp"]["value"].tolist() == [6.0, 7.0]


def test_the_page_of_a_forecast_takes_one_figure_a_month(figures: pd.DataFrame) -> None:
    assert _latest(figures)["value"].tolist() == [7.0, 20.0, 12.0]


SPAN = {"month": "2024-01-01", "month_end": "2024-03-01"}


def with_spans(figures: pd.DataFrame) -> pd.DataFrame:
    """Add a sum over three months, published twice, and one known by its ends alone."""
    rows = [dict(zip(COLUMNS, ROWS[0], strict=True)) | SPAN for _ in range(3)]
    rows[0] |= {"value": 90.0, "published": "2024-04-10"}
    rows[1] |= {"value": 95.0, "published": "2024-04-20"}
    rows[2] |= {"value": np.nan, "low": 30.0, "high": 50.0, "month_end": "2024-02-01"}
    return pd.concat([figures, pd.DataFrame(rows)], ignore_index=True)


def test_spans_are_read_apart_each_as_published_last(figures: pd.DataFrame) -> None:
    table = with_spans(figures)
    dates = dict.fromkeys(("month", "month_end", "published"), "datetime64[ns]")
    first, second = spans_of(table.astype(dates))
    assert (first.value, first.low, first.high) == (40.0, 30.0, 50.0)
    assert (str(first.first), str(first.last)) == ("2024-01", "2024-02")
    assert (second.value, str(second.last)) == (95.0, "2024-03")


def test_neither_scores_nor_reports_take_a_span_for_a_month(figures: pd.DataFrame) -> None:
    table = with_spans(figures)
    held = _figures(table.to_dict("records"), ())
    assert held[held["month_end"] == ""]["value"].tolist() == [12.0, 20.0, 7.0, 6.0]
    assert (held["month_end"] != "").any()
    run = run_of(table, month=pd.DatetimeIndex(["2024-01-01", "2024-02-01"]))
    assert run.observed("zones")["value"].tolist() == [20.0, 12.0]


def test_months_and_spans_of_the_bundled_states_come_by_their_own_doors() -> None:
    known = published(load("darien-rio-bravo"), "2024-09-01")
    months = known.series(Key("stops", area="Chiapas"))
    assert [str(month) for month in months.months] == ["2023-01"]
    spans = known.spans(Key("stops", area="Chiapas"))
    assert ("2024-01", "2024-04", 155_879.0) in [(str(a), str(b), v) for a, b, v, *_ in spans]
    assert known.spans(Key("stops", area="nowhere")) == []


def test_a_sum_over_months_that_are_told_counts_no_second_time() -> None:
    def row(month: str, end: str, nationality: str = "all") -> dict[str, object]:
        key = {"measure": "stops", "component": "", "area": "all", "nationality": nationality}
        return {**key, "month": month, "month_end": end, "value": 1.0}

    months = [row("2024-01", ""), row("2024-02", ""), row("2024-03", "")]
    nested, beyond = row("2024-01", "2024-03"), row("2024-01", "2024-04")
    others = row("2024-01", "2024-03", "VEN")
    kept = without_nested(pd.DataFrame([*months, nested, beyond, others]))
    assert kept.to_dict("records") == [*months, beyond, others]
    alone = pd.DataFrame(months)
    pd.testing.assert_frame_equal(without_nested(alone), alone)
