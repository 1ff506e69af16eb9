"""Observed figures, as they were known on a date."""

from datetime import date

import folders
import pytest

import rumbo
from rumbo.scenario.scenario import Scenario, load


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load(folders.THREE_PLACES)


def test_all_figures(base: Scenario) -> None:
    table = rumbo.figures(base)
    assert len(table) == 7
    assert str(table["month"].dtype) == str(table["published"].dtype) == "datetime64[ns]"
    assert table["value"].iloc[0] == 700


@pytest.mark.parametrize("as_of", ["2024-03-01", date(2024, 3, 1)])
def test_what_was_published_later_is_hidden(base: Scenario, as_of: date | str) -> None:
    table = rumbo.figures(base, as_of)
    assert len(table) == 4
    assert (table["published"] <= "2024-03-01").all()
    assert table.index.tolist() == [0, 1, 2, 3]


def test_nothing_is_known_before_the_first_publication(base: Scenario) -> None:
    table = rumbo.figures(base, "2024-02-14")
    assert table.empty
    assert table.columns.tolist() == rumbo.figures(base).columns.tolist()


def test_settings_do_not_change_what_was_observed(base: Scenario) -> None:
    assert rumbo.figures(base.without("bus-closure")).equals(rumbo.figures(base))


@pytest.mark.parametrize("as_of", ["yesterday", "2024-3-1", "2024-02-30", 7.5])
def test_not_a_date(base: Scenario, as_of: str) -> None:
    with pytest.raises(rumbo.Faults, match="expected a date"):
        rumbo.figures(base, as_of)
