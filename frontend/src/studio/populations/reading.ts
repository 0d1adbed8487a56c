/** What estimated figures mean, in a host's words. Pure. */
import { generationOrdinal } from "../../generations";
import type { Agreement, Calibration, GenerationDetail, Individual, ListenerChange, Rule, Voice } from "../api";
import { fixed, percent, plural } from "../format";
import { closesLine } from "./lineage";

// The words for intraclass correlations are those of Koo and Li, Journal of Chiropractic Medicine 15 (2016), 155-163.
const MODERATE = 0.5;
const RELIABILITY: readonly (readonly [number, string])[] = [
  [0.9, "excellent"],
  [0.75, "good"],
  [MODERATE, "moderate"],
];

/** "poor" to "excellent", for an intraclass correlation. */
export function reliabilityWord(icc: number): string {
  return RELIABILITY.find(([least]) => icc >= least)?.[1] ?? "poor";
}

/** How far listeners agree: of one rating, and of the mean of a phrase's ratings. */
export function agreementLine(agreement: Agreement | null): string {
  if (!agreement) return "";
  const { icc_single, icc_average, ratings_each } = agreement;
  if (icc_single === null || icc_average === null) return "Too few phrases were rated by several listeners to tell how far they agree.";
  const mean = `The mean of ${fixed(ratings_each, 1)} ratings is ${reliabilityWord(icc_average)} (ICC ${fixed(icc_average, 2)})`;
  const line = `${mean}; one rating alone is ${reliabilityWord(icc_single)} (${fixed(icc_single, 2)}).`;
  return icc_average < MODERATE ? `${line} Where phrases have grown alike, there is little to agree on.` : line;
}

/** What choosing the parents is expected to cost. */
export function errorLine(error: number | null, isClosed: boolean): string {
  if (error === null) return "";
  const points = `${fixed(error, 2)} rating points`;
  return isClosed
    ? `The parents that were chosen are expected to lack ${points} of the best there were.`
    : `Parents chosen now would be expected to lack ${points} of the best there are.`;
}

const FEWEST_PAIRS = 3; // of which a correlation is reckoned
const SLOPE_LOW = 0.5;
const SLOPE_HIGH = 1.5;
const HONEST_COVERAGE = 0.85;
const ORDERS_WELL = 0.5;
const ORDERS_A_LITTLE = 0.2;

/** What the taste had foretold against what the crowd gave. */
export function calibrationLine(calibration: Calibration | null): string {
  if (!calibration) return "";
  const { n, correlation, slope, coverage } = calibration;
  if (correlation === null && n >= FEWEST_PAIRS) return `The taste told none of the ${plural(n, "phrase")} apart: it has not found yet what this crowd likes.`;
  if (correlation === null) return `Only ${plural(n, "phrase was", "phrases were")} foretold and heard: too few to judge the taste by.`;
  const order =
    correlation >= ORDERS_WELL ? "orders phrases well" : correlation >= ORDERS_A_LITTLE ? "orders phrases a little better than chance" : "does not order phrases better than chance";
  return [`Over ${plural(n, "phrase")} the taste ${order} (correlation ${fixed(correlation, 2)}).`, slopeLine(slope, correlation), coverageLine(coverage)].filter(Boolean).join(" ");
}

function slopeLine(slope: number | null, correlation: number): string {
  if (slope === null || correlation < ORDERS_A_LITTLE) return "";
  if (slope < SLOPE_LOW) return "It exaggerates: phrases differ less than it says.";
  if (slope > SLOPE_HIGH) return "It is timid: phrases differ more than it says.";
  return "How far apart it puts them is about right.";
}

function coverageLine(coverage: number | null): string {
  if (coverage === null) return "";
  const share = `${percent(coverage)} of what was given lay within its 95% intervals`;
  return coverage >= HONEST_COVERAGE ? `${share}: its doubt is honest.` : `${share}: it is surer than it should be.`;
}

/** How much an individual's chance to be among the parents is, in a word beside the figure. */
export function parentLine(probability: number | null): string {
  return probability === null ? "" : `${percent(probability)} to be among the parents`;
}

/** A generation on its way to its close, from the ratings of those that are to be heard. */
export interface Progress {
  /** By which it closes: its population's rule, with what was extended of it alone. */
  readonly rule: Rule;
  /** Phrases with enough ratings. */
  readonly complete: number;
  readonly size: number;
  /** Ratings that count towards the quorum, and how many that takes. */
  readonly ratings: number;
  readonly needed: number;
  /** How near the certainty is, 0 to 1; null where it is not asked for, or nothing is known. */
  readonly certainty: number | null;
}

/** How far a generation is, null once it has closed; elites keep their ratings and are not asked for again. */
export function progressOf({ rule, individuals, expected_error: error }: GenerationDetail): Progress | null {
  if (!rule) return null;
  const { quorum, closing, wanted_error } = rule;
  const heard = individuals.filter((one) => one.lives_on_from === null);
  return {
    rule,
    complete: heard.filter((one) => one.n_ratings >= quorum).length,
    size: heard.length,
    ratings: heard.reduce((sum, one) => sum + Math.min(one.n_ratings, quorum), 0),
    needed: heard.length * quorum,
    certainty: closing === "certainty" && error !== null ? Math.min(1, wanted_error / Math.max(error, 1e-9)) : null,
  };
}

/** What was extended of the open generation alone; nothing where it closes as the next ones will. */
export function extensionLine(rule: Rule, usual: Rule): string {
  const [now, next] = [closesLine(rule), closesLine(usual)];
  return now === next ? "" : `Extended: it closes ${now}, and the next ones ${next}.`;
}

/** A listener's name in the room, or their number where they gave none. */
export function voiceName(voice: Pick<Voice, "name" | "number">): string {
  return voice.name.trim() === "" ? `Listener ${voice.number}` : voice.name;
}

const PLAIN_BIAS = 0.15;

/** How strict or generous a listener is; the fitness is freed of it. */
export function biasLine(bias: number): string {
  if (Math.abs(bias) < PLAIN_BIAS) return "They rate about as high as others.";
  return `They rate ${fixed(Math.abs(bias), 1)} points ${bias > 0 ? "higher" : "lower"} than others do; the fitness is freed of that.`;
}

/** How far a listener's ratings of one phrase would scatter, in rating points; consistency is the inverse of the variance. */
export function scatterOf(consistency: number): number {
  return 1 / Math.sqrt(Math.max(consistency, 1e-9));
}

/** A bias with its sign. */
export function signed(value: number, digits: number): string {
  const size = fixed(Math.abs(value), digits);
  return Number(size) === 0 ? size : `${value < 0 ? "−" : "+"}${size}`;
}

/** What one of their ratings counts. */
export function weightLine(weight: number): string {
  if (weight < 0.05) return "Their ratings count next to nothing.";
  if (weight < 0.75) return `One of their ratings counts ${fixed(weight, 2)} of a typical listener's.`;
  if (weight <= 1.25) return "Their ratings count about as much as a typical listener's.";
  return `One of their ratings counts ${fixed(weight, 1)} times a typical listener's: they tell phrases apart steadily.`;
}

/** What would be without them, in the generation that influence is told of. */
export function influenceLine(voice: Voice): string {
  if (voice.is_set_aside) return "Set aside: what they said is kept, and counts nothing until they are taken in again.";
  const { largest_change, rank_correlation, parents_changed } = voice;
  if (largest_change === null || parents_changed === null) return "With so many listeners, one alone moves little; it was not reckoned.";
  const parents =
    parents_changed === 0 ? "the same phrases would be parents" : `${plural(parents_changed, "parent")} would be ${parents_changed === 1 ? "another phrase" : "other phrases"}`;
  const order = rank_correlation === null ? "" : `, and the order would be ${orderWord(rank_correlation)}`;
  return `Without them ${parents}; no fitness would move by more than ${fixed(largest_change, 2)}${order}.`;
}

function orderWord(correlation: number): string {
  if (correlation >= 0.98) return "the same, or nearly";
  if (correlation >= 0.8) return "much the same";
  return "quite another";
}

/** What made a flag, in a word. */
export function flagWord(flag: string | null | undefined): string {
  if (flag === "constant") return "One answer";
  return flag === "random" ? "At random" : "";
}

/** What one listener's answers change of a generation's parents: "4.2 instead of 4.7". */
export function parentsLine({ generation, only_with, only_without }: ListenerChange, isSetAside: boolean): string {
  const names = (phrases: ListenerChange["only_with"]): string =>
    phrases.map((one) => `${generationOrdinal(generation)}.${one.index + 1}`).join(", ");
  const [now, else_] = isSetAside ? [only_without, only_with] : [only_with, only_without];
  if (now.length === 0 && else_.length === 0) return "the same";
  return `${names(now) || "fewer"} instead of ${names(else_) || "none"}`;
}

/** How surprised the network is by a phrase. */
export function surpriseLine(nats: number | null): string {
  return nats === null ? "" : `Its network is surprised by ${fixed(nats, 2)} nats a note; less is more like what it learned.`;
}

/** How an individual's fitness stands to what the taste had foretold. */
export function foretoldLine(individual: Pick<Individual, "predicted" | "predicted_error" | "fitness">): string {
  const { predicted, predicted_error, fitness } = individual;
  if (predicted === null || predicted_error === null) return "";
  const said = `The taste expected ${fixed(predicted, 2)} ± ${fixed(predicted_error, 2)} before anybody heard it`;
  if (fitness === null) return `${said}.`;
  const off = fitness - predicted;
  if (Math.abs(off) <= predicted_error) return `${said}, and the crowd agrees.`;
  return `${said}; the crowd likes it ${off > 0 ? "better" : "less"}.`;
}
