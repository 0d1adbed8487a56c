/** Messages as a server sends them, for tests. */
import type { NamedPhrase, Phrase, Progress, ServerMessage, Welcome } from "../protocol/protocol.gen";
import { receive } from "./receive";
import { initialState, PROTOCOL_VERSION, type RoomState } from "./state";

export const ID = "00000000-0000-4000-8000-000000000001";

/** A phrase of four bars, 8 s long. */
export function wirePhrase(pitch = 60): Phrase {
  return {
    notes: [{ onset_seconds: 0, duration_seconds: 7.5, pitch, velocity: 80, part: 0 }],
    parts: [{ program: 0, is_drum: false }],
    bends: [],
    tempo_bpm: 120,
    beats_per_bar: 4,
    bars: 4,
    duration_seconds: 8,
  };
}

export function namedPhrase(number: number, generation = 0): NamedPhrase {
  return { ...wirePhrase(), individual: 100 + number, generation, number };
}

export function progressOf(generation = 0): Progress {
  return { generation, size: 10, complete: 4, quorum: 3, ratings: 15, needed: 30, expected_error: null, wanted_error: null, minutes: null, closes_at: null };
}

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    id: ID,
    protocol: PROTOCOL_VERSION,
    listener: ID,
    name: "Ada",
    room_name: "Evening blues",
    room_state: "open",
    stage: "rating",
    progress: progressOf(),
    answered: 0,
    left: 10,
    history: [],
    here: 3,
    names: ["Ada", "Noor"],
    consent: { version: "1", texts: [{ language: "en", text: "What is kept." }], is_accepted: true },
    headphones: null,
    tags: ["calm", "odd"],
    skip_reasons: ["heard_before", "other"],
    server_time: "2026-11-30T14:00:00Z",
    heartbeat_seconds: 20,
    silence_seconds: 75,
    ...change,
  };
}

export function offer(handle: string, pitch = 60): Extract<ServerMessage, { type: "offer" }> {
  return { type: "offer", offer: handle, phrase: wirePhrase(pitch) };
}

export function kept(id: string, handle: string, change: Partial<Extract<ServerMessage, { type: "kept" }>> = {}): ServerMessage {
  return { type: "kept", id, what: "rating", handle, value: 3, answered: 1, left: 9, is_revision: false, ...change };
}

/** Somebody past the door, after these messages. */
export function after(...messages: ServerMessage[]): RoomState {
  return messages.reduce<RoomState>(receive, { ...initialState("Blues", "Ada", [], 0), connection: "connecting" });
}
