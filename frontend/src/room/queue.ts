/**
 * Ratings on their way: each stays here, and in the browser's storage, until the server says that it is kept.
 * Pure functions over plain lists; sending one again under its id does nothing twice.
 */
export interface PendingRating {
  readonly id: string;
  readonly individual: number;
  readonly value: number;
  readonly heardMs: number;
}

export type Queue = readonly PendingRating[];
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Add a rating; an older one of the same phrase that is still on its way gives way to it. */
export function add(queue: Queue, rating: PendingRating): Queue {
  return [...queue.filter((other) => other.individual !== rating.individual), rating];
}

/** Take out the rating that the server has kept, or has refused for good. */
export function settle(queue: Queue, id: string): Queue {
  return queue.filter((rating) => rating.id !== id);
}

/** Write the queue to the browser's storage; a full or forbidden store is borne. */
export function store(queue: Queue, room: string, storage: Store): void {
  try {
    if (queue.length === 0) storage.removeItem(keyOf(room));
    else storage.setItem(keyOf(room), JSON.stringify(queue));
  } catch {
    // The queue still lives in the page.
  }
}

/** What an earlier visit left unsettled; anything unreadable counts as nothing. */
export function restore(room: string, storage: Store): Queue {
  try {
    const found: unknown = JSON.parse(storage.getItem(keyOf(room)) ?? "[]");
    return Array.isArray(found) ? found.filter(isRating) : [];
  } catch {
    return [];
  }
}

function keyOf(room: string): string {
  return `antiphon.ratings.${room}`;
}

function isRating(found: unknown): found is PendingRating {
  if (typeof found !== "object" || found === null) return false;
  const { id, individual, value, heardMs } = found as Record<string, unknown>;
  return typeof id === "string" && [individual, value, heardMs].every((figure) => typeof figure === "number");
}
