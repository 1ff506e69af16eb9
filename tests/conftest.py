"""Options of the tests."""

import pytest
from hypothesis import settings

# Machines are shared: no example has a time of its own, and every run tries the same examples.
settings.register_profile("rumbo", deadline=None, derandomize=True)
settings.load_profile("rumbo")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites golden files."""
    parser.addoption(
        "--regenerate", action="store_true", help="rewrite the golden files with today's numbers"
    )
