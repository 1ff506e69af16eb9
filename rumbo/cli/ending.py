"""How a command ends: whatever fails is told in one plain line, and the exit code says which."""

import os
import re
import sys
from concurrent.futures.process import BrokenProcessPool
from typing import NoReturn

import typer

from rumbo.cli.early import STOPPED, STOPPED_LINE
from rumbo.cli.spoken import call
from rumbo.cli.terminal import say
from rumbo.cli.words import fault_lines, said

BAD_INPUT, FAILED = 2, 1
"""Exit codes: faults in what was asked; a disk or worker that failed, runs that differ."""


def run_app(app: typer.Typer) -> None:
    """Run the command line, and end the program.

    Parameters
    ----------
    app
        The commands.
    """
    from rumbo.files.faults import Faults
    from rumbo.run.cluster.engine import WorkersLost

    try:
        sys.exit(call(app))
    except Faults as faults:
        option = "--lever" if {"attribute", "calibrate", "sensitivity"} & {*sys.argv[1:2]} else ""
        _end(fault_lines(faults.faults, option), BAD_INPUT)
    except BrokenProcessPool:
        _end(
            "A worker process was killed, often because memory ran out. Finished members are kept: "
            "give the same command again, with --workers 1 if it happens twice.",
            FAILED,
        )
    except WorkersLost:
        _end(
            "The cluster's workers were lost, often because memory ran out. Finished members are "
            "kept: give the same command again.",
            FAILED,
        )
    except OSError as error:
        file = error.filename2 or error.filename  # of a copy, where it was to go
        where = f" ({file})" if file else ""
        _end(
            f"The disk refused: {said(_reason(error))}{where}. What was finished is kept: "
            "mend that and give the same command again.",
            FAILED,
        )
    except (KeyboardInterrupt, typer.Abort):
        _end(STOPPED_LINE, STOPPED)
    except MemoryError:
        _end("Memory ran out. Ask for fewer --members, places or days.", FAILED)


def _end(lines: str, code: int) -> NoReturn:
    say(lines, error=True)
    sys.exit(code)


def _reason(error: OSError) -> str:
    """Say in the system's words why a disk refused, also where a library hides them in its own."""
    number = re.search(r"errno = (\d+)", str(error))
    return error.strerror or (os.strerror(int(number[1])) if number else str(error).split("\n")[0])
