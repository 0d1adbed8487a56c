"""A real Chromium and the whole platform, once for all tests here."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Machines that run tests have no sound card; a null device keeps the audio clock going as a real one does.
    "--use-fake-device-for-media-stream",
]


def chromium() -> str | None:
    """The Chromium of this machine: ANTIPHON_CHROMIUM, or one on the path."""
    named = os.environ.get("ANTIPHON_CHROMIUM")
    if named:
        return named
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    return found or (str(MACOS_CHROME) if MACOS_CHROME.exists() else None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, leave these tests out and say so, unless ANTIPHON_REQUIRE_BROWSER asks for them."""
    ours = [item for item in items if "tests/e2e/" in item.nodeid]
    if not ours or chromium() is not None:
        return
    reason = "No Chromium was found: install it, or name one with ANTIPHON_CHROMIUM."
    if os.environ.get("ANTIPHON_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"{reason} ANTIPHON_REQUIRE_BROWSER=1 asks for the tests in a browser.")
    for item in ours:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The platform, running."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium; each person gets a context of their own. Its event loop must end before other tests run theirs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens(pytestconfig: pytest.Config) -> Screens:
    """Where screenshots go: var/screenshots/, emptied first."""
    folder = pytestconfig.rootpath / "var" / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Screens(folder)
