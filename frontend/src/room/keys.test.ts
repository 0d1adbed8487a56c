import { expect, test } from "vitest";
import { actionOf, isForRoom } from "./keys";

test("figures rate a phrase, and choose in a duel", () => {
  expect(actionOf("0", "rating")).toEqual({ does: "rate", value: 0 });
  expect(actionOf("5", "practice")).toEqual({ does: "rate", value: 5 });
  expect(actionOf("6", "rating")).toBeNull();
  expect(["1", "2", "3", "4"].map((key) => actionOf(key, "duel"))).toEqual([
    { does: "choose", choice: "left" },
    { does: "choose", choice: "right" },
    { does: "choose", choice: "equal" },
    null,
  ]);
  expect(actionOf("B", "duel")).toEqual({ does: "playSide", side: "right" });
});

test("in practice there is nothing to go back to, to skip or to look up", () => {
  expect(["z", "s", "g"].map((key) => actionOf(key, "practice"))).toEqual([null, null, null]);
  expect(["z", "s", "g", "r", "m"].map((key) => actionOf(key, "rating")?.does)).toEqual(["revise", "skip", "given", "again", "sound"]);
});

test("at the door and while waiting keys do nothing but show themselves", () => {
  for (const view of ["join", "consent", "headphones", "paused", "closed"] as const) {
    expect(["3", " ", "z"].map((key) => actionOf(key, view))).toEqual([null, null, null]);
    expect(actionOf("?", view)).toEqual({ does: "keys" });
  }
});

test("keys that are typed, or held, or meant for a button, are not the room's", () => {
  document.body.innerHTML = "<textarea></textarea><button></button><p></p>";
  const from = (selector: string, init: KeyboardEventInit): boolean => {
    let isOurs = true;
    const target = document.querySelector(selector)!;
    const note = (event: Event): boolean => (isOurs = isForRoom(event as KeyboardEvent, document));
    target.addEventListener("keydown", note);
    target.dispatchEvent(new KeyboardEvent("keydown", init));
    return isOurs;
  };
  expect(from("textarea", { key: "3" })).toBe(false);
  expect(from("button", { key: " " })).toBe(false);
  expect(from("button", { key: "3" })).toBe(true);
  expect(from("p", { key: "3", ctrlKey: true })).toBe(false);
  expect(from("p", { key: "3", repeat: true })).toBe(false);
  document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
  expect(from("p", { key: "3" })).toBe(false);
});
