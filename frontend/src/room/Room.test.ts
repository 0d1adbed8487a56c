import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../i18n/language.svelte";
import type { ServerMessage } from "../protocol/protocol.gen";
import { ID, kept, namedPhrase, offer, progressOf, welcome } from "./messages.fixture";
import Room from "./Room.svelte";

/** The server's end of the page's websocket. */
class Line {
  static all: Line[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];

  constructor(readonly url: string) {
    Line.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  answer(...messages: ServerMessage[]): void {
    if (this.readyState === 0) {
      this.readyState = 1;
      this.onopen?.();
    }
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const config = { code: "abc", name: "Blues", soundfont: "/static/soundfonts/none.sf3", ws: "/ws/rooms/abc/" };
const pending = { id: ID, about: "z", counts: 1, message: { type: "rate", id: ID, offer: "z", value: 3, heard_ms: 4000 } };
const QUEUE = "antiphon.answers.abc";

/** Storage is read before anything is sent. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function join(...messages: ServerMessage[]): Promise<Line> {
  render(Room, { props: { config } });
  await fireEvent.input(screen.getByTestId("join-name"), { target: { value: "  Ada " } });
  await fireEvent.click(screen.getByTestId("join"));
  await settle();
  const line = Line.all[0]!;
  line.answer(...messages);
  await settle();
  return line;
}

const sentRates = (line: Line): Record<string, unknown>[] => line.sent.filter(({ type }) => type === "rate");

beforeEach(() => {
  Line.all = [];
  localStorage.clear();
  localStorage.setItem("antiphon.door", "headphones practice");
  chooseLanguage("en");
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network in tests")));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("a name stays on this side of the door until its owner agrees, and goes out with that", async () => {
  const asked = { version: "7", texts: [{ language: "en" as const, text: "We keep your ratings." }], is_accepted: false };
  const line = await join(welcome({ consent: asked, name: null }));
  expect(line.url).toContain("/ws/rooms/abc/");
  expect(line.sent[0]).toMatchObject({ type: "join", protocol: 2, name: null });
  expect(localStorage.getItem("antiphon.joined.abc")).toBeNull();
  await fireEvent.click(screen.getByTestId("agree"));
  expect(line.sent.at(-1)).toMatchObject({ type: "consent", name: "Ada" });
  expect(localStorage.getItem("antiphon.joined.abc")).toBe("yes");
});

test("whoever has agreed before comes back under their name, without being asked", async () => {
  localStorage.setItem("antiphon.joined.abc", "yes");
  localStorage.setItem("antiphon.name", "Ada");
  render(Room, { props: { config } });
  await settle();
  Line.all[0]!.answer();
  expect(Line.all[0]!.sent[0]).toMatchObject({ type: "join", name: "Ada" });
});

test("one joins without a name too", async () => {
  render(Room, { props: { config } });
  await fireEvent.click(screen.getByTestId("join"));
  await settle();
  Line.all[0]!.answer();
  expect(Line.all[0]!.sent[0]).toMatchObject({ type: "join", name: null });
});

test("the page shows where things stand, and one's own part of it", async () => {
  await join(welcome({ answered: 4, left: 6, progress: progressOf(2) }));
  expect(screen.getByTestId("presence").dataset.here).toBe("3");
  expect(screen.getByTestId("generation").textContent).toBe("Generation 3");
  expect(screen.getByTestId("own").textContent).toBe("4 of 10 answered");
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  expect(screen.getByRole("progressbar").getAttribute("aria-label")).toBe("4 of 10 phrases have enough ratings");
});

test("the door asks for consent before anything sounds, then offers the headphone test and practice, both to be left out", async () => {
  localStorage.setItem("antiphon.door", "");
  const asked = { version: "7", texts: [{ language: "en" as const, text: "We keep your ratings." }], is_accepted: false };
  const line = await join(welcome({ consent: asked }));
  expect(screen.getByTestId("consent").textContent).toContain("We keep your ratings.");
  await fireEvent.click(screen.getByTestId("agree"));
  expect(line.sent.at(-1)).toMatchObject({ type: "consent", version: "7", language: "en" });
  await fireEvent.click(screen.getByTestId("headphones-skip"));
  expect(screen.getByTestId("practice").dataset.turn).toBe("1");
  await fireEvent.click(screen.getByTestId("practice-skip"));
  line.answer(offer("a"));
  await settle();
  expect(screen.queryByTestId("practice")).toBeNull();
  expect(screen.getByTestId("hint").textContent).toBe("Play it, then rate it.");
  expect(localStorage.getItem("antiphon.door")).toBe("headphones practice");
});

test("a step of the door takes the focus once: what is said of the room meanwhile leaves it where it is", async () => {
  localStorage.setItem("antiphon.door", "");
  const line = await join(welcome());
  expect(document.activeElement?.tagName).toBe("H1");
  const skip = screen.getByTestId("headphones-skip");
  skip.focus();
  line.answer({ type: "presence", here: 9, names: [] });
  await settle();
  expect(document.activeElement).toBe(skip);
});

test("who does not agree leaves, and the connection ends", async () => {
  const line = await join(welcome({ consent: { version: "7", texts: [], is_accepted: false } }));
  await fireEvent.click(screen.getByTestId("decline"));
  expect(screen.getByTestId("declined").textContent).toContain("nothing was played");
  expect(line.readyState).toBe(3);
});

test("the language can be changed at the door, and everything follows", async () => {
  render(Room, { props: { config } });
  await fireEvent.click(screen.getByTestId("language-de"));
  expect(screen.getByTestId("join").textContent).toBe("Mitmachen");
  expect(document.documentElement.lang).toBe("de");
});

test("ratings rest until the phrase was heard, and say why", async () => {
  const line = await join(welcome(), offer("a"));
  expect(screen.getByTestId("rate-4").getAttribute("aria-disabled")).toBe("true");
  await fireEvent.keyDown(document.body, { key: "4" });
  await fireEvent.click(screen.getByTestId("rate-4"));
  expect(screen.getByTestId("hint").textContent).toContain("Play it, then rate it");
  expect(sentRates(line)).toEqual([]);
});

test("a phrase is skipped with a reason, and the next one comes", async () => {
  const line = await join(welcome(), offer("a"), offer("b", 62));
  await fireEvent.keyDown(document.body, { key: "s" });
  await fireEvent.click(screen.getByTestId("skip-heard_before"));
  expect(line.sent.at(-1)).toMatchObject({ type: "skip", offer: "a", reason: "heard_before" });
  await vi.waitFor(() => expect(screen.getByTestId("kept").textContent).toContain("Phrase 1: skipped"));
});

test("one's own answers are listed, and a tap brings one back from the server", async () => {
  const history = [{ offer: "a", value: 4, reason: null, tags: ["odd"], remark: "" }];
  const line = await join(welcome({ history, answered: 1, left: 9 }), offer("b"));
  await fireEvent.click(screen.getByTestId("given"));
  expect(screen.getByTestId("given-1").textContent).toContain("odd");
  await fireEvent.click(screen.getByTestId("given-1"));
  expect(line.sent.at(-1)).toMatchObject({ type: "recall", offer: "a" });
  const origin = { made_by: "network" as const, network: "Night school", pieces: 20, credits: [], parents: [] };
  line.answer({ type: "recalled", id: ID, offer: "a", phrase: offer("a").phrase, origin });
  await settle();
  expect(screen.getByTestId("origin").textContent).toBe("From the network “Night school”, which learned from 20 pieces.");
  await fireEvent.click(screen.getByTestId("take-back"));
  expect(line.sent.at(-1)).toMatchObject({ type: "retract", offer: "a" });
});

test("words for a rating go out with it", async () => {
  const history = [{ offer: "a", value: 4, reason: null, tags: [], remark: "" }];
  const line = await join(welcome({ history, answered: 1, left: 9 }), offer("b"));
  await fireEvent.click(screen.getByTestId("say-more"));
  await fireEvent.click(screen.getByLabelText("odd"));
  await fireEvent.input(screen.getByTestId("remark"), { target: { value: "like rain" } });
  await fireEvent.click(screen.getByTestId("say-save"));
  expect(sentRates(line).at(-1)).toMatchObject({ offer: "a", value: 4, tags: ["odd"], remark: "like rain" });
});

test("an answer that was never acknowledged is sent again after a reload, under its id", async () => {
  localStorage.setItem(QUEUE, JSON.stringify([pending]));
  const line = await join(welcome());
  expect(sentRates(line)).toEqual([pending.message]);
  line.answer(kept(ID, "z"));
  await settle();
  expect(localStorage.getItem(QUEUE)).toBeNull();
});

test("after a reload one is in the room again without asking", async () => {
  await join(welcome());
  cleanup();
  render(Room, { props: { config } });
  await settle();
  Line.all[1]!.answer();
  expect(Line.all[1]!.sent[0]).toMatchObject({ type: "join", name: "Ada" });
});

test("while the room is paused an answer waits, and goes out when it opens", async () => {
  localStorage.setItem(QUEUE, JSON.stringify([pending]));
  const line = await join(welcome({ room_state: "paused" }));
  expect(line.sent).toHaveLength(1);
  expect(screen.getByTestId("paused")).toBeTruthy();
  line.answer({ type: "room_changed", room_state: "open", stage: "rating" });
  await settle();
  expect(line.sent[1]).toMatchObject({ type: "rate", id: ID });
  expect(screen.queryByTestId("paused")).toBeNull();
});

test("who may not enter is told why, in the page's language", async () => {
  const line = await join({ type: "refused", id: ID, code: "no_room", message: "There is no room with this code.", is_final: true });
  line.onclose?.({ code: 4404 });
  chooseLanguage("de");
  await settle();
  expect(screen.getByTestId("ended").textContent).toContain("Einen Raum mit diesem Code gibt es nicht.");
});

test("a lost connection is said, with what waits, and what was there stays", async () => {
  localStorage.setItem(QUEUE, JSON.stringify([pending]));
  const line = await join(welcome(), offer("a"));
  line.onclose?.({ code: 1006 });
  await settle();
  expect(screen.getByTestId("lost").textContent).toContain("1 answer waits here");
  expect(screen.getByTestId("ratings")).toBeTruthy();
});

test("a duel shows two phrases and waits until both were heard", async () => {
  const { phrase } = offer("x");
  const line = await join(welcome(), { type: "duel_offer", duel: "d", left: phrase, right: phrase });
  expect(screen.getByTestId("choose-equal").getAttribute("aria-disabled")).toBe("true");
  await fireEvent.keyDown(document.body, { key: "3" });
  expect(screen.getByTestId("hint").textContent).toBe("Hear both first.");
  expect(line.sent.filter(({ type }) => type === "duel")).toEqual([]);
});

test("a closed generation shows its winner, and the next one names its parents", async () => {
  const history = [{ offer: "a", value: 4, reason: null, tags: [], remark: "" }];
  const line = await join(welcome({ answered: 1, history, progress: progressOf(2) }));
  line.answer(
    {
      type: "generation_closed",
      generation: 2,
      listeners: 12,
      ratings: 30,
      winner: namedPhrase(7, 2),
      winner_fitness: 3.9,
      winner_standard_error: 0.2,
      winner_parents: [],
    },
    { type: "generation_opened", progress: progressOf(3), parents: 4 },
  );
  await settle();
  expect(screen.getByTestId("bred").textContent.trim()).toBe("Generation 4: bred from 4 phrases.");
  await fireEvent.click(screen.getByTestId("continue"));
  expect(screen.queryByTestId("born")).toBeNull();
});

test("? shows the keys", async () => {
  await join(welcome());
  await fireEvent.keyDown(document.body, { key: "?" });
  expect(screen.getByText("Back to the phrase before, to change or take back what you gave")).toBeTruthy();
});
