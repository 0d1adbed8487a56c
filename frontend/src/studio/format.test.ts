import { expect, test } from "vitest";
import { ago, bytes, clock, count, duration, estimate, fileName, keyName, operatorName, percent, plural, timeLeft } from "./format";

test("an estimate comes with its standard error, and before any rating it is a dash", () => {
  expect(estimate(3.4159, 0.271)).toBe("3.42 ± 0.27");
  expect(estimate(3.4159, null)).toBe("3.42");
  expect(estimate(null, null)).toBe("–");
});

test("durations are in the unit one would say", () => {
  expect(duration(8.7)).toBe("9 s");
  expect(duration(120)).toBe("2 min");
  expect(duration(200)).toBe("3 min 20 s");
  expect(duration(3_599.6)).toBe("1 h");
  expect(duration(3_840)).toBe("1 h 4 min");
  expect(duration(null)).toBe("–");
});

test("a piece's length is written as a player shows it", () => {
  expect(clock(185)).toBe("3:05");
  expect(clock(3_730)).toBe("1:02:10");
});

test("time left is rounded up, so that it does not flicker", () => {
  expect(timeLeft(71)).toBe("1 min 15 s left");
  expect(timeLeft(3)).toBe("a few seconds left");
  expect(timeLeft(1_201)).toBe("21 min left");
  expect(timeLeft(null)).toBe("");
});

test("a whole is only said when it is whole", () => {
  expect(percent(0.999)).toBe("99%");
  expect(percent(1)).toBe("100%");
  expect(percent(-1)).toBe("0%");
});

test("counts, bytes and names read well", () => {
  expect(count(12_345)).toBe("12,345");
  expect(count(undefined)).toBe("–");
  expect(plural(1, "file")).toBe("1 file");
  expect(plural(2, "entry", "entries")).toBe("2 entries");
  expect(bytes(999)).toBe("999 B");
  expect(bytes(6_480_211)).toBe("6.5 MB");
  expect(keyName("Bb minor")).toBe("B♭ minor");
  expect(keyName("F# minor")).toBe("F♯ minor");
  expect(operatorName("crossover+mutation")).toBe("crossover, mutation");
  expect(fileName("Evening motifs!", "generation", 3)).toBe("evening-motifs-generation-3");
});

test("when something was is told from now", () => {
  const now = new Date("2026-03-14T12:00:00Z");
  expect(ago("2026-03-14T11:59:30Z", now)).toBe("just now");
  expect(ago("2026-03-14T11:20:00Z", now)).toBe("40 min ago");
  expect(ago("2026-03-14T09:00:00Z", now)).toBe("3 h ago");
  expect(ago("2025-12-01T09:00:00Z", now)).toBe("1 Dec 2025");
  expect(ago("not a date", now)).toBe("–");
});
