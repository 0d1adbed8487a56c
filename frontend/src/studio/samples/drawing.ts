/** An order of samples: what the form begins with, what it may hold, what is sent. */
import type { DrawInput } from "../api";
import type { FieldErrors } from "../http";
import { number, optional, problemsOf, wholeNumber } from "../validation";

/** What of a note is chosen one after the other, and may be chosen more or less boldly than the rest. */
export const FIELDS = [
  { name: "bar_step", title: "Bars and rests" },
  { name: "position", title: "Place in the bar" },
  { name: "degree", title: "Degree" },
  { name: "octave", title: "Octave" },
  { name: "alteration", title: "Sharps and flats" },
  { name: "duration", title: "Length" },
  { name: "velocity", title: "Loudness" },
  { name: "timing", title: "Timing" },
  { name: "articulation", title: "Articulation" },
] as const;

export type FieldName = (typeof FIELDS)[number]["name"];
export const PRIME_BARS_MAX = 16;

/** Bars of a file that samples go on from; no file: none. */
export interface PrimeValues {
  file: number | null;
  firstBar: number | null;
  lastBar: number | null;
}

export interface DrawValues {
  count: number | null;
  length: number | null;
  temperature: number | null;
  temperatures: Partial<Record<FieldName, number | null>>;
  topK: number | null;
  topP: number | null;
  key: string;
  scale: string;
  seed: number | null;
  tempo: number | null;
  prime: PrimeValues;
}

export function blankOrder(): DrawValues {
  return {
    count: 6,
    length: 64,
    temperature: 1,
    temperatures: {},
    topK: null,
    topP: 0.98,
    key: "",
    scale: "",
    seed: null,
    tempo: null,
    prime: { file: null, firstBar: 1, lastBar: 2 },
  };
}

/** What is wrong, by field. */
export function problemsIn(values: DrawValues): FieldErrors {
  const bold = number(0.1, 2);
  const fields = Object.fromEntries(FIELDS.map(({ name }) => [`temperatures.${name}`, values.temperatures[name]]));
  return {
    ...problemsOf(
      { ...values, ...fields, top_p: values.topP, top_k: values.topK, tempo_bpm: values.tempo },
      {
        count: wholeNumber(1, 16),
        length: wholeNumber(4, 2_000),
        temperature: bold,
        top_p: number(0.05, 1),
        top_k: optional(wholeNumber(0, 1_000)),
        tempo_bpm: optional(number(20, 400)),
        seed: optional(wholeNumber(0, 2 ** 31 - 1)),
        ...Object.fromEntries(FIELDS.map(({ name }) => [`temperatures.${name}`, optional(bold)])),
      },
    ),
    ...(values.prime.file === null ? {} : primeProblems(values.prime)),
  };
}

/** What is sent, of values that passed the checks. */
export function drawInput(values: DrawValues): DrawInput {
  const { count, length, temperature, topK, topP, key, scale, seed, tempo, prime } = values;
  const temperatures = Object.entries(values.temperatures).filter((entry): entry is [FieldName, number] => entry[1] !== null);
  return {
    count: count ?? 1,
    temperature: temperature ?? 1,
    top_p: topP ?? 1,
    ...(length === null ? {} : { length }),
    ...(temperatures.length === 0 ? {} : { temperatures: Object.fromEntries(temperatures) }),
    ...(topK === null ? {} : { top_k: topK }),
    ...(key === "" ? {} : ({ key } as Pick<DrawInput, "key">)),
    ...(scale === "" ? {} : ({ scale } as Pick<DrawInput, "scale">)),
    ...(seed === null ? {} : { seed }),
    ...(tempo === null ? {} : { tempo_bpm: tempo }),
    ...(prime.file === null
      ? {}
      : { prime: { file: prime.file, first_bar: prime.firstBar ?? 1, last_bar: prime.lastBar ?? 1 } }),
  };
}

function primeProblems({ firstBar, lastBar }: PrimeValues): FieldErrors {
  const bar = wholeNumber(1, 100_000);
  const problems = problemsOf({ "prime.first_bar": firstBar, "prime.last_bar": lastBar }, { "prime.first_bar": bar, "prime.last_bar": bar });
  if (Object.keys(problems).length > 0 || firstBar === null || lastBar === null) return problems;
  if (lastBar < firstBar) return { "prime.last_bar": "Not before the first." };
  return lastBar - firstBar < PRIME_BARS_MAX ? {} : { "prime.last_bar": `At most ${PRIME_BARS_MAX} bars.` };
}
