import { expect, test } from "vitest";
import { blankExport, exportAddress, exportProblems } from "./exporting";

const phrase = { kind: "individuals", id: 7, name: "Phrase 7", bars: 4 } as const;

test("a whole phrase as it is needs nothing but its format", () => {
  expect(exportAddress(phrase, blankExport(4))).toBe("/api/v1/individuals/7/export/?format=midi");
});

test("bars that people count from 1 are asked for from 0, to the one after the last", () => {
  const values = { ...blankExport(4), fromBar: 2, toBar: 3, loops: 4, beat: "rock", program: 24, format: "wav" as const };
  expect(exportProblems(values)).toEqual({});
  expect(exportAddress(phrase, values)).toBe(
    "/api/v1/individuals/7/export/?format=wav&program=24&from_bar=1&to_bar=3&loops=4&beat=rock",
  );
});

test("bars in the wrong order and too many times are told at their fields", () => {
  expect(Object.keys(exportProblems({ ...blankExport(4), fromBar: 3, toBar: 2, loops: 65 })).toSorted()).toEqual(["loops", "to_bar"]);
});
