/** Where everything of a piano roll lies, in pixels. Pure: the component only draws it. */
import { beatSeconds, lengthSeconds, type Phrase } from "../player/phrase";

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 soft to 100 loud. */
  readonly tone: number;
  readonly onset: number;
  readonly end: number;
}

export interface Line {
  readonly x: number;
  readonly isBar: boolean;
}

export interface Band {
  readonly y: number;
  readonly height: number;
}

export interface Roll {
  readonly notes: readonly Bar[];
  readonly lines: readonly Line[];
  /** Rows of black keys, faintly darker. */
  readonly bands: readonly Band[];
  readonly seconds: number;
  readonly lowest: number;
  readonly highest: number;
}

const MARGIN_ROWS = 2;
/** Fewer rows than this would turn a narrow phrase into slabs. */
const LEAST_ROWS = 14;
const TALLEST_NOTE = 18;
const LEAST_BEAT_PX = 7;
const BLACK_KEYS = new Set([1, 3, 6, 8, 10]);

/** The pitches shown: those of the phrase and two more each side, [lowest, highest]. */
export function pitchRange(phrase: Phrase): readonly [number, number] {
  const pitches = phrase.notes.map((note) => note[2]);
  let lowest = Math.min(...(pitches.length > 0 ? pitches : [60])) - MARGIN_ROWS;
  let highest = Math.max(...(pitches.length > 0 ? pitches : [60])) + MARGIN_ROWS;
  const missing = LEAST_ROWS - (highest - lowest + 1);
  if (missing > 0) {
    lowest -= Math.ceil(missing / 2);
    highest += Math.floor(missing / 2);
  }
  return [lowest, highest];
}

/** Lay a phrase out in a box of the given size, in pixels. */
export function layOut(phrase: Phrase, width: number, height: number): Roll {
  const [lowest, highest] = pitchRange(phrase);
  const seconds = Math.max(lengthSeconds(phrase), beatSeconds(phrase));
  const perSecond = width / seconds;
  const row = height / (highest - lowest + 1);
  const thickness = Math.max(2, Math.min(row * 0.86, TALLEST_NOTE));
  const top = (pitch: number): number => (highest - pitch) * row;
  return {
    notes: phrase.notes.map(([onset, duration, pitch, velocity]) => ({
      x: onset * perSecond,
      y: top(pitch) + (row - thickness) / 2,
      width: Math.max(2, duration * perSecond - 1),
      height: thickness,
      tone: toneOf(velocity),
      onset,
      end: onset + duration,
    })),
    lines: gridLines(phrase, seconds, perSecond),
    bands: blackRows(lowest, highest).map((pitch) => ({ y: top(pitch), height: row })),
    seconds,
    lowest,
    highest,
  };
}

/** A velocity (1-127) as a tone from 0 to 100. Music lives between 30 and 115, so that range is spread out. */
export function toneOf(velocity: number): number {
  return Math.round(Math.min(1, Math.max(0, (velocity - 30) / 85)) * 100);
}

/** Which notes sound at a time, as indices. */
export function soundingAt(roll: Roll, seconds: number): readonly number[] {
  return roll.notes.flatMap((note, index) => (note.onset <= seconds && seconds < note.end ? [index] : []));
}

function blackRows(lowest: number, highest: number): readonly number[] {
  const rows: number[] = [];
  for (let pitch = lowest; pitch <= highest; pitch++) if (BLACK_KEYS.has(((pitch % 12) + 12) % 12)) rows.push(pitch);
  return rows;
}

function gridLines(phrase: Phrase, seconds: number, perSecond: number): readonly Line[] {
  const beat = beatSeconds(phrase);
  const stride = beat * perSecond < LEAST_BEAT_PX ? phrase.beatsPerBar : 1;
  const barStride = beat * perSecond * phrase.beatsPerBar < LEAST_BEAT_PX ? phrase.beatsPerBar * 4 : stride;
  const lines: Line[] = [];
  for (let index = barStride; index * beat < seconds - 1e-6; index += barStride) {
    lines.push({ x: index * beat * perSecond, isBar: index % phrase.beatsPerBar === 0 });
  }
  return lines;
}
