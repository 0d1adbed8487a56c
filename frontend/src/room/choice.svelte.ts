/** How this listener wants phrases to sound: kept in this browser, applied to everything that the room plays. */
import { BEATS, INSTRUMENTS, PLAIN, type Choice } from "../player/arrange";
import { remember, remembered } from "./storage";

const KEY = "antiphon.sound";

export const choice = $state<{ now: Choice }>({ now: stored() });

/** Choose, for now and for the next visit. */
export function chooseSound(next: Choice): void {
  choice.now = next;
  remember(KEY, JSON.stringify(next));
}

function stored(): Choice {
  try {
    const { beat, instrument } = JSON.parse(remembered(KEY)) as Partial<Choice>;
    return {
      beat: BEATS.find((known) => known === beat) ?? PLAIN.beat,
      instrument: INSTRUMENTS.find((known) => known === instrument) ?? PLAIN.instrument,
    };
  } catch {
    return PLAIN;
  }
}
