import { describe, expect, test } from "vitest";
import type { Generation, GenerationDetail, Individual } from "../api";
import { descentOf } from "./descent";
import { agreementSeries, calibrationSeries, errorSeries, foretoldPoints, islandSeries, newestWith, spanOf } from "./figures";

function generation(number: number, rest: Partial<Generation> = {}): Generation {
  const nothing = { expected_error: null, agreement: null, calibration: null, diversity: null } as const;
  return { number, is_closed: true, ratings: 30, best_fitness: 4, ...nothing, ...rest } as unknown as Generation;
}

function individual(id: number, rest: Partial<Individual> = {}): Individual {
  const unheard = { fitness: null, standard_error: null, predicted: null, predicted_error: null, n_ratings: 0 };
  return { id, number: id, parents: [], lives_on_from: null, ...unheard, ...rest } as unknown as Individual;
}

const named = (id: number, number: number): Individual["parents"][number] => ({ id, generation: number, index: id, number: id });

describe("charts of the generations", () => {
  test("leave out what a generation does not know, and count from 1", () => {
    const all = [generation(0), generation(1, { expected_error: 0.3 }), generation(2, { expected_error: 0.2, is_closed: false })];
    expect(errorSeries(all, null)).toEqual([{ name: "Expected selection error", points: [{ x: 2, y: 0.3 }, { x: 3, y: 0.2 }] }]);
    expect(agreementSeries(all)).toEqual([]);
    expect(newestWith(all, (one) => one.is_closed)?.number).toBe(1);
  });

  test("show the wanted error beside the found one where certainty closes", () => {
    const series = errorSeries([generation(0, { expected_error: 0.3 }), generation(1, { expected_error: 0.1 })], 0.15);
    expect(series[1]).toEqual({ name: "Closes at", points: [{ x: 1, y: 0.15 }, { x: 2, y: 0.15 }] });
    expect(errorSeries([generation(0)], 0.15)).toEqual([]);
  });

  test("of islands have a line for each, where the crowd had parted", () => {
    const island = (best_fitness: number | null): Generation["islands"][number] => ({ listeners: 5, size: 6, mean_fitness: 2, best_fitness, best_index: 0 });
    const all = [generation(0, { islands: [] }), generation(1, { islands: [island(3), island(2)] }), generation(2, { islands: [island(4), island(null)] })];
    expect(islandSeries(all)).toEqual([
      { name: "Island 1", points: [{ x: 2, y: 3 }, { x: 3, y: 4 }] },
      { name: "Island 2", points: [{ x: 2, y: 2 }] },
    ]);
    expect(islandSeries([generation(0, { islands: [] })])).toEqual([]);
  });

  test("of the taste have a line for each figure that is known", () => {
    const calibration = { n: 2, correlation: null, slope: null, coverage: 0.5 };
    expect(calibrationSeries([generation(1, { calibration })])).toEqual([
      { name: "Share within its 95% intervals", points: [{ x: 2, y: 0.5 }] },
    ]);
  });

  test("set what was foretold against what was given only where somebody heard it first here", () => {
    const rated = { predicted: 2, predicted_error: 0.4, fitness: 3, standard_error: 0.2, n_ratings: 3 };
    const detail = {
      individuals: [individual(1, rated), individual(2, { ...rated, lives_on_from: named(9, 0) }), individual(3, { ...rated, n_ratings: 0 }), individual(4)],
    } as unknown as GenerationDetail;
    expect(foretoldPoints(detail)).toEqual([{ label: "Phrase 1", x: 2, xError: 0.4, y: 3, yError: 0.2 }]);
  });

  test("of gains reach half a point at least, and are not stretched by one wild operator", () => {
    expect(spanOf([{ gain: 0.1, standard_error: 0.1 }])).toBe(0.5);
    const usual = Array.from({ length: 20 }, () => ({ gain: 0.4, standard_error: 0.3 }));
    expect(spanOf([...usual, { gain: 9, standard_error: 9 }])).toBe(1);
  });
});

describe("what descends from an individual", () => {
  const chosen = individual(1);
  const generations: Record<number, GenerationDetail | undefined> = {
    1: { individuals: [individual(11, { lives_on_from: named(1, 0) }), individual(12, { parents: [named(1, 0), named(2, 0)] }), individual(13, { parents: [named(2, 0)] })] } as unknown as GenerationDetail,
    2: { individuals: [individual(21, { parents: [named(12, 1)] }), individual(22, { parents: [named(11, 1)] }), individual(23, { lives_on_from: named(12, 1) })] } as unknown as GenerationDetail,
    3: { individuals: [individual(31, { parents: [named(13, 1)] })] } as unknown as GenerationDetail,
  };
  const kin = (of: Individual, number: number): unknown =>
    descentOf(of, number, (one) => generations[one]).map((one) => [one.generation, one.descendants.map((each) => [each.individual.id, each.kinship])]);

  test("is itself, its children and theirs, generation by generation, until nobody is left of it", () => {
    expect(kin(chosen, 0)).toEqual([
      [1, [[11, "itself"], [12, "child"]]],
      [2, [[21, "descendant"], [22, "child"], [23, "child"]]],
    ]);
  });

  test("of an elite's later life goes on from its first", () => {
    expect(kin(generations[1]!.individuals[0]!, 1)).toEqual([[2, [[22, "child"]]]]);
  });

  test("is nothing where the next generation is not there", () => {
    expect(kin(individual(31), 3)).toEqual([]);
  });
});
