// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { expect, test } from "vitest";

/** Where a listener reads: everything that is said there comes from a catalogue. */
const FOLDERS = ["../room", "../player", "../gallery"].map((path) => new URL(path, import.meta.url).pathname);
/** Attributes that are read, aloud or by eye. */
const READ = new Set(["label", "title", "placeholder", "alt", "legend", "detail", "aria-label", "aria-description", "why"]);
/** Names and errors for whoever develops, not for listeners. */
const ALLOWED = new Set(["Antiphon", "· Antiphon"]);

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(entry.name) && !/\.(test|fixture|d)\.ts$/.test(entry.name) ? [path] : [];
  });
}

function walk(node: unknown, visit: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node as unknown[]) walk(one, visit, parents);
    return;
  }
  const own = node as Node;
  if (typeof own.type === "string") visit(own, parents);
  for (const [key, value] of Object.entries(own)) if (key !== "parent") walk(value, visit, [...parents, own]);
}

/** Whether a text is language: in the page any word is, in code only several words in a row. */
const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text) && !ALLOWED.has(text.trim());
const isSentence = (text: string): boolean => /\p{L}{2,},? \p{L}{2,}/u.test(text);

function leftovers(source: string, isComponent: boolean): string[] {
  const tree = parse(isComponent ? source : `<script lang="ts">${source}</script>`, { modern: true });
  const found: string[] = [];
  walk({ fragment: tree.fragment, instance: tree.instance, module: tree.module }, (node, parents) => {
    const attribute = parents.find(({ type }) => type === "Attribute" || type === "StyleDirective");
    if (node.type === "Text") {
      const text = node.data as string;
      const isRead = attribute ? READ.has(attribute.name as string) : true;
      if (isRead && isWord(text)) found.push(text.trim());
    } else if (node.type === "Literal" && typeof node.value === "string") {
      if (parents.some(({ type }) => type === "NewExpression" || type === "ImportDeclaration")) return;
      if (isSentence(node.value) || (attribute && READ.has(attribute.name as string) && isWord(node.value))) found.push(node.value);
    } else if (node.type === "TemplateElement") {
      const { cooked } = node.value as { cooked: string };
      if (isSentence(cooked)) found.push(cooked);
    }
  });
  return found;
}

const READING_MS = 60_000;

test("no sentence stands in a component or in code: all come from the catalogues", { timeout: READING_MS }, () => {
  const files = FOLDERS.flatMap(sources);
  expect(files.length).toBeGreaterThan(40);
  const found = files.flatMap((path) => leftovers(readFileSync(path, "utf8"), path.endsWith(".svelte")).map((text) => `${path}: ${text}`));
  expect(found).toEqual([]);
});

test("a sentence that was left would be found, wherever it stands", () => {
  expect(leftovers("<p>Hello</p>", true)).toEqual(["Hello"]);
  expect(leftovers('<img alt="A picture" class="left alone" />', true)).toEqual(["A picture"]);
  expect(leftovers("<Button label={isOn ? 'Off' : words.on} />", true)).toEqual(["Off"]);
  expect(leftovers("<p>{`${count} ratings are missing`}</p>", true)).toEqual([" ratings are missing"]);
  expect(leftovers('say("Not so fast");', false)).toEqual(["Not so fast"]);
  expect(leftovers('const key = "antiphon.volume"; throw new Error("for developers only");', false)).toEqual([]);
});
