import { expect, test } from "vitest";
import { matches, pressed, sorted } from "./sorting";

const rows = [
  { name: "take 10", fitness: null },
  { name: "take 9", fitness: 3.2 },
  { name: "Étude", fitness: 4.1 },
];

test("names are sorted as people count and spell", () => {
  expect(sorted(rows, (row) => row.name, false).map((row) => row.name)).toEqual(["Étude", "take 9", "take 10"]);
});

test("what has no value comes last in both directions", () => {
  expect(sorted(rows, (row) => row.fitness, false).map((row) => row.fitness)).toEqual([3.2, 4.1, null]);
  expect(sorted(rows, (row) => row.fitness, true).map((row) => row.fitness)).toEqual([4.1, 3.2, null]);
});

test("equal rows keep their order, and the given list is left as it was", () => {
  const given = [{ key: 1, id: "a" }, { key: 1, id: "b" }, { key: 0, id: "c" }];
  expect(sorted(given, (row) => row.key, true).map((row) => row.id)).toEqual(["a", "b", "c"]);
  expect(given.map((row) => row.id)).toEqual(["a", "b", "c"]);
  expect(sorted(given, (row) => row.key, false).map((row) => row.id)).toEqual(["c", "a", "b"]);
});

test("pressing a head sorts by it, and again turns it round", () => {
  const first = pressed(null, "notes", true);
  expect(first).toEqual({ column: "notes", isDescending: true });
  expect(pressed(first, "notes", true)).toEqual({ column: "notes", isDescending: false });
  expect(pressed(first, "name", false)).toEqual({ column: "name", isDescending: false });
});

test("a filter wants every word, in any order and case", () => {
  expect(matches("Evening motifs, A minor", "minor EVE")).toBe(true);
  expect(matches("Evening motifs, A minor", "minor dawn")).toBe(false);
  expect(matches("anything", "")).toBe(true);
});
