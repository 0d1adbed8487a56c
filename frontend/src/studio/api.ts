/**
 * What the HTTP API under /api/v1/ sends and takes, under the studio's own names. The shapes come from the server's
 * OpenAPI document; the few that are completed here say what the document leaves open.
 */
import type * as schema from "../api/schema.gen";

export type { Dataset, FileState, MidiFile } from "../api/schema.gen";
export type { Checkpoint, Loss, OwnedCheckpoint, Preset, Run, RunState } from "../api/schema.gen";
export type { CheckpointReport, Memorisation, RunCorpus } from "../api/schema.gen";
export type { Frame, Individual, Parent, PhraseName, PopulationOptions, PopulationState, Recipe } from "../api/schema.gen";
export type { Agreement, BreedingSettings, Calibration, OperatorGain } from "../api/schema.gen";
export type { Island, ListenerChange, ListenerEffect, Listeners, Voice } from "../api/schema.gen";
export type { Alert, Dashboard, ListenerSoFar, PhraseSoFar, Rule } from "../api/schema.gen";
export type { Room, RoomState } from "../api/schema.gen";
export type { Rehearsal, RehearsalInputRequest as RehearsalInput } from "../api/schema.gen";
export type {
  Generation as GenerationDetail,
  GenerationFigures as Generation,
  Phrase as PhraseOut,
  Progress as RoomProgress,
  RehearsalFigures,
  RehearsalState,
  PhrasesEnum as ClonedPhrases,
  CloneInputRequest as CloneInput,
  Uploaded,
  Ordered,
} from "../api/schema.gen";

/** The document leaves open which settings a sample was drawn with: those it was ordered with, and the seed. */
export type Sample = Omit<schema.Sample, "settings"> & { readonly settings: DrawnWith };

export type DrawnWith = {
  readonly [Key in Exclude<keyof DrawInput, "count" | "prime">]?: DrawInput[Key] | null;
} & { readonly prime?: (schema.PrimeInputRequest & { readonly name?: string }) | null };

/** The document has a room's state in a population as plain text. */
export type Population = Omit<schema.Population, "rooms"> & {
  rooms: (schema.PopulationRoom & { state: schema.RoomState })[];
};

export type DrawInput = schema.SampleInputRequest;

export type Limits = schema.LimitsInputRequest;

/** The form fills every field. */
export type DatasetInput = Required<schema.DatasetInputRequest>;

/** Presets are chosen from the list that the server sends, which has their names as plain text. */
export type RunInput = Omit<schema.RunInputRequest, "preset"> & { preset: string };

/** What a host changes of a room, and of what closes a generation. */
export type RoomSettings = schema.PatchedRoomSettingsInputRequest;
export type RuleInput = schema.PatchedRuleInputRequest;
export type Extension = schema.ExtensionInputRequest;

/** Keys, scales, recipes and the like are chosen from lists that the server sends as plain text. */
type Chosen = "recipe" | "key" | "scale" | "crossover" | "selection";

export type PopulationInput = Omit<schema.PopulationInputRequest, Chosen> & { [Key in Chosen]?: string };
