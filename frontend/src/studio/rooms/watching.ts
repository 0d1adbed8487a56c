/** What a room's dashboard says, in words and figures. Pure. */
import type { Dashboard, ListenerSoFar, PhraseSoFar, Room, Rule } from "../api";
import type { Series } from "../../components/chart";
import { clock, count, fixed, plural } from "../format";
import { closesLine } from "../populations/lineage";

export const SKIPPED = -1;
const MOST_COUNTS = 3; // that a sentence names one by one

/** How a listener is called: by the name they gave, or by their number. */
export function listenerName({ name, number }: Pick<ListenerSoFar, "name" | "number">): string {
  return name || (number === null ? "Newcomer" : `Listener ${number}`);
}

/** What stands in a cell. */
export function cellFigure(cell: number | null): string {
  if (cell === null) return "";
  return cell === SKIPPED ? "–" : String(cell);
}

/** What a cell says, read aloud. */
export function cellWords(cell: number | null): string {
  if (cell === null) return "nothing yet";
  return cell === SKIPPED ? "skipped" : String(cell);
}

/** "4 phrases have 3 ratings, 5 have 2 and 1 has none": most ratings first; of many counts the range. */
export function countsLine(phrases: readonly PhraseSoFar[]): string {
  const sizes = new Map<number, number>();
  for (const { given } of phrases) sizes.set(given, (sizes.get(given) ?? 0) + 1);
  if (sizes.size > MOST_COUNTS) {
    const counts = [...sizes.keys()];
    return `${plural(phrases.length, "phrase")} have ${count(Math.min(...counts))} to ${plural(Math.max(...counts), "rating")}.`;
  }
  const parts = [...sizes]
    .sort(([first], [second]) => second - first)
    .map(([given, size], index) => {
      const who = index === 0 ? plural(size, "phrase") : count(size);
      const what = given === 0 ? "none" : index === 0 ? plural(given, "rating") : count(given);
      return `${who} ${size === 1 ? "has" : "have"} ${index === 0 && given === 0 ? "no rating" : what}`;
    });
  const last = parts.at(-1) ?? "There is no phrase";
  return parts.length < 2 ? `${last}.` : `${parts.slice(0, -1).join(", ")} and ${last}.`;
}

/** Ratings of each of the last minutes, for a line: 0 is now. */
export function paceSeries(pace: readonly number[]): Series[] {
  return [{ name: "Ratings", points: pace.map((y, index) => ({ x: index - pace.length + 1, y })) }];
}

/** Ratings of the last minute that is over, and of all of them. */
export function paceLine(pace: readonly number[]): string {
  const sum = pace.reduce((total, one) => total + one, 0);
  return `${count(pace.at(-2) ?? 0)} in the last whole minute, ${count(sum)} in ${plural(pace.length, "minute")}.`;
}

/** What ends the open generation: "Closes at 3 ratings a phrase, or after 10 minutes". */
export function ruleLine(rule: Rule): string {
  return `Closes ${closesLine(rule)}`;
}

/** Time left of a limit: "4:20 left", or why no clock runs. */
export function leftLine(room: Room, nowMs: number): string {
  const { rule, progress, state } = room;
  if (rule.minutes === null || !progress) return "";
  if (progress.closes_at !== null) {
    const seconds = (Date.parse(progress.closes_at) - nowMs) / 1000;
    return seconds > 0 ? `${clock(Math.ceil(seconds))} left` : "Time is up";
  }
  if (state !== "open") return "The clock stands still";
  return "The clock begins with the first rating";
}

/** How far listeners agree and how sure the parents are, each with what it is measured by. */
export function soundness(dashboard: Dashboard): readonly (readonly [name: string, value: string, detail: string])[] {
  const { agreement, expected_error, rule } = dashboard;
  const wanted = rule.closing === "certainty" ? `closes at ${fixed(rule.wanted_error, 2)}` : "rating points";
  return [
    ["Agreement", fixed(agreement, 2), "ICC of one rating"],
    ["Expected error", fixed(expected_error, 2), wanted],
  ];
}

/** The tags that a host typed: small letters and hyphens, commas or spaces between. */
export function tagsFrom(text: string): string[] {
  return [...new Set(text.toLowerCase().split(/[\s,;]+/).filter(Boolean))];
}
