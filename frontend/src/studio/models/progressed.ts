/** What an event of the websocket makes of a run that is shown. */
import type { Loss, Run } from "../api";
import type { TrainingProgressed } from "../events";

/** The run with the event's figures, or the same run if the event is another's. */
export function progressed(run: Run, event: TrainingProgressed): Run {
  if (run.id !== event.run) return run;
  const { state, fraction, epoch, epochs, loss, held_out_loss, seconds_left } = event;
  return { ...run, state, progress: { ...run.progress, fraction, epoch, epochs, loss, held_out_loss, seconds_left } };
}

export interface LossSeries {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** The lines of the loss chart: what it was trained on and, where some was held out, what it never saw. */
export function lossSeries(losses: readonly Loss[]): LossSeries[] {
  const held = losses.flatMap((point) =>
    point.held_out_loss === null ? [] : [{ x: point.epoch, y: point.held_out_loss }],
  );
  const series = [{ name: "Training", points: losses.map((point) => ({ x: point.epoch, y: point.loss })) }];
  return held.length > 0 ? [...series, { name: "Held out", points: held }] : series;
}
