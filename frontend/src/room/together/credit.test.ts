import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseLanguage } from "../../i18n/language.svelte";
import type { Credited } from "../../protocol/protocol.gen";
import Credit from "./Credit.svelte";

const credited: Credited = { type: "credited", generation: 3, size: 10, descendants: 2, parents_liked: 1, parents_liked_by: 12, gallery: "/gallery/12/" };

beforeEach(() => chooseLanguage("en"));
afterEach(cleanup);

test("one sentence says what descends from what was liked, and the gallery opens beside a room that goes on", () => {
  render(Credit, { props: { credit: credited, isBeside: true } });
  expect(screen.getByTestId("credit").textContent).toBe("2 of the 10 phrases that live now descend from phrases that you rated 3 or more.");
  expect(screen.getByTestId("to-gallery").getAttribute("href")).toBe("/gallery/12/");
  expect(screen.getByTestId("to-gallery").getAttribute("target")).toBe("_blank");
});

test("who has no descendants, or was not told, reads nothing, and a gallery that there is not leads nowhere", () => {
  for (const credit of [null, { ...credited, descendants: 0, gallery: null }]) {
    render(Credit, { props: { credit } });
    expect(screen.queryByTestId("credit")).toBeNull();
    expect(screen.queryByTestId("to-gallery")).toBeNull();
    cleanup();
  }
});
