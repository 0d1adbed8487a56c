/** Small things that this browser remembers, where it is allowed to. */

const NONE: Pick<Storage, "getItem" | "setItem" | "removeItem"> = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

/** The browser's storage, or one that remembers nothing. */
export function storageOrNone(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return localStorage;
  } catch {
    return NONE;
  }
}

/** What was remembered under a key; empty where nothing was. */
export function remembered(key: string): string {
  return storageOrNone().getItem(key) ?? "";
}

/** Remember something; a full or forbidden store is borne. */
export function remember(key: string, value: string): void {
  try {
    storageOrNone().setItem(key, value);
  } catch {
    // The next visit asks again.
  }
}

/** The browser's databases; none where a private window or an old browser forbids them. */
export function databasesOrNone(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}
