/** The player's keys: which phrase it is that sounds. */
import type { Side } from "./state";

/** Of a phrase in the room. */
export function keyOf(offer: string): string {
  return `room-${offer}`;
}

/** Of one side of a duel. */
export function sideKey(duel: string, side: Side): string {
  return `duel-${duel}-${side}`;
}

/** Of the winner on its own screen. */
export function winnerKey(individual: number): string {
  return `winner-${individual}`;
}
