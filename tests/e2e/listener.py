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

    def rated(self) -> int:
        """How many phrases of this generation the server has kept from this listener."""
        kept = self.by("kept")
        return int(kept.get_attribute("data-rated") or 0) if kept.count() else 0

    def hear(self) -> None:
        """Play the phrase until the ratings wake up."""
        expect(self.by("rate-0")).to_have_attribute("aria-disabled", "true", timeout=SOON_MS)
        self.by("play").click()
        expect(self.by("rate-0")).not_to_have_attribute("aria-disabled", "true", timeout=SOON_MS)

    def rate(self, value: int, *, by_key: bool) -> None:
        if by_key:
            self.page.keyboard.press(str(value))
        else:
            self.by(f"rate-{value}").click()
