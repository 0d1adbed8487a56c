/** The renderer as one file for Node, inside the Python package that starts it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BUNDLED = ["spessasynth_core", "stb-vorbis"];

/** The licences of what is inside, beside it. */
const licences: Plugin = {
  name: "licences",
  generateBundle() {
    for (const name of BUNDLED) {
      const source = readFileSync(here(`../node_modules/${name}/LICENSE`));
      this.emitFile({ type: "asset", fileName: `${name}_LICENSE.txt`, source });
    }
  },
};

export default defineConfig({
  plugins: [licences],
  publicDir: false,
  build: {
    ssr: here("main.ts"),
    outDir: here("../../generation/renderer"),
    emptyOutDir: true,
    minify: true,
    target: "node20",
    rolldownOptions: { output: { entryFileNames: "renderer.mjs" } },
  },
  ssr: { noExternal: true },
});
