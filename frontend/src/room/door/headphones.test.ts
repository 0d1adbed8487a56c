import { expect, test } from "vitest";
import { isRight, samplesOf, TRIALS, trials, verdict, type Tone } from "./headphones";

const RATE = 8_000;
const power = (samples: Float32Array): number => samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
const inTheAir = (tone: Tone): number => {
  const [left, right] = samplesOf(tone, RATE);
  return power(left.map((sample, index) => (sample + (right[index] ?? 0)) / 2));
};

test("each of the six orders comes once, in an order of its own", () => {
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const drawn = trials(random);
  expect(drawn).toHaveLength(TRIALS);
  expect(new Set(drawn.map((trial) => trial.join())).size).toBe(TRIALS);
  expect(trials(random).map((trial) => trial.join())).not.toEqual(drawn.map((trial) => trial.join()));
});

test("in headphones the softer tone is the quietest, by 6 dB", () => {
  const [standard, softer, opposite] = (["standard", "softer", "opposite"] as const).map((tone) => power(samplesOf(tone, RATE)[0]));
  expect(10 * Math.log10(softer! / standard!)).toBeCloseTo(-6, 3);
  expect(opposite).toBeCloseTo(standard!, 9);
});

test("where both channels meet in the air the one in opposite phase is the quietest", () => {
  expect(inTheAir("opposite")).toBeCloseTo(0, 9);
  expect(inTheAir("softer")).toBeGreaterThan(0.001);
});

test("a tone begins and ends in silence, so that nothing clicks", () => {
  const [left] = samplesOf("standard", RATE);
  expect([left[0], left.at(-1)].map((sample) => Math.abs(sample ?? 1) < 1e-6)).toEqual([true, true]);
});

test("five right answers of six pass, four do not, and guessing rarely does", () => {
  const answers = (right: number): boolean[] => Array.from({ length: TRIALS }, (_, index) => index < right);
  expect([6, 5, 4, 0].map((right) => verdict(answers(right)))).toEqual(["passed", "passed", "failed", "failed"]);
  expect([0, 1, 2].map((place) => isRight(["opposite", "softer", "standard"], place))).toEqual([false, true, false]);
});
