/** What the server wrote into the page. */
import type { Phrase as WirePhrase } from "../protocol/protocol.gen";

/** A phrase that has a place on the page. */
export interface Shown {
  readonly name: string;
  readonly phrase: WirePhrase;
  /** Address of its MIDI file, where its host lets everybody have it. */
  readonly midi: string | null;
}

export interface GalleryConfig {
  /** Address of the SoundFont. */
  readonly soundfont: string;
  /** By the key that its place names. */
  readonly phrases: Readonly<Record<string, Shown>>;
  /** Where to ask what descends from this listener's ratings; absent in the list. */
  readonly credit?: string;
}

/** Read the page's configuration. Throws where the server wrote none. */
export function readConfig(page: Document): GalleryConfig {
  const text = page.getElementById("antiphon-config")?.textContent;
  if (!text) throw new Error("Expected the gallery's configuration in the page, found none: reload it.");
  return JSON.parse(text) as GalleryConfig;
}

/** The places for phrases, in the order of the page, with what belongs there. */
export function placesIn(page: Document, config: GalleryConfig): readonly (readonly [HTMLElement, string, Shown])[] {
  return Array.from(page.querySelectorAll<HTMLElement>("[data-phrase]")).flatMap((place) => {
    const key = place.dataset.phrase ?? "";
    const shown = Object.hasOwn(config.phrases, key) ? config.phrases[key] : undefined;
    return shown ? [[place, key, shown] as const] : [];
  });
}
