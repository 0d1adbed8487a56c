import { expect, test } from "vitest";
import { newId } from "../ids";
import { add, counted, difference, settle, together, type Pending } from "./queue";
import { openShelf, storageShelf } from "./shelf";

const one = pendingOf("a", "first");
const two = pendingOf("b", "second");

function pendingOf(id: string, about: string, counts = 1): Pending {
  return { id, about, counts, message: { type: "rate", id, offer: about, value: 3, heard_ms: 4000 } };
}

test("a newer answer to the same takes the older one's place, and its count", () => {
  expect(add(add([one], two), pendingOf("c", "first", 0))).toEqual([two, pendingOf("c", "first", 1)]);
  expect(counted([one, two, pendingOf("d", "x", -1)])).toBe(1);
});

test("only the answer that was kept leaves the queue", () => {
  expect(settle([one, two], "a")).toEqual([two]);
  expect(settle([one, two], "unknown")).toEqual([one, two]);
});

test("what an earlier visit left comes first, but for what was answered anew", () => {
  expect(together([one, two], [pendingOf("c", "first")])).toEqual([two, pendingOf("c", "first")]);
});

test("a store is told what came and what went, and nothing else", () => {
  expect(difference([one], [one, two])).toEqual({ put: [two], drop: [] });
  expect(difference([one, two], [two])).toEqual({ put: [], drop: ["a"] });
});

test("what was on its way is found again after a reload, each room by itself", async () => {
  localStorage.clear();
  await storageShelf("abc", localStorage).save([], [one, two]);
  expect(await storageShelf("abc", localStorage).load()).toEqual([one, two]);
  expect(await storageShelf("xyz", localStorage).load()).toEqual([]);
  await storageShelf("abc", localStorage).save([one, two], []);
  expect(localStorage.length).toBe(0);
});

test("unreadable leftovers count as nothing", async () => {
  const shelf = storageShelf("abc", localStorage);
  localStorage.setItem("antiphon.answers.abc", "{not json");
  expect(await shelf.load()).toEqual([]);
  localStorage.setItem("antiphon.answers.abc", JSON.stringify([one, { id: 3 }, null, { ...two, message: { id: "other" } }]));
  expect(await shelf.load()).toEqual([one]);
});

test("where databases are forbidden, or there is no storage at all, the page goes on", async () => {
  const forbidden = { open: () => { throw new DOMException("denied", "SecurityError"); } } as unknown as IDBFactory;
  localStorage.clear();
  const plain = openShelf("abc", forbidden, localStorage);
  await plain.save([], [one]);
  expect(await openShelf("abc", undefined, localStorage).load()).toEqual([one]);
  const refusing = { getItem: () => null, removeItem: () => undefined, setItem: () => { throw new Error("full"); } };
  await expect(storageShelf("abc", refusing).save([], [one])).resolves.toBeUndefined();
  await expect(openShelf("abc", undefined, null).load()).resolves.toEqual([]);
});

test("ids are version 4, also where the browser has no randomUUID", () => {
  const pattern = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(newId()).toMatch(pattern);
  const original = crypto.randomUUID.bind(crypto);
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  expect(newId()).toMatch(pattern);
  Object.defineProperty(crypto, "randomUUID", { value: original, configurable: true });
});
