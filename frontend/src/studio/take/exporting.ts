/** A phrase in another form: what is asked for, and the file that comes. */
import { API, asApiError, errorFrom, type FieldErrors } from "../http";
import { problemsOf, wholeNumber } from "../validation";
import type { TakeAway } from "./away.svelte";

export type Format = "midi" | "musicxml" | "wav" | "ogg";

export const FORMATS: readonly { readonly value: Format; readonly label: string }[] = [
  { value: "midi", label: "MIDI" },
  { value: "musicxml", label: "MusicXML" },
  { value: "wav", label: "WAV" },
  { value: "ogg", label: "OGG" },
];

export const BEATS: readonly { readonly value: string; readonly label: string }[] = [
  { value: "", label: "none" },
  { value: "four_on_the_floor", label: "four on the floor" },
  { value: "rock", label: "rock" },
  { value: "half_time", label: "half time" },
  { value: "bossa", label: "bossa" },
  { value: "brush_swing", label: "brush swing" },
];

const LOOPS_MAX = 64;
const ENDINGS: Readonly<Record<Format, string>> = { midi: ".mid", musicxml: ".musicxml", wav: ".wav", ogg: ".ogg" };

export interface ExportValues {
  format: Format;
  /** Null for the phrase's own instruments. */
  program: number | null;
  /** Counted from 1, the last one included. */
  fromBar: number | null;
  toBar: number | null;
  loops: number | null;
  beat: string;
}

export function blankExport(bars: number): ExportValues {
  return { format: "midi", program: null, fromBar: 1, toBar: bars, loops: 1, beat: "" };
}

/** What is wrong, by field. */
export function exportProblems({ fromBar, toBar, loops }: ExportValues): FieldErrors {
  const bar = wholeNumber(1, 100_000);
  const problems = problemsOf({ from_bar: fromBar, to_bar: toBar, loops }, { from_bar: bar, to_bar: bar, loops: wholeNumber(1, LOOPS_MAX) });
  const isBackwards = fromBar !== null && toBar !== null && toBar < fromBar;
  return { ...problems, ...(isBackwards && !problems.to_bar ? { to_bar: "Not before the first." } : {}) };
}

/** The address of the file; the API counts bars from 0, to the one after the last. What is as usual is left out. */
export function exportAddress({ kind, id, bars }: TakeAway, values: ExportValues): string {
  const { format, program, fromBar, toBar, loops, beat } = values;
  const query = new URLSearchParams({ format });
  if (program !== null) query.set("program", String(program));
  if (fromBar !== null && fromBar > 1) query.set("from_bar", String(fromBar - 1));
  if (toBar !== null && (toBar !== bars || (fromBar ?? 1) > 1)) query.set("to_bar", String(toBar));
  if (loops !== null && loops > 1) query.set("loops", String(loops));
  if (beat !== "") query.set("beat", beat);
  return `${API}${kind}/${id}/export/?${query}`;
}

/** Fetch a file, so that a refusal can be shown, and hand it to the browser to keep. Raises ApiError. */
export async function fetchFile(address: string, name: string, format: Format): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(address, { credentials: "same-origin" });
  } catch (error) {
    throw asApiError(error);
  }
  if (!answer.ok) throw errorFrom(answer.status, await answer.text());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = nameIn(answer.headers.get("Content-Disposition")) ?? name + ENDINGS[format];
  link.click();
  URL.revokeObjectURL(link.href);
}

function nameIn(disposition: string | null): string | undefined {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1];
}
