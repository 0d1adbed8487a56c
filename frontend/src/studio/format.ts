/** Numbers, times and names as people read them. */

export const MISSING = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12345 -> "12,345". */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? MISSING : whole.format(value);
}

/** "1 file", "12 files". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A figure with so many decimals. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? MISSING : value.toFixed(digits);
}

/** "3.42 ± 0.31", or a dash before anybody rated. */
export function estimate(value: number | null, standardError: number | null): string {
  if (value === null) return MISSING;
  return standardError === null ? value.toFixed(2) : `${value.toFixed(2)} ± ${standardError.toFixed(2)}`;
}

/** 0.42 -> "42%". */
export function percent(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)}%`;
}

/** Bytes in the unit that leaves a short number. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ""}`;
}

/** How long something lasts: "12 s", "3 min 20 s", "1 h 4 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return total % 60 === 0 ? `${total / 60} min` : `${Math.floor(total / 60)} min ${total % 60} s`;
  const minutes = Math.round(total / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The length of a piece as a player shows it: "3:05", "1:02:10". */
export function clock(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  const total = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** Time still to wait, calmly: rounded up to five seconds, so that it does not flicker. */
export function timeLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds left";
  return `${duration(seconds < 600 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 60) * 60)} left`;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** When something was: "just now", "12 min ago", "3 h ago", "14 Mar". */
export function ago(when: string | null, now: Date = new Date()): string {
  if (when === null) return MISSING;
  const then = new Date(when);
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (Number.isNaN(seconds)) return MISSING;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return (then.getFullYear() === now.getFullYear() ? day : dayAndYear).format(then);
}

const SCALES: Readonly<Record<string, string>> = {
  major: "major",
  minorM: "melodic minor",
  dorian: "Dorian",
  phrygian: "Phrygian",
  lydian: "Lydian",
  mixolydian: "Mixolydian",
  majorBlues: "major blues",
  minorBlues: "minor blues",
};

/** A scale's name as musicians write it. */
export function scaleName(scale: string): string {
  return SCALES[scale] ?? scale;
}

/** "bar 3", "bars 3 to 5". */
export function barsLine(first: number, last: number): string {
  return first === last ? `bar ${first}` : `bars ${first} to ${last}`;
}

/** A key's name with its signs: "C#" -> "C♯". */
export function keyName(key: string): string {
  return key.replace("#", "♯").replace(/^([A-G])b/, "$1♭");
}

/** How an individual came to be, in the field's words: "crossover+mutation" -> "crossover, mutation". */
export function operatorName(operator: string): string {
  return operator.replaceAll("+", ", ").replaceAll("_", " ");
}

/** A name that can be part of a file name. */
export function fileName(...words: readonly (string | number)[]): string {
  return words
    .join(" ")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
