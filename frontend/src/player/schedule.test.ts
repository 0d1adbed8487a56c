import { expect, test } from "vitest";
import { phraseOf } from "./phrase";
import { bytesOf, channelsOf, due, DRUM_CHANNEL, messagesOf, resumed, wheelOf } from "./schedule";

test("every note is struck and let go, in order", () => {
  const messages = messagesOf(phraseOf([[0.5, 1, 64, 90, 0], [0, 0.25, 60, 70, 0]]));
  expect(messages.map(({ at, kind }) => [at, kind])).toEqual([
    [0, "on"],
    [0.25, "off"],
    [0.5, "on"],
    [1.5, "off"],
  ]);
});

test("a key struck again while it sounds is let go just before", () => {
  const messages = messagesOf(phraseOf([[0, 2, 60, 90, 0], [1, 1, 60, 90, 0]]));
  expect(messages.map(({ kind }) => kind)).toEqual(["on", "off", "on", "off"]);
  expect(messages[1]?.at).toBeLessThan(1);
  expect(messages[1]?.at).toBeGreaterThan(0.99);
});

test("drums play on the tenth channel and no other part does", () => {
  const parts = Array.from({ length: 12 }, (_, index) => ({ program: index, isDrum: index === 3 }));
  const channels = channelsOf(phraseOf([], { parts }));
  expect(channels[3]).toBe(DRUM_CHANNEL);
  expect(channels.filter((channel) => channel === DRUM_CHANNEL)).toHaveLength(1);
  expect(new Set(channels).size).toBe(12);
});

test("cents become wheel positions, the middle for none and the ends for too many", () => {
  expect([0, 100, -100, 200, -200, 900].map(wheelOf)).toEqual([8192, 12288, 4096, 16383, 0, 16383]);
});

test("at one moment the bend moves before the note begins", () => {
  const phrase = phraseOf([[0, 1, 60, 90, 0], [1, 1, 62, 90, 0]], { bends: [[0, 1, 20]] });
  expect(messagesOf(phrase).filter(({ at }) => at === 1).map(({ kind }) => kind)).toEqual(["off", "bend", "on"]);
});

test("each message is due once, however the time is cut", () => {
  const messages = messagesOf(phraseOf(Array.from({ length: 20 }, (_, index) => [index / 7, 0.1, 60 + index, 90, 0] as const)));
  const seen = [];
  let next = 0;
  for (let now = 0; now < 4; now += 0.13) {
    const [now_due, after] = due(messages, next, now);
    seen.push(...now_due);
    next = after;
  }
  expect(seen).toEqual(messages);
});

test("after a pause the bend that held is set again, and the rest follows", () => {
  const phrase = phraseOf([[0, 0.5, 60, 90, 0], [2, 1, 62, 90, 0]], { bends: [[0, 0, 20], [0, 0.2, -20], [0, 3, 5]] });
  const rest = resumed(messagesOf(phrase), 1);
  expect(rest[0]).toEqual({ at: 1, kind: "bend", channel: 0, wheel: wheelOf(-20) });
  expect(rest.slice(1).map(({ at, kind }) => [at, kind])).toEqual([
    [2, "on"],
    [3, "off"],
    [3, "bend"],
  ]);
});

test("messages are the bytes that MIDI has for them", () => {
  expect(bytesOf({ at: 0, kind: "on", channel: 9, pitch: 36, velocity: 100 })).toEqual([0x99, 36, 100]);
  expect(bytesOf({ at: 0, kind: "off", channel: 0, pitch: 60 })).toEqual([0x80, 60, 0]);
  expect(bytesOf({ at: 0, kind: "bend", channel: 1, wheel: 8192 })).toEqual([0xe1, 0, 64]);
});
