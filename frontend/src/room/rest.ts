/** Whether somebody should take a break: from when they rated and what, known to this page only. Pure. */

/** One rating given here. Times in ms. */
export interface Given {
  readonly at: number;
  readonly value: number;
  /** From when the phrase might be rated until it was. */
  readonly thoughtMs: number;
}

/** `unsure` is the server's word: only it knows which phrases were heard before. */
export type Tiredness = "long" | "same" | "hasty" | "unsure";

/** Listening tests keep sittings short of half an hour (ITU-R BS.1116-3, 20 to 30 minutes). */
export const LONG_MS = 25 * 60_000;
/** Were the six values equally likely, so many alike in a row would come in 1 of 6^9 runs. */
export const SAME_IN_A_ROW = 10;
const HASTY_IN_A_ROW = 8;
/** Nobody judges in less: a phrase that was just heard enough is rated by reflex. */
const HASTY_MS = 250;

/** Why a break would do good, or null. `restedAt` is when the sitting began, or the last break ended. */
export function tirednessOf(given: readonly Given[], restedAt: number, now: number): Tiredness | null {
  const sitting = given.filter(({ at }) => at >= restedAt);
  const last = (count: number): readonly Given[] => (sitting.length < count ? [] : sitting.slice(-count));
  const same = last(SAME_IN_A_ROW);
  if (same.length > 0 && same.every(({ value }) => value === same[0]?.value)) return "same";
  const hasty = last(HASTY_IN_A_ROW);
  if (hasty.length > 0 && hasty.every(({ thoughtMs }) => thoughtMs < HASTY_MS)) return "hasty";
  return sitting.length > 0 && now - restedAt >= LONG_MS ? "long" : null;
}
