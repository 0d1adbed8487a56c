import { describe, expect, test } from "vitest";
import type { BreedingSettings, Population, PopulationOptions } from "../api";
import { fieldsFor, SETTING_FIELDS } from "./breeding";
import { blankBranch, blankPopulation, certaintyLine, checksWith, inputOf, settingsOf, sizeLine, withRecipe } from "./order";

const ours: BreedingSettings = {
  size: 10,
  parents: 3,
  elites: 2,
  mutations: 1,
  mutation_probability: 0.5,
  crossover: "adaptive",
  caution: 0,
  selection: "probability",
  adaptive: true,
  fresh_blood: 0,
  minimum_distance: 0.05,
  surplus: 8,
  taste: true,
  exploratory: 1,
  selecting: true,
  method: "generational",
  taste_prior: false,
  taste_likelihood: false,
  islands: 1,
  migration: 0.1,
};
const study: BreedingSettings = { ...ours, mutations: 2, crossover: "cut at bar", selection: "paper", adaptive: false, surplus: 1, taste: false };
const options: PopulationOptions = {
  keys: ["C"],
  scales: ["major"],
  programs: [],
  crossovers: ["adaptive", "cut at bar"],
  selections: ["probability", "paper"],
  methods: ["generational", "steady"],
  recipes: [
    { name: "ours", encoding: "grid", settings: ours },
    { name: "study", encoding: "study", settings: study },
  ],
  limits: {
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
    islands_max: 4,
    migration_max: 0.5,
    minutes_max: 10_080,
  },
  defaults: {
    bars: 4,
    beats_per_bar: 4,
    notes_per_bar: 8,
    key: "C",
    scale: "major",
    root_octave: 4,
    tempo_bpm: 110,
    program: 0,
    closing: "quorum",
    quorum: 3,
    wanted_error: 0.15,
    minutes: 10,
    fresh_share: 0.2,
  },
};
const usual = options.defaults;
const named = { ...blankPopulation(usual, 3), name: "Motifs" };
const problems = checksWith(options);

describe("a population's form", () => {
  test("begins with a name missing and nothing else", () => {
    expect(Object.keys(problems(blankPopulation(usual, null)))).toEqual(["name"]);
  });

  test("keeps to the limits that the server tells", () => {
    const values = { ...named, bars: 9, changed: { size: 1 } };
    expect(Object.keys(checksWith({ ...options, limits: { ...options.limits, bars_max: 8 } })(values)).sort()).toEqual(["bars", "size"]);
  });

  test("shows the recipe's settings, made to fit a small population, and sends only what was changed", () => {
    const values = { ...named, changed: { size: 2 } };
    expect(settingsOf(values, options)).toMatchObject({ size: 2, parents: 2, elites: 1, mutations: 1 });
    expect(problems(values)).toEqual({});
    const input = inputOf(values);
    expect(input).toMatchObject({ name: "Motifs", recipe: "ours", checkpoint: 3, size: 2 });
    for (const absent of ["parents", "elites", "taste", "seed", "wanted_error", "from_individual"]) expect(input).not.toHaveProperty(absent);
    expect(inputOf({ ...named, seed: 0 })).toHaveProperty("seed", 0);
  });

  test("says beside the field what a population of this size cannot have", () => {
    const found = problems({ ...named, changed: { size: 6, parents: 7, elites: 6, exploratory: null } });
    expect(found).toEqual({
      parents: "From 1 to 6; this is 7.",
      elites: "From 0 to 5; this is 6.",
      exploratory: "A whole number from 0 to 6.",
    });
  });

  test("each island holds two phrases at least, and migration is asked for where there are islands", () => {
    expect(problems({ ...named, changed: { size: 6, islands: 4 } })).toEqual({ islands: "From 1 to 3; this is 4." });
    expect(problems({ ...named, changed: { islands: 1, migration: 9 } })).toEqual({});
    expect(problems({ ...named, changed: { islands: 2, migration: 9 } })).toHaveProperty("migration");
  });

  test("a bar holds no more notes than sixteenths", () => {
    expect(problems({ ...named, beats_per_bar: 3, notes_per_bar: 13 })).toHaveProperty("notes_per_bar");
    expect(problems({ ...named, beats_per_bar: 3, notes_per_bar: 12 })).toEqual({});
  });
});

describe("the study's bits", () => {
  const bits = withRecipe({ ...named, rewriter: 9, changed: { size: 4, taste: true } }, options.recipes[1]!);

  test("come with their recipe, which keeps the size alone", () => {
    expect(bits).toMatchObject({ recipe: "study", encoding: "study", changed: { size: 4 } });
    expect(settingsOf(bits, options)).toMatchObject({ selection: "paper", taste: false, size: 4 });
  });

  test("have no network and nothing that belongs to notes", () => {
    const input = inputOf({ ...bits, changed: { size: 4, elites: 1, taste: true, crossover: "mix bars" } });
    expect(input).toMatchObject({ encoding: "study", size: 4, elites: 1 });
    for (const absent of ["checkpoint", "rewriter", "taste", "crossover"]) expect(input).not.toHaveProperty(absent);
    expect(fieldsFor(SETTING_FIELDS, "study", study).map((field) => field.name)).toEqual(["parents", "elites", "mutation_probability"]);
  });

  test("as they sounded know only bars of four beats; put right, any", () => {
    expect(problems({ ...bits, beats_per_bar: 3, is_faithful: true })).toHaveProperty("beats_per_bar");
    expect(problems({ ...bits, beats_per_bar: 3 })).toEqual({});
    expect(inputOf({ ...bits, encoding: "grid", is_faithful: true })).toHaveProperty("is_faithful", false);
  });
});

describe("steady breeding", () => {
  const steady = { ...named, births: 9, changed: { method: "steady", size: 10 } };

  test("asks how many are born a round, leaving the elites their places", () => {
    expect(problems(steady)).toEqual({ births: "From 1 to 8; this is 9." });
    expect(problems({ ...steady, births: null })).toEqual({});
    expect(inputOf({ ...steady, births: 3 })).toMatchObject({ method: "steady", births: 3 });
  });

  test("is the only one that sends births", () => {
    expect(inputOf({ ...steady, changed: {} })).not.toHaveProperty("births");
    expect(problems({ ...steady, changed: {} })).toEqual({});
  });
});

describe("closing", () => {
  test("by certainty asks for an error and sends it; by number does neither", () => {
    const certain = { ...named, closing: "certainty" as const, wanted_error: null };
    expect(problems(certain)).toHaveProperty("wanted_error");
    expect(inputOf({ ...certain, wanted_error: 0.2 })).toMatchObject({ closing: "certainty", wanted_error: 0.2 });
    expect(problems({ ...named, wanted_error: null })).toEqual({});
  });

  test("is told in ratings, and what an error means in words", () => {
    const values = { ...named, bars: 2, tempo_bpm: 120 };
    expect(sizeLine(values, 10)).toBe("10 phrases of 4 s each; 30 ratings close a generation.");
    expect(sizeLine({ ...values, closing: "certainty" }, 10)).toBe("10 phrases of 4 s each; 20 to 120 ratings close a generation.");
    expect(sizeLine({ ...values, bars: null }, 10)).toBe("");
    expect(certaintyLine(0.15)).toContain("0.15 rating points");
    expect(certaintyLine(0.15)).toContain("about 7 ratings");
    expect(certaintyLine(0.05)).toContain("about 10 ratings");
    expect(certaintyLine(null)).toBe("");
  });
});

describe("a branch", () => {
  const frame = { bars: 2, beats_per_bar: 3, beat_unit: 4, notes_per_bar: 4, key: "A", scale: "dorian", root_octave: 4, tempo_bpm: 90, program: 0 };
  const source = {
    name: "Small hours",
    frame,
    settings: { ...ours, size: 6, taste: false },
    quorum: 2,
    closing: "certainty",
    wanted_error: 0.3,
    encoding: "grid",
    rewriter: null,
    births: null,
  } as unknown as Population;

  test("is bred and closed as the population that it grows from", () => {
    const values = blankBranch(usual, 41, source);
    expect(settingsOf(values, options)).toEqual(source.settings);
    expect(problems(values)).toEqual({});
    expect(inputOf(values)).toMatchObject({ from_individual: 41, fresh_share: 0.2, closing: "certainty", wanted_error: 0.3, quorum: 2, size: 6 });
  });

  test("leaves frame and network out, which are its population's", () => {
    const input = inputOf(blankBranch(usual, 41, source));
    for (const absent of ["bars", "key", "tempo_bpm", "checkpoint"]) expect(input).not.toHaveProperty(absent);
  });

  test("of the study's bits is bred as notes, from the recipe", () => {
    const values = blankBranch(usual, 41, { ...source, encoding: "study", settings: { ...study, size: 8 } });
    expect(values.encoding).toBe("grid");
    expect(settingsOf(values, options)).toMatchObject({ size: 8, selection: "probability", taste: true });
    expect(withRecipe(values, options.recipes[1]!).encoding).toBe("grid");
  });

  test("may have at most half of it invented", () => {
    expect(problems({ ...blankBranch(usual, 41, source), fresh_share: 0.6 })).toEqual({ fresh_share: "From 0 to 0.5; this is 0.6." });
  });
});
