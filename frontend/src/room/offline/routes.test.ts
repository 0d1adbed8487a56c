import { expect, test } from "vitest";
import { otherVersions, outdated, routeOf } from "./routes";

const HERE = "https://music.example";
const route = (path: string, mode = "cors", method = "GET"): string =>
  routeOf({ method, mode, url: new URL(path, HERE).href }, HERE);

test("only what is safe to keep is kept", () => {
  expect(route("/static/antiphon/assets/room-1.js")).toBe("asset");
  expect(route("/static/soundfonts/a.sf3?v=12")).toBe("sound");
  expect(route("/static/soundfonts/a.sf3")).toBe("network");
  expect(route("/r/K7M2P/", "navigate")).toBe("room");
  expect(route("/r/K7M2P/")).toBe("network");
  expect(route("/r/K7M2P/more/", "navigate")).toBe("network");
  for (const path of ["/", "/studio/", "/api/v1/rooms/", "/accounts/login/", "/healthz", "/static/antiphon/icon.svg"]) {
    expect(route(path, "navigate"), path).toBe("network");
  }
});

test("nothing is kept that changes something, or that comes from elsewhere", () => {
  expect(route("/r/K7M2P/", "navigate", "POST")).toBe("network");
  expect(route("https://other.example/static/antiphon/assets/room-1.js")).toBe("network");
});

test("an older build's caches are named, and nobody else's", () => {
  expect(outdated(["antiphon-assets-1", "antiphon-assets-2", "antiphon-sounds", "other"], ["antiphon-assets-2", "antiphon-sounds"])).toEqual([
    "antiphon-assets-1",
  ]);
});

test("a new version of a SoundFont replaces the old one, and only that", () => {
  const [old, now, another] = ["/s/a.sf3?v=1", "/s/a.sf3?v=2", "/s/b.sf3?v=1"].map((path) => HERE + path) as [string, string, string];
  expect(otherVersions([old, now, another], now)).toEqual([old]);
});
