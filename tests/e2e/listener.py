"""What a listener does in a room, on a phone."""

from playwright.sync_api import Browser, Locator, Page, expect

SOON_MS = 30_000
PHONE = {"width": 390, "height": 780}


class Listener:
    """One guest with a browser of their own."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.name = name
        self.page: Page = browser.new_context(viewport=PHONE, has_touch=True).new_page()  # type: ignore[arg-type]
        self.troubles: list[str] = []
        self.has_played = False
        self.rated_roll = ""  # the label of the roll that was rated last
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def by(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def open(self, link: str) -> None:
        self.page.goto(link)
        expect(self.by("join-name")).to_be_visible(timeout=SOON_MS)

    def join(self) -> None:
        self.by("join-name").fill(self.name)
        self.by("join").click()
        expect(self.by("play")).to_be_visible(timeout=SOON_MS)

    def hear(self) -> None:
        """Listen until the ratings wake up. After the first play, phrases begin by themselves."""
        # The phrase before takes 200 ms to leave, with its ratings awake: wait until another is on the roll.
        roll = self.by("roll")
        if self.rated_roll:
            expect(roll).not_to_have_attribute("aria-label", self.rated_roll, timeout=SOON_MS)
        play = self.by("play")
        if not self.has_played:
            play.click()
            self.has_played = True
        expect(self.by("rate-0")).to_have_attribute("aria-disabled", "false", timeout=SOON_MS)

    def rate(self, value: int, *, by_key: bool) -> None:
        self.rated_roll = self.by("roll").get_attribute("aria-label") or ""
        if by_key:
            self.page.keyboard.press(str(value))
        else:
            self.by(f"rate-{value}").click()
