import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asApiError, errorFrom, request, type ApiError } from "./http";

beforeEach(() => {
  document.body.innerHTML = `<script type="application/json" id="antiphon-config">{"csrf":"from-the-page"}</script>`;
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function answering(status: number, body: string): ReturnType<typeof vi.fn> {
  const fetching = vi.fn(() => Promise.resolve(new Response(status === 204 ? null : body, { status })));
  vi.stubGlobal("fetch", fetching);
  return fetching;
}

test("an error of the API keeps its code, its message and its fields", () => {
  const error = errorFrom(
    400,
    `{"code": "invalid", "message": "Some fields are wrong.", "fields": {"name": ["Too long.", "Taken."], "frame": {"bars": ["From 1 to 16."]}}}`,
  );
  expect(error.code).toBe("invalid");
  expect(error.message).toBe("Some fields are wrong.");
  expect(error.fields).toEqual({ name: "Too long. Taken.", frame: "From 1 to 16." });
});

test("a sentence that begins with a field's name belongs to the field", () => {
  const told = (message: string): unknown => errorFrom(400, JSON.stringify({ code: "invalid", message })).fields;
  expect(told("wanted_error: expected 0.01 to 2 rating points, got 3.")).toEqual({
    wanted_error: "Expected 0.01 to 2 rating points, got 3.",
  });
  expect(told("Some fields are wrong: look again.")).toEqual({});
});

test("a page of a proxy in place of an answer becomes a sentence", () => {
  expect(errorFrom(413, "<html>nope</html>").message).toContain("Send fewer or smaller files");
  expect(errorFrom(502, "").message).toContain("try again in a moment");
  expect(errorFrom(502, "").code).toBe("status_502");
});

test("no answer at all is told calmly", () => {
  const error = asApiError(new TypeError("Failed to fetch"));
  expect(error.isUnreachable).toBe(true);
  expect(error.message).not.toContain("fetch");
});

test("being signed out is recognised", () => {
  expect(errorFrom(401, "").isSignedOut).toBe(true);
  expect(errorFrom(403, `{"code": "not_authenticated", "message": "Sign in."}`).isSignedOut).toBe(true);
  expect(errorFrom(403, `{"code": "forbidden", "message": "No."}`).isSignedOut).toBe(false);
});

test("what changes something carries the token, and its answer is read", async () => {
  const fetching = answering(201, `{"id": 3}`);
  await expect(request("POST", "datasets/", { name: "Takes" })).resolves.toEqual({ id: 3 });
  const [address, options] = fetching.mock.calls[0] as [string, RequestInit];
  expect(address).toBe("/api/v1/datasets/");
  expect(options.headers).toMatchObject({ "X-CSRFToken": "from-the-page", "Content-Type": "application/json" });
  expect(options.body).toBe(`{"name":"Takes"}`);
});

test("reading sends no token, and nothing to read is fine", async () => {
  const fetching = answering(204, "");
  await expect(request("GET", "me/")).resolves.toBeUndefined();
  const [, options] = fetching.mock.calls[0] as [string, RequestInit];
  expect(options.headers).not.toHaveProperty("X-CSRFToken");
});

test("a refusal is thrown as an ApiError", async () => {
  answering(409, `{"code": "conflict", "message": "This generation is closed already."}`);
  const error = await request("POST", "populations/1/generations/2/close/").catch((thrown: unknown) => thrown as ApiError);
  expect(error).toMatchObject({ status: 409, code: "conflict", message: "This generation is closed already." });
});
