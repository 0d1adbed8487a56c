/** What was given for a phrase, and how it stands, in words. */
import { wordOf } from "../../i18n/lookup";
import { words } from "../../i18n/language.svelte";
import type { Item, RoomState } from "../state";

/** "good", or "skipped". */
export function givenWords(item: Item): string {
  return item.value === null ? words().given.skipped : (words().ratings[item.value] ?? "");
}

/** Whether the server has it. */
export function standingWords(item: Item, connection: RoomState["connection"]): string {
  const w = words().given;
  if (item.isKept) return w.kept;
  return connection === "online" ? w.sending : w.waiting;
}

/** Tags and remark in one line. */
export function saidWords(item: Item): string {
  const tags = item.tags.map((tag) => wordOf(words().say.tagWords, tag));
  return [...tags, ...(item.remark ? [`“${item.remark}”`] : [])].join(", ");
}

/** Where a phrase came from; null while that is not told. */
export function originWords(item: Item): string | null {
  const { origin } = item;
  if (!origin) return null;
  const w = words();
  const names = origin.parents.map(({ generation, number }) => w.born.parent(generation + 1, number));
  switch (origin.made_by) {
    case "network":
      if (origin.network === null) return null;
      return origin.pieces === null ? w.origin.networkOnly(origin.network) : w.origin.network(origin.network, origin.pieces);
    case "chance":
      return w.origin.chance;
    case "branch":
      return w.origin.branch;
    case "breeding": {
      const [first, ...others] = names;
      if (first === undefined) return w.origin.bredSomehow;
      return w.origin.bred(others.reduce((before, name) => w.origin.and(before, name), first));
    }
  }
}
