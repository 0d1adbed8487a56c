"""A host's ways to breed, in a real browser: the study's bits, closing by certainty, and a branch from a phrase."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.host import SOON_MS, WORK_MS, Host
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

SIZE = 4
FRAME = {"bars": "2", "notes-per-bar": "4", "size": str(SIZE), "quorum": "1"}


@pytest.fixture(scope="module")
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    host = Host(context.new_page(), stack.url)
    host.sign_up("breeder@example.org")
    yield host
    context.close()


@pytest.fixture
def screens(tmp_path: Path) -> Screens:
    """Pictures for the look at their widths alone."""
    return Screens(tmp_path)


def begin_population(host: Host) -> None:
    host.go("populations")
    host.by("population-new").click()
    expect(host.by("population-name")).to_be_visible(timeout=SOON_MS)


def pick(host: Host, testid: str) -> None:
    """A card, whose radio button is what the keyboard reaches."""
    host.page.get_by_test_id(testid).check(force=True)


def rows(host: Host) -> Locator:
    return host.page.get_by_test_id("individual-row").locator("visible=true")


def facts(host: Host) -> str:
    return host.page.locator("main dl").first.inner_text()


def test_a_population_of_the_studys_bits_is_made_by_the_form(host: Host, screens: Screens) -> None:
    begin_population(host)
    expect(host.by("population-checkpoint")).to_be_visible()
    pick(host, "population-recipe-study")
    expect(host.page.get_by_test_id("population-encoding-study")).to_be_checked()
    expect(host.page.get_by_test_id("population-checkpoint")).to_have_count(0)
    expect(host.page.get_by_test_id("population-taste")).to_be_disabled()
    pick(host, "population-reading-faithful")
    screens.take(host.page, "new-study", is_full=True)
    host.by("population-beats-per-bar").fill("3")
    host.by("population-create").click()
    expect(host.page.get_by_text("The study knew only bars of 4 beats.")).to_be_visible()
    host.by("population-beats-per-bar").fill("4")
    host.create_population(name="As in the study", fields=FRAME)
    expect(rows(host)).to_have_count(SIZE, timeout=WORK_MS)
    assert "bits, as they sounded" in facts(host)
    host.by("view-figures").click()
    expect(host.page.get_by_text("No figures yet")).to_be_visible()
    host.by("view-listeners").click()
    expect(host.page.get_by_text("Nobody has rated yet")).to_be_visible(timeout=SOON_MS)


def test_a_setting_that_cannot_be_is_told_beside_its_field_which_opens(host: Host) -> None:
    begin_population(host)
    host.by("population-name").fill("Too many elites")
    host.page.get_by_text("Selection, crossover and the rest").click()
    host.by("population-elites").fill("12")
    host.page.get_by_text("Selection, crossover and the rest").click()
    expect(host.page.get_by_test_id("population-elites")).to_be_hidden()
    host.by("population-create").click()
    expect(host.by("population-elites")).to_be_focused()
    expect(host.page.get_by_text("From 0 to 9; this is 12.")).to_be_visible()


def test_a_population_closes_by_certainty_and_a_branch_grows_from_one_of_its_phrases(
    host: Host, screens: Screens, tmp_path: Path
) -> None:
    begin_population(host)
    host.page.get_by_text("By certainty").click()
    host.by("population-wanted-error").fill("0.4")
    expect(host.by("population-closing-means")).to_contain_text("0.40 rating points")
    host.create_population(name="Sure enough", fields=FRAME)
    expect(rows(host)).to_have_count(SIZE, timeout=WORK_MS)
    assert "at an error of 0.40" in facts(host)
    expect(host.by("quorum-progress")).to_contain_text(f"0 of {SIZE} ratings", timeout=SOON_MS)
    expect(host.by("certainty-progress")).to_contain_text("closes at 0.40")

    host.page.get_by_role("button", name="Details of phrase 2").click()
    screens.take(host.page, "phrase-open", is_full=True)
    host.by("branch-from").click()
    expect(host.by("branch-source")).to_contain_text("Sure enough", timeout=SOON_MS)
    screens.take(host.page, "branch-new", is_full=True)
    host.create_population(name="A side road", fields={"fresh-share": "0.5"})
    expect(rows(host)).to_have_count(SIZE, timeout=WORK_MS)
    assert "at an error of 0.40" in facts(host)  # closed as where it grew from
    origin = host.by("branched-from")
    expect(origin).to_contain_text("phrase 2 of generation 1 of Sure enough")
    screens.take(host.page, "branch", is_full=True)

    origin.get_by_role("link").click()
    expect(host.by("branches")).to_contain_text("A side road", timeout=SOON_MS)
    read_archive(host.download(host.by("archive-download"), tmp_path))


def read_archive(path: Path) -> None:
    """All that the breeding rests on, with nobody's name."""
    with zipfile.ZipFile(path) as archive:
        facts = json.loads(archive.read("population.json"))
        individuals = json.loads(archive.read("individuals.json"))
    assert (facts["name"], facts["closing"], facts["wanted_error"]) == ("Sure enough", "certainty", 0.4)
    assert len(individuals) == SIZE
