/** What the server's messages change: pure mutations of the room's state. */
import type { DuelOffer, Given, Kept, Offer, Recalled, Refused, ServerMessage, Welcome } from "../protocol/protocol.gen";
import { counted, settle } from "./queue/queue";
import { itemOf, PROTOCOL_VERSION, type Contender, type Item, type RoomState, type Task } from "./state";
import { phraseFromWire } from "./wire";

/** What a message of the server changes. */
export function receive(state: RoomState, message: ServerMessage): RoomState {
  switch (message.type) {
    case "welcome":
      return welcome(state, message);
    case "offer":
      return offer(state, message);
    case "duel_offer":
      return duelOffer(state, message);
    case "kept":
      return kept(state, message);
    case "recalled":
      return recalled(state, message);
    case "rest_advised":
      return { ...state, tiredness: state.tiredness ?? "unsure" };
    case "done":
      return { ...state, isDone: true, left: 0 };
    case "progressed":
      return { ...state, progress: message.progress };
    case "presence":
      return { ...state, here: message.here, names: message.names };
    case "generation_closed":
      return {
        ...withoutPhrases(state),
        closed: message,
        opened: null,
        credited: null,
        answered: 0,
        left: 0,
        stage: "breeding",
      };
    case "generation_opened": {
      const isNext = state.stage === "breeding";
      const fresh = isNext ? state : { ...withoutPhrases(state), answered: 0 };
      const { progress } = message;
      return { ...fresh, opened: message, progress, stage: "rating", left: Math.max(0, progress.size - fresh.answered) };
    }
    case "credited":
      return { ...state, credited: message };
    case "room_changed":
      return { ...state, roomState: message.room_state, stage: message.stage };
    case "room_settings_changed":
      return { ...state, roomName: message.room_name, tags: message.tags, consent: message.consent };
    case "pong":
      return state;
    case "refused":
      return refuse(state, message);
  }
}

function welcome(state: RoomState, message: Welcome): RoomState {
  if (message.protocol !== PROTOCOL_VERSION) {
    return { ...state, problem: { code: "protocol_outdated", message: "" } };
  }
  const isSame = state.progress?.generation === message.progress?.generation;
  const fresh = isSame ? state : withoutPhrases(state);
  const isAgreed = message.consent.is_accepted || fresh.pending.some(({ about }) => about === "consent");
  return {
    ...fresh,
    isWelcome: true,
    connection: "online",
    problem: null,
    // Before the consent the server knows no name; what was typed at the door waits here.
    name: message.consent.is_accepted ? (message.name ?? "") : state.name,
    roomName: message.room_name,
    roomState: message.room_state,
    stage: message.stage,
    progress: message.progress,
    consent: { ...message.consent, is_accepted: isAgreed },
    door: message.headphones === null ? fresh.door : fresh.door.filter((step) => step !== "headphones"),
    tags: message.tags,
    skipReasons: message.skip_reasons,
    given: remembered(fresh, message.history),
    answered: message.answered + counted(fresh.pending),
    left: Math.max(0, message.left - counted(fresh.pending)),
    closed: message.stage === "rating" ? null : fresh.closed,
    here: message.here,
    names: message.names,
  };
}

/** What was given, as the server has it, with what this page has of it; and what is still on its way from here. */
function remembered(state: RoomState, history: readonly Given[]): readonly Item[] {
  const isOnItsWay = (offer: string): boolean => state.pending.some(({ about }) => about === offer);
  const known = history.filter(({ offer }) => !isTakenBack(state, offer)).map((given, index): Item => {
    const own = state.given.find((item) => item.offer === given.offer);
    if (own && isOnItsWay(given.offer)) return own;
    const { value, reason, tags, remark } = given;
    return { ...(own ?? itemOf(given.offer, index + 1, null)), value, reason, tags, remark, isKept: true };
  });
  const unsent = state.given.filter(({ offer }) => isOnItsWay(offer) && !known.some((item) => item.offer === offer));
  return [...known, ...unsent];
}

function isTakenBack(state: RoomState, offer: string): boolean {
  return state.pending.some(({ about, message }) => about === offer && message.type === "retract");
}

function offer(state: RoomState, message: Offer): RoomState {
  const isKnown =
    state.given.some((item) => item.offer === message.offer) ||
    state.pending.some(({ about, message: { type } }) => about === message.offer && type !== "retract");
  if (isKnown) return state;
  const items = [...state.given, ...tasksOf(state).flatMap((task) => (task.kind === "phrase" ? [task.item] : []))];
  const turn = 1 + Math.max(0, ...items.map((item) => item.turn));
  return put(state, { kind: "phrase", item: itemOf(message.offer, turn, phraseFromWire(message.phrase)) });
}

function duelOffer(state: RoomState, message: DuelOffer): RoomState {
  if (state.pending.some(({ about }) => about === message.duel)) return state;
  const side = (phrase: DuelOffer["left"]): Contender => ({ phrase: phraseFromWire(phrase), heardSeconds: 0, reachedSeconds: 0 });
  return put(state, {
    kind: "duel",
    duel: { duel: message.duel, left: side(message.left), right: side(message.right), choice: null },
  });
}

/** Put what came at the end of what is at hand, unless it is there already. */
function put(state: RoomState, task: Task): RoomState {
  if (tasksOf(state).some((other) => handleOf(other) === handleOf(task))) return state;
  if (!state.current) return { ...state, current: task, isDone: false };
  return { ...state, next: [...state.next, task], isDone: false };
}

function tasksOf(state: RoomState): readonly Task[] {
  return [state.current, ...state.next, state.leaving].filter((task) => task !== null);
}

function handleOf(task: Task): string {
  return task.kind === "phrase" ? task.item.offer : task.duel.duel;
}

function kept(state: RoomState, message: Kept): RoomState {
  const pending = settle(state.pending, message.id);
  const counts = { answered: message.answered + counted(pending), left: Math.max(0, message.left - counted(pending)) };
  const told = message.what === "consent" || message.what === "check" ? { ...state, pending } : { ...state, pending, ...counts };
  if (pending.some(({ about }) => about === message.handle)) return told;
  const mark = (item: Item): Item => (item.offer === message.handle ? { ...item, isKept: true } : item);
  const { leaving } = state;
  return {
    ...told,
    given: state.given.map(mark),
    leaving: leaving?.kind === "phrase" ? { kind: "phrase", item: mark(leaving.item) } : leaving,
  };
}

function recalled(state: RoomState, message: Recalled): RoomState {
  const add = (item: Item): Item =>
    item.offer === message.offer
      ? { ...item, phrase: item.phrase ?? phraseFromWire(message.phrase), origin: message.origin }
      : item;
  return { ...state, given: state.given.map(add) };
}

function refuse(state: RoomState, message: Refused): RoomState {
  const refused = state.pending.find(({ id }) => id === message.id);
  const problem = { code: message.code, message: message.message };
  if (!refused || !message.is_final) return { ...state, problem };
  const { about, counts } = refused;
  return {
    ...state,
    problem,
    pending: settle(state.pending, refused.id),
    answered: Math.max(0, state.answered - counts),
    consent: about === "consent" && state.consent ? { ...state.consent, is_accepted: false } : state.consent,
    given: counts > 0 ? state.given.filter(({ offer }) => offer !== about) : state.given,
  };
}

function withoutPhrases(state: RoomState): RoomState {
  const isPractising = state.door[0] === "practice";
  return {
    ...state,
    current: null,
    next: [],
    given: [],
    leaving: isPractising ? state.leaving : null,
    revising: null,
    isDone: false,
  };
}
