/** How loud: a slider's position from 0 to 1, kept in this browser. */

const KEY = "antiphon.volume";
const USUAL = 0.8;
const LOUDEST = 5;

/** What was chosen on an earlier visit. */
export function storedVolume(): number {
  try {
    const value = Number(localStorage.getItem(KEY) ?? USUAL);
    return value >= 0 && value <= 1 ? value : USUAL;
  } catch {
    return USUAL;
  }
}

/** Keep a choice for the next visit. */
export function keepVolume(volume: number): void {
  try {
    localStorage.setItem(KEY, String(volume));
  } catch {
    // Without storage the loudness holds until the page is left.
  }
}

/** The gain of a position. Loudness is heard as a power: the slider's middle should sound half as loud. */
export function gainOf(volume: number): number {
  return volume ** 2 * LOUDEST;
}
