"""A page at several widths on both grounds, one after the other, each time as it looks when nothing moves any more."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

THEMES = ("paper", "night")
# Frames for what is drawn anew at another width, and then nothing on its way: a colour on its way is no colour.
SETTLED = """
async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  return document.getAnimations().every(one => one.playState !== "running");
}
"""


def looks(page: Page, sizes: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Set the page to each width (with its height) and theme in turn; its size, theme and motion are put back."""
    size, theme = page.viewport_size, page.evaluate("document.documentElement.dataset.theme ?? ''")
    page.emulate_media(reduced_motion="reduce")  # what would glide is there at once
    for width, height in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        for shown in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", shown)
            page.wait_for_function(SETTLED)
            yield width, shown
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    if theme == "":
        page.evaluate("delete document.documentElement.dataset.theme")
    page.emulate_media(reduced_motion="no-preference")
    if size is not None:
        page.set_viewport_size(size)
