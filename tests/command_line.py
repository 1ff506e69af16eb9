"""The command line as a user meets it: a process of its own."""

import contextlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rumbo.cli.commands import main

ROOT = Path(__file__).parent.parent
THREE_PLACES = ROOT / "examples" / "three_places"

PROGRAM = "import sys; from rumbo.cli.commands import main; sys.exit(main())"
COMMAND = (sys.executable, "-c", PROGRAM)
IN_PROCESSES = (
    sys.executable,
    "-c",
    f"from rumbo.run import workers; workers.MOST_THREADS = 1; {PROGRAM}",
)
"""The command where two workers are processes already: each takes seconds to start."""

COMPARE = ("compare", str(THREE_PLACES), "--without", "bus-closure", "--seed", "7")


def environment() -> dict[str, str]:
    """Return the environment of the process: this checkout first, and plain wide output."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path, "COLUMNS": "200", "NO_COLOR": "1"}


def rumbo(
    *arguments: object, cwd: Path | None = None, command: tuple[str, ...] = COMMAND
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*command, *map(str, arguments)], cwd=cwd, env=environment(), text=True, encoding="utf-8",
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip


def here(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: a process of its own takes seconds to start."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "argv", ["rumbo", *map(str, arguments)])
        patch.setenv("COLUMNS", "200")
        patch.setenv("NO_COLOR", "1")
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(sys.argv, code, out.getvalue(), err.getvalue())


def start(*arguments: object, command: tuple[str, ...] = COMMAND) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [*command, *map(str, arguments)], env=environment(), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def stop(process: subprocess.Popen[str], signal: int) -> tuple[str, str]:
    """Send a signal to a command and its workers; return what it had printed."""
    os.killpg(process.pid, signal)
    return process.communicate(timeout=60)


def chunks(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the files of finished members in a run folder: inode and time of writing by name."""
    found = {}
    for path in (folder / "members").glob("[!.]*"):
        stat = path.stat()
        found[path.name] = (stat.st_ino, stat.st_mtime_ns)
    return found


def wait_for_chunks(process: subprocess.Popen[str], folder: Path, number: int) -> None:
    """Wait until a command has kept some members."""
    for _ in range(24_000):  # two minutes at the least
        if len(chunks(folder)) >= number:
            return
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        time.sleep(0.005)
    raise AssertionError("no members were kept in two minutes")


def content(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
