/** The room's page at work: the state, the connection, the browser's storage and the player, tied together. */
import { say } from "../components/toasts.svelte";
import { configure, goOn, pause, play, player, stop, timeNow, unlock } from "../player/player.svelte";
import type { ServerMessage } from "../protocol/protocol.gen";
import { socketUrl, type RoomConfig } from "./config";
import { connect, type Connection } from "./connection";
import { newId } from "./ids";
import { restore, store } from "./queue";
import * as mutations from "./state";
import type { Item, RoomState } from "./state";
import { phraseFromWire } from "./wire";

const NAME_KEY = "antiphon.name";
const HEAR_EVERY_MS = 100;
const RESEND_AFTER_MS = 5_000;
/** How long a rated phrase takes to leave and the next one to arrive. */
export const TURN_MS = 200;

export interface Session {
  readonly state: RoomState;
  readonly storedName: string;
  join: (name: string) => void;
  press: () => void;
  again: () => void;
  rate: (value: number) => void;
  revise: () => void;
  continueOn: () => void;
  retry: () => void;
  /** Let everything go: the page is left. */
  end: () => void;
}

/** Start the page's session; it joins by itself where this browser was in the room before. */
export function createSession(config: RoomConfig): Session {
  const storedName = remembered(NAME_KEY);
  let state = $state.raw<RoomState>(
    mutations.initialState(config.name, storedName, restore(config.code, localStorageOrNone())),
  );
  let connection: Connection | null = null;
  let lastTime = 0;

  configure(config.soundfont, true);
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
  if (storedName && remembered(joinedKey()) === "yes") start(storedName);

  function set(next: RoomState): void {
    if (next.pending !== state.pending) store(next.pending, config.code, localStorageOrNone());
    state = next;
  }

  function start(name: string): void {
    set({ ...state, name, connection: "connecting", problem: "" });
    connection?.end();
    connection = connect({
      open: () => new WebSocket(socketUrl(config.ws, location)),
      onopen: () => connection?.send({ type: "join", id: newId(), protocol: mutations.PROTOCOL_VERSION, name }),
      onmessage: take,
      onlost: (retryMs) => set({ ...state, connection: retryMs === null ? "ended" : "lost" }),
      random: Math.random,
    });
  }

  function take(message: ServerMessage): void {
    const before = mutations.shown(state)?.individual;
    set(mutations.receive(state, message));
    if (message.type === "welcome") {
      remember(NAME_KEY, state.name);
      remember(joinedKey(), "yes");
      resend();
    } else if (message.type === "room_changed") {
      resend();
    } else if (message.type === "refused" && state.isWelcome) {
      // That a generation closed first is nobody's fault.
      say(message.message, message.is_final && message.code !== "generation_closed" ? "bad" : "info");
    } else if (message.type === "generation_closed") {
      stop();
      if (message.winner && hasSound()) playWinner();
    }
    const isGone = before !== undefined && player.key === keyOf(before) && before !== mutations.shown(state)?.individual;
    if (isGone || (state.roomState !== "open" && player.key !== null)) stop();
  }

  /** Send what is still on its way, when it can be taken. */
  function resend(): void {
    if (state.connection !== "online" || state.roomState !== "open") return;
    for (const rating of state.pending) {
      connection?.send({
        type: "rate",
        id: rating.id,
        individual: rating.individual,
        value: rating.value,
        heard_ms: rating.heardMs,
      });
    }
  }

  /** Note what was heard of the phrase on the screen since the last time. */
  function listen(): void {
    const item = mutations.shown(state);
    const now = timeNow();
    if (!item || now === null || player.status !== "playing" || player.key !== keyOf(item.individual)) return;
    if (now < 0) return;
    set(mutations.hear(state, now, Math.min(now - lastTime, (HEAR_EVERY_MS / 1000) * 20)));
    lastTime = now;
  }

  function playItem(item: Item): void {
    lastTime = 0;
    void play(keyOf(item.individual), item.phrase, () => set(mutations.hear(state, Infinity, 0)));
  }

  function playWinner(): void {
    const winner = state.closed?.winner;
    if (winner) void play(winnerKey(winner.individual), phraseFromWire(winner));
  }

  function turn(): void {
    const isOnward = !state.isRevising;
    set(mutations.turn(state));
    if (isOnward && state.current) playItem(state.current);
  }

  function joinedKey(): string {
    return `antiphon.joined.${config.code}`;
  }

  return {
    get state() {
      return state;
    },
    storedName,
    join(name) {
      void unlock();
      start(name);
    },
    press() {
      const item = mutations.shown(state);
      if (mutations.viewOf(state) === "born") {
        if (player.status === "playing") stop();
        else playWinner();
      } else if (!item || state.leaving) return;
      else if (player.key === keyOf(item.individual) && player.status === "playing") pause();
      else if (player.key === keyOf(item.individual) && player.status === "paused") void goOn();
      else playItem(item);
    },
    again() {
      const item = mutations.shown(state);
      if (item && !state.leaving) playItem(item);
    },
    rate(value) {
      if (mutations.viewOf(state) !== "rating") return;
      const next = mutations.rate(state, value, newId());
      if (next === state) return;
      set(next);
      resend();
      stop();
      setTimeout(turn, TURN_MS);
    },
    revise() {
      const next = mutations.revise(state);
      if (next === state) return;
      stop();
      set(next);
    },
    continueOn() {
      stop();
      set(mutations.continueOn(state));
      if (state.current && hasSound()) playItem(state.current);
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

/** The player's key of a phrase in the room. */
export function keyOf(individual: number): string {
  return `room-${individual}`;
}

/** The player's key of the winner on its own screen. */
export function winnerKey(individual: number): string {
  return `winner-${individual}`;
}

function hasSound(): boolean {
  return player.status !== "locked" && player.status !== "failed" && player.status !== "loading";
}

function localStorageOrNone(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

function remembered(key: string): string {
  return localStorageOrNone().getItem(key) ?? "";
}

function remember(key: string, value: string): void {
  try {
    localStorageOrNone().setItem(key, value);
  } catch {
    // The next visit asks again.
  }
}
