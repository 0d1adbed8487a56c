/** What a listener's presses change: pure mutations of the room's state. Ids and times come from outside. */
import type { Check, Rate } from "../protocol/protocol.gen";
import { PLAIN, type Choice as Sound } from "../player/arrange";
import { add, type Answer } from "./queue/queue";
import { tirednessOf } from "./rest";
import {
  givenOf,
  itemOf,
  missingOf,
  missingSeconds,
  previousOf,
  shown,
  shownDuel,
  viewOf,
  type Choice,
  type Contender,
  type DoorStep,
  type Item,
  type RoomState,
  type Side,
  type SkipReason,
  type Task,
} from "./state";

const LONGEST_MS = 3_600_000;

/** Agree to the text that stands, in a language; only now the server learns what its listener is called. */
export function agree(state: RoomState, language: "en" | "de", id: string): RoomState {
  if (!state.consent || state.consent.is_accepted) return state;
  const { version } = state.consent;
  return {
    ...queued(state, "consent", { type: "consent", id, version, language, name: state.name || null }, 0),
    consent: { ...state.consent, is_accepted: true },
  };
}

/** Leave it at the door. */
export function decline(state: RoomState): RoomState {
  return { ...state, hasDeclined: true };
}

/** Tell how the headphone check went, and go on. */
export function check(state: RoomState, headphones: Check["headphones"], id: string): RoomState {
  return pass(queued(state, "headphones", { type: "check", id, headphones }, 0), "headphones");
}

/** A step of the door is done, or passed over. */
export function pass(state: RoomState, step: DoorStep): RoomState {
  return { ...state, door: state.door.filter((other) => other !== step), leaving: null };
}

/** Note that the phrase on the screen was heard up to a second, `elapsed` seconds since the last note, at `now` (ms). */
export function hear(state: RoomState, reached: number, elapsed: number, now: number): RoomState {
  if (state.leaving) return state;
  const item = shown(state);
  if (!item) return state;
  const heard = {
    ...item,
    heardSeconds: item.heardSeconds + Math.max(0, elapsed),
    reachedSeconds: Math.max(item.reachedSeconds, reached),
  };
  return put(state, { ...heard, readyAt: heard.readyAt ?? (missingSeconds(heard) === 0 ? now : null) });
}

/** The same for one side of the duel on the screen. */
export function hearSide(state: RoomState, side: Side, reached: number, elapsed: number): RoomState {
  const duel = shownDuel(state);
  if (!duel || state.leaving) return state;
  const heard: Contender = {
    ...duel[side],
    heardSeconds: duel[side].heardSeconds + Math.max(0, elapsed),
    reachedSeconds: Math.max(duel[side].reachedSeconds, reached),
  };
  return { ...state, current: { kind: "duel", duel: { ...duel, [side]: heard } } };
}

/**
 * Rate the phrase on the screen: it begins to leave. The state is the same where it may not be rated yet. `sound` is how
 * it was heard, `now` in ms.
 */
export function rate(state: RoomState, value: number, id: string, now: number, sound: Sound = PLAIN): RoomState {
  const item = shown(state);
  if (!item || state.leaving || missingSeconds(item) > 0) return state;
  if (state.door[0] === "practice") return leave(state, { ...item, value });
  if (item.value === value) return leave(state, item);
  const rated: Item = { ...item, value, reason: null, isKept: false };
  return leave(tired(send(state, rated, id, sound), value, item, now), rated);
}

/** Pass over the phrase on the screen, with a reason. A rated one is taken back, not skipped. */
export function skip(state: RoomState, reason: SkipReason, id: string): RoomState {
  const item = shown(state);
  if (!item || state.leaving || item.value !== null || state.door.length > 0) return state;
  const skipped: Item = { ...item, reason, isKept: false };
  const message = { type: "skip", id, offer: item.offer, reason, heard_ms: msOf(item.heardSeconds) } as const;
  return leave(queued(state, item.offer, message, item.reason === null ? 1 : 0), skipped);
}

/** Take back what was given for a phrase: it comes again after those at hand. */
export function takeBack(state: RoomState, offer: string, id: string): RoomState {
  const item = givenOf(state, offer);
  if (!item || state.leaving) return state;
  const blank: Task = { kind: "phrase", item: { ...itemOf(offer, item.turn, item.phrase), reachedSeconds: item.reachedSeconds } };
  const [current = null, ...next] = [state.current, ...state.next, item.phrase ? blank : null].filter((task) => task !== null);
  return {
    ...queued(state, offer, { type: "retract", id, offer }, -1),
    given: state.given.filter((other) => other !== item),
    revising: state.revising === offer ? null : state.revising,
    current,
    next,
    isDone: false,
  };
}

/** Add words to a rating given before. */
export function sayMore(
  state: RoomState,
  offer: string,
  tags: readonly string[],
  remark: string,
  id: string,
  sound: Sound = PLAIN,
): RoomState {
  const item = givenOf(state, offer);
  if (!item || item.value === null) return state;
  const said: Item = { ...item, tags, remark: remark.trim(), isKept: false };
  return put(send(state, said, id, sound), said);
}

/** Choose in the duel on the screen: it begins to leave. */
export function choose(state: RoomState, choice: Choice, id: string): RoomState {
  const duel = shownDuel(state);
  if (!duel || state.leaving || missingOf(duel.left) > 0 || missingOf(duel.right) > 0) return state;
  const message = {
    type: "duel",
    id,
    duel: duel.duel,
    choice,
    heard_left_ms: msOf(duel.left.heardSeconds),
    heard_right_ms: msOf(duel.right.heardSeconds),
  } as const;
  return { ...queued(state, duel.duel, message, 0), leaving: { kind: "duel", duel: { ...duel, choice } } };
}

/** What was leaving has left: the next one takes its place. */
export function turn(state: RoomState): RoomState {
  const { leaving } = state;
  if (!leaving) return state;
  const turned = { ...state, leaving: null };
  if (state.door[0] === "practice") {
    const practice = state.practice.slice(1);
    return practice.length > 0 ? { ...turned, practice } : pass({ ...turned, practice }, "practice");
  }
  if (leaving.kind === "phrase") {
    const isRevised = givenOf(state, leaving.item.offer) !== null;
    if (isRevised) return { ...put(turned, leaving.item), revising: null };
    const [current = null, ...next] = state.next;
    const isRefused = !leaving.item.isKept && !state.pending.some(({ about }) => about === leaving.item.offer);
    return { ...turned, given: isRefused ? state.given : [...state.given, leaving.item], current, next };
  }
  const [current = null, ...next] = state.next;
  return { ...turned, current, next };
}

/** Bring a phrase back to be answered anew (the one before, where none is named), or leave it as it is. */
export function revise(state: RoomState, offer: string | null = null): RoomState {
  if (state.leaving || state.door.length > 0 || viewOf(state) === "born") return state;
  if (state.revising !== null && (offer === null || offer === state.revising)) return { ...state, revising: null };
  const item = offer === null ? previousOf(state) : givenOf(state, offer);
  return item ? { ...state, revising: item.offer } : state;
}

/** Leave the screen of the closed generation. */
export function continueOn(state: RoomState): RoomState {
  return { ...state, closed: null, opened: null };
}

/** The break that was suggested is over, or not wanted. */
export function rested(state: RoomState, now: number): RoomState {
  return { ...state, restedAt: now, tiredness: null };
}

function leave(state: RoomState, item: Item): RoomState {
  return { ...state, leaving: { kind: "phrase", item } };
}

function send(state: RoomState, item: Item, id: string, sound: Sound): RoomState {
  const { offer, value, tags, remark } = item;
  if (value === null) return state;
  const message: Rate = {
    type: "rate",
    id,
    offer,
    value,
    heard_ms: msOf(item.heardSeconds),
    tags: [...tags],
    remark,
    program: sound.instrument,
    has_beat: sound.beat !== "none",
  };
  return queued(state, offer, message, givenOf(state, offer) ? 0 : 1);
}

function queued(state: RoomState, about: string, message: Answer, counts: number): RoomState {
  const pending = add(state.pending, { id: message.id, about, counts, message });
  return { ...state, pending, answered: state.answered + counts, left: Math.max(0, state.left - counts) };
}

function tired(state: RoomState, value: number, item: Item, now: number): RoomState {
  if (state.revising !== null) return state;
  const sitting = [...state.sitting, { at: now, value, thoughtMs: now - (item.readyAt ?? now) }];
  const advised = state.tiredness === "unsure" ? state.tiredness : null;
  return { ...state, sitting, tiredness: tirednessOf(sitting, state.restedAt, now) ?? advised };
}

/** The state with one phrase changed, wherever it is. */
function put(state: RoomState, item: Item): RoomState {
  const changed = (other: Item): Item => (other.offer === item.offer ? item : other);
  return {
    ...state,
    practice: state.practice.map(changed),
    given: state.given.map(changed),
    current: state.current?.kind === "phrase" ? { kind: "phrase", item: changed(state.current.item) } : state.current,
  };
}

function msOf(seconds: number): number {
  return Math.min(LONGEST_MS, Math.round(seconds * 1000));
}
