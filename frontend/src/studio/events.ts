/** What the studio is told over its websocket, as `core/events.py` says it. */
import type { PopulationState, RunState } from "./api";

export type StudioEvent =
  | { type: "dataset_changed"; dataset: number; waiting: number; accepted: number; refused: number }
  | {
      type: "training_progressed";
      run: number;
      state: RunState;
      fraction: number;
      epoch: number;
      epochs: number;
      loss: number | null;
      held_out_loss: number | null;
      seconds_left: number | null;
    }
  | { type: "training_changed"; run: number; state: RunState }
  | { type: "samples_drawn"; checkpoint: number; job: number; count: number; reason: string }
  | { type: "population_changed"; population: number; state: PopulationState; generation: number | null }
  | {
      type: "ratings_came";
      room: string;
      population: number;
      generation: number;
      ratings: number;
      complete: number;
      size: number;
      here: number;
    };
