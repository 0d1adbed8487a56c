/** Samples that were drawn together. */
import type { Sample } from "../api";
import { barsLine, keyName, scaleName } from "../format";
import { FIELDS } from "./drawing";

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
  const { temperature, temperatures, top_k, top_p, key, scale, tempo_bpm, seed, prime } = settings;
  const said = (value: number | null | undefined, words: (value: number) => string): string[] =>
    value === null || value === undefined ? [] : [words(value)];
  return [
    ...said(temperature, (value) => `temperature ${value}`),
    ...Object.entries(temperatures ?? {}).map(([field, value]) => `${fieldTitle(field)} ${value}`),
    ...said(top_k || null, (value) => `top-k ${value}`),
    ...said(top_p, (value) => `top-p ${value}`),
    ...(key || scale ? [`${key ? keyName(key) : ""} ${scale ? scaleName(scale) : ""}`.trim()] : []),
    ...(prime ? [`from ${prime.name ?? "a file"}, ${barsLine(prime.first_bar ?? 1, prime.last_bar ?? 1)}`] : []),
    ...said(tempo_bpm, (value) => `${value} bpm`),
    ...said(seed, (value) => `seed ${value}`),
  ].join(" · ");
}

function fieldTitle(name: string): string {
  return (FIELDS.find((field) => field.name === name)?.title ?? name).toLowerCase();
}
