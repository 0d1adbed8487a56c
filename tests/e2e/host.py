"""What a host does in the studio, in a host's words."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PASSWORD = "counterpoint at midnight 7"
SOON_MS = 20_000
WORK_MS = 150_000


class Host:
    """One signed-in host on one page."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url

    def sign_up(self, email: str) -> None:
        self.page.goto(f"{self.base_url}/accounts/signup/")
        self.page.get_by_label("Email").fill(email)
        self.page.locator("input[name=password1]").fill(PASSWORD)
        self.page.locator("input[name=password2]").fill(PASSWORD)
        self.page.locator("form button[type=submit]").last.click()
        expect(self.by("nav-datasets")).to_be_visible(timeout=SOON_MS)

    def by(self, testid: str) -> Locator:
        """A part of the page by its test id."""
        return self.page.get_by_test_id(testid).locator("visible=true").first

    def go(self, section: str) -> None:
        """Open a section by its link in the rail."""
        self.by(f"nav-{section}").click()

    def make_dataset(self, name: str) -> None:
        self.go("datasets")
        self.by("dataset-new").click()
        self.by("dataset-name").fill(name)
        self.by("dataset-create").click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible(timeout=SOON_MS)

    def upload(self, paths: list[Path]) -> None:
        self.page.get_by_test_id("upload-input").set_input_files(paths)

    def row(self, text: str) -> Locator:
        """A table's row that holds a text."""
        return self.page.get_by_role("row").filter(has_text=text).first

    def train(self, *, dataset: str, name: str, minutes: float) -> None:
        self.go("models")
        self.by("run-new").click()
        self.page.get_by_label(dataset).check(force=True)
        self.by("run-minutes").fill(str(minutes))
        self.by("run-name").fill(name)
        self.by("run-start").click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible(timeout=SOON_MS)

    def create_population(self, *, name: str, fields: dict[str, str]) -> None:
        """From the checkpoint that the page in view offers."""
        self.by("population-name").fill(name)
        for field, value in fields.items():
            control = self.by(f"population-{field}")
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)
        self.by("population-create").click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible(timeout=SOON_MS)

    def open_room(self) -> str:
        """Open a room for the population in view and return its link."""
        self.by("room-open").click()
        self.by("room-create").click()
        link = self.by("room-link")
        expect(link).to_be_visible(timeout=SOON_MS)
        return str(link.get_attribute("href"))

    def download(self, control: Locator, folder: Path) -> Path:
        """Press something that downloads, and keep the file."""
        with self.page.expect_download(timeout=SOON_MS) as waiting:
            control.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
