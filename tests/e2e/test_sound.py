"""What a listener hears: sound comes out, unpacked by the browser itself where it can, by ours where it cannot."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.listener import Listener
from tests.e2e.rooms import open_room
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser

# Whatever goes to the loudspeakers is heard by a meter too, which keeps the loudest sample.
METER = """
(() => {
  const connect = AudioNode.prototype.connect;
  window.loudest = 0;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination) {
      const meter = new AnalyserNode(this.context, { fftSize: 2048 });
      connect.call(this, meter);
      const samples = new Float32Array(meter.fftSize);
      setInterval(() => {
        meter.getFloatTimeDomainData(samples);
        window.loudest = Math.max(window.loudest, ...samples.map(Math.abs));
      }, 20);
    }
    return connect.call(this, to, ...rest);
  };
})();
"""
# What a worklet fetches is in no list of the page's; what it is told to fetch is known.
DECODER = """
(() => {
  const addModule = Worklet.prototype.addModule;
  window.decoders = 0;
  Worklet.prototype.addModule = function (url, ...rest) {
    if (/decoder-/.test(url)) window.decoders += 1;
    return addModule.call(this, url, ...rest);
  };
})();
"""
NO_VORBIS = """
BaseAudioContext.prototype.decodeAudioData = () => Promise.reject(new DOMException("no Vorbis here", "EncodingError"));
"""
# A worklet may say that a module was added while that one still compiles its WebAssembly; here it always does.
HASTY = """
(() => {
  const addModule = Worklet.prototype.addModule;
  Worklet.prototype.addModule = function (url, ...rest) {
    const added = addModule.call(this, url, ...rest);
    return /decoder-/.test(url) ? Promise.resolve() : added;
  };
})();
"""
# As pages are that came over plain http: a phone beside the host's laptop.
NO_WORKLET = "delete BaseAudioContext.prototype.audioWorklet;"
AUDIBLE = 0.01
TRIES, EACH_MS = 8, 4_000


def test_this_browser_unpacks_a_piano_itself_and_one_without_vorbis_fetches_a_decoder(
    stack: Stack, browser: Browser
) -> None:
    room = open_room(stack, "Sound", size=4, quorum=3)
    able, unable = Listener(browser, "Ada"), Listener(browser, "Béla")
    try:
        for person, script in ((able, METER), (unable, METER + NO_VORBIS + HASTY)):
            person.page.add_init_script(DECODER + script)
            person.open(room.link)
            person.join()
            person.hear()
            expect_sound(person)
            assert person.troubles == []
        assert decoders_in(able.page) == 0
        assert decoders_in(unable.page) == 1
        # Chromium drops the end of the shortest drum samples: where those are wanted, ours is fetched here too.
        able.by("sound").click()
        able.page.get_by_label("Drums").check(force=True)
        able.page.keyboard.press("Escape")
        able.page.evaluate("window.loudest = 0")
        able.by("play").click()
        expect_sound(able)
        expect(able.by("sound-failed")).to_have_count(0)
        assert decoders_in(able.page) == 1
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        for person in (able, unable):
            person.page.context.close()


@pytest.mark.parametrize("script", [NO_WORKLET, NO_WORKLET + NO_VORBIS], ids=["vorbis", "no vorbis"])
def test_a_page_without_worklets_sounds_too(stack: Stack, browser: Browser, script: str) -> None:
    room = open_room(stack, "Plain", size=4, quorum=3)
    person = Listener(browser, "Ada")
    try:
        person.page.add_init_script(METER + script)
        person.open(room.link)
        person.join()
        person.hear()
        expect_sound(person)
        assert person.troubles == []
    except Exception as error:
        error.add_note(stack.words())
        raise
    finally:
        person.page.context.close()


def expect_sound(person: Listener) -> None:
    """Something is heard. A busy machine may still unpack samples while a short phrase passes: it is played again."""
    for _ in range(TRIES):
        if person.sees(f"window.loudest > {AUDIBLE}", within_ms=EACH_MS):
            return
        person.by("play").click()
    said = person.by("sound-failed").all_inner_texts()
    raise AssertionError(
        f"nothing louder than {AUDIBLE} was heard in {TRIES} tries by {person.name}: "
        f"{decoders_in(person.page)} decoders, play is {person.by('play').get_attribute('data-state')}, told: {said}"
    )


def decoders_in(page: Page) -> int:
    """How often the page has asked for a decoder of ours."""
    return int(page.evaluate("window.decoders ?? 0"))
