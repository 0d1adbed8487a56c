import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/static/antiphon/",
  plugins: [svelte(), svelteTesting()],
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
        site: here("src/styles/site.ts"),
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "renderer/**/*.test.ts"],
    restoreMocks: true,
  },
});
