import { expect, test } from "vitest";
import { lengthSeconds, soundSeconds } from "../../player/phrase";
import { PRACTICE } from "./practice";

test("there are two phrases to practise on, four bars each, and they are unlike each other", () => {
  expect(PRACTICE.map(({ bars }) => bars)).toEqual([4, 4]);
  for (const phrase of PRACTICE) expect(soundSeconds(phrase)).toBeLessThanOrEqual(lengthSeconds(phrase));
  expect(PRACTICE[0]?.notes.map((note) => note[2])).not.toEqual(PRACTICE[1]?.notes.map((note) => note[2]));
});
