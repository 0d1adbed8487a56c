"""What a listener does in a room, on a phone."""

import json
import time
from contextlib import suppress

from playwright.sync_api import Browser, Locator, Page, expect

SOON_MS = 30_000
BEGINS_MS = 1_000  # that a phrase is given to begin by itself; one that came late does not
EACH_MS = 50
AFTER_PHRASES = ("duel", "done", "breeding", "born")
PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1440, "height": 900}


class Listener:
    """One guest with a browser of their own."""

    def __init__(self, browser: Browser, name: str, *, is_phone: bool = True, language: str = "en") -> None:
        self.name = name
        viewport = PHONE if is_phone else DESKTOP
        context = browser.new_context(viewport=viewport, has_touch=is_phone, locale=language)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.rated_roll = ""  # the label of the roll that was rated last
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def by(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def open(self, link: str) -> None:
        self.page.goto(link)
        expect(self.by("join-name")).to_be_visible(timeout=SOON_MS)

    def knock(self) -> None:
        """Join, and agree to what is asked at the door."""
        self.by("join-name").fill(self.name)
        self.by("join").click()
        self.by("agree").click(timeout=SOON_MS)
        expect(self.by("headphones")).to_be_visible(timeout=SOON_MS)

    def join(self) -> None:
        """Go straight in: no headphone test, no practice."""
        self.knock()
        self.by("headphones-skip").click()
        self.by("practice-skip").click(timeout=SOON_MS)
        expect(self.by("practice")).to_have_count(0)
        expect(self.by("play")).to_be_visible(timeout=SOON_MS)

    def hear(self) -> None:
        """Listen until the ratings wake up. A phrase that follows another one begins by itself."""
        # The phrase before takes 200 ms to leave, with its ratings awake: wait until another is on the roll.
        expect(self.page.locator(f"[data-testid=roll]{self._other_than_rated}").first).to_be_visible(timeout=SOON_MS)
        awake = self.page.locator("[data-testid=rate-0][aria-disabled=false]")
        begun = self.page.locator("[data-testid=play]:is([data-state=playing], [data-state=loading])")
        if self.rated_roll:
            with suppress(AssertionError):
                expect(awake.or_(begun).first).to_be_visible(timeout=BEGINS_MS)
        if awake.count() + begun.count() == 0:
            self.by("play").click()
        expect(awake).to_be_visible(timeout=SOON_MS)

    def sees(self, expression: str, *, within_ms: float = SOON_MS) -> bool:
        """Whether a script says yes within some time. The page's policy lets nothing in the page ask it repeatedly."""
        deadline = time.monotonic() + within_ms / 1000
        while not (is_so := bool(self.page.evaluate(expression))) and time.monotonic() < deadline:
            self.page.wait_for_timeout(EACH_MS)
        return is_so

    def turn(self) -> None:
        """Wait until what was rated has left: another phrase is there, a duel, or what comes once all are rated."""
        parts = (f"[data-testid=roll]{self._other_than_rated}", *(f"[data-testid={one}]" for one in AFTER_PHRASES))
        expect(self.page.locator(", ".join(parts)).first).to_be_visible(timeout=SOON_MS)

    @property
    def _other_than_rated(self) -> str:
        return f":not([aria-label={json.dumps(self.rated_roll, ensure_ascii=False)}])" if self.rated_roll else ""

    def rate(self, value: int, *, by_key: bool) -> None:
        self.rated_roll = self.by("roll").first.get_attribute("aria-label") or ""
        if by_key:
            self.page.keyboard.press(str(value))
        else:
            self.by(f"rate-{value}").click()

    def expect_kept(self, answered: int) -> None:
        """The server has what was said, and counts so many answers."""
        expect(self.by("kept")).to_have_attribute("data-answered", str(answered), timeout=SOON_MS)
        expect(self.by("kept")).to_have_attribute("data-kept", "true", timeout=SOON_MS)
