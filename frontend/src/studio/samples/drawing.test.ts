import { expect, test } from "vitest";
import { settingsLine } from "./groups";
import { blankOrder, drawInput, problemsIn } from "./drawing";

test("an order says what was chosen and leaves out the rest", () => {
  const values = { ...blankOrder(), topK: 5, key: "D", temperatures: { velocity: 0.5, timing: null } };
  expect(problemsIn(values)).toEqual({});
  expect(drawInput(values)).toEqual({ count: 6, length: 64, temperature: 1, top_p: 0.98, top_k: 5, key: "D", temperatures: { velocity: 0.5 } });
});

test("bars to go on from are sent with their file, and checked", () => {
  const values = { ...blankOrder(), prime: { file: 3, firstBar: 5, lastBar: 6 } };
  expect(drawInput(values).prime).toEqual({ file: 3, first_bar: 5, last_bar: 6 });
  expect(problemsIn({ ...values, prime: { file: 3, firstBar: 5, lastBar: 4 } })).toHaveProperty("prime.last_bar");
  expect(problemsIn({ ...values, prime: { file: 3, firstBar: 1, lastBar: 17 } })["prime.last_bar"]).toContain("16");
  expect(problemsIn({ ...values, prime: { file: null, firstBar: 5, lastBar: 4 } })).toEqual({});
});

test("a temperature beyond its range is told at its own field", () => {
  expect(Object.keys(problemsIn({ ...blankOrder(), temperatures: { octave: 3 } }))).toEqual(["temperatures.octave"]);
});

test("how samples were drawn is one line", () => {
  const prime = { file: 1, first_bar: 2, last_bar: 2, name: "minuet.mid" };
  expect(settingsLine({ temperature: 0.8, temperatures: { velocity: 0.5 }, top_k: 0, key: "C#", scale: "dorian", prime })).toBe(
    "temperature 0.8 · loudness 0.5 · C♯ Dorian · from minuet.mid, bar 2",
  );
});
