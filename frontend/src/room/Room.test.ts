import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Phrase, ServerMessage } from "../protocol/protocol.gen";
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
const id = "00000000-0000-4000-8000-000000000001";
const phrase: Phrase = {
  individual: 11,
  generation: 0,
  number: 1,
  notes: [{ onset_seconds: 0, duration_seconds: 1, pitch: 60, velocity: 80, part: 0 }],
  parts: [{ program: 0, is_drum: false }],
  bends: [],
  tempo_bpm: 120,
  beats_per_bar: 4,
  bars: 4,
  duration_seconds: 8,
};
const welcome: ServerMessage = {
  type: "welcome",
  id,
  protocol: 1,
  listener: id,
  name: "Ada",
  room_name: "Evening blues",
  room_state: "open",
  stage: "rating",
  progress: { generation: 2, size: 10, complete: 4, quorum: 3, ratings: 15, needed: 30, expected_error: null, wanted_error: null },
  rated: 0,
  here: 3,
  names: ["Ada", "Noor"],
};

async function join(...messages: ServerMessage[]): Promise<Line> {
  render(Room, { props: { config } });
  await fireEvent.input(screen.getByTestId("join-name"), { target: { value: "  Ada " } });
  await fireEvent.click(screen.getByTestId("join"));
  const line = Line.all[0]!;
  line.answer(...messages);
  await Promise.resolve();
  return line;
}

beforeEach(() => {
  Line.all = [];
  localStorage.clear();
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network in tests")));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("one joins with a name and no more, and is told when it is missing", async () => {
  render(Room, { props: { config } });
  await fireEvent.click(screen.getByTestId("join"));
  expect(screen.getByText(/Write a name first/)).toBeTruthy();
  expect(Line.all).toHaveLength(0);
});

test("joining says who one is, and the page shows where things stand", async () => {
  const line = await join(welcome);
  expect(line.url).toContain("/ws/rooms/abc/");
  expect(line.sent[0]).toMatchObject({ type: "join", protocol: 1, name: "Ada" });
  expect(screen.getByTestId("presence").dataset.here).toBe("3");
  expect(screen.getByTestId("generation").textContent).toBe("Generation 3");
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  expect(screen.getByRole("progressbar").getAttribute("aria-label")).toBe("4 of 10 phrases have enough ratings");
});

test("ratings rest until the phrase was heard, and say why", async () => {
  const line = await join(welcome, { type: "offer", phrase });
  expect(screen.getByTestId("rate-4").getAttribute("aria-disabled")).toBe("true");
  await fireEvent.keyDown(document.body, { key: "4" });
  await fireEvent.click(screen.getByTestId("rate-4"));
  expect(screen.getByTestId("hint").textContent).toContain("Play it, then rate it");
  expect(line.sent.filter((message) => message.type === "rate")).toEqual([]);
});

test("a rating that was never acknowledged is sent again after a reload, under its id", async () => {
  localStorage.setItem("antiphon.ratings.abc", JSON.stringify([{ id, individual: 5, value: 3, heardMs: 4000 }]));
  const line = await join(welcome);
  expect(line.sent[1]).toEqual({ type: "rate", id, individual: 5, value: 3, heard_ms: 4000 });
  line.answer({ type: "kept", id, individual: 5, value: 3, rated: 1, is_revision: false });
  expect(localStorage.getItem("antiphon.ratings.abc")).toBeNull();
});

test("after a reload one is in the room again without asking", async () => {
  await join(welcome);
  cleanup();
  render(Room, { props: { config } });
  Line.all[1]!.answer();
  expect(Line.all[1]!.sent[0]).toMatchObject({ type: "join", name: "Ada" });
});

test("while the room is paused a rating waits, and goes out when it opens", async () => {
  localStorage.setItem("antiphon.ratings.abc", JSON.stringify([{ id, individual: 5, value: 3, heardMs: 4000 }]));
  const line = await join({ ...welcome, room_state: "paused" });
  expect(line.sent).toHaveLength(1);
  line.answer({ type: "room_changed", room_state: "open", stage: "rating" });
  expect(line.sent[1]).toMatchObject({ type: "rate", id });
});

test("who may not enter is told why", async () => {
  const line = await join({ type: "refused", id, code: "no_room", message: "There is no room with this code.", is_final: true });
  line.onclose?.({ code: 4404 });
  await Promise.resolve();
  expect(screen.getByTestId("ended").textContent).toContain("There is no room with this code.");
});

test("a lost connection is said, and what was there stays", async () => {
  const line = await join(welcome, { type: "offer", phrase });
  line.onclose?.({ code: 1006 });
  await Promise.resolve();
  expect(screen.getByTestId("lost").textContent).toContain("kept here");
  expect(screen.getByTestId("ratings")).toBeTruthy();
});

test("a paused room says so and goes on by itself", async () => {
  const line = await join({ ...welcome, room_state: "paused" });
  expect(screen.getByTestId("paused")).toBeTruthy();
  line.answer({ type: "room_changed", room_state: "open", stage: "rating" });
  await Promise.resolve();
  expect(screen.queryByTestId("paused")).toBeNull();
});

test("a closed generation shows its winner, and the next one names its parents", async () => {
  const line = await join({ ...welcome, rated: 4 });
  line.answer(
    {
      type: "generation_closed",
      generation: 2,
      listeners: 12,
      ratings: 30,
      winner: phrase,
      winner_fitness: 3.9,
      winner_standard_error: 0.2,
      winner_parents: [],
    },
    { type: "generation_opened", progress: { ...welcome.progress!, generation: 3 }, parents: 4 },
  );
  await Promise.resolve();
  expect(screen.getByTestId("bred").textContent.trim()).toBe(
    "Generation 4: bred from 4 phrases that you and 11 others liked.",
  );
  await fireEvent.click(screen.getByTestId("continue"));
  expect(screen.queryByTestId("born")).toBeNull();
});

test("? shows the keys", async () => {
  await join(welcome);
  await fireEvent.keyDown(document.body, { key: "?" });
  expect(screen.getByText("Back to the previous phrase, to change its rating")).toBeTruthy();
});
