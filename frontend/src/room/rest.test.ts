import { expect, test } from "vitest";
import { LONG_MS, SAME_IN_A_ROW, tirednessOf, type Given } from "./rest";

const given = (count: number, change: (index: number) => Partial<Given> = () => ({})): Given[] =>
  Array.from({ length: count }, (_, index) => ({ at: 1_000 * (index + 1), value: index % 6, thoughtMs: 900, ...change(index) }));

test("who rates with care, and not for long, is left alone", () => {
  expect(tirednessOf(given(60), 0, 60_000)).toBeNull();
  expect(tirednessOf([], 0, 10 * LONG_MS)).toBeNull();
});

test("after a long sitting a break is suggested, and not again until another one has passed", () => {
  expect(tirednessOf(given(60), 0, LONG_MS)).toBe("long");
  expect(tirednessOf(given(60), 0, LONG_MS - 1)).toBeNull();
  expect(tirednessOf(given(60), LONG_MS, LONG_MS + 1)).toBeNull();
});

test("the same rating many times in a row is a sign, one other among them is none", () => {
  expect(tirednessOf(given(SAME_IN_A_ROW, () => ({ value: 3 })), 0, 60_000)).toBe("same");
  expect(tirednessOf(given(SAME_IN_A_ROW - 1, () => ({ value: 3 })), 0, 60_000)).toBeNull();
  expect(tirednessOf(given(SAME_IN_A_ROW, (index) => ({ value: index === 4 ? 2 : 3 })), 0, 60_000)).toBeNull();
});

test("rating by reflex, phrase after phrase, is a sign", () => {
  expect(tirednessOf(given(8, () => ({ thoughtMs: 80 })), 0, 60_000)).toBe("hasty");
  expect(tirednessOf(given(8, (index) => ({ thoughtMs: index === 7 ? 700 : 80 })), 0, 60_000)).toBeNull();
});

test("what was given before a break no longer counts", () => {
  expect(tirednessOf(given(SAME_IN_A_ROW, () => ({ value: 3 })), 5_500, 60_000)).toBeNull();
});
