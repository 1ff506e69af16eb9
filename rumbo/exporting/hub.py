"""The result as a modelling hub takes it: one model's output, and the tasks that it answers.

Rules of the Hubverse (hubverse.io), version 5 of its schemas: a file's columns are the task's
and no others, no value is missing, a target has one kind of location, and every value of a
column stands in ``tasks.json``. A task is left out if one of its quantiles is too small to be
published.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rumbo.exporting.series import QUANTILES, QuantileBlock, ResultFacts

HUB, OUTPUT = "hub", "model-output"

SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1"

LONGEST_ID, LONGEST_NAME = 30, 100
"""Letters that hubs allow for a target's identifier and for its name."""

COLUMNS = (
    "origin_date scenario_id target location target_end_date horizon output_type "
    "output_type_id value"
).split()
"""Columns of a model's output, in their order."""


def model_id(facts: ResultFacts) -> str:
    """Return the name of the model: who made it, and for which corridor."""
    corridor = re.sub(r"[^A-Za-z0-9]+", "_", str(facts.background["corridor"]["id"]))
    return f"rumbo-{corridor}"


def output_path(facts: ResultFacts) -> str:
    """Return where the model's output lies in the hub."""
    model = model_id(facts)
    return f"{HUB}/{OUTPUT}/{model}/{facts.origin}-{model}.parquet"


@contextmanager
def model_output(path: Path, facts: ResultFacts) -> Iterator[Callable[[QuantileBlock], None]]:
    """Open the model's output.

    Parameters
    ----------
    path
        Where to write it.
    facts
        What all quantities share.

    Yields
    ------
    callable
        Writes the rows of a quantity.
    """
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(path, _schema(), compression="zstd") as file:
        yield lambda block: file.write_table(_rows(block, facts))


def _schema() -> Any:
    import pyarrow as pa

    types = {
        **dict.fromkeys(COLUMNS, pa.string()),
        **dict.fromkeys(("origin_date", "target_end_date"), pa.date32()),
        "horizon": pa.int32(),
        **dict.fromkeys(("output_type_id", "value"), pa.float64()),
    }
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in types.items()])


def _rows(block: QuantileBlock, facts: ResultFacts) -> Any:
    """Return the quantiles of whole tasks, by scenario, location and month."""
    import pyarrow as pa

    told = np.isfinite(block.values) & ~block.suppressed
    scenario, location, month = np.nonzero(told.all(axis=-1))
    values = block.values[scenario, location, month]
    many, size = len(scenario), len(QUANTILES)

    def spread(labels: Sequence[Any], index: np.ndarray) -> Any:
        return pa.array(list(labels)).take(pa.array(np.repeat(index, size)))

    one = np.zeros(many, dtype=np.int64)
    columns = [
        spread([facts.origin], one),
        spread(facts.ids, scenario),
        spread([block.target.name], one),
        spread([place.id for place in block.locations], location),
        spread(facts.ends, month),
        pa.array(np.repeat((month + 1).astype(np.int32), size)),
        spread(["quantile"], one),
        pa.array(np.tile(np.array(QUANTILES), many)),
        pa.array(values.ravel()),
    ]
    return pa.Table.from_arrays(columns, schema=_schema())


def hub_files(facts: ResultFacts, blocks: Sequence[QuantileBlock]) -> dict[str, str]:
    """Return what a hub that takes this output says of it, by path.

    Parameters
    ----------
    facts
        What all quantities share.
    blocks
        The quantities.

    Returns
    -------
    dict
        ``hub-config/tasks.json`` and the description of the model.
    """
    model = model_id(facts)
    return {
        f"{HUB}/hub-config/tasks.json": _text(_tasks(facts, blocks)),
        f"{HUB}/model-metadata/{model}.yml": _metadata(facts, model),
    }


def _text(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _tasks(facts: ResultFacts, blocks: Sequence[QuantileBlock]) -> dict[str, Any]:
    ids = _short([block.target.name for block in blocks])
    tasks = [_task(facts, block, one) for block, one in zip(blocks, ids, strict=True)]
    return {
        "schema_version": f"{SCHEMAS}/tasks-schema.json",
        "rounds": [
            {
                "round_id_from_variable": True,
                "round_id": "origin_date",
                "model_tasks": tasks,
                "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 36_525},
            }
        ],
        "output_type_id_datatype": "double",
        "derived_task_ids": ["target_end_date"],
    }


def _task(facts: ResultFacts, block: QuantileBlock, short: str) -> dict[str, Any]:
    values: dict[str, list[Any]] = {
        "origin_date": [facts.origin.isoformat()],
        "scenario_id": facts.ids,
        "target": [block.target.name],
        "location": [place.id for place in block.locations],
        "target_end_date": [day.isoformat() for day in facts.ends],
        "horizon": list(range(1, len(facts.ends) + 1)),
    }
    return {
        "task_ids": {name: {"required": None, "optional": those} for name, those in values.items()},
        "output_type": {
            "quantile": {
                "output_type_id": {"required": list(QUANTILES)},
                "is_required": True,
                "value": {"type": "double", "minimum": 0},
            }
        },
        "target_metadata": [
            {
                "target_id": short,
                "target_name": block.target.title.en[:LONGEST_NAME],
                "target_units": block.target.unit,
                "target_keys": {"target": block.target.name},
                "description": block.target.title.en,
                "target_type": "continuous",
                "is_step_ahead": True,
                "time_unit": "month",
            }
        ],
    }


def _short(names: Sequence[str]) -> list[str]:
    """Return a short identifier for each name, no two alike."""
    found: list[str] = []
    for name in names:
        one, number = name[:LONGEST_ID], 2
        while one in found:
            end = f"_{number}"
            one, number = name[: LONGEST_ID - len(end)] + end, number + 1
        found.append(one)
    return found


def _metadata(facts: ResultFacts, model: str) -> str:
    team, _, abbreviation = model.partition("-")
    content = {
        "team_name": "Rumbo",
        "team_abbr": team,
        "model_name": str(facts.about.get("title", model)),
        "model_abbr": abbreviation,
        "model_version": str(facts.about.get("version", "")),
        "designated_model": True,
    }
    # Texts and truths of JSON are those of YAML.
    return "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in content.items()
    )
