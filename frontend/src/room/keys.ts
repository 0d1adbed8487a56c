/** What a key does in the room. Pure, but for where the focus is. */
import type { Choice, Side, View } from "./state";

export type Action =
  | { readonly does: "rate"; readonly value: number }
  | { readonly does: "choose"; readonly choice: Choice }
  | { readonly does: "playSide"; readonly side: Side }
  | { readonly does: "press" | "again" | "revise" | "skip" | "given" | "sound" | "keys" | "continue" };

const CHOICES: Readonly<Record<string, Choice>> = { "1": "left", "2": "right", "3": "equal" };
const SIDES: Readonly<Record<string, Side>> = { a: "left", b: "right" };

const TYPED_IN = ["input:not([type='range'])", "textarea", "select"];

/** The action of a key on a screen, or null. */
export function actionOf(key: string, view: View): Action | null {
  const low = key.toLowerCase();
  if (key === "?") return { does: "keys" };
  if (view === "born") {
    if (key === "Enter") return { does: "continue" };
    return key === " " ? { does: "press" } : null;
  }
  if (view === "duel") {
    const [choice, side] = [CHOICES[key], SIDES[low]];
    if (choice) return { does: "choose", choice };
    if (side) return { does: "playSide", side };
    return low === "m" ? { does: "sound" } : null;
  }
  if (view === "done") {
    if (low === "z") return { does: "revise" };
    return low === "g" ? { does: "given" } : null;
  }
  if (view !== "rating" && view !== "practice") return null;
  if (/^[0-5]$/.test(key)) return { does: "rate", value: Number(key) };
  if (key === " ") return { does: "press" };
  if (low === "r") return { does: "again" };
  if (low === "m") return { does: "sound" };
  if (view === "practice") return null;
  if (low === "z") return { does: "revise" };
  if (low === "s") return { does: "skip" };
  return low === "g" ? { does: "given" } : null;
}

/** Whether a key is the room's: nobody types, no dialog is open, and space does not belong to a button in focus. */
export function isForRoom(event: KeyboardEvent, page: Document): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isTyping = TYPED_IN.some((selector) => target?.matches(selector) ?? false);
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  if (page.querySelector("dialog[open]")) return false;
  return !((event.key === " " || event.key === "Enter") && target?.closest("button, a, summary"));
}
