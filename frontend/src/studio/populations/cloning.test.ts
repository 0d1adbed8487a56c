import { describe, expect, it } from "vitest";
import type { Population } from "../api";
import { cloneChoices, clonedLine } from "./cloning";

function population(sizes: readonly number[], changes: object = {}): Population {
  const generations = sizes.map((size, number) => ({ number, size, is_closed: number < sizes.length - 1 }));
  return { name: "Evening", encoding: "grid", checkpoint: null, generations, ...changes } as unknown as Population;
}

describe("a clone", () => {
  it("begins with phrases of its own, the first or the newest", () => {
    const choices = cloneChoices(population([12, 12, 10]));
    expect(choices.map((one) => one.value)).toEqual(["none", "first", "newest"]);
    expect(choices[1]?.hint).toContain("12 phrases");
    expect(choices[2]).toMatchObject({ label: "Generation 3", hint: "The same 10 phrases that are rated now." });
  });

  it("has one choice of phrases where there is one generation, and none that can be taken where there is none", () => {
    expect(cloneChoices(population([12])).map((one) => one.value)).toEqual(["none", "first"]);
    expect(cloneChoices(population([])).map((one) => one.isResting)).toEqual([false, true]);
  });

  it("says where phrases of its own come from", () => {
    const hint = (changes: object) => cloneChoices(population([4], changes))[0]?.hint;
    expect(hint({})).toContain("at random in the scale");
    expect(hint({ encoding: "study" })).toContain("random bits");
    expect(hint({ checkpoint: { run: { name: "First light" } } })).toContain("samples of “First light”");
  });

  it("says what it has from its source", () => {
    expect(clonedLine(null)).toBe("its settings");
    expect(clonedLine(2)).toBe("its settings and the phrases of generation 3");
  });
});
