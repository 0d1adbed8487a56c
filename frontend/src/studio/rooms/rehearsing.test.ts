import { describe, expect, it } from "vitest";
import type { Rehearsal, RehearsalFigures } from "../api";
import { factsOf, fractionOf, isUnderWay, moved, nowLine, orderLine, paceSeconds, verdictOf, waitLine } from "./rehearsing";

const FIGURES: RehearsalFigures = {
  seconds: 90,
  listeners: 20,
  here: 18,
  ratings: 270,
  ratings_per_second: 3,
  revisions: 4,
  skips: 0,
  retractions: 1,
  duels: 0,
  generations: 1,
  connections: 21,
  reconnections: 1,
  refusals: { generation_closed: 2, too_fast: 1 },
  turned_away: {},
  p50_ms: 8.6,
  p95_ms: 20,
  p99_ms: 1_240,
  slowest_ms: 1_300,
  kept: null,
};

function rehearsal(changes: Partial<Rehearsal> = {}): Rehearsal {
  return {
    id: 3,
    room: "ABCDEF",
    population: 9,
    listeners: 20,
    minutes: 3,
    pace_seconds: 2,
    state: "running",
    reason: "",
    figures: FIGURES,
    created_at: "2026-11-30T12:00:00Z",
    started_at: "2026-11-30T12:00:01Z",
    finished_at: null,
    ...changes,
  };
}

describe("a rehearsal", () => {
  it("says what was ordered", () => {
    expect(orderLine(rehearsal())).toBe("20 simulated listeners, 3 min, 2 s an answer");
    expect(orderLine(rehearsal({ pace_seconds: null }))).toContain("hearing phrases whole");
    expect([paceSeconds("quick"), paceSeconds("people")]).toEqual([2, null]);
  });

  it("says how far it is, once its listeners are let in", () => {
    expect(fractionOf(rehearsal())).toBe(0.5);
    expect(fractionOf(rehearsal({ figures: null }))).toBeNull();
    expect(nowLine(rehearsal())).toBe("18 of 20 here, 270 ratings, 1 new generation");
    expect(nowLine(rehearsal({ figures: null }))).toBe("The phrases are being copied");
    expect(nowLine(rehearsal({ state: "waiting" }))).toBe("Waiting for a worker");
    expect([isUnderWay(rehearsal()), isUnderWay(rehearsal({ state: "stopped" }))]).toEqual([true, false]);
  });

  it("says how it went, and leaves out what did not happen", () => {
    const facts = new Map(factsOf(FIGURES));
    expect(facts.get("Ratings a minute")).toBe("180");
    expect(facts.get("Refused, generation closed")).toBe("2");
    expect(facts.get("Refused, too fast")).toBe("1");
    expect(facts.get("Kept within (half)")).toBe("9 ms");
    expect(facts.get("Kept within (99%)")).toBe("1.2 s");
    expect(facts.get("Skipped")).toBe("");
    expect([...facts.keys()].some((name) => name.startsWith("Turned away"))).toBe(false);
    expect(waitLine(null)).toBe("");
  });

  it("tells whether anything is amiss, when that was looked up", () => {
    expect(verdictOf(rehearsal())).toBeNull();
    const over = (lost: number) => verdictOf(rehearsal({ figures: { ...FIGURES, kept: { lost, doubled: 0, altered: 0 } } }));
    expect(over(0)).toEqual({ isGood: true, text: "Everything that was acknowledged is kept, once." });
    expect(over(2)?.isGood).toBe(false);
    const unreached = { ...FIGURES, connections: 0, kept: { lost: 0, doubled: 0, altered: 0 } };
    expect(verdictOf(rehearsal({ figures: unreached }))?.text).toContain("No listener reached the room");
  });

  it("moves on with the news, and only the one that it is about", () => {
    const event = {
      type: "rehearsal_progressed",
      rehearsal: 3,
      room: "KITCHN",
      state: "running",
      seconds: 95,
      here: 20,
      ratings: 300,
      generations: 2,
    } as const;
    const [first, second] = moved([rehearsal(), rehearsal({ id: 4 })], event);
    expect(first?.figures).toMatchObject({ seconds: 95, here: 20, ratings: 300, generations: 2, p50_ms: 8.6 });
    expect(second).toEqual(rehearsal({ id: 4 }));
    expect(moved([rehearsal({ figures: null })], event)[0]?.figures).toBeNull();
  });
});
