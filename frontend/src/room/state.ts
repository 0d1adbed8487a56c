/** Everything the room's page knows, as one plain object. What messages change is in receive.ts, what presses change in answers.ts. */
import type {
  ConsentAsked,
  DuelOffer,
  Credited,
  GenerationClosed,
  GenerationOpened,
  Origin,
  Progress,
  Skip,
  Welcome,
} from "../protocol/protocol.gen";
import { lengthSeconds, phraseOf, type Phrase } from "../player/phrase";
import { PRACTICE } from "./door/practice";
import type { Queue } from "./queue/queue";
import type { Given, Tiredness } from "./rest";

export const PROTOCOL_VERSION = 2;

export type SkipReason = Skip["reason"];
export type Choice = "left" | "right" | "equal";
export type Side = "left" | "right";
export type DoorStep = "headphones" | "practice";

/** A phrase on the page: as it came, as it is played, how it went with it here. */
export interface Item {
  /** How the server and the page name it. */
  readonly offer: string;
  /** From 1: the listener's own count in this generation. */
  readonly turn: number;
  /** null after a reload, until the server has sent it again. */
  readonly phrase: Phrase | null;
  readonly origin: Origin | null;
  readonly heardSeconds: number;
  /** The furthest second that was heard. */
  readonly reachedSeconds: number;
  /** When enough of it was heard, in ms; null before. */
  readonly readyAt: number | null;
  readonly value: number | null;
  readonly reason: SkipReason | null;
  readonly tags: readonly string[];
  readonly remark: string;
  readonly isKept: boolean;
}

/** One of two phrases that meet. */
export interface Contender {
  readonly phrase: Phrase;
  readonly heardSeconds: number;
  readonly reachedSeconds: number;
}

export interface Duel {
  readonly duel: DuelOffer["duel"];
  readonly left: Contender;
  readonly right: Contender;
  readonly choice: Choice | null;
}

/** What comes next: a phrase to rate, or two to choose from. */
export type Task = { readonly kind: "phrase"; readonly item: Item } | { readonly kind: "duel"; readonly duel: Duel };

export interface RoomState {
  readonly name: string;
  readonly connection: "none" | "connecting" | "online" | "lost" | "ended";
  readonly isWelcome: boolean;
  readonly roomName: string;
  readonly roomState: Welcome["room_state"];
  readonly stage: Welcome["stage"];
  readonly progress: Progress | null;
  readonly consent: ConsentAsked | null;
  readonly hasDeclined: boolean;
  /** What is still to be done before the room, after the consent. */
  readonly door: readonly DoorStep[];
  readonly practice: readonly Item[];
  readonly tags: readonly string[];
  readonly skipReasons: readonly SkipReason[];
  /** Phrases answered here in this generation, those on their way among them; and those still to come. */
  readonly answered: number;
  readonly left: number;
  readonly here: number;
  readonly names: readonly string[];
  readonly current: Task | null;
  readonly next: readonly Task[];
  /** What was answered in this generation, first one first. */
  readonly given: readonly Item[];
  /** Just answered, and still on the screen for a moment. */
  readonly leaving: Task | null;
  /** A phrase answered before is on the screen again, to be answered anew: its offer. */
  readonly revising: string | null;
  readonly isDone: boolean;
  readonly pending: Queue;
  readonly closed: GenerationClosed | null;
  readonly opened: GenerationOpened | null;
  /** What descends from phrases that were liked here, once it was told. */
  readonly credited: Credited | null;
  /** When each rating was given here, and since when this sitting lasts, in ms. */
  readonly sitting: readonly Given[];
  readonly restedAt: number;
  readonly tiredness: Tiredness | null;
  /** By how much the server's clock is ahead of this one, in ms. */
  readonly aheadMs: number;
  /** What went wrong: a code of the server's with its English, null when nothing did. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

export type View =
  | "join"
  | "connecting"
  | "declined"
  | "consent"
  | DoorStep
  | "rating"
  | "duel"
  | "done"
  | "born"
  | "seeding"
  | "breeding"
  | "paused"
  | "closed"
  | "failed";

/** The state before anything happened. `door` is what this browser has not been through yet, `now` in ms. */
export function initialState(roomName: string, name: string, door: readonly DoorStep[], now: number): RoomState {
  return {
    name,
    connection: "none",
    isWelcome: false,
    roomName,
    roomState: "open",
    stage: "rating",
    progress: null,
    consent: null,
    hasDeclined: false,
    door,
    practice: PRACTICE.map((phrase, index) => itemOf(`practice-${index + 1}`, index + 1, phrase)),
    tags: [],
    skipReasons: [],
    answered: 0,
    left: 0,
    here: 0,
    names: [],
    current: null,
    next: [],
    given: [],
    leaving: null,
    revising: null,
    isDone: false,
    pending: [],
    closed: null,
    opened: null,
    credited: null,
    sitting: [],
    restedAt: now,
    tiredness: null,
    aheadMs: 0,
    problem: null,
  };
}

/** Which screen the state asks for. */
export function viewOf(state: RoomState): View {
  if (state.hasDeclined) return "declined";
  if (state.connection === "none") return "join";
  if (!state.isWelcome) return "connecting";
  if (state.roomState !== "open") return state.roomState;
  if (state.consent && !state.consent.is_accepted) return "consent";
  if (state.stage === "failed") return "failed";
  if (state.door[0]) return state.door[0];
  if (state.closed) return "born";
  if (state.stage !== "rating") return state.stage;
  if (shownDuel(state)) return "duel";
  return state.isDone && !shown(state) ? "done" : "rating";
}

/** The phrase on the screen: one to practise on, one that leaves, one to be answered anew, or the next one. */
export function shown(state: RoomState): Item | null {
  if (state.leaving) return state.leaving.kind === "phrase" ? state.leaving.item : null;
  if (state.door[0] === "practice") return state.practice[0] ?? null;
  if (state.revising !== null) return givenOf(state, state.revising);
  return state.current?.kind === "phrase" ? state.current.item : null;
}

/** The duel on the screen. */
export function shownDuel(state: RoomState): Duel | null {
  if (state.leaving) return state.leaving.kind === "duel" ? state.leaving.duel : null;
  if (state.door.length > 0 || state.revising !== null) return null;
  return state.current?.kind === "duel" ? state.current.duel : null;
}

/** What was answered under an offer. */
export function givenOf(state: RoomState, offer: string): Item | null {
  return state.given.find((item) => item.offer === offer) ?? null;
}

/** The phrase answered last. */
export function previousOf(state: RoomState): Item | null {
  return state.given[state.given.length - 1] ?? null;
}

/** How much of a phrase must be heard before it is rated, in seconds: half of it, six at most. */
export function enoughSeconds(phrase: Phrase): number {
  return Math.min(6, lengthSeconds(phrase) / 2);
}

/** Seconds still to be heard before the phrase may be rated; 0 when it may. */
export function missingSeconds(item: Item): number {
  if (item.value !== null || item.reason !== null) return 0;
  if (!item.phrase) return Infinity;
  return Math.max(0, enoughSeconds(item.phrase) - item.reachedSeconds);
}

/** Seconds of a contender still to be heard before the choice. */
export function missingOf(contender: Contender): number {
  return Math.max(0, enoughSeconds(contender.phrase) - contender.reachedSeconds);
}

/** A phrase that nothing was done with yet. */
export function itemOf(offer: string, turn: number, phrase: Phrase | null): Item {
  return {
    offer,
    turn,
    phrase,
    origin: null,
    heardSeconds: 0,
    reachedSeconds: 0,
    readyAt: null,
    value: null,
    reason: null,
    tags: [],
    remark: "",
    isKept: false,
  };
}

/** What stands in for a phrase that is not here yet. */
export const NO_PHRASE: Phrase = phraseOf([], { bars: 4 });
