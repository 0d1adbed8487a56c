/** What can be read off a population and its generations. */
import type { Frame, Generation, GenerationDetail, Individual, Parent, Population, Rule } from "../api";
import type { Series } from "../../components/chart";
import { generationOrdinal } from "../../generations";
import { fixed, keyName, plural, scaleName } from "../format";

/** "2 bars, A minor blues, 96 bpm". */
export function frameLine(frame: Frame): string {
  return `${plural(frame.bars, "bar")}, ${keyName(frame.key)} ${scaleName(frame.scale)}, ${frame.tempo_bpm} bpm`;
}

/** When a generation closes: "at 3 ratings a phrase", "at an error of 0.15". */
export function closesLine({ closing, quorum, wanted_error, minutes }: Rule): string {
  const latest = minutes === null ? "" : `after ${plural(minutes, "minute")}`;
  if (closing === "time") return latest;
  const rule = closing === "certainty" ? `at an error of ${fixed(wanted_error, 2)}` : `at ${plural(quorum, "rating")} a phrase`;
  return latest === "" ? rule : `${rule}, or ${latest}`;
}

/** How long a phrase of a frame lasts, in seconds. */
export function frameSeconds(frame: Pick<Frame, "bars" | "tempo_bpm"> & Partial<Frame>): number {
  const beats = frame.bars * (frame.beats_per_bar ?? 4) * (4 / (frame.beat_unit ?? 4));
  return (beats * 60) / frame.tempo_bpm;
}

/** The newest generation that has a fitness. */
export function latestRated(population: Population): Generation | undefined {
  return population.generations.findLast((generation) => generation.best_fitness !== null);
}

/** The newest generation; undefined while the first is seeded. */
export function latest(population: Population): Generation | undefined {
  return population.generations.at(-1);
}

/** The best rating: no interval is drawn beyond the scale. */
const MOST = 5;

/** The lines of the fitness chart: the best and the mean of each generation, with one standard error to each side. */
export function fitnessSeries(generations: readonly Generation[]): Series[] {
  const line = (
    name: string,
    value: (generation: Generation) => number | null,
    error: (generation: Generation) => number | null,
  ): Series => ({
    name,
    points: generations.flatMap((generation) => {
      const y = value(generation);
      if (y === null) return [];
      const spread = error(generation);
      const interval = spread === null ? {} : { low: Math.max(0, y - spread), high: Math.min(MOST, y + spread) };
      return [{ x: generationOrdinal(generation.number), y, ...interval }];
    }),
  });
  return [
    line("Best", (one) => one.best_fitness, (one) => one.best_standard_error),
    line("Mean", (one) => one.mean_fitness, (one) => one.mean_standard_error),
  ].filter((series) => series.points.length > 0);
}

/** A parent with its phrase, where its generation has been fetched. */
export interface Ancestor {
  readonly parent: Parent;
  readonly individual: Individual | undefined;
}

/** The parents of an individual, each looked up in the generations that are there. */
export function ancestorsOf(
  individual: Individual,
  generationOf: (number: number) => GenerationDetail | undefined,
): Ancestor[] {
  return individual.parents.map((parent) => ({
    parent,
    individual: generationOf(parent.generation)?.individuals.find((candidate) => candidate.id === parent.id),
  }));
}

/** How an individual came to be, in a sentence. */
export function originLine(individual: Individual): string {
  if (individual.origin) return `Cut from a sample of “${individual.origin.run}”.`;
  if (individual.operator === "branch") return "The phrase that this branch grew from.";
  if (individual.operator === "random") return "Drawn at random in the scale.";
  const parents = individual.parents.length;
  if (individual.operator === "elite") return "Kept as it was from the generation before.";
  if (parents === 0) return "";
  return parents === 1 ? "Bred from one phrase:" : `Bred from ${parents} phrases:`;
}
