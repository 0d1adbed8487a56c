"""What all tests share."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Say at once what is wrong when the plugin that gives the tests their servers was left out."""
    if not config.pluginmanager.has_plugin("tests.servers"):
        raise pytest.UsageError("The tests need `-p tests.servers`: run them with pyproject.toml's addopts in force.")
