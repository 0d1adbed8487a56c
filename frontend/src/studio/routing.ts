/** Which page an address means, and back. Pure; `router.svelte.ts` ties it to the browser. */

export type Section = "datasets" | "models" | "samples" | "populations" | "rooms";

export type Route =
  | { readonly page: "list"; readonly section: Section }
  | { readonly page: "new"; readonly section: "models" | "populations" }
  | { readonly page: "detail"; readonly section: "datasets" | "models" | "populations"; readonly id: number }
  | { readonly page: "report"; readonly section: "models"; readonly id: number; readonly checkpoint: number }
  | { readonly page: "room"; readonly section: "rooms"; readonly code: string }
  | { readonly page: "missing"; readonly section: null };

export const BASE = "/studio/";
export const SECTIONS: readonly Section[] = ["datasets", "models", "samples", "populations", "rooms"];

const MISSING: Route = { page: "missing", section: null };

/** The route of a path; the studio's front door is the datasets, where everything begins. */
export function routeOf(path: string): Route {
  if (!`${path}/`.startsWith(BASE)) return MISSING;
  const words = path.slice(BASE.length).split("/").filter(Boolean);
  const [section = "datasets", which, ...more] = words;
  if (section === "models" && which !== undefined && more[0] === "report") return reportRoute(which, more.slice(1));
  if (more.length > 0 || !isSection(section)) return MISSING;
  if (which === undefined) return { page: "list", section };
  if (section === "rooms") return /^[\w-]+$/.test(which) ? { page: "room", section, code: which } : MISSING;
  if (section === "samples") return MISSING;
  if (which === "new" && section !== "datasets") return { page: "new", section };
  const id = idOf(which);
  return id === null ? MISSING : { page: "detail", section, id };
}

/** The address of the report on a checkpoint of a run. */
export function hrefToReport(run: number, checkpoint: number): string {
  return `${BASE}models/${run}/report/${checkpoint}/`;
}

/** An address inside the studio, with what is asked for; empty answers are left out. */
export function hrefTo(
  section: Section,
  which?: number | string | null,
  query: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") asked.set(key, String(value));
  }
  const tail = asked.size > 0 ? `?${asked}` : "";
  return `${BASE}${section}/${which === undefined || which === null ? "" : `${which}/`}${tail}`;
}

/** A number from a query, or null where there is none. */
export function numberIn(query: URLSearchParams, key: string): number | null {
  const value = query.get(key);
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}

/** Is this click one that the studio follows itself, without loading a page? */
export function isInside(href: string, here: string): boolean {
  const there = new URL(href, here);
  return there.origin === new URL(here).origin && there.pathname.startsWith(BASE);
}

function reportRoute(run: string, [which = "", ...more]: readonly string[]): Route {
  const [id, checkpoint] = [idOf(run), idOf(which)];
  if (id === null || checkpoint === null || more.length > 0) return MISSING;
  return { page: "report", section: "models", id, checkpoint };
}

function isSection(word: string): word is Section {
  return (SECTIONS as readonly string[]).includes(word);
}

function idOf(word: string): number | null {
  return /^\d{1,15}$/.test(word) ? Number(word) : null;
}
