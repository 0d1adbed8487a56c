/** Requests to the API, and the one kind of error that they end in. */
import { csrfToken } from "./config";

export const API = "/api/v1/";

export type FieldErrors = Readonly<Record<string, string>>;

/** Something the API did not do: its status (0: no answer came), its code, one sentence, and a sentence per field. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldErrors = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }

  /** What was asked for is not there: asking again brings nothing. */
  get isMissing(): boolean {
    return this.status === 404;
  }

  get isSignedOut(): boolean {
    return this.status === 401 || this.code === "not_authenticated";
  }
}

export const UNREACHABLE = "The server did not answer. Nothing of yours is lost; try again in a moment.";

/** Read a failed answer, whatever it holds: the API's own form, a proxy's page, or nothing. */
export function errorFrom(status: number, body: string): ApiError {
  if (status === 0) return new ApiError(0, "unreachable", UNREACHABLE);
  const given = record(parse(body));
  const message = typeof given.message === "string" ? given.message : sentenceFor(status);
  const code = typeof given.code === "string" ? given.code : `status_${status}`;
  return new ApiError(status, code, message, given.fields === undefined ? namedField(message) : fieldErrors(given.fields));
}

/** What is wrong with several fields at once is told in a sentence that begins with one: "elites: expected 0 to 9, got 10". */
function namedField(message: string): FieldErrors {
  const [, name, problem] = /^([a-z]+(?:_[a-z]+)*): (.+)$/s.exec(message) ?? [];
  return name === undefined || problem === undefined ? {} : { [name]: problem.charAt(0).toUpperCase() + problem.slice(1) };
}

/** Any thrown thing as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return errorFrom(0, "");
  return new ApiError(-1, "unexpected", error instanceof Error ? error.message : String(error));
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Ask the API. `path` is under /api/v1/. Raises ApiError only. */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(API + path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await answer.text();
  } catch (error) {
    throw asApiError(error);
  }
  if (!answer.ok) throw errorFrom(answer.status, text);
  return parse(text) as T;
}

/** Send files as one multipart request; `onProgress` gets the bytes sent so far. */
export function upload<T>(
  path: string,
  files: readonly File[],
  onProgress: (sentBytes: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", API + path);
    sending.setRequestHeader("X-CSRFToken", csrfToken());
    sending.setRequestHeader("Accept", "application/json");
    sending.upload.onprogress = (event) => onProgress(event.loaded);
    sending.onload = () => {
      if (sending.status >= 200 && sending.status < 300) resolve(parse(sending.responseText) as T);
      else reject(errorFrom(sending.status, sending.responseText));
    };
    sending.onerror = () => reject(errorFrom(0, ""));
    sending.onabort = () => reject(new ApiError(-1, "cancelled", "The upload was cancelled."));
    signal?.addEventListener("abort", () => sending.abort());
    sending.send(form);
  });
}

function sentenceFor(status: number): string {
  if (status === 413) return "That is more than is taken at once. Send fewer or smaller files.";
  if (status === 404) return "There is no such thing, or it is not yours.";
  if (status === 401) return "You are signed out. Sign in again to go on.";
  if (status === 403) return "This is not allowed here. Reload the page; if it stays so, sign in again.";
  if (status === 429) return "Too many requests at once. Wait a moment and try again.";
  if (status >= 500) return "Something went wrong on the server. Nothing of yours was changed; try again in a moment.";
  return `The server refused this (${status}).`;
}

function fieldErrors(fields: unknown): FieldErrors {
  return Object.fromEntries(
    Object.entries(record(fields)).map(([name, value]) => [name, flatten(value).join(" ")] as const),
  );
}

function flatten(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(flatten);
  return Object.values(record(value)).flatMap(flatten);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
