import { expect, test } from "vitest";
import { consentText } from "./consent";

const texts = [
  { language: "en" as const, text: "First.\n\nSecond." },
  { language: "de" as const, text: "Erstens.\nZweitens." },
];

test("the text is in the page's language, in paragraphs", () => {
  const asked = { version: "1", is_accepted: false, texts };
  expect(consentText(asked, "en")).toEqual({ language: "en", paragraphs: ["First.", "Second."] });
  expect(consentText(asked, "de")).toEqual({ language: "de", paragraphs: ["Erstens.", "Zweitens."] });
});

test("a host's own text is shown whatever the page speaks", () => {
  const asked = { version: "h1", is_accepted: false, texts: [{ language: null, text: "Ciao." }] };
  expect(consentText(asked, "de")).toEqual({ language: null, paragraphs: ["Ciao."] });
});

test("where the page's language is missing English stands in, and nothing is not an error", () => {
  expect(consentText({ version: "1", is_accepted: false, texts: texts.slice(0, 1) }, "de").language).toBe("en");
  expect(consentText({ version: "1", is_accepted: false, texts: [] }, "de").paragraphs).toEqual([]);
});
