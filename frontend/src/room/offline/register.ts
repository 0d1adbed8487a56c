/** The page's side of its service worker. Browsers have workers on https and localhost; elsewhere the page does without. */

/** What a page asks its worker to keep, by address. */
export interface Kept {
  readonly keep: readonly string[];
}

const SCRIPT = "/service-worker.js";
const SCOPE = "/r/";

/** Start the worker beside the page. */
export function registerWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(SCRIPT, { scope: SCOPE }).catch(() => undefined);
}

/** Have the worker keep this page, and a SoundFont that has come, for the next visit. */
export async function keepForLater(soundFont: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const kept: Kept = { keep: [location.pathname, soundFont] };
  (await navigator.serviceWorker.ready).active?.postMessage(kept);
}
