/** Samples that were drawn together. */
import type { Sample } from "../api";

export interface Group {
  readonly job: number;
  readonly samples: readonly Sample[];
}

/** Group samples by the job that drew them: newest job first, within it in the order they were drawn. */
export function groupsOf(samples: readonly Sample[]): Group[] {
  const jobs = new Map<number, Sample[]>();
  for (const sample of samples) jobs.set(sample.job_id, [...(jobs.get(sample.job_id) ?? []), sample]);
  return [...jobs]
    .toSorted(([first], [second]) => second - first)
    .map(([job, drawn]) => ({ job, samples: drawn.toSorted((a, b) => a.index - b.index) }));
}

/** How they were drawn, in one line. */
export function settingsLine(settings: Sample["settings"]): string {
  const { temperature, top_p, tempo_bpm, seed } = settings;
  const said = (value: number | null | undefined, words: (value: number) => string): string[] =>
    value === null || value === undefined ? [] : [words(value)];
  return [
    ...said(temperature, (value) => `temperature ${value}`),
    ...said(top_p, (value) => `top-p ${value}`),
    ...said(tempo_bpm, (value) => `${value} bpm`),
    ...said(seed, (value) => `seed ${value}`),
  ].join(" · ");
}
