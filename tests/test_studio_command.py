"""The studio as a command, and scenarios saved there run as one."""

import json
import re
import shutil
import socket
import subprocess
import sys
import webbrowser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import folders
import pytest
from command_line import COMMAND, ROOT, THREE_PLACES, environment, here

import rumbo
from rumbo.files.faults import Faults
from rumbo.run.folder import open_run
from rumbo.studio import saved, serving
from rumbo.studio.question import read_asked
from rumbo.studio.wording import Text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A saved scenario beside its corridor."""
    folder = tmp_path / "three_places"
    shutil.copytree(THREE_PLACES, folder)
    base = rumbo.load(folders.with_outcomes(folder))
    weights = {"vote": {"close": 0.9, "open": 0.1}}
    asked = read_asked({"levers": [{"id": "bus-closure", "on": False}], "weights": weights}, base)
    path = tmp_path / "open.rumbo.json"
    path.write_text(saved.written(asked, base), "utf-8")
    return path


def test_a_saved_scenario_is_run_beside_the_corridor_as_it_was(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = here("run", file, "--members", "2", "--language", "en", "--out", out)
    assert done.returncode == 0, done.stderr
    assert open_run(out)["scenario"].values.tolist() == ["base", "without bus-closure"]
    assert "bear on months ahead alone" in done.stderr


def test_a_saved_scenario_is_run_as_it_is(file: Path) -> None:
    done = here("run", file, "--without", "more-slots")
    assert done.returncode == 2
    assert "--without: a saved scenario is run as it is." in done.stderr
    file.write_text(json.dumps({"corridor": "three_places"}), "utf-8")
    done = here("run", file, "--language", "es")
    assert done.returncode == 2
    assert "Este archivo no contiene un escenario" in done.stderr


def test_a_port_in_use_is_told_and_nothing_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = here("studio", THREE_PLACES, "--no-browser", "--port", port)
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr


def test_a_corridor_with_faults_is_listed_on_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(THREE_PLACES, folder)
    (folder / "links.csv").write_text("from,to\n", "utf-8")
    words = [*COMMAND, "studio", str(folder), "--no-browser", "--port", "0"]
    around = environment() | {"LC_ALL": "es_MX.UTF-8"}
    studio = subprocess.Popen(words, env=around, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        assert studio.stderr is not None
        line = next(line for line in studio.stderr if "#token=" in line)
        address = next(word for word in line.split() if "#token=" in word)
        told = HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=60)
        told.request("GET", "/api/desk", headers={"X-Rumbo-Token": address.partition("=")[2]})
        reply = told.getresponse()
        faults = json.loads(reply.read())["faults"]
        told.close()
    finally:
        studio.terminate()
        studio.wait(30)
        studio.stderr.close()
    assert reply.status == 422
    assert "links.csv" in faults[0]["en"]
    assert "fila" in faults[0]["es"]


def test_a_corridor_recorded_by_day_is_refused(tmp_path: Path) -> None:
    crisis = rumbo.read_flee(ROOT / "examples" / "five_places")
    with pytest.raises(Faults, match="recorded by day"):
        serving.opened(crisis.write(tmp_path / "crisis"))


def test_a_browser_that_cannot_be_opened_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Text] = []
    monkeypatch.setattr(webbrowser, "open", lambda _address: False)
    serving._open("http://127.0.0.1:1/", told.append)
    assert "No browser could be opened" in told[0]["en"]


def test_without_its_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "rumbo.studio.serving")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = here("studio", "--no-browser")
    assert done.returncode == 2
    assert "pip install 'rumbo[studio]'" in done.stderr


def test_the_python_of_the_page_on_the_studio_runs(file: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "studio.md").read_text("utf-8")
    code, *_ = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    file.rename(tmp_path / "plan.rumbo.json")
    few = code.replace("members=20", "members=2")
    words = [sys.executable, "-W", "error", "-c", few]
    subprocess.run(words, cwd=tmp_path, env=environment(), check=True, timeout=600)
    assert (tmp_path / "plan.html").stat().st_size > 0
