/**
 * The room's service worker: a second visit loads from this device, the 4.6 MB of instruments are fetched once a version,
 * and a reload without a connection shows the room with the answers that wait. It keeps nothing of what a listener says.
 */
import { otherVersions, outdated, routeOf } from "./routes";
import type { Kept } from "./register";

/** Written by the build: a name that changes with any file, and the files that a room needs before it can play. */
declare const BUILD: string;
declare const PRECACHED: readonly string[];

interface Lasting extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith: (answer: Promise<Response>) => void;
}
/** What a service worker's global scope has. */
interface Scope {
  readonly location: Location;
  readonly clients: { claim: () => Promise<void> };
  addEventListener: ((type: "install" | "activate", listener: (event: Lasting) => void) => void) &
    ((type: "fetch", listener: (event: Asked) => void) => void) &
    ((type: "message", listener: (event: Lasting & MessageEvent<Kept>) => void) => void);
}

const scope = self as unknown as Scope;
const ASSETS = `antiphon-assets-${BUILD}`;
const SOUNDS = "antiphon-sounds";
const PAGES = "antiphon-pages";
/** One answer an address, whatever it was asked with. */
const ANY_HEADERS = { ignoreVary: true };

scope.addEventListener("install", (event) => event.waitUntil(precache()));
scope.addEventListener("activate", (event) => event.waitUntil(takeOver()));
scope.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
scope.addEventListener("fetch", (event) => {
  const route = routeOf(event.request, scope.location.origin);
  if (route === "asset") event.respondWith(fromCache(event.request, ASSETS));
  else if (route === "sound") event.respondWith(fromCache(event.request, SOUNDS));
  else if (route === "room") event.respondWith(fromNetwork(event.request));
});

async function precache(): Promise<void> {
  await (await caches.open(ASSETS)).addAll([...PRECACHED]);
}

async function takeOver(): Promise<void> {
  for (const name of outdated(await caches.keys(), [ASSETS, SOUNDS, PAGES])) await caches.delete(name);
  await scope.clients.claim();
}

/** Keep what a page loaded before there was a worker. The browser's own cache still has it. */
async function keep(kept: Kept): Promise<void> {
  for (const url of kept.keep) {
    const request = new Request(new URL(url, scope.location.origin), { mode: "same-origin" });
    const route = new URL(request.url).pathname.startsWith("/r/") ? "room" : routeOf(request, scope.location.origin);
    if (route === "sound") await fromCache(request, SOUNDS);
    else if (route === "room") await store(PAGES, request, await fetch(request));
  }
}

async function fromCache(request: Request, name: string): Promise<Response> {
  const found = await (await caches.open(name)).match(request, ANY_HEADERS);
  return found ?? store(name, request, await fetch(request));
}

async function fromNetwork(request: Request): Promise<Response> {
  try {
    return await store(PAGES, request, await fetch(request));
  } catch (error) {
    const found = await (await caches.open(PAGES)).match(request, ANY_HEADERS);
    if (found) return found;
    throw error;
  }
}

/** Keep a copy of a good answer, in place of other versions; a full disk is borne. */
async function store(name: string, request: Request, response: Response): Promise<Response> {
  if (!response.ok || response.redirected) return response;
  try {
    const cache = await caches.open(name);
    await cache.put(request, response.clone());
    const addresses = (await cache.keys()).map((kept) => kept.url);
    for (const address of otherVersions(addresses, request.url)) await cache.delete(address);
  } catch {
    // What could not be kept is fetched again next time.
  }
  return response;
}
