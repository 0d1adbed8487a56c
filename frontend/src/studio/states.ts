/** The word and the sign for each state. */
import type { FileState, PopulationState, RoomState, RunState } from "./api";

export interface Shown {
  readonly text: string;
  readonly kind: "plain" | "live" | "good" | "bad" | "accent";
}

const RUN: Readonly<Record<RunState, Shown>> = {
  queued: { text: "Queued", kind: "plain" },
  running: { text: "Training", kind: "live" },
  finished: { text: "Finished", kind: "good" },
  stopped: { text: "Stopped", kind: "plain" },
  failed: { text: "Failed", kind: "bad" },
};

const FILE: Readonly<Record<FileState, Shown>> = {
  waiting: { text: "Waiting", kind: "live" },
  accepted: { text: "Accepted", kind: "good" },
  refused: { text: "Refused", kind: "bad" },
};

const POPULATION: Readonly<Record<PopulationState, Shown>> = {
  seeding: { text: "Seeding", kind: "live" },
  ready: { text: "Ready", kind: "good" },
  failed: { text: "Failed", kind: "bad" },
};

const ROOM: Readonly<Record<RoomState, Shown>> = {
  open: { text: "Open", kind: "live" },
  paused: { text: "Paused", kind: "plain" },
  closed: { text: "Closed", kind: "plain" },
};

export const runShown = (state: RunState): Shown => RUN[state];
export const fileShown = (state: FileState): Shown => FILE[state];
export const populationShown = (state: PopulationState): Shown => POPULATION[state];
export const roomShown = (state: RoomState): Shown => ROOM[state];
