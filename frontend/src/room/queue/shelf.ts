/**
 * Where answers on their way outlive the page: IndexedDB, where every answer is a record of its own (two tabs of one room
 * don't overwrite each other); localStorage where a browser forbids that; else the page alone.
 */
import { difference, isPending, type Queue } from "./queue";

export interface Shelf {
  /** What an earlier visit left. Never fails: what can't be read counts as nothing. */
  readonly load: () => Promise<Queue>;
  /** Hold `after` from now on, where it held `before`. Never fails: the queue still lives in the page. */
  readonly save: (before: Queue, after: Queue) => Promise<void>;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const DATABASE = "antiphon";
const VERSION = 1;
const ANSWERS = "answers";
const BY_ROOM = "room";

/** The best shelf that this browser has, for one room. */
export function openShelf(room: string, databases: IDBFactory | undefined, storage: Store | null): Shelf {
  const opened = databases ? open(databases) : Promise.reject<IDBDatabase>(new Error("no IndexedDB"));
  const better = opened.then((database) => databaseShelf(room, database));
  const plain = storage ? storageShelf(room, storage) : noShelf;
  const chosen = better.catch(() => plain);
  return {
    load: async () => (await chosen).load(),
    save: async (before, after) => (await chosen).save(before, after),
  };
}

/** One JSON list under one key. */
export function storageShelf(room: string, storage: Store): Shelf {
  const key = `antiphon.answers.${room}`;
  return {
    load() {
      try {
        const found: unknown = JSON.parse(storage.getItem(key) ?? "[]");
        return Promise.resolve(Array.isArray(found) ? found.filter(isPending) : []);
      } catch {
        return Promise.resolve([]);
      }
    },
    save(_before, after) {
      try {
        if (after.length === 0) storage.removeItem(key);
        else storage.setItem(key, JSON.stringify(after));
      } catch {
        // Full or forbidden.
      }
      return Promise.resolve();
    },
  };
}

const noShelf: Shelf = { load: () => Promise.resolve([]), save: () => Promise.resolve() };

function databaseShelf(room: string, database: IDBDatabase): Shelf {
  const answers = (mode: IDBTransactionMode): IDBObjectStore => database.transaction(ANSWERS, mode).objectStore(ANSWERS);
  return {
    async load() {
      try {
        const found = await done<unknown[]>(answers("readonly").index(BY_ROOM).getAll(room));
        return found.map(withoutRoom).filter(isPending);
      } catch {
        return [];
      }
    },
    async save(before, after) {
      const { put, drop } = difference(before, after);
      if (put.length + drop.length === 0) return;
      try {
        const store = answers("readwrite");
        const written = put.map((pending) => done(store.put({ ...pending, room, at: Date.now() })));
        await Promise.all([...written, ...drop.map((id) => done(store.delete(id)))]);
      } catch {
        // The disk is full, or the browser has closed the database.
      }
    },
  };
}

async function open(databases: IDBFactory): Promise<IDBDatabase> {
  const request = databases.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ANSWERS, { keyPath: "id" }).createIndex(BY_ROOM, "room");
  };
  return done(request);
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB did not say why"));
    if (request instanceof IDBOpenDBRequest) request.onblocked = () => reject(new Error("another page holds an older database"));
  });
}

function withoutRoom(record: unknown): unknown {
  if (typeof record !== "object" || record === null) return record;
  const { id, about, counts, message } = record as Record<string, unknown>;
  return { id, about, counts, message };
}
