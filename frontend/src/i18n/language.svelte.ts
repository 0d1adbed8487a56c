/**
 * Which language a page speaks. English until the page calls `followListener`: the studio speaks English only.
 * `words()` inside a component or a `$derived` follows the choice.
 */
import { de } from "./de";
import { en, type Catalogue } from "./en";

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, de };
/** The server reads it too, so that its pages speak the same. */
const COOKIE = "antiphon_language";
const COOKIE_SECONDS = 31_536_000;

const spoken = $state<{ language: Language }>({ language: "en" });

/** The language in use. */
export function language(): Language {
  return spoken.language;
}

/** All words of the language in use. */
export function words(): Catalogue {
  return CATALOGUES[spoken.language];
}

/** What a language calls itself. */
export function nameOf(language: Language): string {
  return CATALOGUES[language].language;
}

/** Speak what the listener chose on an earlier visit, or else the first of the browser's languages that is here. */
export function followListener(): void {
  speak(chosen(document.cookie) ?? bestOf(navigator.languages));
}

/** Speak a language from now on, here and on the server's pages. */
export function chooseLanguage(language: Language): void {
  document.cookie = `${COOKIE}=${language}; path=/; max-age=${COOKIE_SECONDS}; samesite=lax`;
  speak(language);
}

/** The first of some language tags ("de-AT", "fr") that is here; English where none is. */
export function bestOf(tags: readonly string[]): Language {
  const primary = tags.map((tag) => tag.toLowerCase().split("-")[0]);
  return LANGUAGES[primary.map((tag) => LANGUAGES.findIndex((own) => own === tag)).find((place) => place >= 0) ?? 0] ?? "en";
}

/** The choice that a page's cookies hold, if any. */
export function chosen(cookies: string): Language | null {
  const value = new RegExp(`(?:^|; )${COOKIE}=([a-z]+)`).exec(cookies)?.[1];
  return LANGUAGES.find((own) => own === value) ?? null;
}

function speak(language: Language): void {
  spoken.language = language;
  document.documentElement.lang = language;
}
