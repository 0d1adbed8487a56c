import { expect, test } from "vitest";
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
