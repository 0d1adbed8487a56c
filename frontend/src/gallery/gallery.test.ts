import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { passOn } from "../components/passing";
import { chooseLanguage, words } from "../i18n/language.svelte";
import { wirePhrase } from "../room/messages.fixture";
import { placesIn, readConfig, type GalleryConfig } from "./config";
import { percentOf } from "./credit";
import Credit from "./Credit.svelte";
import { linkTo } from "./link";
import Shown from "./Shown.svelte";

const shown = { name: "Generation 2, phrase 7", phrase: wirePhrase(), midi: "/gallery/1/2.mid" };
const config: GalleryConfig = { soundfont: "/none.sf3", phrases: { "g2-7": shown } };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  document.body.innerHTML = "";
  chooseLanguage("en");
});

test("phrases find their places, and a place without a phrase stays empty", () => {
  document.body.innerHTML = '<div data-phrase="g2-7"></div><div data-phrase="gone"></div><div data-phrase="toString"></div>';
  expect(placesIn(document, config).map(([, key, one]) => [key, one.name])).toEqual([["g2-7", "Generation 2, phrase 7"]]);
});

test("a page without its configuration says so", () => {
  expect(() => readConfig(document)).toThrow("reload it");
});

test("a phrase is played, taken away and passed on from one component", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: (text: string) => Promise.resolve(void copied.push(text)) } });
  render(Shown, { props: { id: "g2-7", shown, anchor: "g2-7" } });
  expect(screen.getByTestId("phrase-play").getAttribute("aria-label")).toBe("Play Generation 2, phrase 7");
  expect(screen.getByTestId("phrase-midi").getAttribute("href")).toBe("/gallery/1/2.mid");
  await fireEvent.click(screen.getByTestId("phrase-share"));
  await vi.waitFor(() => expect(copied).toEqual([linkTo("g2-7", location)]));
});

test("what may not be taken away offers no file, and a parent has no link of its own", () => {
  chooseLanguage("de");
  render(Shown, { props: { id: "g2-7-parent0", shown: { ...shown, midi: null } } });
  expect(screen.queryByTestId("phrase-midi")).toBeNull();
  expect(screen.queryByTestId("phrase-share")).toBeNull();
  expect(screen.getByTestId("phrase-play").getAttribute("aria-label")).toBe(words().phrase.play(shown.name));
});

test("a device's own way of sending comes before copying; where neither is there it says so", async () => {
  vi.stubGlobal("navigator", { share: () => Promise.reject(new Error("closed")) });
  expect(await passOn("Evening", "https://here/")).toBeNull();
  vi.stubGlobal("navigator", { clipboard: undefined });
  expect(await passOn("Evening", "https://here/")).toBe(false);
});

test("a listener who comes back is told their part, everybody else nothing", async () => {
  const credit = { generation: 3, size: 4, liked: 1, share: 0.5, descendants: [1, 2, 3, 4].map((number) => ({ number, share: 0.5, lives_on: false })) };
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ credit }))));
  render(Credit, { props: { url: "/api/v1/gallery/1/credit/" } });
  const said = await screen.findByTestId("credit");
  expect(said.textContent).toContain("All 4 phrases that live now descend");
  expect(said.textContent).toContain("50%");
  cleanup();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ credit: null, gallery: null }))));
  render(Credit, { props: { url: "/api/v1/gallery/1/credit/" } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(screen.queryByTestId("credit")).toBeNull();
});

test("a small part is not told as nothing", () => {
  expect([0, 0.001, 0.344, 1].map(percentOf)).toEqual([0, 1, 34, 100]);
});

test("a server that does not answer takes nothing away", async () => {
  for (const answering of [() => Promise.reject(new TypeError("no network")), () => Promise.resolve(new Response("{}", { status: 429 }))]) {
    const asked = vi.fn(answering);
    vi.stubGlobal("fetch", asked);
    render(Credit, { props: { url: "/api/v1/gallery/1/credit/" } });
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    expect(screen.queryByTestId("credit")).toBeNull();
    cleanup();
  }
});
