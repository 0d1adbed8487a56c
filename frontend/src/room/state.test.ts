import { describe, expect, test } from "vitest";
import type { Phrase as WirePhrase, Progress, ServerMessage } from "../protocol/protocol.gen";
import {
  continueOn,
  enoughSeconds,
  hear,
  initialState,
  missingSeconds,
  rate,
  receive,
  revise,
  shown,
  turn,
  viewOf,
  type RoomState,
} from "./state";

const ID = "00000000-0000-4000-8000-000000000001";

function wire(individual: number, generation = 0): WirePhrase {
  return {
    individual,
    generation,
    number: individual % 100,
    notes: [{ onset_seconds: 0, duration_seconds: 7.5, pitch: 60, velocity: 80, part: 0 }],
    parts: [{ program: 0, is_drum: false }],
    bends: [],
    tempo_bpm: 120,
    beats_per_bar: 4,
    bars: 4,
    duration_seconds: 8,
  };
}

function progress(generation = 0): Progress {
  return { generation, size: 10, complete: 0, quorum: 3, ratings: 0, needed: 30, expected_error: null, wanted_error: null };
}

function welcome(change: Partial<Extract<ServerMessage, { type: "welcome" }>> = {}): ServerMessage {
  return {
    type: "welcome",
    id: ID,
    protocol: 1,
    listener: ID,
    name: "Ada",
    room_name: "Blues",
    room_state: "open",
    stage: "rating",
    progress: progress(),
    rated: 0,
    here: 2,
    names: ["Ada", "Noor"],
    ...change,
  };
}

function after(...messages: ServerMessage[]): RoomState {
  return messages.reduce(receive, { ...initialState("Blues", "Ada", []), connection: "connecting" });
}

const offers: ServerMessage[] = [
  { type: "offer", phrase: wire(1) },
  { type: "offer", phrase: wire(2) },
];
const heard = (state: RoomState): RoomState => hear(state, 5, 5);
const rated = (state: RoomState, value: number, id = ID): RoomState => turn(rate(heard(state), value, id));

describe("rating", () => {
  test("a phrase can't be rated before half of it was heard", () => {
    const state = after(welcome(), ...offers);
    expect(rate(hear(state, 3.9, 3.9), 4, ID)).toEqual(hear(state, 3.9, 3.9));
    expect(missingSeconds(shown(hear(state, 3, 3))!)).toBeCloseTo(1);
    expect(rate(hear(state, 4.1, 4.1), 4, ID).leaving?.value).toBe(4);
  });

  test("of a long phrase six seconds are enough", () => {
    const long = { ...wire(1), bars: 16, duration_seconds: 32 };
    const state = after(welcome(), { type: "offer", phrase: long });
    expect(enoughSeconds(shown(state)!.phrase)).toBe(6);
  });

  test("a rated phrase stays until it has left, and then the next one is there", () => {
    const leaving = rate(heard(after(welcome(), ...offers)), 4, ID);
    expect(shown(leaving)?.individual).toBe(1);
    expect(shown(turn(leaving))?.individual).toBe(2);
    expect(turn(leaving).previous?.value).toBe(4);
  });

  test("a second press while the phrase leaves is not a second rating", () => {
    const leaving = rate(heard(after(welcome(), ...offers)), 4, ID);
    expect(rate(leaving, 2, "other")).toBe(leaving);
  });

  test("a rating is on its way until the server has kept it", () => {
    const state = rated(after(welcome(), ...offers), 3);
    expect(state.pending).toEqual([{ id: ID, individual: 1, value: 3, heardMs: 5000 }]);
    const kept = receive(state, { type: "kept", id: ID, individual: 1, value: 3, rated: 1, is_revision: false });
    expect(kept.pending).toEqual([]);
    expect(kept.previous?.isKept).toBe(true);
  });

  test("a rating that is refused for good is given up, another is kept for later", () => {
    const state = rated(after(welcome(), ...offers), 3);
    const refusal = { type: "refused", id: ID, code: "generation_closed", message: "Too late." } as const;
    expect(receive(state, { ...refusal, is_final: true }).pending).toEqual([]);
    expect(receive(state, { ...refusal, is_final: false }).pending).toHaveLength(1);
  });
});

describe("revising", () => {
  test("the previous phrase comes back, is rated anew, and the current one waits meanwhile", () => {
    const back = revise(rated(after(welcome(), ...offers), 3));
    expect(shown(back)?.individual).toBe(1);
    const again = turn(rate(back, 5, "second"));
    expect(again.pending.map((rating) => [rating.id, rating.value])).toEqual([["second", 5]]);
    expect(shown(again)?.individual).toBe(2);
    expect(again.rated).toBe(1);
  });

  test("choosing the same value again sends nothing", () => {
    const settled = { ...rated(after(welcome(), ...offers), 3), pending: [] };
    expect(turn(rate(revise(settled), 3, "second")).pending).toEqual([]);
  });

  test("without a previous phrase nothing happens", () => {
    const state = after(welcome(), ...offers);
    expect(revise(state)).toBe(state);
  });
});

describe("what the server says", () => {
  test("a phrase offered twice is there once, also while its rating is on its way", () => {
    expect(after(welcome(), ...offers, ...offers).next).toHaveLength(1);
    const state = rated(after(welcome(), ...offers), 3);
    expect(receive(state, { type: "offer", phrase: wire(1) })).toBe(state);
  });

  test("after a reconnection in the same generation the phrase at hand stays", () => {
    const state = heard(after(welcome(), ...offers));
    expect(shown(receive(state, welcome()))?.reachedSeconds).toBe(5);
  });

  test("after a reconnection into another generation the old phrases are gone", () => {
    const state = receive(after(welcome(), ...offers), welcome({ progress: progress(1) }));
    expect([shown(state), ...state.next]).toEqual([null]);
  });

  test("ratings still on their way count as rated after a reload", () => {
    const pending = [{ id: ID, individual: 7, value: 2, heardMs: 4000 }];
    const state = receive({ ...initialState("Blues", "Ada", pending), connection: "connecting" }, welcome({ rated: 3 }));
    expect(state.rated).toBe(4);
  });

  test("a page of another protocol is told to reload", () => {
    expect(after(welcome({ protocol: 2 })).problem).toContain("Reload");
    expect(viewOf(after(welcome({ protocol: 2 })))).toBe("connecting");
  });
});

describe("which screen", () => {
  const closed: ServerMessage = {
    type: "generation_closed",
    generation: 0,
    listeners: 3,
    ratings: 30,
    winner: wire(1),
    winner_fitness: 3.9,
    winner_standard_error: 0.2,
    winner_parents: [],
  };
  const opened: ServerMessage = { type: "generation_opened", progress: progress(1), parents: 4 };

  test("nobody has joined yet", () => {
    expect(viewOf(initialState("Blues", "", []))).toBe("join");
  });

  test("all was rated and others have not yet", () => {
    const one = rated(after(welcome(), offers[0]!), 3);
    expect(viewOf(receive(one, { type: "done", generation: 0, rated: 1 }))).toBe("done");
    expect(viewOf(one)).toBe("rating");
  });

  test("a closed generation shows its winner until one goes on to the next", () => {
    const ended = receive(after(welcome({ rated: 4 }), ...offers), closed);
    expect([viewOf(ended), ended.ratedOfClosed, shown(ended)]).toEqual(["born", 4, null]);
    const next = receive(receive(ended, opened), { type: "offer", phrase: wire(101, 1) });
    expect(viewOf(next)).toBe("born");
    expect([viewOf(continueOn(next)), shown(next)?.individual]).toEqual(["rating", 101]);
  });

  test("who comes back after the next generation has opened goes straight to it", () => {
    const ended = receive(after(welcome(), ...offers), closed);
    expect(viewOf(receive(ended, welcome({ progress: progress(1) })))).toBe("rating");
  });

  test.each(["paused", "closed"] as const)("the host has %s the room", (roomState) => {
    const state = receive(after(welcome(), ...offers), { type: "room_changed", room_state: roomState, stage: "rating" });
    expect(viewOf(state)).toBe(roomState);
  });

  test.each(["seeding", "breeding", "failed"] as const)("the population is %s", (stage) => {
    expect(viewOf(after(welcome({ stage, progress: null })))).toBe(stage);
  });
});
