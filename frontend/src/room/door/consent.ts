/** Which of a consent's texts is shown. */
import type { ConsentAsked } from "../../protocol/protocol.gen";

export interface Shown {
  /** null where the host wrote it in a language of their own. */
  readonly language: "en" | "de" | null;
  readonly paragraphs: readonly string[];
}

/** The text in the page's language, else the one in no language told, else English, else any. */
export function consentText(asked: ConsentAsked, language: "en" | "de"): Shown {
  const order = [language, null, "en"] as const;
  const found = order.map((wanted) => asked.texts.find((text) => text.language === wanted)).find(Boolean) ?? asked.texts[0];
  const paragraphs = (found?.text ?? "").split(/\n\s*\n|\n/).map((paragraph) => paragraph.trim());
  return { language: found?.language ?? null, paragraphs: paragraphs.filter((paragraph) => paragraph !== "") };
}
