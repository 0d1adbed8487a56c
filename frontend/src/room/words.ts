/** The sentences of the room, in one place. */
import { generationName } from "../generations";
import type { Progress } from "../protocol/protocol.gen";

/** The six ratings, the same in every place. */
export const RATINGS = ["no", "weak", "so-so", "fine", "good", "love"] as const;

/** "1 phrase", "4 phrases". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How full the generation is: "7 of 10 phrases have enough ratings". */
export function progressWords(progress: Progress): string {
  return `${progress.complete} of ${counted(progress.size, "phrase")} have enough ratings`;
}

/** What is waited for once everything was rated here. */
export function waitingWords(progress: Progress): string {
  const missing = Math.max(0, progress.needed - progress.ratings);
  if (missing === 0) return "All ratings are in. The next generation is on its way…";
  const others = Math.max(1, Math.ceil(missing / Math.max(1, progress.size)));
  return `Waiting for ${counted(others, "more listener")}: ${counted(missing, "rating is", "ratings are")} still missing.`;
}

/** Where the new generation comes from. */
export function bredWords(generation: number, parents: number, listeners: number, tookPart: boolean): string {
  const others = tookPart ? listeners - 1 : listeners;
  const who = tookPart
    ? others > 0
      ? `you and ${counted(others, "other")}`
      : "you"
    : counted(Math.max(1, others), "listener");
  return `${generationName(generation)}: bred from ${counted(parents, "phrase")} that ${who} liked.`;
}

/** A fitness with its 95% interval, both on the scale of the ratings. */
export function fitnessWords(mean: number, standardError: number | null): string {
  if (standardError === null) return `rated about ${mean.toFixed(1)}`;
  const low = Math.max(0, mean - 1.96 * standardError);
  const high = Math.min(5, mean + 1.96 * standardError);
  return `rated about ${mean.toFixed(1)} of 5, likely between ${low.toFixed(1)} and ${high.toFixed(1)}`;
}
