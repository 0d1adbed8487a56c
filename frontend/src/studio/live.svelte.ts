/** The studio's websocket: events for whoever follows, reconnecting with growing pauses, and a refetch after each gap. */
import { onMount } from "svelte";
import type { StudioEvent } from "./events";

export type LiveState = "connecting" | "open" | "lost" | "signed out";

/** With this code the server closes to a page whose host has signed out. */
const CLOSED_SIGNED_OUT = 4401;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/** How long to wait before the attempt after `failures` failures; `chance` in [0, 1) spreads many pages apart. */
export function pauseMs(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return Math.round(whole * (0.5 + chance / 2));
}

interface Follower {
  readonly onEvent: (event: StudioEvent) => void;
  readonly onGap: () => void;
}

class Live {
  state = $state<LiveState>("connecting");
  readonly #followers = new Set<Follower>();
  #address = "";
  #socket: WebSocket | undefined;
  #failures = 0;
  #hasBeenOpen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Connect, and stay connected until the returned function is called. */
  start(address: string): () => void {
    this.#address = address;
    const retry = (): void => {
      if (this.state !== "lost") return;
      clearTimeout(this.#timer);
      this.#connect();
    };
    addEventListener("online", retry);
    this.#connect();
    return () => {
      removeEventListener("online", retry);
      clearTimeout(this.#timer);
      const socket = this.#socket;
      this.#socket = undefined;
      socket?.close();
    };
  }

  /** Be told of events, and of gaps in which some may have been missed. */
  follow(onEvent: (event: StudioEvent) => void, onGap: () => void): () => void {
    const follower = { onEvent, onGap };
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }

  #connect(): void {
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      this.state = "open";
      this.#failures = 0;
      if (this.#hasBeenOpen) for (const follower of [...this.#followers]) follower.onGap();
      this.#hasBeenOpen = true;
    };
    socket.onmessage = (message) => {
      const event = eventOf(message.data);
      if (event) for (const follower of [...this.#followers]) follower.onEvent(event);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      if (code === CLOSED_SIGNED_OUT) {
        this.state = "signed out";
        return;
      }
      // One quick failure is not worth a word; the page says so from the second on.
      if (this.#failures > 0) this.state = "lost";
      this.#timer = setTimeout(() => this.#connect(), pauseMs(this.#failures, Math.random()));
      this.#failures += 1;
    };
  }
}

function eventOf(data: unknown): StudioEvent | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value !== null && "type" in value ? (value as StudioEvent) : undefined;
  } catch {
    return undefined;
  }
}

export const live = new Live();

/** Load something when a component appears and after every gap, and hear events while it lives. */
export function follow(load: () => void, onEvent: (event: StudioEvent) => void = () => undefined): void {
  onMount(() => {
    load();
    return live.follow(onEvent, load);
  });
}
