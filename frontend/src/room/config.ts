/** What the server wrote into the page. */
export interface RoomConfig {
  readonly code: string;
  readonly name: string;
  /** Address of the SoundFont. */
  readonly soundfont: string;
  /** Path of the websocket. */
  readonly ws: string;
}

/** Read the page's configuration. Throws where the server wrote none. */
export function readConfig(page: Document): RoomConfig {
  const text = page.getElementById("antiphon-config")?.textContent;
  if (!text) throw new Error("Expected the room's configuration in the page, found none: reload it.");
  return JSON.parse(text) as RoomConfig;
}

/** A path on this server as a websocket address. */
export function socketUrl(path: string, at: Location): string {
  return `${at.protocol === "https:" ? "wss:" : "ws:"}//${at.host}${path}`;
}
