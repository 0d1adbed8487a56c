/**
 * Whether somebody wears headphones: Woods, Siegel, Traer and McDermott, "Headphone screening to facilitate web-based
 * auditory experiments", Attention, Perception & Psychophysics 79 (2017). Six times three tones of 200 Hz, 1 s each with
 * ramps of 0.1 s and 0.5 s between them: one is 6 dB softer, one is as loud as the third but in opposite phase left and
 * right. In headphones the softer one is the quietest; in the air between loudspeakers the one in opposite phase cancels
 * itself out and seems quieter still. Five right answers of six pass.
 */

export type Tone = "standard" | "softer" | "opposite";
/** The order of one trial's three tones. */
export type Trial = readonly [Tone, Tone, Tone];

export const TRIALS = 6;
export const NEEDED = 5;
export const TONE_S = 1;
export const GAP_S = 0.5;
const RAMP_S = 0.1;
const TONE_HZ = 200;
const STANDARD_GAIN = 0.35;
const SOFTER_DB = -6;

const ORDERS: readonly Trial[] = [
  ["standard", "softer", "opposite"],
  ["standard", "opposite", "softer"],
  ["softer", "standard", "opposite"],
  ["softer", "opposite", "standard"],
  ["opposite", "standard", "softer"],
  ["opposite", "softer", "standard"],
];

/** The trials: each of the six orders once, shuffled. `random` gives 0 to 1. */
export function trials(random: () => number): readonly Trial[] {
  const order = [...ORDERS];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as Trial, order[last] as Trial];
  }
  return order;
}

/** Whether choosing a place (0 to 2) as the quietest is right. */
export function isRight(trial: Trial, place: number): boolean {
  return trial[place] === "softer";
}

/** The test's result, once all answers are in. */
export function verdict(answers: readonly boolean[]): "passed" | "failed" {
  return answers.filter(Boolean).length >= NEEDED ? "passed" : "failed";
}

/** A tone's samples, [left, right]. */
export function samplesOf(tone: Tone, sampleRate: number): readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const length = Math.round(TONE_S * sampleRate);
  const gain = STANDARD_GAIN * (tone === "softer" ? 10 ** (SOFTER_DB / 20) : 1);
  const ramp = RAMP_S * sampleRate;
  const left = Float32Array.from({ length }, (_, index) => {
    const edge = Math.min(1, index / ramp, (length - 1 - index) / ramp);
    return gain * Math.sin((Math.PI / 2) * edge) ** 2 * Math.sin((2 * Math.PI * TONE_HZ * index) / sampleRate);
  });
  return [left, left.map((sample) => (tone === "opposite" ? -sample : sample))];
}

/** Play a trial's three tones; done when the last one has ended. Returns at once when `signal` is aborted. */
export async function playTrial(context: AudioContext, trial: Trial, signal: AbortSignal): Promise<void> {
  const start = context.currentTime + 0.1;
  const sources = trial.map((tone, place) => {
    const [left, right] = samplesOf(tone, context.sampleRate);
    const buffer = context.createBuffer(2, left.length, context.sampleRate);
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.start(start + place * (TONE_S + GAP_S));
    return source;
  });
  await new Promise<void>((resolve) => {
    const last = sources[sources.length - 1];
    if (last) last.onended = () => resolve();
    signal.addEventListener("abort", () => {
      for (const source of sources) source.stop();
      resolve();
    });
  });
}
