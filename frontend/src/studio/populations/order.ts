/** A population as it is ordered: what the form begins with, what it may hold, what it will mean. */
import type { BreedingSettings, Population, PopulationInput, PopulationOptions } from "../api";
import { duration, fixed, plural } from "../format";
import type { FieldErrors } from "../http";
import { number, optional, problemsOf, text, wholeNumber, type Check } from "../validation";
import { fieldsFor, SETTING_FIELDS, SWITCH_FIELDS, type SettingName } from "./breeding";
import { frameSeconds } from "./lineage";

export type Limits = PopulationOptions["limits"];
export type Defaults = PopulationOptions["defaults"];
export type Closing = Defaults["closing"];
/** By what generations close, as it is filled in. */
export type RuleValues = Pick<PopulationValues, "closing" | "quorum" | "wanted_error" | "minutes">;
type Emptyable<T> = { [K in keyof T]: T[K] extends number ? number | null : T[K] };
export type SettingValues = Emptyable<BreedingSettings>;

/** What a host fills in. Of the settings only those that were changed: the others are the recipe's. */
export interface PopulationValues {
  name: string;
  recipe: string;
  checkpoint: number | null;
  rewriter: number | null;
  encoding: "grid" | "study";
  is_faithful: boolean;
  bars: number | null;
  beats_per_bar: number | null;
  notes_per_bar: number | null;
  key: string;
  scale: string;
  root_octave: number;
  tempo_bpm: number | null;
  program: number;
  quorum: number | null;
  closing: Closing;
  wanted_error: number | null;
  /** How long a generation is rated at the most; null for as long as it takes. */
  minutes: number | null;
  /** Of steady breeding; null for as many as is usual. */
  births: number | null;
  seed: number | null;
  from_individual: number | null;
  fresh_share: number | null;
  changed: Partial<SettingValues>;
}

/** What the form begins with: what is usual here, by the server's word. */
export function blankPopulation(usual: Defaults, checkpoint: number | null): PopulationValues {
  const { bars, beats_per_bar, notes_per_bar, key, scale, root_octave, tempo_bpm, program } = usual;
  return {
    name: "",
    recipe: "ours",
    checkpoint,
    rewriter: null,
    encoding: "grid",
    is_faithful: false,
    bars,
    beats_per_bar,
    notes_per_bar,
    key,
    scale,
    root_octave,
    tempo_bpm,
    program,
    quorum: usual.quorum,
    closing: usual.closing,
    wanted_error: usual.wanted_error,
    minutes: null,
    births: null,
    seed: null,
    from_individual: null,
    fresh_share: 0,
    changed: {},
  };
}

/** What the form of a branch begins with: bred and closed as the population that it grows from. */
export function blankBranch(usual: Defaults, individual: number, source: Population): PopulationValues {
  const { quorum, closing, wanted_error, minutes, births, settings, rewriter, encoding } = source;
  return {
    ...blankPopulation(usual, null),
    ...source.frame,
    name: `${source.name}, a branch`.slice(0, NAME_MAX),
    rewriter: rewriter?.id ?? null,
    quorum,
    closing,
    wanted_error,
    minutes,
    births,
    from_individual: individual,
    fresh_share: usual.fresh_share,
    // The study's bits cannot grow from a phrase: a branch of them is bred as notes, from the recipe.
    changed: encoding === "study" ? { size: settings.size } : { ...settings },
  };
}

/** The values with another recipe: what was changed makes way for what it says, all but the size. */
export function withRecipe(values: PopulationValues, recipe: PopulationOptions["recipes"][number]): PopulationValues {
  const { size } = values.changed;
  const encoding = values.from_individual === null ? recipe.encoding : "grid";
  return { ...values, recipe: recipe.name, encoding, changed: size === undefined ? {} : { size } };
}

/** The settings that will hold: the recipe's, made to fit a small population, and over them what was changed. */
export function settingsOf(values: PopulationValues, options: PopulationOptions): SettingValues {
  const recipe = options.recipes.find((one) => one.name === values.recipe) ?? options.recipes[0];
  if (!recipe) throw new Error("The server told no recipe to breed by.");
  const usual = recipe.settings;
  const size = values.changed.size ?? usual.size;
  const fitting = {
    parents: Math.min(usual.parents, size),
    elites: Math.min(usual.elites, Math.max(0, size - 1)),
    exploratory: Math.min(usual.exploratory, size),
  };
  return { ...usual, ...fitting, ...values.changed };
}

export const NAME_MAX = 120;
const SIXTEENTHS_A_BEAT = 4;
const FRAME = ["bars", "beats_per_bar", "notes_per_bar", "key", "scale", "root_octave", "tempo_bpm", "program"] as const;
const SHOWN_IN_SIGHT: readonly SettingName[] = ["size", "mutations"];

/** The check of the whole form within the server's limits. */
export function checksWith(options: PopulationOptions): (values: PopulationValues) => FieldErrors {
  const { limits } = options;
  return (values) => {
    const settings = settingsOf(values, options);
    const given = { ...values, ...settings };
    const checks: Record<string, Check> = {
      name: text(NAME_MAX),
      ...ruleChecks(values, limits),
      seed: optional(wholeNumber(0, 2 ** 31 - 1)),
      ...(isSteady(values, settings) ? { births: optional(wholeNumber(1, birthsMax(settings))) } : {}),
      ...settingChecks(settings, limits),
      ...(values.from_individual === null ? frameChecks(values, limits) : { fresh_share: number(0, 0.5) }),
    };
    return problemsOf(given, Object.fromEntries(Object.entries(checks).filter(([name]) => isAsked(name, values, settings))));
  };
}

/** The checks of what closes a generation. */
export function ruleChecks(values: RuleValues, limits: Limits): Record<string, Check> {
  const minutes = wholeNumber(1, limits.minutes_max);
  return {
    quorum: wholeNumber(1, limits.quorum_max),
    minutes: values.closing === "time" ? minutes : optional(minutes),
    ...(values.closing === "certainty" ? { wanted_error: number(limits.wanted_error_min, limits.wanted_error_max) } : {}),
  };
}

/** Whether a few are born at a time. */
export function isSteady(values: PopulationValues, settings: SettingValues): boolean {
  return values.encoding !== "study" && settings.method === "steady";
}

/** Elites keep their places. */
function birthsMax({ size, elites, selecting }: SettingValues): number {
  return Math.max(1, (size ?? 1) - (selecting ? (elites ?? 0) : 0));
}

function frameChecks(values: PopulationValues, limits: Limits): Record<string, Check> {
  const beats = values.beats_per_bar ?? 4;
  return {
    bars: wholeNumber(1, limits.bars_max),
    beats_per_bar: isFaithful(values) ? only(4, "The study knew only bars of 4 beats.") : wholeNumber(1, 8),
    notes_per_bar: wholeNumber(1, SIXTEENTHS_A_BEAT * Math.max(1, beats)),
    tempo_bpm: number(limits.tempo_min_bpm, limits.tempo_max_bpm),
  };
}

function settingChecks(settings: SettingValues, limits: Limits): Record<string, Check> {
  const size = settings.size ?? limits.size_min;
  return {
    size: wholeNumber(limits.size_min, limits.size_max),
    mutations: wholeNumber(0, 64),
    parents: wholeNumber(1, size),
    elites: wholeNumber(0, size - 1),
    exploratory: wholeNumber(0, size),
    mutation_probability: number(0, 1),
    caution: number(0, limits.caution_max),
    fresh_blood: number(0, limits.fresh_blood_max),
    minimum_distance: number(0, limits.minimum_distance_max),
    surplus: wholeNumber(1, limits.surplus_max),
    islands: wholeNumber(1, Math.max(1, Math.min(limits.islands_max, Math.floor(size / 2)))),
    migration: number(0, limits.migration_max),
  };
}

function only(value: number, message: string): Check {
  return (given) => (given === value ? "" : message);
}

function isFaithful(values: PopulationValues): boolean {
  return values.encoding === "study" && values.is_faithful;
}

/** Whether a field is on the page: what is not can neither be wrong nor be mended. */
function isAsked(name: string, values: PopulationValues, settings: SettingValues): boolean {
  const field = SETTING_FIELDS.find((one) => one.name === name);
  return field === undefined || fieldsFor([field], values.encoding, settings).length > 0;
}

/** What is sent, of values that passed the checks: of the settings only what was changed, so that the recipe's stay its own. */
export function inputOf(values: PopulationValues): PopulationInput {
  const { seed, births, changed, from_individual, fresh_share, wanted_error, checkpoint, rewriter, ...rest } = values;
  const isOfBits = values.encoding === "study";
  const isBranch = from_individual !== null;
  const frame = new Set<string>(FRAME);
  const order = Object.entries(rest).filter(([name]) => !(isBranch && frame.has(name)));
  return {
    ...Object.fromEntries(order),
    ...settingsInput(changed, values.encoding),
    name: values.name.trim(),
    is_faithful: isFaithful(values),
    ...(values.closing === "certainty" ? { wanted_error } : {}),
    ...(seed === null ? {} : { seed }),
    ...(births === null || isOfBits || changed.method !== "steady" ? {} : { births }),
    ...(isBranch ? { from_individual, fresh_share } : {}),
    ...(isOfBits || isBranch ? {} : { checkpoint }),
    ...(isOfBits ? {} : { rewriter }),
  } as PopulationInput;
}

function settingsInput(changed: Partial<SettingValues>, encoding: string): Partial<SettingValues> {
  if (encoding !== "study") return changed;
  const fields = fieldsFor([...SETTING_FIELDS, ...SWITCH_FIELDS], encoding, changed);
  const known = new Set<string>([...SHOWN_IN_SIGHT, ...fields.map((one) => one.name)]);
  return Object.fromEntries(Object.entries(changed).filter(([name]) => known.has(name)));
}

/** Of each phrase, before parents can be sure; and at most so many times the quorum, however unsure they are. */
export const CERTAINTY_FLOOR = 2;
export const CERTAINTY_MOST = 4;

/** What the numbers mean for listeners: "10 phrases of 8.7 s each; 30 ratings close a generation." */
export function sizeLine(values: PopulationValues, size: number | null): string {
  const { bars, tempo_bpm, quorum, beats_per_bar } = values;
  if (size === null || bars === null || tempo_bpm === null || quorum === null || beats_per_bar === null || tempo_bpm <= 0) return "";
  const phrases = `${plural(size, "phrase")} of ${duration(frameSeconds({ bars, tempo_bpm, beats_per_bar, beat_unit: 4 }))} each`;
  if (values.closing === "time") return `${phrases}; ${plural(values.minutes ?? 0, "minute")} after the first rating a generation closes.`;
  if (values.closing === "quorum") return `${phrases}; ${plural(size * quorum, "rating")} close a generation.`;
  return `${phrases}; ${CERTAINTY_FLOOR * size} to ${plural(CERTAINTY_MOST * quorum * size, "rating")} close a generation.`;
}

/** What a wanted error means, in words. */
export function certaintyLine(wanted: number | null): string {
  if (wanted === null || wanted <= 0) return "";
  const what = `Closes when the parents chosen are expected to lack no more than ${fixed(wanted, 2)} rating points of the best there are.`;
  return `${what} ${SIMULATED.find(([least]) => wanted >= least)?.[1] ?? SIMULATED_LEAST}`;
}

// Ratings of each of 48 phrases by 12 simulated listeners until then: docs/fitness.md, informative assignment.
const SIMULATED: readonly (readonly [number, string])[] = [
  [0.25, "Simulated crowds needed about 4 ratings a phrase for 0.3: quick, and rough."],
  [0.175, "Simulated crowds needed about 5 ratings a phrase for 0.2."],
  [0.125, "Simulated crowds needed about 7 ratings a phrase for 0.15."],
];
const SIMULATED_LEAST = "Simulated crowds needed about 10 ratings a phrase for 0.1: many listeners, and patience.";
