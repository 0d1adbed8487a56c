/** Which requests the service worker answers, and how. Pure. */

/**
 * "asset": a file whose name changes with its content, from the cache for good. "sound": a SoundFont under its version, the
 * same. "room": a room's page, from the network, and from the cache where there is none. "network": none of its business.
 */
export type Route = "asset" | "sound" | "room" | "network";

/** How to answer a request of a page on `origin`. */
export function routeOf(request: { method: string; mode: string; url: string }, origin: string): Route {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return "network";
  if (url.pathname.startsWith("/static/antiphon/assets/")) return "asset";
  if (url.pathname.startsWith("/static/soundfonts/") && url.searchParams.has("v")) return "sound";
  return request.mode === "navigate" && /^\/r\/[^/]+\/$/.test(url.pathname) ? "room" : "network";
}

/** Of the caches that are here, those that an older build left. */
export function outdated(names: readonly string[], current: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith("antiphon-") && !current.includes(name));
}

/** Of the addresses in a cache, other versions of the file at `url`. */
export function otherVersions(addresses: readonly string[], url: string): readonly string[] {
  const path = new URL(url).pathname;
  return addresses.filter((address) => address !== url && new URL(address).pathname === path);
}
