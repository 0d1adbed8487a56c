import { expect, test } from "vitest";
import type { GenerationClosed, Progress } from "../../protocol/protocol.gen";
import { favouriteWords, leftClock, fullness, progressWords, waitingWords } from "./words";

const progress: Progress = {
  generation: 2, size: 10, complete: 4, quorum: 3, ratings: 14, needed: 30, expected_error: null, wanted_error: null,
  minutes: null, closes_at: null,
};
const winner = {
  individual: 4, generation: 2, number: 7, notes: [], parts: [], bends: [], tempo_bpm: 120, beats_per_bar: 4, bars: 4, duration_seconds: 8,
};
const closed: GenerationClosed = {
  type: "generation_closed", generation: 2, listeners: 3, ratings: 30, winner, winner_fitness: 3.9, winner_standard_error: 0.2, winner_parents: [],
};

test("waiting says for how many", () => {
  expect(waitingWords(progress)).toBe("Waiting for 2 more listeners: 16 ratings are still missing.");
  expect(waitingWords({ ...progress, ratings: 29 })).toBe("Waiting for 1 more listener: 1 rating is still missing.");
  expect(waitingWords({ ...progress, ratings: 30 })).toContain("on its way");
});

test("an estimate comes with its interval, inside the scale", () => {
  expect(favouriteWords(closed)).toBe("Its favourite, phrase 7: rated about 3.9 of 5, likely between 3.5 and 4.3.");
  expect(favouriteWords({ ...closed, winner_fitness: 4.9, winner_standard_error: 0.5 })).toContain("and 5.0");
  expect(favouriteWords({ ...closed, winner_fitness: null })).toBe("Its favourite is phrase 7.");
});

test("the line fills with ratings, or with certainty where that closes a generation", () => {
  expect(fullness(progress)).toBeCloseTo(14 / 30);
  expect(fullness({ ...progress, ratings: 99 })).toBe(1);
  expect([null, 0.8, 0.4, 0.2].map((now) => fullness({ ...progress, expected_error: now, wanted_error: 0.4 }))).toEqual([0, 0.5, 1, 1]);
  expect(progressWords({ ...progress, expected_error: 0.8, wanted_error: 0.4 })).toContain("off by 0.8 points");
  expect(progressWords(progress)).toBe("4 of 10 phrases have enough ratings");
});

test("a time limit is counted down by the second, and is over when it is over", () => {
  const at = Date.parse("2026-11-30T14:00:00Z");
  expect(leftClock("2026-11-30T14:04:19.1Z", at)).toBe("4:20");
  expect(leftClock("2026-11-30T14:00:00.5Z", at)).toBe("0:01");
  expect(leftClock("2026-11-30T15:02:03Z", at)).toBe("1:02:03");
  expect(leftClock("2026-11-30T14:00:00Z", at)).toBeNull();
});
