/** The room's page at work: the state, the connection, the browser's storage and the player, tied together. */
import { say } from "../components/toasts.svelte";
import { wordOf } from "../i18n/lookup";
import { language, words } from "../i18n/language.svelte";
import { change, configure, goOn, pause, play, player, stop, timeNow, unlock } from "../player/player.svelte";
import { arranged } from "../player/arrange";
import { lengthSeconds, type Phrase } from "../player/phrase";
import type { Check, ServerMessage } from "../protocol/protocol.gen";
import * as answers from "./answers";
import { choice } from "./choice.svelte";
import { socketUrl, type RoomConfig } from "./config";
import { connect, type Connection } from "./connection";
import { newId } from "./ids";
import { keepForLater } from "./offline/register";
import { keyOf, sideKey, winnerKey } from "./playing";
import { together } from "./queue/queue";
import { openShelf } from "./queue/shelf";
import { receive } from "./receive";
import type { Session } from "./session";
import * as states from "./state";
import type { Choice, DoorStep, RoomState, Side, SkipReason } from "./state";
import { databasesOrNone, remember, remembered, storageOrNone } from "./storage";
import { phraseFromWire } from "./wire";

const NAME_KEY = "antiphon.name";
const DOOR_KEY = "antiphon.door";
const HEAR_EVERY_MS = 100;
const RESEND_AFTER_MS = 5_000;
/** How long an answered phrase takes to leave and the next one to arrive. */
export const TURN_MS = 200;
const DOOR: readonly DoorStep[] = ["headphones", "practice"];

/** Start the page's session; it joins by itself where this browser was in the room before. */
export function createSession(config: RoomConfig): Session {
  const joinedKey = `antiphon.joined.${config.code}`;
  const storedName = remembered(NAME_KEY);
  const door = DOOR.filter((step) => !remembered(DOOR_KEY).includes(step));
  const shelf = openShelf(config.code, databasesOrNone(), storageOrNone());
  let state = $state.raw<RoomState>(states.initialState(config.name, storedName, door, Date.now()));
  let connection: Connection | null = null;
  let lastTime = 0;
  let sounding: Phrase | null = null;
  let isFontKept = false;

  const isKnown = remembered(joinedKey) === "yes";
  // A first visit fetches the instruments with the press that joins, a later one has them on this device.
  configure(config.soundfont, isKnown);
  const timers = [setInterval(listen, HEAR_EVERY_MS), setInterval(resend, RESEND_AFTER_MS)];
  const comeBack = (): void => {
    if (!document.hidden) connection?.retry();
  };
  /** A page that is left for good gives back what was reserved for it. */
  const goAway = (event: PageTransitionEvent): void => {
    if (!event.persisted) connection?.send({ type: "leave", id: newId() });
  };
  addEventListener("online", comeBack);
  addEventListener("pagehide", goAway);
  document.addEventListener("visibilitychange", comeBack);
  const isLoaded = load();
  if (isKnown) void isLoaded.then(() => start(storedName));

  async function load(): Promise<void> {
    const left = await shelf.load();
    state = { ...state, pending: together(left, state.pending) };
  }

  function set(next: RoomState): void {
    if (next.pending !== state.pending) void shelf.save(state.pending, next.pending);
    state = next;
  }

  /** Take what a press changed: send what it added, and let the next phrase follow when one leaves. */
  function take(next: RoomState): boolean {
    if (next === state) return false;
    const isLeaving = next.leaving !== null && state.leaving === null;
    set(next);
    resend();
    if (isLeaving) {
      stop();
      setTimeout(turn, TURN_MS);
    }
    return true;
  }

  function start(name: string): void {
    set({ ...state, name, connection: "connecting", problem: null });
    connection?.end();
    connection = connect({
      open: () => new WebSocket(socketUrl(config.ws, location)),
      onopen: () => {
        const known = hasAgreed() ? state.name || null : null;
        connection?.send({ type: "join", id: newId(), protocol: states.PROTOCOL_VERSION, name: known });
      },
      onmessage: hearServer,
      onlost: (retryMs) => set({ ...state, connection: retryMs === null ? "ended" : "lost" }),
      beat: () => ({ type: "ping", id: newId() }),
      random: Math.random,
    });
  }

  /** Whether the server may be told the name: on an earlier visit, or on this one. */
  function hasAgreed(): boolean {
    return state.consent ? state.consent.is_accepted : isKnown;
  }

  function hearServer(message: ServerMessage): void {
    const before = playing();
    set(receive(state, message));
    if (message.type === "welcome") {
      set({ ...state, aheadMs: Date.parse(message.server_time) - Date.now() });
      remember(NAME_KEY, state.name);
      if (state.consent?.is_accepted) remember(joinedKey, "yes");
      connection?.setHeartbeat(message.heartbeat_seconds);
      resend();
    } else if (message.type === "room_changed" || (message.type === "kept" && message.what === "consent")) {
      resend();
    } else if (message.type === "refused" && state.isWelcome) {
      // That a generation closed first is nobody's fault.
      const isBad = message.is_final && message.code !== "generation_closed";
      say(wordOf(words().refused, message.code, message.message), isBad ? "bad" : "info");
    } else if (message.type === "generation_closed" && states.viewOf(state) === "born") {
      stop();
      if (hasSound()) playWinner();
    }
    const isGone = before !== null && player.key === before && playing() !== before;
    if (isGone || (state.roomState !== "open" && player.key !== null)) stop();
  }

  /** Send what is still on its way, when it can be taken. */
  function resend(): void {
    if (state.connection !== "online" || state.roomState !== "open") return;
    for (const { message } of state.pending) connection?.send(message);
  }

  /** The player's key of what is on the screen, as far as it is what plays. */
  function playing(): string | null {
    const item = states.shown(state);
    if (item) return keyOf(item.offer);
    const side = sideOf(player.key);
    return side && player.key;
  }

  /** The side of the duel on the screen that a key of the player's stands for. */
  function sideOf(key: string | null): Side | null {
    const duel = states.shownDuel(state);
    return (duel && (["left", "right"] as const).find((side) => key === sideKey(duel.duel, side))) ?? null;
  }

  /** Note what was heard of the phrase on the screen since the last time. */
  function listen(): void {
    const now = timeNow();
    if (now === null || now < 0 || player.status !== "playing") return;
    note(player.key, now, Math.min(now - lastTime, (HEAR_EVERY_MS / 1000) * 20));
    lastTime = now;
  }

  function note(key: string | null, reached: number, elapsed: number): void {
    const [item, side] = [states.shown(state), sideOf(key)];
    if (side) set(answers.hearSide(state, side, reached, elapsed));
    else if (item && key === keyOf(item.offer)) set(answers.hear(state, reached, elapsed, Date.now()));
  }

  function playPhrase(key: string, phrase: Phrase): void {
    lastTime = 0;
    sounding = phrase;
    void play(key, arranged(phrase, choice.now), () => note(key, lengthSeconds(phrase), 0)).then(keepFont);
  }

  function keepFont(): void {
    if (isFontKept || !hasSound()) return;
    isFontKept = true;
    void keepForLater(config.soundfont);
  }

  function playShown(): void {
    const item = states.shown(state);
    if (item?.phrase && !state.leaving) playPhrase(keyOf(item.offer), item.phrase);
  }

  function pressOn(key: string, begin: () => void): void {
    if (player.key === key && player.status === "playing") pause();
    else if (player.key === key && player.status === "paused") void goOn();
    else begin();
  }

  function playWinner(): void {
    const winner = state.closed?.winner;
    if (winner) playPhrase(winnerKey(winner.individual), phraseFromWire(winner));
  }

  function turn(): void {
    if (!state.leaving) return;
    const isOnward = state.revising === null;
    set(answers.turn(state));
    passed();
    if (isOnward && states.shown(state)) playShown();
  }

  function passed(): void {
    const done = DOOR.filter((step) => !state.door.includes(step));
    remember(DOOR_KEY, done.join(" "));
  }

  function recall(offer: string): void {
    const item = states.givenOf(state, offer);
    if (!item || item.origin) return;
    const isSent = connection?.send({ type: "recall", id: newId(), offer }) ?? false;
    if (!isSent && !item.phrase) say(words().given.fetchFailed, "info");
  }

  return {
    get state() {
      return state;
    },
    storedName,
    join(name: string) {
      void unlock();
      void isLoaded.then(() => start(name));
    },
    agree() {
      void unlock();
      take(answers.agree(state, language(), newId()));
      remember(joinedKey, "yes");
    },
    decline() {
      set(answers.decline(state));
      connection?.end();
    },
    check(headphones: Check["headphones"]) {
      stop();
      take(answers.check(state, headphones, newId()));
      passed();
    },
    pass(step: DoorStep) {
      stop();
      set(answers.pass(state, step));
      passed();
    },
    press() {
      const item = states.shown(state);
      if (states.viewOf(state) === "born") {
        if (player.status === "playing") stop();
        else playWinner();
      } else if (item && !state.leaving) pressOn(keyOf(item.offer), playShown);
    },
    pressSide(side: Side) {
      const duel = states.shownDuel(state);
      if (!duel || state.leaving) return;
      const key = sideKey(duel.duel, side);
      pressOn(key, () => playPhrase(key, duel[side].phrase));
    },
    again: playShown,
    resound() {
      if (sounding && player.key !== null) void change(arranged(sounding, choice.now));
    },
    rate(value: number) {
      const view = states.viewOf(state);
      if (view === "rating" || view === "practice") take(answers.rate(state, value, newId(), Date.now(), choice.now));
    },
    skip(reason: SkipReason) {
      if (states.viewOf(state) === "rating") take(answers.skip(state, reason, newId()));
    },
    choose(choice: Choice) {
      take(answers.choose(state, choice, newId()));
    },
    revise(offer?: string) {
      // Who changes their mind at once does not wait until the phrase has left.
      if (state.leaving) set(answers.turn(state));
      const next = answers.revise(state, offer ?? null);
      if (next === state) return;
      stop();
      set(next);
      if (next.revising !== null) recall(next.revising);
    },
    takeBack(offer: string) {
      stop();
      take(answers.takeBack(state, offer, newId()));
    },
    sayMore(offer: string, tags: readonly string[], remark: string) {
      take(answers.sayMore(state, offer, tags, remark, newId(), choice.now));
    },
    continueOn() {
      stop();
      set(answers.continueOn(state));
      if (hasSound()) playShown();
    },
    rest() {
      set(answers.rested(state, Date.now()));
    },
    retry: () => connection?.retry(),
    end() {
      for (const timer of timers) clearInterval(timer);
      removeEventListener("online", comeBack);
      removeEventListener("pagehide", goAway);
      document.removeEventListener("visibilitychange", comeBack);
      connection?.end();
      stop();
    },
  };
}

function hasSound(): boolean {
  return player.status !== "locked" && player.status !== "failed" && player.status !== "loading";
}
