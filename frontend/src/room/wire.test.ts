import { expect, test } from "vitest";
import { lengthSeconds } from "../player/phrase";
import { phraseFromWire } from "./wire";

const wire = {
  notes: [{ onset_seconds: 0.5, duration_seconds: 0.25, pitch: 64, velocity: 90, part: 0 }],
  parts: [{ program: 4, is_drum: false }],
  bends: [{ onset_seconds: 0.1, part: 0, cents: -12 }],
  tempo_bpm: 120,
  beats_per_bar: 4,
  bars: 2,
  duration_seconds: 4,
};

test("a phrase keeps its notes, parts and bends", () => {
  const phrase = phraseFromWire(wire);
  expect(phrase.notes).toEqual([[0.5, 0.25, 64, 90, 0]]);
  expect(phrase.parts).toEqual([{ program: 4, isDrum: false }]);
  expect(phrase.bends).toEqual([[0, 0.1, -12]]);
  expect(lengthSeconds(phrase)).toBe(4);
});

test("six eighths in a bar are read from how long the bars last", () => {
  const phrase = phraseFromWire({ ...wire, beats_per_bar: 6, bars: 2, duration_seconds: 3 });
  expect([phrase.beatUnit, lengthSeconds(phrase)]).toEqual([8, 3]);
});
