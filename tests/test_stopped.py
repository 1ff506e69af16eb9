"""Ctrl-C at any time, also while modules load, ends in one line of the reader's language."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import COMPARE, THREE_PLACES, environment, rumbo, wait_for_chunks

PRESSED = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Pressing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Pressing())
from rumbo.__main__ import main
main()
"""
"""The command, with Ctrl-C pressed at the moment when a module is looked for."""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX does")
@pytest.mark.parametrize("name", ["typer", "pandas", "xarray", "rumbo.run.simulate"])
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Stopped. What was finished is kept; give the same command again.\n"),
        ("es", "Interrumpido. Lo que se terminó se guarda; dé el mismo comando otra vez.\n"),
    ],
)
def test_while_modules_load(name: str, language: str, line: str, tmp_path: Path) -> None:
    command = (sys.executable, "-c", PRESSED.format(name=name))
    asked = ("run", THREE_PLACES, "--members", 2, "--out", tmp_path / "run")
    done = rumbo(*asked, "--language", language, command=command)
    assert (done.returncode, done.stderr, done.stdout) == (130, line, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX does")
def test_in_the_middle_of_a_run_what_is_finished_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "run"
    asked = (*COMPARE, "--members", "60", "--workers", "1", "--out", out)
    command = [sys.executable, "-m", "rumbo", *map(str, asked), "--language", "es"]
    done = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
    wait_for_chunks(done, out, 1)
    done.send_signal(signal.SIGINT)
    told = done.communicate(timeout=120)[1]
    assert done.returncode == 130, told
    assert f"Los miembros terminados se guardan en {out}; el mismo comando sigue" in told
    assert [*out.glob("members/scenario*.npz")]
