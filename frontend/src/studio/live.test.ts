import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Run } from "./api";
import { coalesce } from "./coalesce";
import type { TrainingProgressed } from "./events";
import { pauseMs } from "./live.svelte";
import { lossSeries, progressed } from "./models/progressed";
import { fractionOf, progressLine, told } from "./rooms/told";
import { work } from "./work.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const moved: TrainingProgressed = {
  type: "training_progressed",
  run: 4,
  state: "running",
  fraction: 0.5,
  epoch: 10,
  epochs: 20,
  loss: 1.5,
  held_out_loss: null,
  seconds_left: 30,
  terms_per_second: 1_800,
};

const run: Run = {
  id: 4,
  name: "Takes, quick",
  preset: "quick",
  config: {},
  is_rewriting: false,
  seed: 1,
  state: "queued",
  reason: "",
  ended_by: "",
  progress: {},
  corpus: {},
  resume_epoch: 0,
  datasets: [],
  checkpoints: [],
  created_at: "2026-01-01T00:00:00Z",
  finished_at: null,
};

test("many events make few requests: one at once, one after the last", () => {
  const load = vi.fn();
  const call = coalesce(load, 1_000);
  for (let event = 0; event < 50; event++) call();
  expect(load).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(load).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5_000);
  expect(load).toHaveBeenCalledTimes(2);
  call();
  expect(load).toHaveBeenCalledTimes(3);
});

test("pauses between attempts to connect grow, to an end, and differ between pages", () => {
  const pauses = [0, 1, 2, 3, 10, 40].map((failures) => pauseMs(failures, 1));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 20_000, 20_000]);
  expect(pauseMs(3, 0)).toBe(2_000);
});

test("an event moves its own run and no other", () => {
  expect(progressed(run, moved)).toMatchObject({ state: "running", progress: { fraction: 0.5, epoch: 10 } });
  expect(progressed(run, { ...moved, run: 5 })).toBe(run);
});

test("the tab's title says what is under way and how far, until it is done", () => {
  work.takeRuns([run]);
  work.takeEvent(moved);
  expect(work.titleOf("Models")).toBe("50% Takes, quick · Models · Antiphon");
  expect(work.isBusy("run")).toBe(true);
  work.takeEvent({ type: "training_changed", run: 4, state: "finished" });
  expect(work.titleOf("Models")).toBe("Models · Antiphon");
  expect(work.isBusy("run")).toBe(false);
});

test("without anything held out there is one line, with it there are two", () => {
  const losses = [
    { epoch: 1, loss: 3, held_out_loss: null, seconds: 2 },
    { epoch: 2, loss: 2, held_out_loss: 2.5, seconds: 4 },
  ];
  expect(lossSeries(losses.slice(0, 1)).map((line) => line.name)).toEqual(["Training"]);
  expect(lossSeries(losses)[1]?.points).toEqual([{ x: 2, y: 2.5 }]);
});

test("ratings that come move the room's own generation only", () => {
  const progress = { generation: 2, size: 10, complete: 3, quorum: 3, ratings: 12, needed: 30, expected_error: null, wanted_error: null, minutes: null, closes_at: null };
  const room = {
    code: "kestrel",
    name: "Evening",
    state: "open" as const,
    population: { id: 1, name: "Motifs", is_rehearsal: false },
    link: "http://host.example/r/kestrel/",
    here: 2,
    listeners: 5,
    ratings: 40,
    progress,
    rule: { closing: "quorum" as const, quorum: 3, wanted_error: 0.15, minutes: null },
    has_anchors: true,
    has_repeats: true,
    has_duels: false,
    tags: [],
    consent_text: "",
    consent_version: "standard-2",
    created_at: "2026-01-01T00:00:00Z",
  };
  const event = { type: "ratings_came" as const, room: "kestrel", population: 1, generation: 2, ratings: 13, complete: 4, size: 10, here: 3 };
  expect(told(room, event)).toMatchObject({ here: 3, progress: { ratings: 13, complete: 4 } });
  expect(told(room, { ...event, generation: 3 }).progress).toBe(progress);
  expect(told(room, { ...event, room: "other" })).toBe(room);
  expect(fractionOf({ ...progress, ratings: 99 })).toBe(1);
  expect(fractionOf({ ...progress, needed: 0 })).toBe(0);
  expect(progressLine(progress)).toBe("3 of 10 phrases have enough ratings");
});
