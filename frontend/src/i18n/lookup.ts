/** Words for ids that the server names: tags, reasons, refusals. */

/** The word of an id, or what else is to be said where this catalogue has none. */
export function wordOf(words: Readonly<Record<string, string>>, id: string, otherwise = id): string {
  return Object.hasOwn(words, id) ? (words[id] ?? otherwise) : otherwise;
}
