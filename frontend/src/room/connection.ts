/** One websocket that comes back by itself: waits longer after each failure, and at once when the network returns. */
import type { ClientMessage, ServerMessage } from "../protocol/protocol.gen";

export type Socket = Pick<WebSocket, "send" | "close" | "readyState"> & {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
};

export interface ConnectionOptions {
  readonly open: () => Socket;
  readonly onopen: () => void;
  readonly onmessage: (message: ServerMessage) => void;
  /** The connection ended; `retryMs` until it is tried again, null when it will not be. */
  readonly onlost: (retryMs: number | null) => void;
  /** What to say when nothing was said for long, so that both sides know of each other. */
  readonly beat: () => ClientMessage;
  /** 0 to 1, for the spread of the waits. */
  readonly random: () => number;
}

export interface Connection {
  /** Send now; false when there is no open connection. */
  readonly send: (message: ClientMessage) => boolean;
  /** Try again at once; where it seems to stand, ask whether it does (a device that slept may not have noticed). */
  readonly retry: () => void;
  /** Say something at least so often, in seconds. */
  readonly setHeartbeat: (seconds: number) => void;
  /** End it for good. */
  readonly end: () => void;
}

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 15_000;
const HEARTBEAT_S = 20;
/** A server that has not said a word for so long after it was asked is not there. */
const ANSWER_WITHIN_MS = 10_000;
const OPEN = 1;
/** The server closes with these and above when coming back would not help: not allowed, no such room. */
const FIRST_FINAL_CODE = 4000;

/** How long to wait after so many failures in a row, in ms: doubling, spread by half so that a crowd doesn't return as one. */
export function waitMs(failures: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(wait * (0.5 + random / 2));
}

/** Connect, and stay connected until `end`. */
export function connect(options: ConnectionOptions): Connection {
  let socket: Socket | null = null;
  let failures = 0;
  let isEnded = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let doubt: ReturnType<typeof setTimeout> | null = null;
  let heart = setInterval(ask, HEARTBEAT_S * 1000);

  /** Ask whether the server is there, and give the connection up when it is not. */
  function ask(): void {
    if (socket?.readyState !== OPEN || doubt !== null) return;
    const asked = socket;
    doubt = setTimeout(() => {
      doubt = null;
      if (socket !== asked) return;
      socket = null;
      asked.close();
      lose(false);
    }, ANSWER_WITHIN_MS);
    asked.send(JSON.stringify(options.beat()));
  }

  function believe(): void {
    if (doubt !== null) clearTimeout(doubt);
    doubt = null;
  }

  function start(): void {
    timer = null;
    believe();
    const mine = options.open();
    socket = mine;
    mine.onopen = () => {
      if (socket === mine) options.onopen();
    };
    mine.onmessage = (event) => {
      const message = read(event.data);
      if (socket !== mine || message === null) return;
      believe();
      failures = 0;
      options.onmessage(message);
    };
    mine.onclose = (event) => {
      if (socket !== mine) return;
      socket = null;
      lose(event.code >= FIRST_FINAL_CODE);
    };
  }

  function lose(isFinal: boolean): void {
    if (isEnded) return;
    if (isFinal) {
      isEnded = true;
      clearInterval(heart);
      options.onlost(null);
      return;
    }
    failures += 1;
    const wait = waitMs(failures, options.random());
    timer = setTimeout(start, wait);
    options.onlost(wait);
  }

  start();
  return {
    send(message) {
      if (socket?.readyState !== OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    retry() {
      if (isEnded) return;
      if (timer === null) {
        ask();
        return;
      }
      clearTimeout(timer);
      start();
    },
    setHeartbeat(seconds) {
      clearInterval(heart);
      if (!isEnded) heart = setInterval(ask, seconds * 1000);
    },
    end() {
      isEnded = true;
      clearInterval(heart);
      believe();
      if (timer !== null) clearTimeout(timer);
      socket?.close();
      socket = null;
    },
  };
}

/** A frame as a message, or null where it is none. */
function read(data: unknown): ServerMessage | null {
  try {
    const found: unknown = typeof data === "string" ? JSON.parse(data) : null;
    const isMessage = typeof found === "object" && found !== null && "type" in found;
    return isMessage ? (found as ServerMessage) : null;
  } catch {
    return null;
  }
}
