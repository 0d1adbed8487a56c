/** What the HTTP API under /api/v1/ sends and takes. Names and units are the server's own. */

export interface Note {
  onset_seconds: number;
  duration_seconds: number;
  pitch: number;
  velocity: number;
  part: number;
}

export interface PhrasePart {
  program: number;
  is_drum: boolean;
}

export interface PhraseBend {
  onset_seconds: number;
  part: number;
  cents: number;
}

export interface PhraseOut {
  notes: Note[];
  parts: PhrasePart[];
  bends: PhraseBend[];
  tempo_bpm: number;
  beats_per_bar: number;
  bars: number;
  duration_seconds: number;
}

// --- datasets ---------------------------------------------------------------------------------------------------------

export interface Dataset {
  id: number;
  name: string;
  description: string;
  licence: string;
  attribution: string;
  is_starter: boolean;
  created_at: string;
  files: { waiting: number; accepted: number; refused: number };
  notes: number;
  seconds: number;
}

export type FileState = "waiting" | "accepted" | "refused";

export interface FileFacts {
  n_notes: number;
  n_parts: number;
  n_bars: number;
  duration_seconds: number;
  tempo_bpm: number;
  meter: string;
  key: string;
  polyphony: number;
  lowest_pitch: number;
  highest_pitch: number;
}

export interface MidiFile {
  id: number;
  name: string;
  n_bytes: number;
  state: FileState;
  reason: string;
  facts: Partial<FileFacts> | null;
  licence: string;
  attribution: string;
  source: string;
  created_at: string;
}

export interface DatasetInput {
  name: string;
  description: string;
  licence: string;
  attribution: string;
}

// --- training ---------------------------------------------------------------------------------------------------------

export interface Preset {
  name: string;
  title: string;
  description: string;
  config: Record<string, unknown>;
}

export type RunState = "queued" | "running" | "finished" | "stopped" | "failed";

export interface RunProgress {
  fraction: number;
  epoch: number;
  epochs: number;
  loss: number | null;
  held_out_loss: number | null;
  seconds_elapsed: number;
  seconds_left: number | null;
}

export interface RunRef {
  id: number;
  name: string;
  preset?: string;
}

export interface Checkpoint {
  id: number;
  epoch: number;
  loss: number;
  held_out_loss: number | null;
  n_bytes: number;
  created_at: string;
  run?: RunRef;
}

export interface Run {
  id: number;
  name: string;
  preset: string;
  config: Record<string, unknown>;
  seed: number;
  state: RunState;
  reason: string;
  progress: Partial<RunProgress> | null;
  datasets: { id: number; name: string }[];
  checkpoints: Checkpoint[];
  created_at: string;
  finished_at: string | null;
}

export interface RunInput {
  name: string;
  datasets: number[];
  preset: string;
  max_seconds?: number;
  epochs?: number;
  seed?: number;
}

export interface Loss {
  epoch: number;
  loss: number;
  held_out_loss: number | null;
  seconds: number;
}

export interface DrawInput {
  count: number;
  temperature: number;
  top_p: number;
  length?: number;
  tempo_bpm?: number;
  seed?: number;
}

export interface Sample {
  id: number;
  checkpoint: number | Checkpoint;
  job_id: number;
  index: number;
  settings: Partial<Record<keyof DrawInput, number | null>>;
  created_at: string;
  phrase: PhraseOut;
}

// --- populations ------------------------------------------------------------------------------------------------------

export interface Frame {
  bars: number;
  beats_per_bar: number;
  beat_unit: number;
  notes_per_bar: number;
  key: string;
  scale: string;
  root_octave: number;
  tempo_bpm: number;
  program: number;
}

export interface BreedingSettings {
  size: number;
  mutations: number;
  mutation_probability: number;
  parents?: number;
  elites?: number;
}

export interface Generation {
  number: number;
  size: number;
  is_closed: boolean;
  opened_at: string;
  closed_at: string | null;
  mean_fitness: number | null;
  best_fitness: number | null;
  best_standard_error: number | null;
  mean_standard_error: number | null;
  ratings: number;
}

export type PopulationState = "seeding" | "ready" | "failed";

export interface Population {
  id: number;
  name: string;
  frame: Frame;
  settings: BreedingSettings;
  quorum: number;
  seed: number;
  state: PopulationState;
  reason: string;
  checkpoint: { id: number; run: RunRef } | null;
  generations: Generation[];
  rooms: { code: string; name: string; state: RoomState }[];
  created_at: string;
}

export interface Parent {
  id: number;
  generation: number;
  index: number;
  number: number;
}

export interface Individual {
  id: number;
  index: number;
  number: number;
  operator: string;
  /** For one that was cut from a sample. */
  origin: { run: string; sample: number } | null;
  parents: Parent[];
  fitness: number | null;
  standard_error: number | null;
  n_ratings: number;
  phrase: PhraseOut;
}

export interface GenerationDetail extends Generation {
  individuals: Individual[];
}

export interface PopulationInput {
  name: string;
  checkpoint: number | null;
  bars: number;
  notes_per_bar: number;
  key: string;
  scale: string;
  root_octave: number;
  tempo_bpm: number;
  program: number;
  size: number;
  mutations: number;
  quorum: number;
  seed?: number;
}

export interface PopulationOptions {
  keys: string[];
  scales: string[];
  programs: { program: number; name: string }[];
  limits?: {
    bars_max: number;
    size_min: number;
    size_max: number;
    quorum_max: number;
    tempo_min_bpm: number;
    tempo_max_bpm: number;
  };
}

// --- rooms ------------------------------------------------------------------------------------------------------------

export type RoomState = "open" | "paused" | "closed";

export interface RoomProgress {
  generation: number;
  size: number;
  complete: number;
  quorum: number;
  ratings: number;
  needed: number;
}

export interface Room {
  code: string;
  name: string;
  state: RoomState;
  population: { id: number; name: string };
  link: string;
  here: number;
  listeners: number;
  ratings: number;
  progress: RoomProgress | null;
  created_at: string;
}
