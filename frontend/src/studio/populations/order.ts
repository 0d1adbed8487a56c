/** A population as it is ordered: what the form begins with, what it may hold, what it will mean. */
import type { PopulationInput, PopulationOptions } from "../api";
import { duration, plural } from "../format";
import type { FieldErrors } from "../http";
import { number, optional, problemsOf, text, wholeNumber } from "../validation";
import { frameSeconds } from "./lineage";

export type Limits = PopulationOptions["limits"];

/** Until the server has told its own. */
export const LIMITS: Limits = {
  bars_max: 16,
  size_min: 2,
  size_max: 200,
  quorum_max: 1_000,
  tempo_min_bpm: 20,
  tempo_max_bpm: 300,
  caution_max: 3,
  fresh_blood_max: 0.5,
  minimum_distance_max: 0.5,
  surplus_max: 16,
  wanted_error_min: 0.01,
  wanted_error_max: 2,
};

type Emptyable<T> = { [K in keyof T]: T[K] extends number ? number | null : T[K] };
export type PopulationValues = Emptyable<Required<Omit<PopulationInput, "key" | "scale" | "program" | "root_octave">>> &
  Pick<PopulationInput, "key" | "scale" | "program" | "root_octave">;

/** What the form begins with. */
export function blankPopulation(checkpoint: number | null): PopulationValues {
  return {
    name: "",
    checkpoint,
    bars: 4,
    notes_per_bar: 8,
    key: "C",
    scale: "major",
    root_octave: 4,
    tempo_bpm: 110,
    program: 0,
    size: 10,
    mutations: 2,
    quorum: 3,
    seed: null,
  };
}

/** The check of the whole form within the server's limits. */
export function checksWith(limits: Limits): (values: PopulationValues) => FieldErrors {
  return (values) =>
    problemsOf(
      { ...values },
      {
        name: text(120),
        bars: wholeNumber(1, limits.bars_max),
        notes_per_bar: wholeNumber(1, 64),
        tempo_bpm: number(limits.tempo_min_bpm, limits.tempo_max_bpm),
        size: wholeNumber(limits.size_min, limits.size_max),
        mutations: wholeNumber(0, 64),
        quorum: wholeNumber(1, limits.quorum_max),
        seed: optional(wholeNumber(0, 2 ** 31 - 1)),
      },
    );
}

/** What is sent, of values that passed the checks. */
export function inputOf(values: PopulationValues): PopulationInput {
  const { seed, ...rest } = values;
  return { ...rest, name: rest.name.trim(), ...(seed === null ? {} : { seed }) } as PopulationInput;
}

/** What the numbers mean for listeners: "10 phrases of 8.7 s; 30 ratings make a generation." */
export function sizeLine(values: PopulationValues): string {
  const { size, bars, tempo_bpm, quorum } = values;
  if (size === null || bars === null || tempo_bpm === null || quorum === null || tempo_bpm <= 0) return "";
  const seconds = frameSeconds({ bars, tempo_bpm });
  return `${plural(size, "phrase")} of ${duration(seconds)} each; ${plural(size * quorum, "rating")} close a generation.`;
}
