"""The hub's files: a test of the rules that modelling hubs check (hubverse.io)."""

import json
import re
from pathlib import Path

import helpers
import numpy as np
import pandas as pd
import pytest

import rumbo
from rumbo.exporting.hub import _short
from rumbo.exporting.names import identifiers
from rumbo.scores.quantiles import PROBABILITIES

COLUMNS = [
    "origin_date", "scenario_id", "target", "location", "target_end_date", "horizon",
    "output_type", "output_type_id", "value",
]  # fmt: skip
TASK = COLUMNS[:6]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = helpers.three_places()
    other = base.change("transfer.seats", 5).named("seats = 5: más / menos")
    runs = rumbo.simulate([base, other], members=10, seed=1)
    out = tmp_path_factory.mktemp("export") / "out"
    rumbo.export(runs, out)
    return out / "hub"


@pytest.fixture(scope="module")
def output(hub: Path) -> pd.DataFrame:
    (path,) = hub.rglob("*.parquet")
    return pd.read_parquet(path)


@pytest.fixture(scope="module")
def tasks(hub: Path) -> list[dict]:
    config = json.loads((hub / "hub-config" / "tasks.json").read_text(encoding="utf-8"))
    assert {"schema_version", "rounds"} <= {*config} <= {
        "schema_version", "rounds", "output_type_id_datatype", "derived_task_ids",
    }  # fmt: skip
    (only,) = config["rounds"]
    assert only["round_id_from_variable"] is True
    assert only["round_id"] == "origin_date"
    assert {*only["submissions_due"]} == {"relative_to", "start", "end"}
    return only["model_tasks"]


def test_the_file_lies_where_hubs_look_for_it(hub: Path, output: pd.DataFrame) -> None:
    (path,) = hub.rglob("*.parquet")
    model = path.parent.name
    assert path.parent.parent == hub / "model-output"
    assert re.fullmatch(r"[A-Za-z0-9_]+-[A-Za-z0-9_]+", model)
    (origin,) = {str(day) for day in output["origin_date"]}
    assert path.name == f"{origin}-{model}.parquet"
    about = (hub / "model-metadata" / f"{model}.yml").read_text(encoding="utf-8")
    team, _, abbreviation = model.partition("-")
    assert f'team_abbr: "{team}"' in about
    assert f'model_abbr: "{abbreviation}"' in about


def test_columns_are_those_of_the_task_and_no_others(output: pd.DataFrame) -> None:
    assert output.columns.tolist() == COLUMNS
    assert output["output_type_id"].dtype == float
    assert output["value"].dtype == float


def test_no_value_is_missing_or_below_zero(output: pd.DataFrame) -> None:
    assert not output.isna().any(axis=None)
    assert (output["value"] >= 0).all()
    assert ((output["value"] == 0) | (output["value"] >= 10)).all()


def test_every_task_has_all_quantiles_once_and_in_order(output: pd.DataFrame) -> None:
    assert {*output["output_type"]} == {"quantile"}
    assert not output.duplicated([*TASK, "output_type_id"]).any()
    assert (output.groupby(TASK).size() == len(PROBABILITIES)).all()
    levels = output["output_type_id"].to_numpy().reshape(-1, len(PROBABILITIES))
    assert (levels == PROBABILITIES).all()
    assert (np.diff(output["value"].to_numpy().reshape(levels.shape), axis=1) >= 0).all()


def test_identifiers_have_no_blanks_or_signs(output: pd.DataFrame) -> None:
    assert {*output["scenario_id"]} == {"base", "seats_5_mas_menos"}
    for name in ("scenario_id", "target"):
        assert all(re.fullmatch(r"[a-z0-9_]+", one) for one in output[name].unique())


def test_no_two_scenarios_share_an_identifier() -> None:
    assert identifiers(["a = 1", "a: 1", "¿?", "日本"]) == [
        "a_1",
        "a_1_2",
        "scenario",
        "scenario_2",
    ]


def test_every_value_is_allowed_by_its_task(output: pd.DataFrame, tasks: list[dict]) -> None:
    allowed = {task["task_ids"]["target"]["optional"][0]: task for task in tasks}
    assert len(allowed) == len(tasks)
    assert {*output["target"]} <= {*allowed}
    for target, rows in output.groupby("target"):
        ids = allowed[target]["task_ids"]
        assert [*ids] == TASK
        for name in TASK:
            assert ids[name]["required"] is None
            values = rows[name].astype(str) if "date" in name else rows[name]
            assert {*values} <= {*ids[name]["optional"]}, (target, name)


def test_a_target_has_one_kind_of_location(hub: Path, tasks: list[dict]) -> None:
    kinds = pd.read_csv(hub.parent / "locations.csv").groupby("kind")["location"].agg(set)
    for task in tasks:
        places = {*task["task_ids"]["location"]["optional"]}
        assert [kind for kind, known in kinds.items() if places <= known], places


def test_tasks_say_what_hubs_ask_for(tasks: list[dict]) -> None:
    short = []
    for task in tasks:
        assert {*task} == {"task_ids", "output_type", "target_metadata"}
        asked = task["output_type"]["quantile"]
        assert asked["output_type_id"] == {"required": PROBABILITIES.tolist()}
        assert asked["is_required"] is True
        (about,) = task["target_metadata"]
        assert about["target_keys"] == {"target": task["task_ids"]["target"]["optional"][0]}
        assert len(about["target_id"]) <= 30
        assert len(about["target_name"]) <= 100
        assert about["target_units"]
        assert about["is_step_ahead"] is True
        assert about["time_unit"] == "month"
        short.append(about["target_id"])
    assert len({*short}) == len(short)


def test_long_names_get_short_identifiers_that_differ() -> None:
    names = ["x" * 40, "x" * 41, "short"]
    assert _short(names) == ["x" * 30, "x" * 28 + "_2", "short"]
