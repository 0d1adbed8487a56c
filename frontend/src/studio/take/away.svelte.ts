/** The phrase that somebody wants to take away, for the one dialog of the studio that asks in which form. */
import type { Phrase } from "../../player/phrase";

export type Taken = "individuals" | "training/samples" | "files";

export interface TakeAway {
  /** Under which address the phrase lies, and its id there. */
  readonly kind: Taken;
  readonly id: number;
  readonly name: string;
  /** The bars that there are to choose from. */
  readonly bars: number;
}

class Asking {
  wanted = $state.raw<TakeAway | null>(null);
}

/** What the dialog is open for; null while it is closed. */
export const asking = new Asking();

/** Ask in which form a phrase is to be taken away. */
export function takeAway(kind: Taken, id: number, name: string, phrase: Pick<Phrase, "bars">): void {
  asking.wanted = { kind, id, name, bars: phrase.bars };
}
