/** The charts of a population's generations. Pure; people count generations from 1. */
import type { Generation, GenerationDetail } from "../api";
import type { ScatterPoint, Series } from "../../components/chart";
import { generationOrdinal } from "../../generations";

/** A line through what each generation has of something; generations without it are left out. */
function line(name: string, generations: readonly Generation[], value: (one: Generation) => number | null | undefined): Series {
  return {
    name,
    points: generations.flatMap((one) => {
      const y = value(one);
      return y === null || y === undefined ? [] : [{ x: generationOrdinal(one.number), y }];
    }),
  };
}

const filled = (series: readonly Series[]): Series[] => series.filter((one) => one.points.length > 0);

/** Intraclass correlations: of one rating, and of the mean of a phrase's ratings. */
export function agreementSeries(generations: readonly Generation[]): Series[] {
  return filled([
    line("A phrase's mean, ICC(2,k)", generations, (one) => one.agreement?.icc_average),
    line("One rating, ICC(2,1)", generations, (one) => one.agreement?.icc_single),
  ]);
}

/** The expected selection error, and where certainty closes a generation the error that was wanted. */
export function errorSeries(generations: readonly Generation[], wanted: number | null): Series[] {
  const found = line("Expected selection error", generations, (one) => one.expected_error);
  if (wanted === null || found.points.length === 0) return filled([found]);
  return [found, { name: "Closes at", points: found.points.map(({ x }) => ({ x, y: wanted })) }];
}

export function diversitySeries(generations: readonly Generation[]): Series[] {
  return filled([line("Diversity", generations, (one) => one.diversity)]);
}

export function ratingsSeries(generations: readonly Generation[]): Series[] {
  return filled([line("Ratings", generations, (one) => one.ratings)]);
}

/** The best of each island, to its own listeners; a generation whose crowd was one has none. */
export function islandSeries(generations: readonly Generation[]): Series[] {
  const most = Math.max(0, ...generations.map((one) => one.islands.length));
  return filled(
    Array.from({ length: most }, (_, island) =>
      line(`Island ${island + 1}`, generations, (one) => one.islands[island]?.best_fitness),
    ),
  );
}

/** How well the taste foretold, generation by generation. */
export function calibrationSeries(generations: readonly Generation[]): Series[] {
  return filled([
    line("Correlation with what was given", generations, (one) => one.calibration?.correlation),
    line("Share within its 95% intervals", generations, (one) => one.calibration?.coverage),
  ]);
}

/** What the taste foretold of a generation's phrases against what the crowd gave, with one standard error each. */
export function foretoldPoints(generation: GenerationDetail): ScatterPoint[] {
  return generation.individuals.flatMap(({ number, predicted, predicted_error, fitness, standard_error, lives_on_from, n_ratings }) =>
    predicted === null || fitness === null || lives_on_from !== null || n_ratings === 0
      ? []
      : [{ label: `Phrase ${number}`, x: predicted, xError: predicted_error ?? 0, y: fitness, yError: standard_error ?? 0 }],
  );
}

/** The newest generation that something is known of. */
export function newestWith(generations: readonly Generation[], has: (one: Generation) => boolean): Generation | undefined {
  return generations.findLast(has);
}

/** How far to each side of nought a scale of gains must reach: the largest end of an interval, but not for a single wild one. */
export function spanOf(gains: readonly { gain: number; standard_error: number }[]): number {
  const ends = gains.map((one) => Math.abs(one.gain) + one.standard_error).sort((a, b) => a - b);
  const most = ends[Math.floor((ends.length - 1) * 0.9)] ?? 1;
  return Math.max(0.5, Math.ceil(most * 2) / 2);
}
