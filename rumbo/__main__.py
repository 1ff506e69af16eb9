"""``python -m rumbo`` and the command ``rumbo``: Ctrl-C ends it in a line, even while it loads."""

from rumbo.cli.early import end_stopped, was_stopped, watch, write_utf8


def main() -> None:
    """Load the command line and run it."""
    watch()
    write_utf8()
    try:
        from rumbo.cli.commands import main as run

        run()
    except BaseException:
        # Libraries turn what interrupts them while they load into faults of their own.
        if was_stopped():
            end_stopped()
        raise


if __name__ == "__main__":
    main()
