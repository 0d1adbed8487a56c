import { beforeEach, expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { bestOf, chooseLanguage, chosen, followListener, language, words } from "./language.svelte";
import { wordOf } from "./lookup";
import { counter } from "./plural";

/** The same word in both languages. */
const ALIKE = new Set([
  "generation()",
  "listen.phrase",
  "listen.pause",
  "sound.instrument",
  "sound.instruments.33",
  "sound.instruments.42",
  "given.phrase()",
  "keys.letters.again",
  "keys.letters.undo",
  "keys.letters.skip",
  "keys.letters.history",
  "keys.letters.sound",
  "keys.letters.playLeft",
  "keys.letters.playRight",
  "duel.sides.left",
  "duel.sides.right",
]);

beforeEach(() => {
  document.cookie = "antiphon_language=; path=/; max-age=0";
});

test("the browser's first language that is here is spoken, else English", () => {
  expect(bestOf(["de-AT", "en"])).toBe("de");
  expect(bestOf(["fr", "de", "en"])).toBe("de");
  expect(bestOf(["en-GB", "de"])).toBe("en");
  expect(bestOf(["fr", "it"])).toBe("en");
  expect(bestOf([])).toBe("en");
});

test("a choice is kept for the next page and beats the browser's language", () => {
  chooseLanguage("de");
  expect([language(), document.documentElement.lang, words().close]).toEqual(["de", "de", "Schließen"]);
  expect(chosen(`other=1; ${document.cookie}`)).toBe("de");
  chooseLanguage("en");
  followListener();
  expect([language(), words().close]).toEqual(["en", "Close"]);
});

test("a cookie that names no language here counts as none", () => {
  expect([chosen("antiphon_language=xx"), chosen(""), chosen("my_antiphon_language=de")]).toEqual([null, null, null]);
});

test("numbers take the right form in both languages, 0 too", () => {
  const forms = { one: "# Ton", other: "# Töne" };
  expect([0, 1, 2, 1_000].map((number) => counter("de")(number, forms))).toEqual(["0 Töne", "1 Ton", "2 Töne", "1.000 Töne"]);
  expect([0, 1, 5].map(en.listen.listenFirst)).toEqual([
    "Listen first: 0 seconds more.",
    "Listen first: 1 second more.",
    "Listen first: 5 seconds more.",
  ]);
  expect(de.wait.others(1, 1)).toBe("Es fehlt noch 1 Person: 1 Bewertung steht noch aus.");
  expect(de.wait.others(2, 3)).toBe("Es fehlen noch 2 Personen: 3 Bewertungen stehen noch aus.");
  expect(de.wait.lostWaiting(2)).toContain("2 Antworten warten hier");
});

test("the new generation says whom it comes from", () => {
  expect(en.born.bred(4, 4, 11, true)).toBe("Generation 4: bred from 4 phrases that you and 11 others liked.");
  expect(en.born.bred(4, 4, 1, true)).toBe("Generation 4: bred from 4 phrases that you and 1 other liked.");
  expect(en.born.bred(4, 1, 0, true)).toBe("Generation 4: bred from 1 phrase that you liked.");
  expect(en.born.bred(4, 4, 12, false)).toBe("Generation 4: bred from 4 phrases that 12 listeners liked.");
  expect(en.born.bred(4, 4, 0, false)).toBe("Generation 4: bred from 4 phrases.");
  expect(de.born.bred(4, 4, 11, true)).toBe("Generation 4: gezüchtet aus 4 Phrasen, die dir und 11 anderen gefielen.");
  expect(de.born.bred(4, 1, 1, true)).toBe("Generation 4: gezüchtet aus 1 Phrase, die dir und einer weiteren Person gefiel.");
  expect(de.born.bred(4, 4, 0, true)).toBe("Generation 4: gezüchtet aus 4 Phrasen, die dir gefielen.");
  expect(de.born.bred(4, 1, 1, false)).toBe("Generation 4: gezüchtet aus 1 Phrase, die einer Person gefiel.");
  expect(de.born.bred(4, 4, 0, false)).toBe("Generation 4: gezüchtet aus 4 Phrasen.");
});

test("every entry says something, and German differs from English", () => {
  const [own, other] = [entries(en), entries(de)];
  expect([...other.keys()]).toEqual([...own.keys()]);
  for (const [path, text] of [...own, ...other]) expect(text.trim(), path).not.toBe("");
  const same = [...own].filter(([path, text]) => other.get(path) === text).map(([path]) => path);
  expect(same.filter((path) => !ALIKE.has(path)), "left in English?").toEqual([]);
});

test("an id without a word is shown as it is, or told otherwise", () => {
  expect(wordOf(de.say.tagWords, "calm")).toBe("ruhig");
  expect(wordOf(de.say.tagWords, "toString")).toBe("toString");
  expect(wordOf(en.refused, "new_code", "What the server said.")).toBe("What the server said.");
});

/** Every text of a catalogue by its path; functions are called with ones. */
function entries(node: unknown, path = ""): Map<string, string> {
  if (typeof node === "string") return new Map([[path, node]]);
  if (typeof node === "function") {
    const args = Array.from({ length: node.length }, (_, place) => place + 1);
    return new Map([[`${path}()`, (node as (...args: unknown[]) => string)(...args)]]);
  }
  const inner = Object.entries(node as object).map(([key, value]) => entries(value, path ? `${path}.${key}` : key));
  return new Map(inner.flatMap((map) => [...map]));
}
