/** How much later than its AudioContext time a sound is heard. */

/**
 * Firefox on Linux (seen in 153 with PulseAudio) can stand still for good when it is asked for `outputLatency` while its
 * first sounds begin: the page then holds what the sound's own thread waits for. There it is not asked.
 */
const STANDS_STILL_WHEN_ASKED = /X11;.*\bGecko\/\d/;
/** What Firefox on Linux said where it did answer: 0.013 to 0.042. */
const TYPICAL_S = 0.03;

/** The device's delay in seconds; 0 where it is not known. */
export function delaySeconds(
  of: Pick<AudioContext, "outputLatency" | "baseLatency">,
  agent: string = navigator.userAgent,
): number {
  if (STANDS_STILL_WHEN_ASKED.test(agent)) return TYPICAL_S;
  return of.outputLatency || of.baseLatency || 0;
}
