/**
 * Answers on their way: each stays here, and in the browser's storage, until the server says that it is kept.
 * Pure functions over plain lists; sending one again under its id does nothing twice.
 */
import type { ClientMessage } from "../../protocol/protocol.gen";

/** What waits for its acknowledgement. */
export type Answer = Extract<ClientMessage, { type: "consent" | "check" | "rate" | "skip" | "retract" | "duel" }>;

export interface Pending {
  readonly id: string;
  /** What it is an answer to: a newer answer to the same takes its place. */
  readonly about: string;
  /** By how much it changes the count of phrases answered: 1, 0 for a revision, -1 when one is taken back. */
  readonly counts: number;
  readonly message: Answer;
}

export type Queue = readonly Pending[];

/** Add an answer; an older one to the same that is still on its way gives way to it. */
export function add(queue: Queue, pending: Pending): Queue {
  const replaced = queue.find((other) => other.about === pending.about);
  const others = queue.filter((other) => other !== replaced);
  return [...others, { ...pending, counts: pending.counts + (replaced?.counts ?? 0) }];
}

/** By how much the answers on their way will change the count of phrases answered. */
export function counted(queue: Queue): number {
  return queue.reduce((sum, { counts }) => sum + counts, 0);
}

/** Take out the answer that the server has kept, or has refused for good. */
export function settle(queue: Queue, id: string): Queue {
  return queue.filter((pending) => pending.id !== id);
}

/** The queue of this page after what an earlier visit left: what was answered anew here stands. */
export function together(left: Queue, queue: Queue): Queue {
  return [...left.filter((older) => !queue.some((newer) => newer.about === older.about)), ...queue];
}

/** What to write and what to delete so that a store that held one queue holds another. */
export function difference(before: Queue, after: Queue): { readonly put: Queue; readonly drop: readonly string[] } {
  const [had, has] = [new Set(before.map(({ id }) => id)), new Set(after.map(({ id }) => id))];
  return { put: after.filter(({ id }) => !had.has(id)), drop: [...had].filter((id) => !has.has(id)) };
}

/** Whether something found in a store is an answer on its way. */
export function isPending(found: unknown): found is Pending {
  if (typeof found !== "object" || found === null) return false;
  const { id, about, counts, message } = found as Record<string, unknown>;
  if (typeof id !== "string" || typeof about !== "string" || typeof counts !== "number") return false;
  if (typeof message !== "object" || message === null) return false;
  const inner = message as Record<string, unknown>;
  return inner.id === id && typeof inner.type === "string";
}
