import { describe, expect, test } from "vitest";
import { hrefTo, isInside, numberIn, routeOf } from "./routing";

describe("an address means a page", () => {
  test.each([
    ["/studio/", { page: "list", section: "datasets" }],
    ["/studio", { page: "list", section: "datasets" }],
    ["/studio/samples/", { page: "list", section: "samples" }],
    ["/studio/datasets/7/", { page: "detail", section: "datasets", id: 7 }],
    ["/studio/models/new/", { page: "new", section: "models" }],
    ["/studio/populations/12", { page: "detail", section: "populations", id: 12 }],
    ["/studio/rooms/kestrel-7/", { page: "room", section: "rooms", code: "kestrel-7" }],
  ] as const)("%s", (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  test.each(["/studio/tunes/", "/studio/datasets/new/", "/studio/samples/3/", "/studio/models/1/2/", "/studio/models/-1/", "/elsewhere/"])(
    "%s leads nowhere",
    (path) => {
      expect(routeOf(path).page).toBe("missing");
    },
  );
});

test("an address is written so that it means the same page again", () => {
  expect(routeOf(hrefTo("populations", 5))).toEqual({ page: "detail", section: "populations", id: 5 });
  expect(hrefTo("samples", null, { checkpoint: 3, run: null, text: "" })).toBe("/studio/samples/?checkpoint=3");
});

test("a number in a query is a number or nothing", () => {
  const query = new URLSearchParams("generation=4&checkpoint=x");
  expect(numberIn(query, "generation")).toBe(4);
  expect(numberIn(query, "checkpoint")).toBeNull();
  expect(numberIn(query, "individual")).toBeNull();
});

test("only links inside the studio are followed without loading a page", () => {
  const here = "http://host.example/studio/rooms/";
  expect(isInside("/studio/models/", here)).toBe(true);
  expect(isInside("/admin/", here)).toBe(false);
  expect(isInside("http://other.example/studio/", here)).toBe(false);
});
