// @vitest-environment node
import { SpessaSynthProcessor, type ReverbProcessor } from "spessasynth_core";
import { expect, test } from "vitest";
import { Plate } from "./plate";

const RATE = 44_100;
const BLOCK = 128;

/** The synthesiser's own reverb, as a page hears it. */
function pagesReverb(): ReverbProcessor {
  const synth = new SpessaSynthProcessor(RATE, { eventsEnabled: false });
  synth.reset();
  return synth.reverbProcessor;
}

/** Half a second of noise, and what comes of it in `seconds`, left and right. */
function heard(reverb: ReverbProcessor, seconds: number): readonly [Float32Array, Float32Array] {
  const length = Math.floor((seconds * RATE) / BLOCK) * BLOCK;
  const input = new Float32Array(length);
  for (let index = 0, state = 1; index < RATE / 2; index++) {
    state = (state * 48_271) % 2_147_483_647;
    input[index] = state / 2_147_483_647 - 0.5;
  }
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  for (let start = 0; start < length; start += BLOCK) {
    reverb.process(input.subarray(start, start + BLOCK), left, right, start, BLOCK);
  }
  return [left, right];
}

function levelDb(samples: Float32Array, second: number): number {
  const span = samples.subarray(second * RATE, (second + 1) * RATE);
  return 10 * Math.log10(span.reduce((sum, sample) => sum + sample * sample, 0) / span.length);
}

test("the plate sounds and dies away as the page's reverb does", () => {
  const page = pagesReverb();
  const plate = new Plate(RATE);
  Object.assign(plate, page.getSnapshot());
  const [ours, theirs] = [heard(plate, 4), heard(page, 4)];
  for (const side of [0, 1] as const) {
    for (const second of [0, 1, 2, 3]) {
      expect(levelDb(ours[side], second)).toBeCloseTo(levelDb(theirs[side], second), 1);
    }
    const furthest = ours[side].reduce((most, sample, index) => Math.max(most, Math.abs(sample - (theirs[side][index] ?? 0))), 0);
    expect(furthest).toBeLessThan(0.01);
  }
  expect(levelDb(ours[0], 3)).toBeLessThan(levelDb(ours[0], 0) - 60);
});

test("the two sides differ", () => {
  const [left, right] = heard(Object.assign(new Plate(RATE), pagesReverb().getSnapshot()), 1);
  expect(left).not.toEqual(right);
});

test("without a level there is none of it", () => {
  const [left] = heard(Object.assign(new Plate(RATE), pagesReverb().getSnapshot(), { level: 0 }), 1);
  expect(left.every((sample) => sample === 0)).toBe(true);
});
