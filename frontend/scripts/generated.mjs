// The TypeScript that is generated from what the server exports, each file by its path under src/.
import { readFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";
import openapiTS, { astToString } from "openapi-typescript";

const SOURCES = new URL("../src/", import.meta.url);

/** Every generated file with the text it should have now. */
export async function generated() {
  return new Map([
    ["protocol/protocol.gen.ts", await protocol(await json("protocol/protocol.schema.json"))],
    ["api/schema.gen.ts", await api(await json("api/openapi.json"))],
  ]);
}

/** The place of a generated file. */
export function placeOf(path) {
  return new URL(path, SOURCES);
}

async function json(path) {
  return JSON.parse(await readFile(placeOf(path), "utf8"));
}

async function protocol(schema) {
  const source = await compile(schema, "Protocol", {
    additionalProperties: false,
    bannerComment: "// Generated from protocol.schema.json by `make protocol`. Do not edit.",
    ignoreMinAndMaxItems: true, // a list with at most five items is a list, not one of six tuples
    unreachableDefinitions: true,
  });
  // The compiler says at every definition where it was found, which helps nobody.
  return source
    .replace(/\n \*\n \* This interface was referenced by [^\n]*\n \* via the `definition` [^\n]*/g, "")
    .replace(/\/\*\*\n \* This interface was referenced by [^\n]*\n \* via the `definition` [^\n]*\n \*\/\n/g, "");
}

async function api(document) {
  // Only what is sent and answered: studio/calls.ts names the operations. A field with a default may be left out.
  const tree = await openapiTS(
    { ...document, paths: {} },
    { defaultNonNullable: false, rootTypes: true, rootTypesNoSchemaPrefix: true },
  );
  const source = astToString(tree).replace(/export type (webhooks|operations|\$defs|paths) = [^\n]*\n/g, "");
  return `// Generated from openapi.json by \`make protocol\`. Do not edit.\n\n${source}`;
}
