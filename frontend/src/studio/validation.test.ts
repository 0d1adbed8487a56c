import { describe, expect, test } from "vitest";
import { blankPopulation, checksWith, inputOf, LIMITS, sizeLine } from "./populations/order";
import { number, optional, problemsOf, some, text, wholeNumber } from "./validation";

test("a name must be there and fit", () => {
  expect(text(5)("  ")).toBe("Give it a name.");
  expect(text(5)("sixsix")).toContain("At most 5 characters");
  expect(text(5)(" five ")).toBe("");
});

test("a whole number is whole and within its range", () => {
  const check = wholeNumber(1, 16);
  expect(check(4)).toBe("");
  expect(check(null)).toBe("A whole number from 1 to 16.");
  expect(check(2.5)).toBe("A whole number, not 2.5.");
  expect(check(17)).toBe("From 1 to 16; this is 17.");
  expect(check(Number.NaN)).not.toBe("");
});

test("what may be left out may be empty but not wrong", () => {
  const check = optional(number(20, 300));
  expect(check(null)).toBe("");
  expect(check(5)).not.toBe("");
});

test("problems are told by field, and none is none", () => {
  const checks = { name: text(10), datasets: some("Choose one.") };
  expect(problemsOf({ name: "", datasets: [] }, checks)).toEqual({ name: "Give it a name.", datasets: "Choose one." });
  expect(problemsOf({ name: "Takes", datasets: ["3"] }, checks)).toEqual({});
});

describe("a population's form", () => {
  test("begins with a name missing and nothing else", () => {
    expect(Object.keys(checksWith(LIMITS)(blankPopulation(null)))).toEqual(["name"]);
  });

  test("keeps to the limits that the server tells", () => {
    const values = { ...blankPopulation(3), name: "Motifs", bars: 9, size: 1 };
    expect(Object.keys(checksWith({ ...LIMITS, bars_max: 8 })(values))).toEqual(["bars", "size"]);
  });

  test("sends no seed where none was asked for", () => {
    const input = inputOf({ ...blankPopulation(3), name: " Motifs " });
    expect(input).toMatchObject({ name: "Motifs", checkpoint: 3, size: 10, quorum: 3 });
    expect(input).not.toHaveProperty("seed");
    expect(inputOf({ ...blankPopulation(null), seed: 0 })).toHaveProperty("seed", 0);
  });

  test("says what its numbers mean for listeners", () => {
    const values = { ...blankPopulation(null), bars: 2, tempo_bpm: 120 };
    expect(sizeLine(values)).toBe("10 phrases of 4 s each; 30 ratings close a generation.");
    expect(sizeLine({ ...values, bars: null })).toBe("");
  });
});
