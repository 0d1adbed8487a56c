// @vitest-environment node
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generated, placeOf } from "../scripts/generated.mjs";

const GENERATING_MS = 60_000;

test("the generated types are what the server's exports make now; else run `make protocol`", { timeout: GENERATING_MS }, async () => {
  for (const [path, source] of await generated()) {
    expect(await readFile(placeOf(path), "utf8"), path).toBe(source);
  }
});
