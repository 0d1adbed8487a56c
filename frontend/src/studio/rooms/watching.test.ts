import { describe, expect, test } from "vitest";
import type { PhraseSoFar, Room } from "../api";
import { cellFigure, cellWords, countsLine, leftLine, listenerName, paceLine, paceSeries, ruleLine, tagsFrom } from "./watching";

const given = (...counts: number[]): PhraseSoFar[] =>
  counts.map((count, index) => ({ id: index, number: index + 1, given: count, others: 0, others_mean: null }));

const room = (minutes: number | null, closes_at: string | null, state: Room["state"] = "open"): Room =>
  ({ state, rule: { closing: "time", quorum: 3, wanted_error: 0.15, minutes }, progress: { closes_at } }) as Room;

describe("a dashboard in words", () => {
  test("says how many phrases have how many ratings, most first", () => {
    expect(countsLine(given(3, 2, 3, 0, 2, 2))).toBe("2 phrases have 3 ratings, 3 have 2 and 1 has none.");
    expect(countsLine(given(7, 12, 9, 20))).toBe("4 phrases have 7 to 20 ratings.");
    expect(countsLine(given(1))).toBe("1 phrase has 1 rating.");
    expect(countsLine(given(0, 0))).toBe("2 phrases have no rating.");
    expect(countsLine([])).toBe("There is no phrase.");
  });

  test("tells a rating of 0 from a skip and from nothing yet", () => {
    expect([0, 5, -1, null].map(cellFigure)).toEqual(["0", "5", "–", ""]);
    expect([0, 5, -1, null].map(cellWords)).toEqual(["0", "5", "skipped", "nothing yet"]);
  });

  test("calls listeners by their name, by their number, or newcomers", () => {
    expect(listenerName({ name: "Ada", number: 3 })).toBe("Ada");
    expect(listenerName({ name: "", number: 3 })).toBe("Listener 3");
    expect(listenerName({ name: "", number: null })).toBe("Newcomer");
  });

  test("draws the pace up to now, and counts only a minute that is over", () => {
    expect(paceSeries([4, 0, 2])[0]?.points).toEqual([{ x: -2, y: 4 }, { x: -1, y: 0 }, { x: 0, y: 2 }]);
    expect(paceLine([4, 7, 2])).toBe("7 in the last whole minute, 13 in 3 minutes.");
  });

  test("names the rule with its limit", () => {
    const rule = { closing: "quorum", quorum: 3, wanted_error: 0.15, minutes: 10 } as const;
    expect(ruleLine(rule)).toBe("Closes at 3 ratings a phrase, or after 10 minutes");
    expect(ruleLine({ ...rule, minutes: null })).toBe("Closes at 3 ratings a phrase");
    expect(ruleLine({ ...rule, closing: "time" })).toBe("Closes after 10 minutes");
  });

  test("counts down by the second, and says why no clock runs", () => {
    const now = Date.parse("2026-11-30T14:00:00Z");
    expect(leftLine(room(10, "2026-11-30T14:04:19.2Z"), now)).toBe("4:20 left");
    expect(leftLine(room(10, "2026-11-30T13:59:59Z"), now)).toBe("Time is up");
    expect(leftLine(room(10, null), now)).toBe("The clock begins with the first rating");
    expect(leftLine(room(10, null, "paused"), now)).toBe("The clock stands still");
    expect(leftLine(room(null, null), now)).toBe("");
  });

  test("takes tags as they are typed", () => {
    expect(tagsFrom(" Warm, odd;odd\n  long-winded ")).toEqual(["warm", "odd", "long-winded"]);
    expect(tagsFrom("")).toEqual([]);
  });
});
