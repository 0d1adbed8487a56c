/** What a phrase shares with training pieces, in words. */
import type { Memorisation } from "./api";
import { barsLine, count, plural } from "./format";

/** More than training pieces share with one another? */
export function isMuch({ n_notes, people_notes }: Memorisation): boolean {
  return n_notes > people_notes;
}

/** "12 notes shared with minuet.mid, bars 3 to 5; its pieces share up to 20 among themselves." */
export function sharedLine(shared: Memorisation): string {
  const { n_notes, piece, piece_bars, people_notes } = shared;
  if (n_notes === 0 || piece === null) return "Nothing shared with the training pieces";
  const where = `${plural(n_notes, "note")} shared with ${piece}${barsOf(piece_bars)}`;
  const people = `the pieces themselves share up to ${count(people_notes)}`;
  return isMuch(shared) ? `Learned by heart? ${where}; ${people}` : `${where}; ${people}`;
}

function barsOf(bars: readonly number[] | null): string {
  const [first, last] = bars ?? [];
  if (first === undefined || last === undefined) return "";
  return `, ${barsLine(first, last)}`;
}
