import { expect, test } from "vitest";
import { generationName } from "../generations";
import { bredWords, fitnessWords, waitingWords } from "./words";

const progress = { generation: 2, size: 10, complete: 4, quorum: 3, ratings: 14, needed: 30, expected_error: null, wanted_error: null };

test("the new generation says whom it comes from", () => {
  expect(bredWords(3, 4, 12, true)).toBe("Generation 4: bred from 4 phrases that you and 11 others liked.");
  expect(bredWords(3, 4, 2, true)).toBe("Generation 4: bred from 4 phrases that you and 1 other liked.");
  expect(bredWords(3, 1, 1, true)).toBe("Generation 4: bred from 1 phrase that you liked.");
  expect(bredWords(3, 4, 12, false)).toBe("Generation 4: bred from 4 phrases that 12 listeners liked.");
});

test("waiting says for how many", () => {
  expect(waitingWords(progress)).toBe("Waiting for 2 more listeners: 16 ratings are still missing.");
  expect(waitingWords({ ...progress, ratings: 29 })).toBe("Waiting for 1 more listener: 1 rating is still missing.");
  expect(waitingWords({ ...progress, ratings: 30 })).toContain("on its way");
});

test("an estimate comes with its interval, inside the scale", () => {
  expect(fitnessWords(3.9, 0.2)).toBe("rated about 3.9 of 5, likely between 3.5 and 4.3");
  expect(fitnessWords(4.9, 0.5)).toContain("and 5.0");
});

test("generations are counted from 1 for people, from 0 on the wire", () => {
  expect([generationName(0), generationName(3)]).toEqual(["Generation 1", "Generation 4"]);
});
