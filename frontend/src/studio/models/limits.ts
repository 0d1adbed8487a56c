/** When a training ends, as a form holds it and as the API takes it. */
import type { Limits, Run } from "../api";
import { number, optional, wholeNumber, type Check } from "../validation";

export interface LimitValues {
  readonly epochs: number | null;
  /** Empty: no limit of time. */
  readonly minutes: number | null;
}

export const LIMIT_CHECKS: Readonly<Record<keyof LimitValues, Check>> = {
  epochs: wholeNumber(1, 100_000),
  minutes: optional(number(0.1, 43_200)),
};

/** The limits of a network's config. */
export function limitsOf(config: Readonly<Record<string, unknown>>): LimitValues {
  const { epochs, max_seconds: seconds } = config;
  return {
    epochs: typeof epochs === "number" ? epochs : null,
    minutes: typeof seconds === "number" ? Math.round(seconds / 6) / 10 : null,
  };
}

/** What is sent, of values that passed the checks. */
export function limitsInput({ epochs, minutes }: LimitValues): Limits {
  return { ...(epochs === null ? {} : { epochs }), max_seconds: minutes === null ? null : Math.round(minutes * 60) };
}

/** Limits to begin with for a run that is to train longer: twice those that it has reached. */
export function longer({ epochs, minutes }: LimitValues, progress: Run["progress"]): LimitValues {
  const done = progress.epoch ?? 0;
  const minutesSpent = (progress.seconds_elapsed ?? 0) / 60;
  return {
    epochs: epochs !== null && epochs > done ? epochs : Math.max(1, 2 * done),
    minutes: minutes === null || minutesSpent < 0.9 * minutes ? minutes : 2 * minutes,
  };
}
