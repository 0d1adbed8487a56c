/** How a population is bred, in words: recipes, encodings, and what each setting does. */
import type { BreedingSettings } from "../api";

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly text: string;
}

const RECIPES: Readonly<Record<string, Omit<Choice, "value">>> = {
  ours: {
    title: "Ours",
    text: "Parents by how probably they are the best, children screened by the crowd's taste, near-twins kept out.",
  },
  study: {
    title: "The study's",
    text: "Four bits a note from a random start; pairs of the best three by rating, one cut, up to two flipped bits.",
  },
};

export const ENCODINGS: readonly Choice[] = [
  {
    value: "grid",
    title: "Notes on the bar grid",
    text: "Each note has a place, length, loudness and timing of its own. Can begin with a network's phrases.",
  },
  {
    value: "study",
    title: "The study's bits",
    text: "Four bits a note: a rest or a degree of the scale; the same again makes it longer. Begins at random.",
  },
];

export const READINGS: readonly Choice[] = [
  {
    value: "right",
    title: "Put right",
    text: "Octave 4 begins at middle C, a root after a rest sounds, blues has its blue note, a pair is two phrases.",
  },
  {
    value: "faithful",
    title: "As the study sounded",
    text: "With its program's faults: an octave lower, a root after a rest is silent, blues of five notes, only 4 beats a bar.",
  },
];

const CROSSOVERS: Readonly<Record<string, string>> = {
  adaptive: "One of the others for each child, more often the more it has brought.",
  "cut at bar": "The mother's bars up to a bar line, the father's after it.",
  "cut at slot": "The mother's notes up to a beat, the father's from there on.",
  "mix bars": "Each bar from one parent or the other.",
  "cross layers": "The rhythm of one parent, the pitches of the other.",
  "cross playing": "The notes of one parent, played like the other.",
};

const SELECTIONS: Readonly<Record<string, string>> = {
  probability: "By how probably each belongs to the best: doubt counts.",
  paper: "By rating, among the parents only: as in the study.",
  tournament: "The better of a few drawn at random.",
  rank: "By place in the order, however far apart the ratings are.",
};

const METHODS: Readonly<Record<string, string>> = {
  generational: "A whole generation at a time: all but the elites make way.",
  steady: "A few at a time: newborns replace the least liked.",
};

/** A name of the wire as people read it, its first letter large. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The recipes that the server has, with words for those that are known here. */
export function recipeChoices(names: readonly string[]): Choice[] {
  return names.map((name) => ({ value: name, ...(RECIPES[name] ?? { title: titleOf(name), text: "" }) }));
}

const SELECTION_TITLES: Readonly<Record<string, string>> = { probability: "By probability", paper: "By rating", rank: "By rank" };

/** What a select shows for a value of a setting. */
export function optionTitle(setting: SettingName, value: string): string {
  return (setting === "selection" ? SELECTION_TITLES[value] : undefined) ?? titleOf(value);
}

/** What a choice does, in one line; empty for one that is not known here. */
export function choiceLine(setting: SettingName, value: string): string {
  const lines: Partial<Record<string, Readonly<Record<string, string>>>> = {
    crossover: CROSSOVERS,
    selection: SELECTIONS,
    method: METHODS,
  };
  return lines[setting]?.[value] ?? "";
}

export type SettingName = keyof BreedingSettings;

export interface SettingField {
  readonly name: SettingName;
  readonly label: string;
  readonly hint: string;
  readonly kind: "number" | "choice" | "switch";
  readonly step?: number;
  /** The study's bits have it too. */
  readonly isForBits?: boolean;
  /** Only with the taste on. */
  readonly isOfTaste?: boolean;
  /** Only where the crowd may part. */
  readonly isOfIslands?: boolean;
}

/** What stands in the fold of the form, in the order of what happens: who breeds, how, what is let in. */
export const SETTING_FIELDS: readonly SettingField[] = [
  { name: "method", kind: "choice", label: "Method", hint: "" },
  { name: "selection", kind: "choice", label: "Pairs are drawn", hint: "" },
  { name: "crossover", kind: "choice", label: "Crossover", hint: "" },
  { name: "parents", kind: "number", label: "Parents", hint: "Of the best, so many breed.", isForBits: true },
  { name: "elites", kind: "number", label: "Elites", hint: "The best live on, with their ratings.", isForBits: true },
  {
    name: "mutation_probability",
    kind: "number",
    label: "Chance of a mutation",
    hint: "Each change happens this often, 0 to 1.",
    step: 0.05,
    isForBits: true,
  },
  { name: "caution", kind: "number", label: "Caution", hint: "So many standard errors off a fitness before it is compared.", step: 0.1 },
  { name: "fresh_blood", kind: "number", label: "Fresh blood", hint: "Share of new places for phrases of no parents.", step: 0.05 },
  {
    name: "minimum_distance",
    kind: "number",
    label: "Minimum distance",
    hint: "Nearer than this (0 to 1) is a twin, and stays out.",
    step: 0.01,
  },
  { name: "islands", kind: "number", label: "Islands", hint: "A crowd of several tastes may part into so many; 1 keeps it together." },
  {
    name: "migration",
    kind: "number",
    label: "Migration",
    hint: "Share of pairs with a parent from another island.",
    step: 0.05,
    isOfIslands: true,
  },
  { name: "surplus", kind: "number", label: "Candidates a place", hint: "Bred for each place; the taste lets one through.", isOfTaste: true },
  { name: "exploratory", kind: "number", label: "Exploring places", hint: "For what the taste knows least.", isOfTaste: true },
];

export const SWITCH_FIELDS: readonly SettingField[] = [
  {
    name: "taste_prior",
    kind: "switch",
    label: "The taste is a prior",
    hint: "What it expects of newcomers is where their fitness begins, until ratings say otherwise.",
    isOfTaste: true,
  },
  {
    name: "taste_likelihood",
    kind: "switch",
    label: "The taste asks the network",
    hint: "How likely the network finds a phrase is one of its features. Can cost seconds between generations.",
    isOfTaste: true,
  },
  {
    name: "adaptive",
    kind: "switch",
    label: "Operators earn their share",
    hint: "What brought better children is drawn more often.",
  },
  {
    name: "selecting",
    kind: "switch",
    label: "Selection",
    hint: "Off: the control line. Parents are drawn by lot, to see what the crowd's choice is worth.",
    isForBits: true,
  },
];

/** The fields that a population has a use for: of its encoding, of the taste where that is on, of islands where there may be some. */
export function fieldsFor(
  fields: readonly SettingField[],
  encoding: string,
  settings: Readonly<Partial<Record<SettingName, unknown>>>,
): SettingField[] {
  return fields.filter(
    (field) =>
      (encoding !== "study" || field.isForBits === true) && (field.isOfTaste !== true || settings.taste === true) &&
      (field.isOfIslands !== true || Number(settings.islands ?? 1) > 1),
  );
}
