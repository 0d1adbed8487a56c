import { expect, test } from "vitest";
import { figure, placeOn, scaleOf, tickWords } from "./chart";

test("ticks are round and hold every value", () => {
  expect(scaleOf([0.13, 4.7], 5).ticks).toEqual([0, 1, 2, 3, 4, 5]);
  expect(scaleOf([0.31, 0.34], 3).ticks).toEqual([0.31, 0.32, 0.33, 0.34]);
});

test("the scale of the ratings is labelled as the ratings are", () => {
  expect(scaleOf([0, 5, 2.75, 4.4], 4).ticks).toEqual([0, 1, 2, 3, 4, 5]);
  expect(scaleOf([4.29, 12.8], 4).ticks).toEqual([4, 6, 8, 10, 12, 14]);
});

test("all ticks of an axis have as many decimals as the one that needs most", () => {
  const words = (values: readonly number[]): string[] => scaleOf(values, 4).ticks.map((tick, _, ticks) => tickWords(tick, ticks));
  expect(words([0, 0.2])).toEqual(["0.00", "0.05", "0.10", "0.15", "0.20"]);
  expect(words([0, 5])).toEqual(["0", "1", "2", "3", "4", "5"]);
  expect(words([1, 3])).toEqual(["1.0", "1.5", "2.0", "2.5", "3.0"]);
  expect(words([-0.1, 0.1])).toEqual(["−0.10", "−0.05", "0.00", "0.05", "0.10"]);
  expect(words([0, 4000])).toEqual(["0", "1,000", "2,000", "3,000", "4,000"]);
  expect(words([0, 0.0004])).toEqual(["0.0000", "0.0001", "0.0002", "0.0003", "0.0004"]);
});

test("generations and epochs get whole ticks only", () => {
  expect(scaleOf([1, 3], 8, true).ticks).toEqual([1, 2, 3]);
  expect(scaleOf([2], 8, true).ticks).toEqual([2, 3]);
});

test("there is no generation 0, and none after the last", () => {
  expect(scaleOf([1, 9], 4, true)).toEqual({ ticks: [2, 4, 6, 8], from: 1, to: 9 });
  expect(scaleOf([-29, 0], 4, true)).toEqual({ ticks: [-20, -10, 0], from: -29, to: 0 });
});

test("no values, or one, still make a scale", () => {
  expect(scaleOf([], 4).to).toBeGreaterThan(scaleOf([], 4).from);
  expect(placeOn(scaleOf([3], 4), 3)).toBeCloseTo(0.5);
});

test("figures are short enough to read", () => {
  expect([figure(1234), figure(123.456), figure(3.14159), figure(0.01234), figure(NaN)]).toEqual(["1,234", "123", "3.14", "0.012", "–"]);
});
