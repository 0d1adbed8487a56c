// Writes the files of generated.mjs.
import { writeFile } from "node:fs/promises";
import { generated, placeOf } from "./generated.mjs";

for (const [path, source] of await generated()) await writeFile(placeOf(path), source);
