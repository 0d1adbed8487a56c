import { expect, test } from "vitest";
import { arranged, INSTRUMENTS, PLAIN } from "./arrange";
import { lengthSeconds, phraseOf } from "./phrase";
import { en } from "../i18n/en";

const phrase = phraseOf(
  [
    [0, 0.5, 60, 80, 0],
    [1, 0.5, 38, 80, 1],
  ],
  { bars: 2, tempoBpm: 120, parts: [{ program: 24, isDrum: false }, { program: 0, isDrum: true }] },
);

test("as it was written nothing changes", () => {
  expect(arranged(phrase, PLAIN)).toEqual(phrase);
});

test("another instrument takes the melodic parts and leaves drums and notes alone", () => {
  const other = arranged(phrase, { beat: "none", instrument: 73 });
  expect(other.parts).toEqual([{ program: 73, isDrum: false }, { program: 0, isDrum: true }]);
  expect(other.notes).toEqual(phrase.notes);
});

test("a beat is a drum part of its own, on every beat of every bar, and the phrase is no longer than before", () => {
  for (const beat of ["click", "drums"] as const) {
    const under = arranged(phrase, { beat, instrument: null });
    const strokes = under.notes.filter((note) => note[4] === 2);
    expect(under.notes.slice(0, 2)).toEqual(phrase.notes);
    expect(under.parts[2]).toEqual({ program: 0, isDrum: true });
    for (let index = 0; index < 8; index++) expect(strokes.some(([onset]) => Math.abs(onset - index / 2) < 1e-9)).toBe(true);
    expect(lengthSeconds(under)).toBe(lengthSeconds(phrase));
  }
});

test("a bar of three has its first beat where the bar begins", () => {
  const waltz = arranged({ ...phrase, beatsPerBar: 3 }, { beat: "click", instrument: null });
  const loud = waltz.notes.filter((note) => note[4] === 2 && note[3] > 60).map(([onset]) => onset);
  expect(loud).toEqual([0, 1.5]);
});

test("every instrument has a name", () => {
  expect(Object.keys(en.sound.instruments).map(Number)).toEqual([...INSTRUMENTS]);
});
