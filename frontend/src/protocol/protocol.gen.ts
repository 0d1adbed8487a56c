// Generated from protocol.schema.json by `make protocol`. Do not edit.

export type ClientMessage = Join | Consent | Check | Rate | Skip | Retract | Recall | AnswerDuel | Ping | Leave;
export type ServerMessage =
  | Welcome
  | Offer
  | DuelOffer
  | Kept
  | Recalled
  | RestAdvised
  | Done
  | Progressed
  | Presence
  | GenerationClosed
  | GenerationOpened
  | Credited
  | RoomChanged
  | RoomSettingsChanged
  | Pong
  | Refused;
export type StudioEvent =
  | DatasetChanged
  | TrainingProgressed
  | TrainingChanged
  | SamplesDrawn
  | MemorisationKnown
  | PopulationChanged
  | RatingsCame
  | RehearsalProgressed;

export interface Protocol {
  client: ClientMessage;
  server: ServerMessage;
  studio: StudioEvent;
}
/**
 * First message of every connection, also of a reconnection. Without a name nobody is told one.
 *
 * A page keeps the name to itself until its listener has agreed; one that comes sooner is held back until then.
 */
export interface Join {
  id: string;
  name?: string | null;
  protocol: number;
  type: "join";
}
/**
 * The listener has read the text of this version, in this language, and agrees. No phrase is offered before.
 *
 * With it comes the name that others are to be told, if any.
 */
export interface Consent {
  id: string;
  language: "en" | "de";
  name?: string | null;
  type: "consent";
  version: string;
}
/**
 * How the headphone check went; kept with the listener, the last one stands. Nothing depends on it.
 */
export interface Check {
  headphones: "passed" | "failed" | "skipped";
  id: string;
  type: "check";
}
/**
 * A rating. Rating an offer again, under a new id, revises it as long as its generation is open.
 */
export interface Rate {
  has_beat?: boolean;
  heard_ms: number;
  id: string;
  offer: string;
  program?: number | null;
  remark?: string;
  /**
   * @maxItems 5
   */
  tags?: string[];
  type: "rate";
  value: number;
}
/**
 * The listener passes over a phrase: it counts as heard, not as a rating. A rated one is to be retracted first.
 */
export interface Skip {
  heard_ms: number;
  id: string;
  offer: string;
  reason: "heard_before" | "cannot_play" | "unpleasant" | "no_answer" | "other";
  type: "skip";
}
/**
 * Take a rating or a skip back, as long as its generation is open. The phrase is the listener's to answer again.
 */
export interface Retract {
  id: string;
  offer: string;
  type: "retract";
}
/**
 * Ask for a phrase that one has answered in this generation: to hear it again, and to see where it came from.
 */
export interface Recall {
  id: string;
  offer: string;
  type: "recall";
}
/**
 * Which of two phrases is better. Answering again, under a new id, revises it while the generation is open.
 */
export interface AnswerDuel {
  choice: "left" | "right" | "equal";
  duel: string;
  heard_left_ms: number;
  heard_right_ms: number;
  id: string;
  type: "duel";
}
/**
 * The page is there, and asks whether the server is.
 */
export interface Ping {
  id: string;
  type: "ping";
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
  answered: number;
  consent: ConsentAsked;
  headphones: ("passed" | "failed" | "skipped") | null;
  heartbeat_seconds: number;
  here: number;
  history: Given[];
  id: string;
  left: number;
  listener: string;
  name: string | null;
  names: string[];
  progress: Progress | null;
  protocol: number;
  room_name: string;
  room_state: "open" | "paused" | "closed";
  server_time: string;
  silence_seconds: number;
  skip_reasons: ("heard_before" | "cannot_play" | "unpleasant" | "no_answer" | "other")[];
  stage: "seeding" | "rating" | "breeding" | "failed";
  tags: string[];
  type: "welcome";
}
/**
 * What this room asks its listeners to agree to, and whether this one has.
 */
export interface ConsentAsked {
  is_accepted: boolean;
  texts: ConsentText[];
  version: string;
}
/**
 * The text to be agreed to in one language; null where its host wrote it in one of their own.
 */
export interface ConsentText {
  language: ("en" | "de") | null;
  text: string;
}
/**
 * One answer of this listener in the open generation: a rating, or a skip with its reason.
 */
export interface Given {
  offer: string;
  reason: ("heard_before" | "cannot_play" | "unpleasant" | "no_answer" | "other") | null;
  remark: string;
  tags: string[];
  value: number | null;
}
/**
 * How far the open generation is. Never tells how anything was rated.
 */
export interface Progress {
  closes_at: string | null;
  complete: number;
  expected_error: number | null;
  generation: number;
  minutes: number | null;
  needed: number;
  quorum: number;
  ratings: number;
  size: number;
  wanted_error: number | null;
}
/**
 * The next phrase for this listener. The page keeps at most two: the one that is heard and the one after it.
 *
 * `offer` is how the page names it, in every message about it; one and the same after a reconnection.
 */
export interface Offer {
  offer: string;
  phrase: Phrase;
  type: "offer";
}
/**
 * A phrase ready to be played and drawn. Which one it is, it does not say.
 */
export interface Phrase {
  bars: number;
  beats_per_bar: number;
  bends: PhraseBend[];
  duration_seconds: number;
  notes: Note[];
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
 * Two phrases that this listener has heard before: which is better? It takes the place of the next phrase.
 */
export interface DuelOffer {
  duel: string;
  left: Phrase;
  right: Phrase;
  type: "duel_offer";
}
/**
 * What the page said is in the database. One shape for all that is kept.
 */
export interface Kept {
  answered: number;
  handle: string | null;
  id: string;
  is_revision: boolean;
  left: number;
  type: "kept";
  value: number | null;
  what: "rating" | "skip" | "retraction" | "duel" | "consent" | "check";
}
/**
 * A phrase that was answered before, and where it came from.
 */
export interface Recalled {
  id: string;
  offer: string;
  origin: Origin;
  phrase: Phrase;
  type: "recalled";
}
/**
 * Where a phrase came from; told only after it was answered.
 */
export interface Origin {
  credits: string[];
  made_by: "network" | "chance" | "breeding" | "branch";
  network: string | null;
  parents: NamedPhrase[];
  pieces: number | null;
}
/**
 * A phrase of a closed generation, by its name.
 */
export interface NamedPhrase {
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
/**
 * What this listener says of phrases that they heard before has become unlike what they said first.
 */
export interface RestAdvised {
  type: "rest_advised";
}
/**
 * This listener has answered every phrase of the generation; others have not yet.
 */
export interface Done {
  answered: number;
  generation: number;
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
 * Who is here (coalesced): how many, and the names of at most 12 of those who gave one.
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
  winner: NamedPhrase | null;
  winner_fitness: number | null;
  winner_parents: NamedPhrase[];
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
 * What descends from phrases that this listener liked: once a generation has opened, and where the room is closed.
 *
 * To have liked a phrase is to have rated it 3 or more the first time. Nobody else's likes are named.
 */
export interface Credited {
  descendants: number;
  gallery: string | null;
  generation: number;
  parents_liked: number;
  parents_liked_by: number;
  size: number;
  type: "credited";
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
 * The host changed the room's name, its tags or the text to be agreed to.
 *
 * Where `consent` is not accepted the listener is asked again, and is offered nothing before.
 */
export interface RoomSettingsChanged {
  consent: ConsentAsked;
  room_name: string;
  tags: string[];
  type: "room_settings_changed";
}
/**
 * The server is there.
 */
export interface Pong {
  id: string;
  type: "pong";
}
/**
 * A message that was not done, and why. The connection lives on, unless a close frame follows.
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
/**
 * Simulated listeners of a rehearsal have said more, or came, or left (once a second).
 */
export interface RehearsalProgressed {
  generations: number;
  here: number;
  ratings: number;
  rehearsal: number;
  room: string;
  seconds: number;
  state: string;
  type: "rehearsal_progressed";
}
