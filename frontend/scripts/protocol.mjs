// Writes src/protocol/protocol.gen.ts from the JSON Schema that the server's message types export.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const folder = new URL("../src/protocol/", import.meta.url);
const schema = JSON.parse(await readFile(new URL("protocol.schema.json", folder), "utf8"));
const source = await compile(schema, "Protocol", {
  additionalProperties: false,
  bannerComment: "// Generated from protocol.schema.json by `npm run protocol`. Do not edit.",
  unreachableDefinitions: true,
});
// The compiler says at every definition where it was found, which helps nobody.
const plain = source
  .replace(/\n \*\n \* This interface was referenced by [^\n]*\n \* via the `definition` [^\n]*/g, "")
  .replace(/\/\*\*\n \* This interface was referenced by [^\n]*\n \* via the `definition` [^\n]*\n \*\/\n/g, "");
await writeFile(new URL("protocol.gen.ts", folder), plain);
