import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BASE = "/static/antiphon/";
const WORKER = "service-worker.js";

type Bundle = Parameters<Extract<Plugin["generateBundle"], (...args: never[]) => unknown>>[1];
type Chunk = Extract<Bundle[string], { type: "chunk" }>;

/** A chunk and all that it imports at once, however deep. */
function reached(chunk: Chunk, bundle: Bundle, found = new Set<Chunk>()): Set<Chunk> {
  found.add(chunk);
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === "chunk" && !found.has(imported)) reached(imported, bundle, found);
  }
  return found;
}

/** Tells the service worker which build it belongs to and which files a room needs; its name must not change. */
const serviceWorker: Plugin = {
  name: "service-worker",
  generateBundle(_options, bundle) {
    const worker = bundle[WORKER];
    const room = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry && file.name === "room");
    if (worker?.type !== "chunk" || room?.type !== "chunk") throw new Error("Expected a room and its service worker.");
    if (worker.imports.length > 0) throw new Error("A service worker is one file: let it share no module with a page.");
    const files = Object.keys(bundle).sort();
    const chunks = [...reached(room, bundle)];
    const styles = chunks.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]);
    // The synthesiser of pages with a worker is the worklet; the other one is for pages without.
    const engine = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "worklet-engine");
    if (engine?.type !== "chunk") throw new Error("Expected the synthesiser's engine as a chunk of its own.");
    chunks.push(...[...reached(engine, bundle)].filter((chunk) => !chunks.includes(chunk)));
    const sound = files.filter((name) => /^assets\/(worklet-(?!engine)|source-sans-3-latin-wght)/.test(name));
    const needed = [...chunks.map((chunk) => chunk.fileName), ...styles, ...sound];
    const build = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
    const list = JSON.stringify(needed.map((name) => BASE + name));
    worker.code = `const BUILD=${JSON.stringify(build)},PRECACHED=${list};\n${worker.code}`;
  },
};

export default defineConfig({
  base: BASE,
  // The synthesiser's decoder is replaced by one that browsers have themselves (src/player/unpack.ts).
  resolve: { alias: [{ find: /^stb-vorbis$/, replacement: here("src/player/vorbis.ts") }] },
  plugins: [svelte(), svelteTesting(), serviceWorker],
  worker: { format: "es" },
  build: {
    outDir: here("../platform/antiphon/web/static/antiphon"),
    emptyOutDir: true,
    manifest: true,
    target: ["es2022", "safari16.4"],
    // The page's policy allows fonts and workers from this server only: nothing becomes a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        room: here("src/room/main.ts"),
        studio: here("src/studio/main.ts"),
        gallery: here("src/gallery/main.ts"),
        site: here("src/styles/site.ts"),
        "service-worker": here("src/room/offline/worker.ts"),
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === "service-worker" ? WORKER : "assets/[name]-[hash].js"),
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "renderer/**/*.test.ts"],
    restoreMocks: true,
  },
});
