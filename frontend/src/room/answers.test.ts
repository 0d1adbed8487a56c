import { describe, expect, test } from "vitest";
import { choose, hear, hearSide, rate, revise, sayMore, skip, takeBack, turn } from "./answers";
import { after, ID, kept, offer, welcome, wirePhrase } from "./messages.fixture";
import { receive } from "./receive";
import { previousOf, shown, shownDuel, viewOf, type RoomState } from "./state";

const offers = [offer("a"), offer("b")];
const heard = (state: RoomState): RoomState => hear(state, 5, 5, 1_000);
const rated = (state: RoomState, value: number, id = ID): RoomState => turn(rate(heard(state), value, id, 2_000));
const sent = (state: RoomState): unknown[] => state.pending.map(({ message }) => message);

describe("rating", () => {
  test("a rated phrase stays until it has left, and then the next one is there", () => {
    const leaving = rate(heard(after(welcome(), ...offers)), 4, ID, 2_000);
    expect(shown(leaving)?.offer).toBe("a");
    expect(shown(turn(leaving))?.offer).toBe("b");
    expect(previousOf(turn(leaving))?.value).toBe(4);
  });

  test("a second press while the phrase leaves is not a second rating", () => {
    const leaving = rate(heard(after(welcome(), ...offers)), 4, ID, 2_000);
    expect(rate(leaving, 2, "other", 2_001)).toBe(leaving);
  });

  test("a rating is on its way until the server has kept it, and counts meanwhile", () => {
    const state = rated(after(welcome(), ...offers), 3);
    const asWritten = { tags: [], remark: "", program: null, has_beat: false };
    expect(sent(state)).toEqual([{ type: "rate", id: ID, offer: "a", value: 3, heard_ms: 5000, ...asWritten }]);
    expect([state.answered, state.left, previousOf(state)?.isKept]).toEqual([1, 9, false]);
    const settled = receive(state, kept(ID, "a"));
    expect([settled.pending, previousOf(settled)?.isKept, settled.answered]).toEqual([[], true, 1]);
  });

  test("the tick of an older rating is no tick for a newer one", () => {
    const again = turn(rate(revise(rated(after(welcome(), ...offers), 3)), 5, "second", 3_000));
    const late = receive(again, kept(ID, "a"));
    expect([previousOf(late)?.isKept, late.pending.length]).toEqual([false, 1]);
    expect(previousOf(receive(late, kept("second", "a", { value: 5 })))?.isKept).toBe(true);
  });

  test("how long one thought is noted, for the sake of a break", () => {
    expect(rated(after(welcome(), ...offers), 3).sitting).toEqual([{ at: 2_000, value: 3, thoughtMs: 1_000 }]);
  });
});

describe("revising", () => {
  test("the phrase before comes back, is rated anew, and the current one waits meanwhile", () => {
    const back = revise(rated(after(welcome(), ...offers), 3));
    expect(shown(back)?.offer).toBe("a");
    const again = turn(rate(back, 5, "second", 3_000));
    expect(again.pending.map(({ id, counts }) => [id, counts])).toEqual([["second", 1]]);
    expect([shown(again)?.offer, again.answered, again.given.length]).toEqual(["b", 1, 1]);
  });

  test("any phrase of this generation can be changed, not only the last", () => {
    const two = rated(rated(after(welcome(), ...offers, offer("c")), 3), 4, "second");
    const back = revise(two, "a");
    expect(shown(back)?.offer).toBe("a");
    expect(turn(rate(back, 0, "third", 5)).given.map(({ value }) => value)).toEqual([0, 4]);
  });

  test("choosing the same value again sends nothing", () => {
    const settled = receive(rated(after(welcome(), ...offers), 3), kept(ID, "a"));
    const same = turn(rate(revise(settled), 3, "second", 3_000));
    expect([same.pending, same.revising, previousOf(same)?.isKept]).toEqual([[], null, true]);
  });

  test("without a phrase before nothing happens, and pressing again leaves it as it is", () => {
    const state = after(welcome(), ...offers);
    expect(revise(state)).toBe(state);
    expect(revise(revise(rated(state, 3))).revising).toBeNull();
  });

  test("what is taken back counts no more, and is offered again", () => {
    const settled = receive(rated(after(welcome(), ...offers), 3), kept(ID, "a"));
    const back = takeBack(settled, "a", "second");
    expect(sent(back)).toEqual([{ type: "retract", id: "second", offer: "a" }]);
    expect([back.answered, back.left, back.given, shown(back)?.offer]).toEqual([0, 10, [], "b"]);
    const done = receive(back, kept("second", "a", { what: "retraction", value: null, answered: 0, left: 10 }));
    expect(receive(done, offer("a")).next.map((task) => task.kind === "phrase" && task.item.offer)).toEqual(["a"]);
    const again = rated(rated(done, 1, "third"), 5, "fourth");
    expect(again.given.map(({ offer: handle, value }) => [handle, value])).toEqual([["b", 1], ["a", 5]]);
  });

  test("how it sounded is told with a rating", () => {
    const state = rate(heard(after(welcome(), ...offers)), 3, ID, 2_000, { beat: "drums", instrument: 73 });
    expect(sent(state)).toMatchObject([{ program: 73, has_beat: true }]);
  });

  test("taken back before it was kept it counts neither way", () => {
    const back = takeBack(rated(after(welcome(), ...offers), 3), "a", "second");
    expect([back.answered, back.pending.map(({ counts }) => counts)]).toEqual([0, [0]]);
  });
});

describe("skipping and saying more", () => {
  test("a phrase is skipped with a reason, heard or not, and counts as answered", () => {
    const state = turn(skip(after(welcome(), ...offers), "heard_before", ID));
    expect(sent(state)).toEqual([{ type: "skip", id: ID, offer: "a", reason: "heard_before", heard_ms: 0 }]);
    expect([state.answered, previousOf(state)?.value, previousOf(state)?.reason, shown(state)?.offer]).toEqual([1, null, "heard_before", "b"]);
  });

  test("a rated phrase is not skipped", () => {
    const back = revise(rated(after(welcome(), ...offers), 3));
    expect(skip(back, "other", "second")).toBe(back);
  });

  test("a skipped phrase can be rated after all", () => {
    const back = revise(turn(skip(after(welcome(), ...offers), "other", ID)));
    const again = turn(rate(back, 2, "second", 3_000));
    expect([previousOf(again)?.value, previousOf(again)?.reason, again.answered]).toEqual([2, null, 1]);
  });

  test("tags and a remark go out with the rating that they belong to", () => {
    const settled = receive(rated(after(welcome(), ...offers), 3), kept(ID, "a"));
    const said = sayMore(settled, "a", ["odd"], "  like rain ", "second");
    expect(sent(said)).toMatchObject([{ type: "rate", offer: "a", value: 3, tags: ["odd"], remark: "like rain" }]);
    expect([said.answered, previousOf(said)?.isKept, shown(said)?.offer]).toEqual([1, false, "b"]);
    const unrated = after(welcome(), ...offers);
    expect(sayMore(unrated, "a", ["odd"], "", "third")).toBe(unrated);
  });
});

describe("a duel", () => {
  const duel = { type: "duel_offer", duel: "d", left: wirePhrase(60), right: wirePhrase(72) } as const;
  const begun = after(welcome(), duel, offer("b"));

  test("takes the place of the next phrase, and is offered once", () => {
    expect([viewOf(begun), shown(begun), shownDuel(begun)?.duel]).toEqual(["duel", null, "d"]);
    expect(receive(begun, duel).next).toHaveLength(1);
  });

  test("is decided after both were heard", () => {
    const one = hearSide(begun, "left", 5, 5);
    expect(choose(one, "left", ID)).toBe(one);
    const both = hearSide(one, "right", 4.5, 4.5);
    const chosen = choose(both, "right", ID);
    expect(sent(chosen)).toEqual([{ type: "duel", id: ID, duel: "d", choice: "right", heard_left_ms: 5000, heard_right_ms: 4500 }]);
    expect([shown(turn(chosen))?.offer, turn(chosen).answered, turn(chosen).given]).toEqual(["b", 0, []]);
    expect(receive(turn(chosen), duel).current).toEqual(turn(chosen).current);
  });
});
