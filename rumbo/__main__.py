"""``python -m rumbo`` is the command ``rumbo``."""

from rumbo.cli.commands import main

main()
