/** Sentences about a generation, from its figures. */
import { words } from "../../i18n/language.svelte";
import type { GenerationClosed, Progress } from "../../protocol/protocol.gen";

/** How full the generation is, 0 to 1: the part of the ratings wanted, or how near the certainty is. */
export function fullness(progress: Progress | null): number {
  if (!progress) return 0;
  const { expected_error: now, wanted_error: wanted, ratings, needed } = progress;
  if (wanted !== null) return now === null ? 0 : Math.min(1, wanted / Math.max(now, wanted));
  return needed > 0 ? Math.min(1, ratings / needed) : 0;
}

/** "7 of 10 phrases have enough ratings", or how certain the choice of parents is. */
export function progressWords(progress: Progress): string {
  const { expected_error: now, wanted_error: wanted } = progress;
  if (now !== null && wanted !== null) return words().head.certainty(now, wanted);
  return words().head.progress(progress.complete, progress.size);
}

/** What is waited for once everything was answered here. */
export function waitingWords(progress: Progress): string {
  const missing = Math.max(0, progress.needed - progress.ratings);
  if (missing === 0) return progress.wanted_error === null ? words().wait.allIn : words().wait.doneOpen;
  return words().wait.others(Math.max(1, Math.ceil(missing / Math.max(1, progress.size))), missing);
}

/** "4:20", until a moment by a clock that stands at `nowMs`; null when it is over. */
export function leftClock(closesAt: string, nowMs: number): string | null {
  const seconds = Math.ceil((Date.parse(closesAt) - nowMs) / 1000);
  if (seconds <= 0) return null;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The winner's name and its fitness with the 95% interval, both on the scale of the ratings. */
export function favouriteWords(closed: GenerationClosed): string {
  const { winner, winner_fitness: mean, winner_standard_error: error } = closed;
  if (!winner) return "";
  const w = words().born;
  if (mean === null) return w.favourite(winner.number);
  const low = error === null ? null : Math.max(0, mean - 1.96 * error);
  const high = error === null ? null : Math.min(5, mean + 1.96 * error);
  return w.favouriteRated(winner.number, w.ratedAbout(mean, low, high));
}
