import { expect, test } from "vitest";
import { phraseOf, type NoteEvent } from "../player/phrase";
import { layOut, pitchRange, soundingAt, toneOf } from "./roll";

const notes: NoteEvent[] = [
  [0, 0.5, 60, 80, 0],
  [1, 1, 84, 110, 0],
];
const phrase = phraseOf(notes, { tempoBpm: 120, beatsPerBar: 4, bars: 2 });

test("two more pitches are shown on each side of the phrase", () => {
  expect(pitchRange(phrase)).toEqual([58, 86]);
});

test("a narrow phrase, or an empty one, still gets rows enough", () => {
  const [lowest, highest] = pitchRange(phraseOf([[0, 1, 60, 80, 0]]));
  expect(highest - lowest + 1).toBe(14);
  expect(lowest).toBeLessThan(60);
  expect(layOut(phraseOf([]), 300, 200).notes).toEqual([]);
});

test("the roll ends with the last bar, also when the notes end sooner", () => {
  const roll = layOut(phrase, 400, 290);
  expect(roll.seconds).toBe(4);
  expect(roll.notes[1]?.x).toBe(100);
  expect(roll.notes[1]?.width).toBe(99);
});

test("bars and beats are lines where they fall", () => {
  const lines = layOut(phrase, 400, 290).lines;
  expect(lines.map((line) => line.x)).toEqual([50, 100, 150, 200, 250, 300, 350]);
  expect(lines.filter((line) => line.isBar).map((line) => line.x)).toEqual([200]);
});

test("where beats would crowd only bars are drawn", () => {
  const long = phraseOf(notes, { bars: 64 });
  expect(layOut(long, 600, 100).lines.every((line) => line.isBar)).toBe(true);
});

test("every note lies inside the roll", () => {
  const roll = layOut(phrase, 400, 290);
  for (const note of roll.notes) {
    expect(note.y).toBeGreaterThanOrEqual(0);
    expect(note.y + note.height).toBeLessThanOrEqual(290);
    expect(note.x + note.width).toBeLessThanOrEqual(400);
  }
  expect(roll.notes[1]!.y).toBeLessThan(roll.notes[0]!.y);
});

test("a note sounds from its onset until just before its end", () => {
  const roll = layOut(phrase, 400, 290);
  expect([0, 0.49, 0.5, 1, 1.99, 2].map((second) => soundingAt(roll, second))).toEqual([[0], [0], [], [1], [1], []]);
});

test("louder is stronger in tone, within bounds", () => {
  expect(toneOf(1)).toBe(0);
  expect(toneOf(127)).toBe(100);
  expect(toneOf(60)).toBeLessThan(toneOf(90));
});
