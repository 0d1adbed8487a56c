/** What is said of a rehearsal: how far it is, how it went, and whether anything is amiss. Pure functions. */
import type { Rehearsal, RehearsalFigures, RehearsalState } from "../api";
import type { RehearsalProgressed } from "../events";
import { count, duration, fixed, plural } from "../format";
import type { Shown } from "../states";

export const LISTENERS = { least: 5, most: 200, usual: 20 } as const;
export const MINUTES = { least: 1, most: 10, usual: 3 } as const;

/** Quick listeners answer in about so many seconds; the others hear phrases to their end. */
export const QUICK_SECONDS = 2;
export const PACES = [
  { value: "quick", label: "Quick" },
  { value: "people", label: "As people do" },
] as const;
export type Pace = (typeof PACES)[number]["value"];

export const paceSeconds = (pace: Pace): number | null => (pace === "quick" ? QUICK_SECONDS : null);

const UNREACHED = "No listener reached the room. Whoever runs this site should look at ANTIPHON_WEB_URL.";

const SHOWN: Readonly<Record<RehearsalState, Shown>> = {
  waiting: { text: "Waiting", kind: "plain" },
  running: { text: "Running", kind: "live" },
  done: { text: "Done", kind: "good" },
  stopped: { text: "Stopped", kind: "plain" },
  failed: { text: "Failed", kind: "bad" },
};

export const rehearsalShown = (state: RehearsalState): Shown => SHOWN[state];

export const isUnderWay = (one: Rehearsal): boolean => one.state === "waiting" || one.state === "running";

/** "20 listeners, 3 min, quick". */
export function orderLine(one: Rehearsal): string {
  const pace = one.pace_seconds === null ? "hearing phrases whole" : `${count(one.pace_seconds)} s an answer`;
  return `${plural(one.listeners, "simulated listener")}, ${duration(one.minutes * 60)}, ${pace}`;
}

/** 0 to 1; null before the listeners are let in. */
export function fractionOf(one: Rehearsal): number | null {
  if (one.state !== "running" || one.figures === null) return null;
  return Math.min(1, one.figures.seconds / (one.minutes * 60));
}

/** What goes on: "18 of 20 here, 214 ratings, 2 new generations". */
export function nowLine(one: Rehearsal): string {
  if (one.state === "waiting") return "Waiting for a worker";
  if (one.figures === null) return "The phrases are being copied";
  return `${count(one.figures.here)} of ${count(one.listeners)} here, ${ratingsLine(one.figures)}`;
}

/** "214 ratings, 2 new generations". */
export function ratingsLine(figures: RehearsalFigures): string {
  const born = figures.generations === 0 ? "no new generation yet" : plural(figures.generations, "new generation");
  return `${plural(figures.ratings, "rating")}, ${born}`;
}

/** Milliseconds as one reads them: "9 ms", "1.2 s". */
export function waitLine(ms: number | null): string {
  if (ms === null) return "";
  return ms < 1_000 ? `${count(ms)} ms` : `${fixed(ms / 1_000, 1)} s`;
}

/** The figures of a rehearsal that is over, as facts; those without a value are left out where they are shown. */
export function factsOf(figures: RehearsalFigures): [name: string, value: string][] {
  return [
    ["Ratings", count(figures.ratings)],
    ["Ratings a minute", figures.seconds > 0 ? count((figures.ratings * 60) / figures.seconds) : ""],
    ["New generations", count(figures.generations)],
    ["Kept within (half)", waitLine(figures.p50_ms)],
    ["Kept within (99%)", waitLine(figures.p99_ms)],
    ["Changed", some(figures.revisions)],
    ["Skipped", some(figures.skips)],
    ["Taken back", some(figures.retractions)],
    ["Duels", some(figures.duels)],
    ["Reconnected", some(figures.reconnections)],
    ...byCode("Refused", figures.refusals),
    ...byCode("Turned away", figures.turned_away),
  ];
}

/** Whether all that was acknowledged is in the database, once; null while nobody has looked. */
export function verdictOf(one: Rehearsal): { readonly isGood: boolean; readonly text: string } | null {
  const kept = one.figures?.kept;
  if (!kept) return null;
  if (one.figures.connections === 0) return { isGood: false, text: UNREACHED };
  const amiss = kept.lost + kept.doubled + kept.altered;
  if (amiss === 0) return { isGood: true, text: "Everything that was acknowledged is kept, once." };
  return {
    isGood: false,
    text: `Of what was acknowledged ${count(kept.lost)} are lost, ${count(kept.doubled)} doubled, ${count(kept.altered)} altered.`,
  };
}

/** The rehearsals after an event: the one that it tells of has moved on. */
export function moved(all: readonly Rehearsal[], event: RehearsalProgressed): Rehearsal[] {
  const { seconds, here, ratings, generations } = event;
  return all.map((one) => {
    if (one.id !== event.rehearsal) return one;
    const figures = one.figures === null ? null : { ...one.figures, seconds, here, ratings, generations };
    return { ...one, state: event.state, figures };
  });
}

const some = (value: number): string => (value === 0 ? "" : count(value));

/** "Refused, generation closed": a fact for each code of the protocol. */
function byCode(what: string, counts: Readonly<Record<string, number>>): [string, string][] {
  return Object.entries(counts).map(([code, times]) => [`${what}, ${code.replaceAll("_", " ")}`, count(times)]);
}
