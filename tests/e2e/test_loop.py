"""The loop in a real browser: a host, two listeners, from upload to the second generation's MIDI."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import mido
import music21
import pytest
from playwright.sync_api import Browser, expect

from antiphon.datasets.starter import STARTER_FOLDER
from tests.e2e.host import SOON_MS, WORK_MS, Host
from tests.e2e.listener import Listener
from tests.e2e.screens import Screens
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

SIZE = 4
FRAME = {
    "bars": "2",
    "notes-per-bar": "4",
    "key": "A",
    "scale": "dorian",
    "root-octave": "4",
    "tempo": "200",
    "size": str(SIZE),
    "mutations": "2",
    "quorum": "2",
}


@pytest.fixture
def host(stack: Stack, browser: Browser) -> Iterator[Host]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield Host(context.new_page(), stack.url)
    context.close()


@pytest.fixture
def listeners(browser: Browser) -> Iterator[list[Listener]]:
    people = [Listener(browser, name) for name in ("Ada", "Béla")]
    yield people
    for person in people:
        person.page.context.close()


def uploads(folder: Path) -> list[Path]:
    """A zip of chords, with a broken file among them, and a piece on its own."""
    archive = folder / "chords.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted((STARTER_FOLDER / "dataset2").rglob("*.mid"))[:20]:
            packed.write(path, f"chords/{path.name}")
        packed.writestr("chords/broken.mid", b"MThd\x00\x00\x00\x06\x00\x01\x00\x02")
    return [archive, *sorted((STARTER_FOLDER / "dataset1" / "classical").glob("chopin_prelude*.mid"))]


def test_a_crowd_breeds_a_second_generation_from_a_hosts_own_midi(
    stack: Stack, host: Host, listeners: list[Listener], screens: Screens, tmp_path: Path
) -> None:
    try:
        look_around(host, screens)
        bring_midi(host, screens, tmp_path)
        train_and_sample(host, screens)
        link = seed_and_open(host, screens)
        rate_a_generation(listeners, link, screens)
        see_what_was_bred(host, screens, tmp_path)
        assert [trouble for person in listeners for trouble in person.troubles] == []
    except Exception as error:
        error.add_note(stack.words())
        raise


def look_around(host: Host, screens: Screens) -> None:
    """The pages that need no sign-in, and the sign-up."""
    for name, path in (
        ("landing", "/"),
        ("credits", "/credits/"),
        ("sign-in", "/accounts/login/"),
        ("lost", "/r/nothing/"),
    ):
        host.page.goto(f"{host.base_url}{path}")
        screens.take(host.page, name)
    host.sign_up("host@example.org")


def bring_midi(host: Host, screens: Screens, folder: Path) -> None:
    """Files and a zip, of which one file is broken: it is refused with its reason, the rest goes on."""
    expect(host.row("Whole pieces").or_(host.page.get_by_text("No dataset")).first).to_be_visible(timeout=SOON_MS)
    screens.take(host.page, "datasets")
    host.make_dataset("My chords")
    screens.take(host.page, "dataset-empty")
    host.upload(uploads(folder))
    expect(host.page.get_by_test_id("verdict-accepted")).to_contain_text("22", timeout=WORK_MS)
    refused = host.row("broken.mid")
    expect(refused).to_contain_text("Refused")
    assert len(refused.locator("[title]").last.get_attribute("title") or "") > 10
    screens.take(host.page, "dataset")


def train_and_sample(host: Host, screens: Screens) -> None:
    """A short run whose loss curve moves, and samples of its best checkpoint."""
    host.train(dataset="My chords", name="Night school", minutes=0.4)
    expect(host.by("run-progress")).to_be_visible(timeout=WORK_MS)
    expect(host.by("run-progress")).to_contain_text("poch", timeout=WORK_MS)
    screens.take(host.page, "training")
    expect(host.by("run-state")).to_have_text("Finished", timeout=WORK_MS)
    expect(host.by("checkpoint-samples")).to_be_visible(timeout=SOON_MS)
    screens.take(host.page, "model")
    host.by("run-samples").click()
    host.by("draw-count").fill("2")
    host.by("draw-length").fill("48")
    host.by("draw-samples").click()
    expect(host.page.get_by_test_id("sample-card")).to_have_count(2, timeout=WORK_MS)
    screens.take(host.page, "samples")
    host.page.get_by_test_id("phrase-play").first.click()
    expect(host.page.get_by_role("button", name="Pause").first).to_be_visible(timeout=SOON_MS)


def seed_and_open(host: Host, screens: Screens) -> str:
    """A population of samples, and a room for it."""
    host.by("samples-population").click()
    expect(host.by("population-name")).to_be_visible(timeout=SOON_MS)
    screens.take(host.page, "population-new", is_full=True)
    host.create_population(name="Small hours", fields=FRAME)
    expect(host.page.get_by_test_id("individual-row").locator("visible=true")).to_have_count(SIZE, timeout=WORK_MS)
    screens.take(host.page, "population")
    link = host.open_room()
    expect(host.by("room-qr")).to_be_visible(timeout=SOON_MS)
    screens.take(host.page, "room-of-host")
    return link


def rate_a_generation(listeners: list[Listener], link: str, screens: Screens) -> None:
    """Both hear and rate every phrase, one by keys and one by touch, until the next generation comes by itself."""
    first, second = listeners
    first.open(link)
    screens.take(first.page, "join")
    first.join()
    second.open(link)
    second.join()
    expect(first.by("presence")).to_have_attribute("data-here", "2", timeout=SOON_MS)
    for turn in range(SIZE):
        for person in listeners:
            person.hear()
            if turn == 0 and person is first:
                screens.take(person.page, "room")
            person.rate((turn + listeners.index(person)) % 6, by_key=person is first)
            if turn < SIZE - 1:
                person.expect_kept(turn + 1)
    for person in listeners:
        expect(person.by("born")).to_be_visible(timeout=WORK_MS)
    screens.take(first.page, "born")
    for person in listeners:
        expect(person.by("generation")).to_have_attribute("data-generation", "1", timeout=WORK_MS)
        expect(person.by("play").or_(person.by("continue")).first).to_be_visible(timeout=SOON_MS)
        if person.by("continue").is_visible():  # whoever is at it with the mouse is not moved on
            person.by("continue").click()
        expect(person.by("play")).to_be_visible(timeout=SOON_MS)
    screens.take(second.page, "room-next-generation")


def see_what_was_bred(host: Host, screens: Screens, folder: Path) -> None:
    """Fitness with its standard error, parents, and the second generation's MIDI, which other programs read."""
    screens.take(host.page, "room-of-host-live")
    host.go("rooms")
    screens.take(host.page, "rooms")
    host.go("populations")
    screens.take(host.page, "populations")
    host.row("Small hours").get_by_role("link").first.click()
    rows = host.page.get_by_test_id("individual-row").locator("visible=true")
    host.by("generation-0").click()
    expect(rows).to_have_count(SIZE, timeout=SOON_MS)
    expect(host.by("fitness")).to_contain_text("±", timeout=SOON_MS)
    screens.take(host.page, "generation-closed", is_full=True)
    host.by("generation-1").click()
    expect(host.page.get_by_test_id("parent-link").locator("visible=true").first).to_be_visible(timeout=SOON_MS)
    screens.take(host.page, "generation-bred", is_full=True)
    read_by_others(host.download(host.by("midi-download"), folder))
    packed = host.download(host.by("zip-download"), folder)
    with zipfile.ZipFile(packed) as archive:
        names = [name for name in archive.namelist() if name.endswith(".mid")]
        assert len(names) == SIZE
        assert mido.MidiFile(file=BytesIO(archive.read(names[0]))).length > 0


def read_by_others(path: Path) -> None:
    """mido and music21 find the same notes in a file."""
    by_mido = [message.note for message in mido.MidiFile(path) if message.type == "note_on" and message.velocity > 0]
    piece = music21.converter.parse(path).stripTies()  # it cuts notes at bar lines
    by_music21 = [pitch.midi for element in piece.flatten().notes for pitch in element.pitches]
    assert len(by_mido) > 0
    assert sorted(by_music21) == sorted(by_mido)
