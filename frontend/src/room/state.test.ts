import { describe, expect, test } from "vitest";
import { agree, check, continueOn, decline, hear, pass, rate, rested, revise, turn } from "./answers";
import { after, ID, kept, namedPhrase, offer, progressOf, welcome } from "./messages.fixture";
import { receive } from "./receive";
import { enoughSeconds, initialState, missingSeconds, previousOf, shown, viewOf, type RoomState } from "./state";
import type { ServerMessage } from "../protocol/protocol.gen";

const offers = [offer("a"), offer("b")];
const heard = (state: RoomState): RoomState => hear(state, 5, 5, 1_000);
const rated = (state: RoomState, value: number, id = ID): RoomState => turn(rate(heard(state), value, id, 2_000));

describe("what the server says", () => {
  test("a phrase offered twice is there once, also while its rating is on its way", () => {
    expect(after(welcome(), ...offers, ...offers).next).toHaveLength(1);
    const state = rated(after(welcome(), ...offers), 3);
    expect(receive(state, offer("a"))).toBe(state);
  });

  test("phrases are counted one by one, also when the next comes while one leaves", () => {
    const leaving = rate(heard(after(welcome(), ...offers)), 3, ID, 2_000);
    const items = [turn(receive(leaving, offer("c")))].flatMap(({ given, next }) => [...given.map((item) => item.turn), next[0]]);
    expect(items).toMatchObject([1, { item: { offer: "c", turn: 3 } }]);
  });

  test("after a reconnection in the same generation the phrase at hand stays", () => {
    const state = heard(after(welcome(), ...offers));
    expect(shown(receive(state, welcome()))?.reachedSeconds).toBe(5);
  });

  test("after a reconnection into another generation the old phrases are gone", () => {
    const state = receive(rated(after(welcome(), ...offers), 2), welcome({ progress: progressOf(1) }));
    expect([shown(state), ...state.next, ...state.given]).toEqual([null]);
  });

  test("after a reload one's own answers are there again, without their notes", () => {
    const history = [
      { offer: "a", value: 4, reason: null, tags: ["odd"], remark: "hm" },
      { offer: "b", value: null, reason: "heard_before" as const, tags: [], remark: "" },
    ];
    const state = after(welcome({ history, answered: 2, left: 8 }));
    expect(state.given.map(({ offer: handle, turn: place, value, isKept, phrase }) => [handle, place, value, isKept, phrase])).toEqual([
      ["a", 1, 4, true, null],
      ["b", 2, null, true, null],
    ]);
    const recalled = { type: "recalled", id: ID, offer: "a", phrase: offer("a").phrase } as const;
    const origin = { made_by: "network", network: "Night school", pieces: 20, credits: [], parents: [] } as const;
    const again = receive(revise(state, "a"), { ...recalled, origin: { ...origin, credits: [], parents: [] } });
    expect([shown(again)?.phrase?.notes.length, shown(again)?.origin?.pieces, shown(again)?.remark]).toEqual([1, 20, "hm"]);
  });

  test("answers still on their way count after a reload", () => {
    const message = { type: "rate", id: ID, offer: "z", value: 2, heard_ms: 4_000 } as const;
    const pending = [{ id: ID, about: "z", counts: 1, message }];
    const state = receive({ ...initialState("Blues", "Ada", [], 0), pending, connection: "connecting" }, welcome({ answered: 3, left: 7 }));
    expect([state.answered, state.left]).toEqual([4, 6]);
    const settled = receive(state, kept(ID, "z", { answered: 4, left: 6 }));
    expect([settled.answered, settled.left, settled.pending]).toEqual([4, 6, []]);
  });

  test("a page of another protocol is told to reload", () => {
    const state = after(welcome({ protocol: 99 }));
    expect([state.problem?.code, viewOf(state)]).toEqual(["protocol_outdated", "connecting"]);
  });

  test("a rating that is refused for good is given up, another is kept for later", () => {
    const state = rated(after(welcome(), ...offers), 3);
    const refusal = { type: "refused", id: ID, code: "generation_closed", message: "Too late." } as const;
    const final = receive(state, { ...refusal, is_final: true });
    expect([final.pending, final.given, final.answered]).toEqual([[], [], 0]);
    expect(receive(state, { ...refusal, is_final: false }).pending).toHaveLength(1);
  });

  test("changed settings are taken at once, and another text is asked before anything is heard", () => {
    const consent = { version: "own-2", texts: [{ language: null, text: "Another text." }], is_accepted: false };
    const told = { type: "room_settings_changed", room_name: "The cellar", tags: ["warm"], consent } as const;
    const state = receive(after(welcome(), offer("o-1")), { ...told, tags: [...told.tags] });
    expect([state.roomName, state.tags, viewOf(state)]).toEqual(["The cellar", ["warm"], "consent"]);
    const agreed = receive(state, { ...told, tags: ["warm"], consent: { ...consent, is_accepted: true } });
    expect(viewOf(agreed)).toBe("rating");
    expect(agreed.current).not.toBeNull();
  });
});

describe("hearing enough", () => {
  test("a phrase can't be rated before half of it was heard", () => {
    const state = after(welcome(), ...offers);
    const little = hear(state, 3.9, 3.9, 1);
    expect(rate(little, 4, ID, 2)).toBe(little);
    expect(missingSeconds(shown(hear(state, 3, 3, 1))!)).toBeCloseTo(1);
    expect(rate(hear(state, 4.1, 4.1, 1), 4, ID, 2).leaving).toMatchObject({ item: { value: 4 } });
  });

  test("of a long phrase six seconds are enough", () => {
    const long = { ...offer("a").phrase, bars: 16, duration_seconds: 32 };
    const state = after(welcome(), { type: "offer", offer: "a", phrase: long });
    expect(enoughSeconds(shown(state)!.phrase!)).toBe(6);
  });
});

describe("the door", () => {
  const asked = { version: "2", texts: [], is_accepted: false };
  const atTheDoor = (...messages: ServerMessage[]): RoomState =>
    messages.reduce<RoomState>(receive, { ...initialState("Blues", "", ["headphones", "practice"], 0), connection: "connecting" });

  test("nobody has joined yet", () => {
    expect(viewOf(initialState("Blues", "", [], 0))).toBe("join");
  });

  test("consent comes first, then the headphones, then practice, then the room", () => {
    let state = atTheDoor(welcome({ consent: asked }));
    expect(viewOf(state)).toBe("consent");
    state = agree(state, "de", ID);
    expect(state.pending.map(({ message }) => message)).toEqual([
      { type: "consent", id: ID, version: "2", language: "de", name: null },
    ]);
    expect(viewOf(state)).toBe("headphones");
    state = pass(state, "headphones");
    expect(viewOf(state)).toBe("practice");
    state = pass(state, "practice");
    expect(viewOf(state)).toBe("rating");
  });

  test("an agreement on its way is not asked for again, and one that was refused is", () => {
    const agreed = agree(atTheDoor(welcome({ consent: asked })), "en", ID);
    expect(viewOf(receive(agreed, welcome({ consent: asked })))).toBe("headphones");
    const refused = { type: "refused", id: ID, code: "consent_outdated", message: "", is_final: true } as const;
    expect(viewOf(receive(agreed, refused))).toBe("consent");
    const settled = receive(agreed, kept(ID, "x", { what: "consent", handle: null, value: null }));
    expect([settled.pending, settled.answered]).toEqual([[], 0]);
  });

  test("the headphone test's result is told once, and not asked for again on a later visit", () => {
    const checked = check(atTheDoor(welcome()), "passed", ID);
    expect(checked.pending.map(({ message }) => message)).toEqual([{ type: "check", id: ID, headphones: "passed" }]);
    expect(viewOf(checked)).toBe("practice");
    expect(viewOf(atTheDoor(welcome({ headphones: "failed" })))).toBe("practice");
  });

  test("who declines has left", () => {
    expect(viewOf(decline(atTheDoor(welcome({ consent: asked }))))).toBe("declined");
  });

  test("two phrases are for practice: rated like any other, told nobody, and counted nowhere", () => {
    let state = pass(atTheDoor(welcome(), ...offers), "headphones");
    for (const practised of ["practice-1", "practice-2"]) {
      expect([viewOf(state), shown(state)?.offer]).toEqual(["practice", practised]);
      state = rated(state, 4);
    }
    expect([viewOf(state), shown(state)?.offer]).toEqual(["rating", "a"]);
    expect([state.pending, state.given, state.answered, state.sitting]).toEqual([[], [], 0, []]);
  });
});

describe("which screen", () => {
  const closed: ServerMessage = {
    type: "generation_closed",
    generation: 0,
    listeners: 3,
    ratings: 30,
    winner: namedPhrase(1),
    winner_fitness: 3.9,
    winner_standard_error: 0.2,
    winner_parents: [],
  };
  const opened: ServerMessage = { type: "generation_opened", progress: progressOf(1), parents: 4 };

  test("all was answered and others have not yet", () => {
    const one = rated(after(welcome(), offers[0]!), 3);
    expect(viewOf(receive(one, { type: "done", generation: 0, answered: 1 }))).toBe("done");
    expect(viewOf(one)).toBe("rating");
  });

  test("a closed generation shows its winner until one goes on to the next", () => {
    const ended = receive(rated(after(welcome(), ...offers), 4), closed);
    expect([viewOf(ended), shown(ended), previousOf(ended)]).toEqual(["born", null, null]);
    const next = receive(receive(ended, opened), offer("c"));
    expect([viewOf(next), next.left]).toEqual(["born", 10]);
    expect([viewOf(continueOn(next)), shown(next)?.offer]).toEqual(["rating", "c"]);
  });

  test("who comes back after the next generation has opened goes straight to it", () => {
    const ended = receive(after(welcome(), ...offers), closed);
    expect(viewOf(receive(ended, welcome({ progress: progressOf(1) })))).toBe("rating");
  });

  test.each(["paused", "closed"] as const)("the host has %s the room", (roomState) => {
    const state = receive(after(welcome(), ...offers), { type: "room_changed", room_state: roomState, stage: "rating" });
    expect(viewOf(state)).toBe(roomState);
  });

  test.each(["seeding", "breeding", "failed"] as const)("the population is %s", (stage) => {
    expect(viewOf(after(welcome({ stage, progress: null })))).toBe(stage);
  });

  test("a break that the server suggests stands until one says that it is over", () => {
    const advised = receive(after(welcome(), ...offers), { type: "rest_advised" });
    expect(advised.tiredness).toBe("unsure");
    expect(receive({ ...advised, tiredness: "long" }, { type: "rest_advised" }).tiredness).toBe("long");
    expect(rested(advised, 77).tiredness).toBeNull();
  });

  test("a break that was suggested is over when one says so", () => {
    const tired = { ...after(welcome()), tiredness: "long" as const };
    expect(rested(tired, 77)).toMatchObject({ tiredness: null, restedAt: 77 });
  });
});
