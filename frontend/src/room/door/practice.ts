/** Two phrases to practise on, made here: they belong to no population, and how they are rated is told nobody. */
import { phraseOf, type NoteEvent, type Phrase } from "../../player/phrase";

const TEMPO_BPM = 112;
const BEAT_S = 60 / TEMPO_BPM;

/** [beats, pitch or null for a rest] */
type Step = readonly [number, number | null];

/** A tune that goes up a scale and home again. */
const HOME: readonly Step[] = [
  [1, 62], [0.5, 64], [0.5, 65], [1, 67], [1, 69],
  [1.5, 67], [0.5, 65], [2, 64],
  [1, 65], [0.5, 64], [0.5, 62], [1, 60], [1, 64],
  [3, 62], [1, null],
];
/** A tune that leaps about and stops in the air. */
const ASTRAY: readonly Step[] = [
  [0.5, 60], [0.5, 73], [1, 54], [0.5, 66], [0.5, null], [1, 71],
  [1, 52], [0.5, 68], [0.5, 61], [1, null], [1, 75],
  [0.5, 57], [0.5, 58], [0.5, 70], [0.5, 49], [2, 66],
  [1, 72], [1, null], [2, 55],
];

export const PRACTICE: readonly Phrase[] = [tune(HOME), tune(ASTRAY)];

function tune(steps: readonly Step[]): Phrase {
  let at = 0;
  const notes: NoteEvent[] = [];
  for (const [beats, pitch] of steps) {
    const isOnBar = at % 4 === 0;
    if (pitch !== null) notes.push([at * BEAT_S, beats * BEAT_S * 0.92, pitch, isOnBar ? 92 : 76, 0]);
    at += beats;
  }
  return phraseOf(notes, { tempoBpm: TEMPO_BPM, bars: Math.ceil(at / 4) });
}
