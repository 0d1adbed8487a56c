/**
 * The synthesiser's own reverb as a faster one of the same sound: Dattorro's plate, "Effect Design, Part 1", Journal of
 * the Audio Engineering Society 45(9), 1997, set as General MIDI's second hall. Only what a score can ask for is here.
 */
import type { ReverbProcessor, ReverbProcessorSnapshot } from "spessasynth_core";

/** The paper's delays and taps are in samples at this rate. */
const PAPER_RATE_HZ = 29_761;
const INPUT_DELAYS = [142, 107, 379, 277];
const LEFT_TANK_DELAYS = [672, 4453, 1800, 3720];
const RIGHT_TANK_DELAYS = [908, 4217, 2656, 3163];
const LEFT_TAPS = [266, 2974, 1913, 1996, 1990, 187, 1066];
const RIGHT_TAPS = [353, 3627, 1228, 2673, 2111, 335, 121];

const INPUT_LOWPASS = 0.7;
const INPUT_DIFFUSION = [0.75, 0.625] as const;
const TANK_DIFFUSION = [0.67, 0.69] as const;
const DAMPING = 0.1;
const EXCURSION_HZ = 0.5;
const EXCURSION_MS = 0.7;
/** How much of the tank comes back for a time of 0 to 127, in this hall. */
const decayOf = (time: number): number => 1.2 * (0.05 + (0.65 * time) / 127);
const gainOf = (level: number): number => level / 345;

/** A ring of samples; `at` counts samples for all rings alike, index 0 is the oldest sample of a line. */
class Line {
  private readonly samples: Float32Array;
  private readonly mask: number;
  private readonly newest: number;

  constructor(length: number) {
    const size = 2 ** Math.ceil(Math.log2(length));
    this.samples = new Float32Array(size);
    this.mask = size - 1;
    this.newest = length - 1;
  }

  oldest(at: number): number {
    return this.samples[at & this.mask] ?? 0;
  }

  tap(at: number, index: number): number {
    return this.samples[(at + index) & this.mask] ?? 0;
  }

  /** Between two samples, by a cubic through four. */
  between(at: number, index: number): number {
    const { samples, mask } = this;
    const whole = Math.floor(index);
    const part = index - whole;
    const first = at + whole - 1;
    const a = samples[first & mask] ?? 0;
    const b = samples[(first + 1) & mask] ?? 0;
    const c = samples[(first + 2) & mask] ?? 0;
    const d = samples[(first + 3) & mask] ?? 0;
    const cubic = (3 * (b - c) - a + d) / 2;
    const square = 2 * c + a - (5 * b + d) / 2;
    return ((cubic * part + square) * part + (c - a) / 2) * part + b;
  }

  write(at: number, sample: number): void {
    this.samples[(at + this.newest) & this.mask] = sample;
  }
}

/** Half of the tank: a wandering all-pass, a delay, a low-pass, an all-pass, a delay. */
class TankHalf {
  readonly lines: readonly [Line, Line, Line, Line];
  private damped = 0;

  constructor(delays: readonly number[], toSamples: (length: number) => number) {
    const line = (index: number): Line => new Line(toSamples(delays[index] ?? 0));
    this.lines = [line(0), line(1), line(2), line(3)];
  }

  /** One sample in; `excursion` in samples. */
  step(at: number, input: number, excursion: number, decay: number): void {
    const [wandering, delay, diffuser, last] = this.lines;
    const [first, second] = TANK_DIFFUSION;
    const moved = wandering.between(at, excursion);
    const diffused = input + first * moved;
    wandering.write(at, diffused);
    delay.write(at, moved - first * diffused);
    this.damped += (1 - DAMPING) * (delay.oldest(at) - this.damped);
    const old = diffuser.oldest(at);
    const fed = decay * this.damped - second * old;
    diffuser.write(at, fed);
    last.write(at, diffuser.oldest(at) + second * fed);
  }
}

/** See the top of this file. `level` and `time` follow MIDI; the rest of the settings stays as it is. */
export class Plate implements ReverbProcessor {
  character = 4;
  delayFeedback = 0;
  level = 0;
  preDelayTime = 0;
  preLowpass = 0;
  time = 0;
  private at = 0;
  private phase = 0;
  private lowpassed = 0;
  private readonly inputs: readonly Line[];
  private readonly left: TankHalf;
  private readonly right: TankHalf;
  private readonly leftTaps: Int32Array;
  private readonly rightTaps: Int32Array;

  constructor(private readonly sampleRate: number) {
    const toSamples = (length: number): number => Math.round((length / PAPER_RATE_HZ) * sampleRate);
    this.inputs = INPUT_DELAYS.map((delay) => new Line(toSamples(delay)));
    this.left = new TankHalf(LEFT_TANK_DELAYS, toSamples);
    this.right = new TankHalf(RIGHT_TANK_DELAYS, toSamples);
    this.leftTaps = Int32Array.from(LEFT_TAPS, toSamples);
    this.rightTaps = Int32Array.from(RIGHT_TAPS, toSamples);
  }

  getSnapshot(): ReverbProcessorSnapshot {
    const { character, delayFeedback, level, preDelayTime, preLowpass, time } = this;
    return { character, delayFeedback, level, preDelayTime, preLowpass, time };
  }

  process(input: Float32Array, outputLeft: Float32Array, outputRight: Float32Array, startIndex: number, sampleCount: number): void {
    const decay = decayOf(this.time);
    const gain = gainOf(this.level);
    const depth = (EXCURSION_MS / 1000) * this.sampleRate;
    const turn = (2 * Math.PI * EXCURSION_HZ) / this.sampleRate;
    const { left, right } = this;
    for (let index = 0; index < sampleCount; index++) {
      const at = this.at++;
      const diffused = this.diffuse(at, input[index] ?? 0);
      const fromLeft = left.lines[3].oldest(at);
      const fromRight = right.lines[3].oldest(at);
      left.step(at, diffused + decay * fromRight, depth * (1 + Math.cos(this.phase)), decay);
      right.step(at, diffused + decay * fromLeft, depth * (1 + Math.sin(this.phase)), decay);
      this.phase += turn;
      const out = startIndex + index;
      outputLeft[out] = (outputLeft[out] ?? 0) + gain * heard(at, this.leftTaps, right.lines, left.lines);
      outputRight[out] = (outputRight[out] ?? 0) + gain * heard(at, this.rightTaps, left.lines, right.lines);
    }
  }

  /** The input through its low-pass and its four all-passes. */
  private diffuse(at: number, input: number): number {
    this.lowpassed += INPUT_LOWPASS * (input - this.lowpassed);
    let sample = this.lowpassed;
    for (let index = 0; index < this.inputs.length; index++) {
      const line = this.inputs[index];
      if (line === undefined) break;
      const factor = INPUT_DIFFUSION[index < 2 ? 0 : 1];
      const old = line.oldest(at);
      const fed = sample - factor * old;
      line.write(at, fed);
      sample = old + factor * fed;
    }
    return sample;
  }
}

/** One side's output: taps of the far half added, of the near half taken away. */
function heard(at: number, taps: Int32Array, far: TankHalf["lines"], near: TankHalf["lines"]): number {
  return (
    far[1].tap(at, taps[0] ?? 0) +
    far[1].tap(at, taps[1] ?? 0) -
    far[2].tap(at, taps[2] ?? 0) +
    far[3].tap(at, taps[3] ?? 0) -
    near[1].tap(at, taps[4] ?? 0) -
    near[2].tap(at, taps[5] ?? 0) -
    near[3].tap(at, taps[6] ?? 0)
  );
}
