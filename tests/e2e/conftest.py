"""A real browser and the whole platform, once for all tests here.

The browser is Chromium, or what ANTIPHON_BROWSER says: firefox is driven over WebDriver BiDi (docs/browsers.md).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

# By ANTIPHON_BROWSER: the variable that names the program, its names on the path, and where macOS has it.
PROGRAMS = {
    "chromium": (
        "ANTIPHON_CHROMIUM",
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ),
    "firefox": (
        "ANTIPHON_FIREFOX",
        ("firefox-esr", "firefox"),
        Path("/Applications/Firefox.app/Contents/MacOS/firefox"),
    ),
}
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


# Sound needs a press, as people have it; and what is asked for over http is not tried over https first.
FIREFOX_PREFERENCES: dict[str, str | float | bool] = {"media.autoplay.default": 1, "dom.security.https_first": False}


def browser_name() -> str:
    """Which browser is asked for: chromium or firefox. Raises pytest.UsageError."""
    name = os.environ.get("ANTIPHON_BROWSER") or "chromium"
    if name not in PROGRAMS:
        raise pytest.UsageError(f"ANTIPHON_BROWSER: expected one of {', '.join(PROGRAMS)}, got {name!r}.")
    return name


def program() -> str | None:
    """The browser of this machine: the one that is named, or one on the path."""
    variable, names, on_macos = PROGRAMS[browser_name()]
    if named := os.environ.get(variable):
        return named
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or (str(on_macos) if on_macos.exists() else None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser that is asked for, without a window."""
    if browser_name() == "firefox":
        return playwright.firefox.launch(
            channel="moz-firefox", executable_path=program(), firefox_user_prefs=FIREFOX_PREFERENCES
        )
    return playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, leave these tests out and say so, unless ANTIPHON_REQUIRE_BROWSER asks for them."""
    ours = [item for item in items if "tests/e2e/" in item.nodeid]
    if not ours or program() is not None:
        return
    name = browser_name()
    reason = f"No {name.capitalize()} was found: install it, or name one with {PROGRAMS[name][0]}."
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
    """One browser; each person gets a context of their own. Its event loop must end before other tests run theirs."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens(pytestconfig: pytest.Config) -> Screens:
    """Where screenshots go: var/screenshots/, emptied first."""
    folder = pytestconfig.rootpath / "var" / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Screens(folder)
