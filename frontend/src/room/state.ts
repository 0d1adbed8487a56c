/** Everything the room's page knows, as one plain object, and the pure mutations that messages and presses make on it. */
import type {
  GenerationClosed,
  GenerationOpened,
  Phrase as WirePhrase,
  Progress,
  Refused,
  ServerMessage,
  Welcome,
} from "../protocol/protocol.gen";
import { lengthSeconds, type Phrase } from "../player/phrase";
import { add, settle, type PendingRating, type Queue } from "./queue";
import { phraseFromWire } from "./wire";

export const PROTOCOL_VERSION = 1;

/** A phrase on the page: as it came, as it is played, and how it went with it here. */
export interface Item {
  readonly individual: number;
  readonly generation: number;
  readonly number: number;
  readonly phrase: Phrase;
  readonly heardSeconds: number;
  /** The furthest second that was heard. */
  readonly reachedSeconds: number;
  readonly value: number | null;
  readonly isKept: boolean;
}

export interface RoomState {
  readonly name: string;
  readonly connection: "none" | "connecting" | "online" | "lost" | "ended";
  readonly isWelcome: boolean;
  readonly roomName: string;
  readonly roomState: Welcome["room_state"];
  readonly stage: Welcome["stage"];
  readonly progress: Progress | null;
  readonly rated: number;
  readonly here: number;
  readonly names: readonly string[];
  readonly current: Item | null;
  readonly next: readonly Item[];
  readonly previous: Item | null;
  /** Just rated, and still on the screen for a moment. */
  readonly leaving: Item | null;
  /** The previous phrase is on the screen again, to be rated anew. */
  readonly isRevising: boolean;
  readonly isDone: boolean;
  readonly pending: Queue;
  readonly closed: GenerationClosed | null;
  /** How many phrases of the closed generation were rated here. */
  readonly ratedOfClosed: number;
  readonly opened: GenerationOpened | null;
  /** What went wrong, in words; empty when nothing did. */
  readonly problem: string;
}

export type View =
  | "join"
  | "connecting"
  | "rating"
  | "done"
  | "born"
  | "seeding"
  | "breeding"
  | "paused"
  | "closed"
  | "failed";

/** The state before anything happened. */
export function initialState(roomName: string, name: string, pending: Queue): RoomState {
  return {
    name,
    connection: "none",
    isWelcome: false,
    roomName,
    roomState: "open",
    stage: "rating",
    progress: null,
    rated: 0,
    here: 0,
    names: [],
    current: null,
    next: [],
    previous: null,
    leaving: null,
    isRevising: false,
    isDone: false,
    pending,
    closed: null,
    ratedOfClosed: 0,
    opened: null,
    problem: "",
  };
}

/** Which screen the state asks for. */
export function viewOf(state: RoomState): View {
  if (state.connection === "none") return "join";
  if (!state.isWelcome) return "connecting";
  if (state.roomState !== "open") return state.roomState;
  if (state.stage === "failed") return "failed";
  if (state.closed) return "born";
  if (state.stage !== "rating") return state.stage;
  return state.isDone && !shown(state) ? "done" : "rating";
}

/** The phrase on the screen. */
export function shown(state: RoomState): Item | null {
  return state.leaving ?? (state.isRevising ? state.previous : state.current);
}

/** How much of a phrase must be heard before it is rated, in seconds: half of it, six at most. */
export function enoughSeconds(phrase: Phrase): number {
  return Math.min(6, lengthSeconds(phrase) / 2);
}

/** Seconds still to be heard before the phrase may be rated; 0 when it may. */
export function missingSeconds(item: Item): number {
  if (item.value !== null) return 0;
  return Math.max(0, enoughSeconds(item.phrase) - item.reachedSeconds);
}

/** Note that the phrase on the screen was heard up to a second, `elapsed` seconds since the last note. */
export function hear(state: RoomState, reached: number, elapsed: number): RoomState {
  const update = (item: Item): Item => ({
    ...item,
    heardSeconds: item.heardSeconds + Math.max(0, elapsed),
    reachedSeconds: Math.max(item.reachedSeconds, reached),
  });
  if (state.leaving) return state;
  if (state.isRevising) return { ...state, previous: state.previous && update(state.previous) };
  return { ...state, current: state.current && update(state.current) };
}

/** Rate the phrase on the screen: it begins to leave. The state is the same where it may not be rated yet. */
export function rate(state: RoomState, value: number, id: string): RoomState {
  const item = shown(state);
  if (!item || state.leaving || missingSeconds(item) > 0) return state;
  const isSame = item.value === value;
  const leaving: Item = { ...item, value, isKept: isSame && item.isKept };
  const pending = isSame ? state.pending : add(state.pending, pendingOf(leaving, value, id));
  return { ...state, pending, leaving, rated: state.isRevising ? state.rated : state.rated + 1 };
}

/** The phrase that was leaving has left: the next one takes its place. */
export function turn(state: RoomState): RoomState {
  if (!state.leaving) return state;
  const turned = { ...state, previous: state.leaving, leaving: null };
  if (state.isRevising) return { ...turned, isRevising: false };
  const [current = null, ...next] = state.next;
  return { ...turned, current, next };
}

/** Bring the previous phrase back to be rated anew, or leave it as it is. */
export function revise(state: RoomState): RoomState {
  if (state.leaving) return state;
  if (state.isRevising) return { ...state, isRevising: false };
  return state.previous && viewOf(state) !== "born" ? { ...state, isRevising: true } : state;
}

/** Leave the screen of the closed generation. */
export function continueOn(state: RoomState): RoomState {
  return { ...state, closed: null, opened: null, ratedOfClosed: 0 };
}

/** What a message of the server changes. */
export function receive(state: RoomState, message: ServerMessage): RoomState {
  switch (message.type) {
    case "welcome":
      return welcome(state, message);
    case "offer":
      return offer(state, message.phrase);
    case "kept":
      return {
        ...state,
        pending: settle(state.pending, message.id),
        previous: kept(state.previous, message.individual),
        leaving: kept(state.leaving, message.individual),
        rated: Math.max(state.rated, message.rated),
      };
    case "done":
      return { ...state, isDone: true, rated: message.rated };
    case "progressed":
      return { ...state, progress: message.progress };
    case "presence":
      return { ...state, here: message.here, names: message.names };
    case "generation_closed":
      return {
        ...withoutPhrases(state),
        closed: message,
        opened: null,
        ratedOfClosed: state.rated,
        rated: 0,
        stage: "breeding",
      };
    case "generation_opened":
      return {
        ...forgetOld(state, message.progress.generation),
        opened: message,
        progress: message.progress,
        stage: "rating",
      };
    case "room_changed":
      return { ...state, roomState: message.room_state, stage: message.stage };
    case "refused":
      return refuse(state, message);
  }
}

function welcome(state: RoomState, message: Welcome): RoomState {
  if (message.protocol !== PROTOCOL_VERSION) {
    return { ...state, problem: "This page is older than the server. Reload it to go on." };
  }
  const fresh = message.progress ? forgetOld(state, message.progress.generation) : withoutPhrases(state);
  return {
    ...fresh,
    isWelcome: true,
    connection: "online",
    problem: "",
    name: message.name,
    roomName: message.room_name,
    roomState: message.room_state,
    stage: message.stage,
    progress: message.progress,
    rated: message.rated + fresh.pending.length,
    closed: message.stage === "rating" ? null : fresh.closed,
    here: message.here,
    names: message.names,
  };
}

function offer(state: RoomState, wire: WirePhrase): RoomState {
  const isKnown =
    [state.current, ...state.next].some((item) => item?.individual === wire.individual) ||
    state.previous?.individual === wire.individual ||
    state.pending.some((rating) => rating.individual === wire.individual);
  if (isKnown) return state;
  const item = itemOf(wire);
  if (!state.current) return { ...state, current: item, isDone: false };
  return { ...state, next: [...state.next, item], isDone: false };
}

function refuse(state: RoomState, message: Refused): RoomState {
  const pending = message.is_final && message.id ? settle(state.pending, message.id) : state.pending;
  return { ...state, pending, problem: message.message };
}

/** Put away the phrases of other generations; the ones at hand stay. */
function forgetOld(state: RoomState, generation: number): RoomState {
  const items = [state.current, ...state.next].filter((item) => item?.generation === generation);
  const [current = null, ...next] = items.filter((item) => item !== null);
  const isOld = state.previous?.generation !== generation;
  return {
    ...state,
    current,
    next,
    previous: isOld ? null : state.previous,
    leaving: state.leaving?.generation === generation ? state.leaving : null,
    isRevising: isOld ? false : state.isRevising,
    isDone: false,
  };
}

function withoutPhrases(state: RoomState): RoomState {
  return { ...state, current: null, next: [], previous: null, leaving: null, isRevising: false, isDone: false };
}

function kept(item: Item | null, individual: number): Item | null {
  return item?.individual === individual ? { ...item, isKept: true } : item;
}

function pendingOf(item: Item, value: number, id: string): PendingRating {
  return { id, individual: item.individual, value, heardMs: Math.min(3_600_000, Math.round(item.heardSeconds * 1000)) };
}

function itemOf(wire: WirePhrase): Item {
  return {
    individual: wire.individual,
    generation: wire.generation,
    number: wire.number,
    phrase: phraseFromWire(wire),
    heardSeconds: 0,
    reachedSeconds: 0,
    value: null,
    isKept: false,
  };
}
