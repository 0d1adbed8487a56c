import { expect, test } from "vitest";
import { lengthSeconds } from "../player/phrase";
import type { GenerationDetail, Individual, PhraseOut, Sample } from "./api";
import { batchesOf } from "./datasets/batches";
import { playable } from "./phrase";
import { ancestorsOf, fitnessSeries, frameSeconds, originLine } from "./populations/lineage";
import { groupsOf, settingsLine } from "./samples/groups";
import { fitting } from "./table";

const phrase: PhraseOut = {
  notes: [{ onset_seconds: 0, duration_seconds: 0.5, pitch: 60, velocity: 80, part: 0 }],
  parts: [{ program: 11, is_drum: false }],
  bends: [{ onset_seconds: 0.25, part: 0, cents: 30 }],
  tempo_bpm: 120,
  beats_per_bar: 4,
  bars: 2,
  duration_seconds: 4,
};

function individual(id: number, rest: Partial<Individual> = {}): Individual {
  const known = { index: id, number: id + 1, operator: "crossover", origin: null, parents: [], n_ratings: 3, memorisation: null };
  const told = { operators: ["crossover"], lives_on_from: null, branches: [], p_parent: null };
  const foreseen = { predicted: null, predicted_error: null, nats: null, island: null };
  return { id, fitness: 3, standard_error: 0.2, phrase, ...known, ...told, ...foreseen, ...rest };
}

test("a phrase of the API is the same phrase in the player", () => {
  const sound = playable(phrase);
  expect(sound.notes).toEqual([[0, 0.5, 60, 80, 0]]);
  expect(sound.bends).toEqual([[0, 0.25, 30]]);
  expect(sound.parts).toEqual([{ program: 11, isDrum: false }]);
  expect(lengthSeconds(sound)).toBe(4);
});

test("a phrase in eighths lasts as long as the API says", () => {
  const sound = playable({ ...phrase, beats_per_bar: 6, duration_seconds: 3 });
  expect(sound.beatUnit).toBe(8);
  expect(lengthSeconds(sound)).toBeCloseTo(3);
});

test("parents are found in their generation, and still named where it is not there", () => {
  const parent = individual(7);
  const generation = { number: 2, individuals: [parent] } as unknown as GenerationDetail;
  const child = individual(9, {
    parents: [
      { id: 7, generation: 2, index: 7, number: 8 },
      { id: 1, generation: 1, index: 1, number: 2 },
    ],
  });
  const found = ancestorsOf(child, (number) => (number === 2 ? generation : undefined));
  expect(found.map((one) => one.individual)).toEqual([parent, undefined]);
  expect(originLine(child)).toBe("Bred from 2 phrases:");
  expect(originLine(individual(1, { origin: { run: "Takes", sample: 4 } }))).toContain("“Takes”");
});

test("the fitness chart has an interval of one standard error, only generations that were rated, and counts them from 1", () => {
  const rated = {
    number: 0,
    size: 10,
    is_closed: true,
    opened_at: "",
    closed_at: "",
    mean_fitness: 2.5,
    best_fitness: 4,
    best_standard_error: 0.25,
    mean_standard_error: null,
    ratings: 30,
    diversity: null,
    expected_error: null,
    agreement: null,
    calibration: null,
    islands: [],
  };
  const open = { ...rated, number: 1, is_closed: false, mean_fitness: null, best_fitness: null };
  expect(fitnessSeries([rated, open])).toEqual([
    { name: "Best", points: [{ x: 1, y: 4, low: 3.75, high: 4.25 }] },
    { name: "Mean", points: [{ x: 1, y: 2.5 }] },
  ]);
  expect(fitnessSeries([open])).toEqual([]);
});

test("a frame's length counts its beats in their unit", () => {
  expect(frameSeconds({ bars: 4, tempo_bpm: 120 })).toBe(8);
  expect(frameSeconds({ bars: 2, tempo_bpm: 60, beats_per_bar: 6, beat_unit: 8 })).toBe(6);
});

test("samples drawn together stand together, newest first", () => {
  const sample = (job_id: number, index: number): Sample => ({
    id: job_id * 10 + index,
    checkpoint: 1,
    job_id,
    index,
    settings: {},
    memorisation: null,
    created_at: "",
    phrase,
  });
  const groups = groupsOf([sample(3, 1), sample(5, 0), sample(3, 0)]);
  expect(groups.map((group) => [group.job, group.samples.map((one) => one.index)])).toEqual([
    [5, [0]],
    [3, [0, 1]],
  ]);
  expect(settingsLine({ temperature: 0.8, top_p: 0.95, tempo_bpm: null })).toBe("temperature 0.8 · top-p 0.95");
});

test("an upload is cut into requests that the server takes, in order", () => {
  const file = (size: number): { size: number } => ({ size });
  const files = [file(40), file(30), file(200), file(10), file(10)];
  expect(batchesOf(files, 100, 10).map((batch) => batch.map((one) => one.size))).toEqual([[40, 30], [200], [10, 10]]);
  expect(batchesOf(files, 1_000, 2).map((batch) => batch.length)).toEqual([2, 2, 1]);
  expect(batchesOf([], 100, 10)).toEqual([]);
});

test("columns make room on narrower pages", () => {
  const columns = [
    { key: "name", title: "Name" },
    { key: "notes", title: "Notes", hide: "narrow" as const },
    { key: "licence", title: "Licence", hide: "medium" as const },
  ];
  const keys = (isMedium: boolean, isNarrow: boolean): string[] =>
    fitting(columns, isMedium, isNarrow).map((column) => column.key);
  expect(keys(false, false)).toEqual(["name", "notes", "licence"]);
  expect(keys(true, false)).toEqual(["name", "notes"]);
  expect(keys(true, true)).toEqual(["name"]);
});
