/** What the player plays and the roll draws: a phrase (or any score) in seconds. */

/** [onset_s, duration_s, pitch, velocity, part] */
export type NoteEvent = readonly [number, number, number, number, number];
/** [part, onset_s, cents away from the written pitch] */
export type BendEvent = readonly [number, number, number];

export interface Part {
  /** General MIDI program, 0-127. */
  readonly program: number;
  readonly isDrum: boolean;
}

export interface Phrase {
  readonly notes: readonly NoteEvent[];
  readonly parts: readonly Part[];
  readonly bends: readonly BendEvent[];
  /** Quarter notes a minute. */
  readonly tempoBpm: number;
  readonly beatsPerBar: number;
  /** 4 for a quarter, 8 for an eighth. */
  readonly beatUnit: number;
  /** Whole bars the phrase fills; 0 where that is not known. */
  readonly bars: number;
}

/** A phrase with what is usual filled in: one piano, 4/4 at 120. */
export function phraseOf(notes: readonly NoteEvent[], rest: Partial<Omit<Phrase, "notes">> = {}): Phrase {
  return {
    notes,
    parts: [{ program: 0, isDrum: false }],
    bends: [],
    tempoBpm: 120,
    beatsPerBar: 4,
    beatUnit: 4,
    bars: 0,
    ...rest,
  };
}

/** How long one beat lasts, in seconds. */
export function beatSeconds(phrase: Phrase): number {
  return (60 / phrase.tempoBpm) * (4 / phrase.beatUnit);
}

/** When the last note stops, in seconds; 0 without notes. */
export function soundSeconds(phrase: Phrase): number {
  return phrase.notes.reduce((end, [onset, duration]) => Math.max(end, onset + duration), 0);
}

/** How long the phrase takes, in seconds: its whole bars, or its notes where they ring on beyond them. */
export function lengthSeconds(phrase: Phrase): number {
  const bars = phrase.bars * phrase.beatsPerBar * beatSeconds(phrase);
  return Math.max(bars, soundSeconds(phrase));
}
