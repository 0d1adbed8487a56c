/** What an event of the websocket makes of a run that is shown. */
import type { Loss, Run } from "../api";
import type { TrainingProgressed } from "../events";

/** The run with the event's figures, or the same run if the event is another's. */
export function progressed(run: Run, event: TrainingProgressed): Run {
  if (run.id !== event.run) return run;
  const { state, fraction, epoch, epochs, loss, held_out_loss, seconds_left, terms_per_second } = event;
  const figures = { fraction, epoch, epochs, loss, held_out_loss, seconds_left, terms_per_second };
  return { ...run, state, progress: { ...run.progress, ...figures } };
}

/** Whether a run can go on from where it stands, without more time being given to it. */
export function canResume(run: Run): boolean {
  return run.state === "stopped" || (run.state === "failed" && run.resume_epoch > 0);
}

const ENDED: Readonly<Record<string, string>> = {
  finished: "All epochs are done.",
  no_improvement: "It ended by itself: the loss on held-out music had not got better for six epochs.",
  time: "The time it was given is up.",
  asked: "You stopped it. It can be resumed from where it stood, as if nothing had happened.",
  diverged: "It ended because its loss was no number any more. The best checkpoint before that is kept.",
};

/** Why a run ended, in a sentence; empty while it has not. */
export function endedLine(run: Run): string {
  return ENDED[run.ended_by] ?? "";
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
