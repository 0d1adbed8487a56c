// Generated from protocol.schema.json by `make protocol`. Do not edit.

export type ClientMessage = Join | Rate | Leave;
export type ServerMessage =
  Welcome | Offer | Kept | Done | Progressed | Presence | GenerationClosed | GenerationOpened | RoomChanged | Refused;
export type StudioEvent =
  | DatasetChanged
  | TrainingProgressed
  | TrainingChanged
  | SamplesDrawn
  | MemorisationKnown
  | PopulationChanged
  | RatingsCame;

export interface Protocol {
  client: ClientMessage;
  server: ServerMessage;
  studio: StudioEvent;
}
/**
 * First message of every connection, also of a reconnection: who one is, and which phrases one still holds.
 */
export interface Join {
  id: string;
  name: string;
  protocol: number;
  type: "join";
}
/**
 * A rating. Rating a phrase again, under a new id, revises it as long as its generation is open.
 */
export interface Rate {
  heard_ms: number;
  id: string;
  individual: number;
  type: "rate";
  value: number;
}
/**
 * The listener goes on purpose: nobody waits for them.
 */
export interface Leave {
  id: string;
  type: "leave";
}
/**
 * The answer to `join`: where things stand, for a first visit and after a reload alike.
 */
export interface Welcome {
  here: number;
  id: string;
  listener: string;
  name: string;
  names: string[];
  progress: Progress | null;
  protocol: number;
  rated: number;
  room_name: string;
  room_state: "open" | "paused" | "closed";
  stage: "seeding" | "rating" | "breeding" | "failed";
  type: "welcome";
}
/**
 * How far the open generation is. Never tells how anything was rated.
 */
export interface Progress {
  complete: number;
  expected_error: number | null;
  generation: number;
  needed: number;
  quorum: number;
  ratings: number;
  size: number;
  wanted_error: number | null;
}
/**
 * The next phrase for this listener. The page keeps at most two: the one that is heard and the one after it.
 */
export interface Offer {
  phrase: Phrase;
  type: "offer";
}
/**
 * A phrase ready to be played and drawn.
 */
export interface Phrase {
  bars: number;
  beats_per_bar: number;
  bends: PhraseBend[];
  duration_seconds: number;
  generation: number;
  individual: number;
  notes: Note[];
  number: number;
  parts: PhrasePart[];
  tempo_bpm: number;
}
export interface PhraseBend {
  cents: number;
  onset_seconds: number;
  part: number;
}
/**
 * One sounding note, in seconds from the phrase's beginning.
 */
export interface Note {
  duration_seconds: number;
  onset_seconds: number;
  part: number;
  pitch: number;
  velocity: number;
}
export interface PhrasePart {
  is_drum: boolean;
  program: number;
}
/**
 * A rating is in the database.
 */
export interface Kept {
  id: string;
  individual: number;
  is_revision: boolean;
  rated: number;
  type: "kept";
  value: number;
}
/**
 * This listener has rated every phrase of the generation; others have not yet.
 */
export interface Done {
  generation: number;
  rated: number;
  type: "done";
}
/**
 * The generation has moved on (coalesced, a few a second).
 */
export interface Progressed {
  progress: Progress;
  type: "progressed";
}
/**
 * Who is here (coalesced): how many, and the first names of at most 12.
 */
export interface Presence {
  here: number;
  names: string[];
  type: "presence";
}
/**
 * Enough was said: the winner of the generation, with its parents, while the next one is bred.
 */
export interface GenerationClosed {
  generation: number;
  listeners: number;
  ratings: number;
  type: "generation_closed";
  winner: Phrase | null;
  winner_fitness: number | null;
  winner_parents: Phrase[];
  winner_standard_error: number | null;
}
/**
 * The next generation is here; offers follow.
 */
export interface GenerationOpened {
  parents: number;
  progress: Progress;
  type: "generation_opened";
}
/**
 * The host opened, paused or closed the room, or the population could not go on.
 */
export interface RoomChanged {
  room_state: "open" | "paused" | "closed";
  stage: "seeding" | "rating" | "breeding" | "failed";
  type: "room_changed";
}
/**
 * A message that was not done, and why. The connection lives on.
 */
export interface Refused {
  code: string;
  id: string | null;
  is_final: boolean;
  message: string;
  type: "refused";
}
/**
 * Files of a dataset were accepted or refused.
 */
export interface DatasetChanged {
  accepted: number;
  dataset: number;
  refused: number;
  type: "dataset_changed";
  waiting: number;
}
/**
 * A training run has moved on: how far, how good, how long still.
 */
export interface TrainingProgressed {
  epoch: number;
  epochs: number;
  fraction: number;
  held_out_loss: number | null;
  loss: number | null;
  run: number;
  seconds_left: number | null;
  state: string;
  terms_per_second: number | null;
  type: "training_progressed";
}
/**
 * A training run changed its state, or has a new checkpoint or report.
 */
export interface TrainingChanged {
  run: number;
  state: string;
  type: "training_changed";
}
/**
 * Samples that were asked for have come, or were refused with a reason.
 */
export interface SamplesDrawn {
  checkpoint: number;
  count: number;
  job: number;
  reason: string;
  type: "samples_drawn";
}
/**
 * Samples or a generation have been compared with the pieces that their network learned from.
 */
export interface MemorisationKnown {
  checkpoint: number | null;
  generation: number | null;
  population: number | null;
  type: "memorisation_known";
}
/**
 * A population was seeded, has a new generation, or failed.
 */
export interface PopulationChanged {
  generation: number | null;
  population: number;
  state: string;
  type: "population_changed";
}
/**
 * Ratings came in a room (coalesced).
 */
export interface RatingsCame {
  complete: number;
  generation: number;
  here: number;
  population: number;
  ratings: number;
  room: string;
  size: number;
  type: "ratings_came";
}
