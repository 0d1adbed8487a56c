import { expect, test } from "vitest";
import { newId } from "./ids";
import { add, restore, settle, store, type PendingRating } from "./queue";

const one: PendingRating = { id: "a", individual: 1, value: 3, heardMs: 4000 };
const two: PendingRating = { id: "b", individual: 2, value: 5, heardMs: 5000 };

test("a newer rating of the same phrase takes the older one's place", () => {
  expect(add(add([one], two), { ...one, id: "c", value: 0 })).toEqual([two, { ...one, id: "c", value: 0 }]);
});

test("only the rating that was kept leaves the queue", () => {
  expect(settle([one, two], "a")).toEqual([two]);
  expect(settle([one, two], "unknown")).toEqual([one, two]);
});

test("what was on its way is found again after a reload, each room by itself", () => {
  localStorage.clear();
  store([one, two], "abc", localStorage);
  expect(restore("abc", localStorage)).toEqual([one, two]);
  expect(restore("xyz", localStorage)).toEqual([]);
  store([], "abc", localStorage);
  expect(localStorage.length).toBe(0);
});

test("unreadable leftovers count as nothing", () => {
  localStorage.setItem("antiphon.ratings.abc", "{not json");
  expect(restore("abc", localStorage)).toEqual([]);
  localStorage.setItem("antiphon.ratings.abc", JSON.stringify([one, { id: 3 }, null]));
  expect(restore("abc", localStorage)).toEqual([one]);
});

test("a store that refuses does not stop the page", () => {
  const refusing = {
    getItem: () => null,
    removeItem: () => undefined,
    setItem: () => {
      throw new Error("full");
    },
  };
  expect(() => store([one], "abc", refusing)).not.toThrow();
});

test("ids are version 4, also where the browser has no randomUUID", () => {
  const pattern = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(newId()).toMatch(pattern);
  const original = crypto.randomUUID.bind(crypto);
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  expect(newId()).toMatch(pattern);
  Object.defineProperty(crypto, "randomUUID", { value: original, configurable: true });
});
