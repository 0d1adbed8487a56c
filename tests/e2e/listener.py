"""What a listener does in a room, on a phone."""

from playwright.sync_api import Browser, Locator, Page, expect

SOON_MS = 30_000
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
        roll = self.by("roll").first
        if self.rated_roll:
            expect(roll).not_to_have_attribute("aria-label", self.rated_roll, timeout=SOON_MS)
        expect(roll).to_be_visible(timeout=SOON_MS)
        self.page.wait_for_timeout(500)
        is_awake = self.by("rate-0").get_attribute("aria-disabled") == "false"
        if not is_awake and self.by("play").get_attribute("data-state") not in ("playing", "loading"):
            self.by("play").click()
        expect(self.by("rate-0")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)

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
