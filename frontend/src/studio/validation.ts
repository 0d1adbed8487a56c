/** Checks of a form before it is sent: what was expected, beside the field. The server checks all of it again. */
import type { FieldErrors } from "./http";

export type Check = (value: unknown) => string;

/** Text that must be there, and not be longer than the server keeps. */
export function text(maxLength: number): Check {
  return (value) => {
    const given = typeof value === "string" ? value.trim() : "";
    if (given === "") return "Give it a name.";
    return given.length > maxLength ? `At most ${maxLength} characters; this has ${given.length}.` : "";
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): Check {
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return `A whole number from ${least} to ${most}.`;
    if (!Number.isInteger(value)) return `A whole number, not ${value}.`;
    return value < least || value > most ? `From ${least} to ${most}; this is ${value}.` : "";
  };
}

/** A number from `least` to `most`. */
export function number(least: number, most: number): Check {
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return `A number from ${least} to ${most}.`;
    return value < least || value > most ? `From ${least} to ${most}; this is ${value}.` : "";
  };
}

/** Nothing at all, or what the check wants. */
export function optional(check: Check): Check {
  return (value) => (value === null || value === undefined || value === "" ? "" : check(value));
}

/** At least one of several. */
export function some(message: string): Check {
  return (value) => (Array.isArray(value) && value.length > 0 ? "" : message);
}

/** The sentence for each field that is not as expected; empty when all are. */
export function problemsOf(values: Readonly<Record<string, unknown>>, checks: Readonly<Record<string, Check>>): FieldErrors {
  const problems: Record<string, string> = {};
  for (const [field, check] of Object.entries(checks)) {
    const problem = check(values[field]);
    if (problem !== "") problems[field] = problem;
  }
  return problems;
}
