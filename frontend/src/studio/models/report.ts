/** A checkpoint's report, as `generation.report` makes it (version 1), and what the page reads off it. */
import type { BarSeries, Series } from "../../components/chart";
import { figure } from "../../components/chart";

type Figures = readonly (number | null)[];

export type Verdict = "met" | "missed" | "not measured" | "no target";

export interface ReportRow {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  readonly target: string;
  readonly reference: number | null;
  readonly reference_name: string;
  readonly verdict: Verdict;
  readonly note: string;
}

interface Overlaps {
  readonly features: readonly string[];
  readonly samples: Figures;
  readonly halves: Figures;
  readonly halves_low: Figures;
  readonly halves_high: Figures;
}

export interface Histogram {
  readonly name: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly samples: readonly number[];
  readonly training: readonly number[];
}

export interface Passage {
  readonly sample: number;
  readonly n_notes: number;
  readonly piece: string;
  readonly piece_bars: readonly number[];
  readonly bars: readonly number[];
  readonly people_share: number | null;
}

export interface Report {
  readonly version: number;
  readonly about: {
    readonly preset: string;
    readonly codec: string;
    readonly seed: number;
    readonly n_samples: number;
    readonly notes_per_sample: number;
    readonly excerpt_notes: number;
    readonly n_pieces: number;
    readonly n_learnt: number;
    readonly n_notes_learnt: number;
    readonly n_held_out: number;
    readonly epochs: number;
    readonly report_seconds: number;
  };
  readonly rows: readonly ReportRow[];
  readonly charts: {
    readonly loss: { readonly epochs: readonly number[]; readonly loss: Figures; readonly held_out_loss: Figures };
    readonly likelihood: { readonly fields: readonly string[]; readonly network: Figures; readonly trigram: Figures };
    readonly overlap: Overlaps;
    readonly excerpts: Overlaps;
    readonly histograms: readonly Histogram[];
    readonly memorisation: {
      readonly n_notes: readonly number[];
      readonly samples: readonly number[];
      readonly people: readonly number[];
    };
    readonly timing: {
      readonly centres_ms: readonly number[];
      readonly played: readonly number[];
      readonly training: readonly number[];
    };
  };
  readonly passages: readonly Passage[];
}

export const VERSION = 1;

export const GROUPS: readonly { readonly name: string; readonly title: string; readonly text: string }[] = [
  { name: "likelihood", title: "Surprise", text: "How well it foresees pieces that it never heard, beside a trigram that only counts." },
  { name: "overlap", title: "Likeness to the training pieces", text: "How far the distributions of samples and pieces lie over one another, beside two halves of the pieces." },
  { name: "excerpts", title: "Likeness of excerpts", text: "The same for figures of whole excerpts." },
  { name: "form", title: "Form", text: "Figures of samples beside those of the training pieces." },
  { name: "memorisation", title: "Learned by heart", text: "The longest passage that a sample shares with a piece, in any key, beside what pieces share among themselves." },
  { name: "timing", title: "Timing", text: "How far from the grid samples are played, beside people." },
];

/** The report in what the API sent. Raises TypeError for a version that this page does not know. */
export function reportOf(data: unknown): Report {
  const report = data as Report;
  if (report.version !== VERSION) throw new TypeError(`This page reads reports of version ${VERSION}, not ${report.version}.`);
  return report;
}

/** "18 of 24 met", of those that could be measured. */
export function verdictLine(rows: readonly ReportRow[]): string {
  const met = rows.filter((row) => row.verdict === "met").length;
  const missed = rows.filter((row) => row.verdict === "missed").length;
  return `${met} of ${met + missed} met`;
}

/** A row's figure with its unit, as one reads it. */
export function valueLine({ value, unit }: ReportRow): string {
  if (value === null) return "–";
  return unit === "" ? figure(value) : `${figure(value)} ${unit}`;
}

/** The loss by epoch. */
export function lossLines({ epochs, loss, held_out_loss }: Report["charts"]["loss"]): Series[] {
  return [line("Training", epochs, loss), line("Held out", epochs, held_out_loss)].filter((one) => one.points.length > 0);
}

/** The share of samples, and of people's excerpts, that share at least so many notes with a piece. */
export function memorisationLines({ n_notes, samples, people }: Report["charts"]["memorisation"]): Series[] {
  return [line("Samples", n_notes, samples), line("Training pieces among themselves", n_notes, people)].filter(
    (one) => one.points.length > 0,
  );
}

/** Deviations from the grid: as played, and in pieces that people played. */
export function timingLines({ centres_ms, played, training }: Report["charts"]["timing"]): Series[] {
  return [line("Samples as played", centres_ms, played), line("Training pieces", centres_ms, training)].filter(
    (one) => one.points.length > 0,
  );
}

export function overlapBars(overlaps: Overlaps): BarSeries[] {
  return [
    { name: "Samples and pieces", values: overlaps.samples },
    { name: "Two halves of the pieces", values: overlaps.halves, low: overlaps.halves_low, high: overlaps.halves_high },
  ];
}

export function histogramBars({ samples, training }: Histogram): BarSeries[] {
  return [
    { name: "Samples", values: samples },
    { name: "Training pieces", values: training },
  ];
}

export function likelihoodBars({ network, trigram }: Report["charts"]["likelihood"]): BarSeries[] {
  return [
    { name: "Network", values: network },
    { name: "Trigram", values: trigram },
  ];
}

function line(name: string, xs: readonly number[], ys: Figures): Series {
  return {
    name,
    points: xs.flatMap((x, index) => {
      const y = ys[index];
      return y === null || y === undefined ? [] : [{ x, y }];
    }),
  };
}
