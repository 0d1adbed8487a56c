"""What of a page can be reached: by a finger, once it is scrolled to, and by the Tab key, with a ring around it."""

from collections.abc import Iterator

from playwright.sync_api import Page

# Each control scrolled to from above and from below, and what a finger would hit in its middle.
COVERED = """
() => {
  const nameOf = node => node.dataset.testid || node.getAttribute("aria-label") || node.textContent.trim().slice(0, 40);
  const controls = [...document.querySelectorAll("main a, main button, main input, main select, main summary")];
  const seen = controls.filter(node => node.checkVisibility() && node.getBoundingClientRect().width > 4);
  return ["start", "end"].flatMap(edge => seen.flatMap(node => {
    node.scrollIntoView({ block: edge, inline: "nearest", behavior: "instant" });
    const box = node.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const isHit = hit !== null && (node.contains(hit) || hit.contains(node) || hit.closest("label")?.contains(node));
    return isHit ? [] : [`${nameOf(node)}, scrolled to the ${edge}: ${hit?.outerHTML.slice(0, 80)}`];
  }));
}
"""
# The control in focus: its name, and what is wrong with how it looks, if anything.
FOCUSED = """
() => {
  const node = document.activeElement;
  if (node === null || node === document.body) return null;
  const words = node.getAttribute("aria-label") || node.textContent.trim().slice(0, 40);
  const name = node.dataset.testid || words || node.tagName;
  const ringed = [node, node.closest("label"), node.closest("tr")].filter(Boolean).map(one => getComputedStyle(one));
  const hasRing = ringed.some(({ boxShadow }) => boxShadow.includes("0px 0px 0px"));
  const box = (node.closest("label") ?? node).getBoundingClientRect();
  const isInView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const amiss = [hasRing ? "" : "no ring", isInView ? "" : "out of view"].filter(Boolean).join(", ");
  return { name, amiss, index: [...document.querySelectorAll("*")].indexOf(node) };
}
"""


def covered(page: Page) -> list[str]:
    """Controls that something else lies over, once they are scrolled to the upper or to the lower edge."""
    return list(page.evaluate(COVERED))


def stops(page: Page) -> Iterator[tuple[str, str]]:
    """What the Tab key comes to from the page's beginning until it leaves the page: each name, and what is amiss there.

    Raises AssertionError where it is held: it comes to a control a second time before it has left.
    """
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); scrollTo(0, 0) }")
    met: list[int] = []
    while True:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or met[:1] == [found["index"]]:
            return
        assert found["index"] not in met, f"The Tab key is held: it is at {found['name']} again."
        met.append(found["index"])
        yield found["name"], found["amiss"]
