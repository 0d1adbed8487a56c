import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RoomCredit } from "../../api/schema.gen";
import { percentOf } from "../../components/credit";
import { chooseLanguage } from "../../i18n/language.svelte";
import Credit from "./Credit.svelte";

const descendant = { number: 1, share: 0.5, lives_on: false };
const answer: RoomCredit = {
  credit: { generation: 3, size: 10, liked: 2, parents_liked: 1, parents_liked_by: 12, share: 0.34, descendants: [descendant, { ...descendant, number: 4 }] },
  gallery: "/gallery/12/",
};
let asked: string[] = [];

function answering(body: unknown, status = 200): void {
  asked = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
}

async function shown(isDue: boolean): Promise<void> {
  render(Credit, { props: { code: "abc", isDue, isBeside: true } });
  await vi.advanceTimersByTimeAsync(1_600);
}

beforeEach(() => {
  vi.useFakeTimers();
  chooseLanguage("en");
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("it is asked for when it is due and not before, and says one sentence", async () => {
  answering(answer);
  await shown(false);
  expect(asked).toEqual([]);
  cleanup();
  await shown(true);
  expect(asked).toEqual(["/api/v1/rooms/abc/credit/"]);
  expect(screen.getByTestId("credit").textContent).toBe(
    "2 of the 10 phrases that live now descend from phrases that you rated 3 or more.",
  );
  expect(screen.getByTestId("to-gallery").getAttribute("href")).toBe("/gallery/12/");
});

test("who has no descendants, or is not known, is told nothing, and a gallery that there is not leads nowhere", async () => {
  for (const credit of [null, { ...answer.credit, descendants: [] }]) {
    answering({ credit, gallery: null });
    await shown(true);
    expect(screen.queryByTestId("credit")).toBeNull();
    expect(screen.queryByTestId("to-gallery")).toBeNull();
    cleanup();
  }
});

test("a server that does not answer takes nothing away", async () => {
  answering({ code: "too_fast", message: "Wait." }, 429);
  await shown(true);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  cleanup();
  await shown(true);
  expect(screen.queryByTestId("credit")).toBeNull();
});

test("a small part is not told as nothing", () => {
  expect([0, 0.001, 0.344, 1].map(percentOf)).toEqual([0, 1, 34, 100]);
});
