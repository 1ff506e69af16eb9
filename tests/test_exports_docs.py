"""What the page on exports says is what an export holds, and its code runs."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from command_line import ROOT, environment

PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the page's Python from its first block to its last."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    code = "\n".join(blocks("python")).replace("members=20", "members=3")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "high_90" in done.stdout
    return folder / "tables"


def test_the_files_that_the_page_names_are_there(folder: Path) -> None:
    table = PAGE.partition("## What is in it")[2].partition("A quantity")[0]
    named = re.findall(r"`([\w./<>-]+)`", table)
    assert len(named) > 10
    for name in named:
        pattern = re.sub(r"<\w+>", "*", name)
        assert [*folder.glob(pattern)] or [*(folder / "hub").glob(pattern)], name


def test_the_columns_that_the_page_names_are_there(folder: Path) -> None:
    columns = {
        name
        for path in ("series/stops.csv", "differences/stops.csv", "differences.csv")
        for name in pd.read_csv(folder / path).columns
    }
    table = PAGE.partition("| column | what |")[2].partition("**Do not")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert len(named) > 15
    assert named <= columns


def test_the_r_reads_columns_that_are_there(folder: Path) -> None:
    (code,) = blocks("r")
    columns = {*pd.read_csv(folder / "series" / "encounters_usbp.csv").columns}
    assert {*re.findall(r"\$(\w+)", code)} <= columns
    assert "scenario_id" in code
