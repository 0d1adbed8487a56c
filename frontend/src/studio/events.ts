/** What the studio is told over its websocket. The wire has states as plain text; they are the API's. */
import type * as wire from "../protocol/protocol.gen";
import type { PopulationState, RehearsalState, RunState } from "./api";

type Stateful<Event, State> = Omit<Event, "state"> & { state: State };

export type TrainingProgressed = Stateful<wire.TrainingProgressed, RunState>;
export type RatingsCame = wire.RatingsCame;
export type RehearsalProgressed = Stateful<wire.RehearsalProgressed, RehearsalState>;
export type StudioEvent =
  | wire.DatasetChanged
  | TrainingProgressed
  | Stateful<wire.TrainingChanged, RunState>
  | wire.SamplesDrawn
  | wire.MemorisationKnown
  | Stateful<wire.PopulationChanged, PopulationState>
  | RatingsCame
  | RehearsalProgressed;
