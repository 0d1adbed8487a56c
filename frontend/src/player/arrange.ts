/** What a listener may change in how a phrase sounds: another instrument, and a beat under it. The notes stay. Pure. */
import { beatSeconds, lengthSeconds, type NoteEvent, type Phrase } from "./phrase";

export const BEATS = ["none", "click", "drums"] as const;
export type Beat = (typeof BEATS)[number];

/** The General MIDI programs that the SoundFont has. */
export const INSTRUMENTS = [0, 4, 24, 25, 33, 42, 48, 73, 80, 81, 89] as const;
export type Instrument = (typeof INSTRUMENTS)[number];

export interface Choice {
  readonly beat: Beat;
  /** null: as it was written. */
  readonly instrument: Instrument | null;
}

/** As it was written, and nothing under it. */
export const PLAIN: Choice = { beat: "none", instrument: null };

const [KICK, STICK, SNARE, HAT] = [36, 37, 38, 42];
const HIT_S = 0.1;

/** The phrase as it is to sound. */
export function arranged(phrase: Phrase, choice: Choice): Phrase {
  const parts = phrase.parts.map((part) =>
    part.isDrum || choice.instrument === null ? part : { ...part, program: choice.instrument },
  );
  if (choice.beat === "none") return { ...phrase, parts };
  const part = parts.length;
  return {
    ...phrase,
    parts: [...parts, { program: 0, isDrum: true }],
    notes: [...phrase.notes, ...hits(phrase, choice.beat, part)],
  };
}

/** One stroke or more on every beat, from the first to the last bar's end. */
function hits(phrase: Phrase, beat: Exclude<Beat, "none">, part: number): readonly NoteEvent[] {
  const step = beatSeconds(phrase);
  const beats = Math.max(1, Math.round(lengthSeconds(phrase) / step));
  return Array.from({ length: beats }, (_, index) => {
    const strokes = beat === "click" ? click(index % phrase.beatsPerBar) : drums(index % phrase.beatsPerBar, step);
    return strokes.map(([delay, pitch, velocity]): NoteEvent => [index * step + delay, HIT_S, pitch, velocity, part]);
  }).flat();
}

/** [seconds after the beat, pitch, velocity] */
type Stroke = readonly [number, number, number];

function click(place: number): readonly Stroke[] {
  return [[0, STICK, place === 0 ? 78 : 52]];
}

/** Kick on the first, snare where the bar answers, hats twice a beat. */
function drums(place: number, step: number): readonly Stroke[] {
  const hats: readonly Stroke[] = [
    [0, HAT, 46],
    [step / 2, HAT, 34],
  ];
  if (place === 0) return [[0, KICK, 80], ...hats];
  return place % 2 === 1 ? [[0, SNARE, 58], ...hats] : [[0, KICK, 62], ...hats];
}
