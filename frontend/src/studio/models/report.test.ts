import { expect, test } from "vitest";
import { barsOf } from "../../components/chart";
import type { Run } from "../api";
import { isMuch, sharedLine } from "../memorisation";
import { hrefToReport, routeOf } from "../routing";
import { limitsInput, limitsOf, longer } from "./limits";
import { canResume, endedLine } from "./progressed";
import { lossLines, memorisationLines, reportOf, valueLine, verdictLine, type ReportRow } from "./report";

const row = (verdict: ReportRow["verdict"], value: number | null = 1.234): ReportRow => ({
  id: verdict,
  group: "form",
  name: "Polyphony",
  unit: "pitches",
  value,
  target: "",
  reference: null,
  reference_name: "",
  verdict,
  note: "",
});

test("targets are counted where they could be measured", () => {
  expect(verdictLine([row("met"), row("met"), row("missed"), row("not measured", null), row("no target")])).toBe("2 of 3 met");
  expect(valueLine(row("met"))).toBe("1.23 pitches");
  expect(valueLine(row("not measured", null))).toBe("–");
});

test("figures that are missing leave gaps in the lines, and lines without any are left out", () => {
  const lines = lossLines({ epochs: [1, 2, 3], loss: [3, null, 2], held_out_loss: [null, null, null] });
  expect(lines).toEqual([{ name: "Training", points: [{ x: 1, y: 3 }, { x: 3, y: 2 }] }]);
  expect(memorisationLines({ n_notes: [1, 2], samples: [], people: [1, 0.5] }).map((line) => line.name)).toEqual([
    "Training pieces among themselves",
  ]);
});

test("a report of another version is not read as this one", () => {
  expect(() => reportOf({ version: 2 })).toThrow("version 1");
});

test("bars of two series stand side by side in their label's place, and nothing is drawn for nothing", () => {
  const bars = barsOf([{ name: "a", values: [1, null] }, { name: "b", values: [2, 3], low: [1, 2], high: [3, 4] }], 100);
  expect(bars.map((bar) => [bar.series, bar.place, bar.low])).toEqual([[0, 0, null], [1, 0, 1], [1, 1, 2]]);
  expect(bars[0]?.x).toBeLessThan(bars[1]?.x ?? 0);
  expect(bars[2]?.x).toBeGreaterThan(100);
});

test("the address of a report leads to it", () => {
  expect(routeOf(hrefToReport(3, 12))).toEqual({ page: "report", section: "models", id: 3, checkpoint: 12 });
  for (const path of ["/studio/models/3/report/", "/studio/models/x/report/1/", "/studio/models/3/report/1/more/"]) {
    expect(routeOf(path).page).toBe("missing");
  }
});

const shared = { n_notes: 12, piece: "minuet.mid", piece_bars: [3, 5], bars: [1, 2], people_notes: 20 };

test("what is shared is said beside what pieces share, and is marked where it is more", () => {
  expect(sharedLine(shared)).toBe("12 notes shared with minuet.mid, bars 3 to 5; the pieces themselves share up to 20");
  expect(isMuch(shared)).toBe(false);
  expect(sharedLine({ ...shared, n_notes: 21 })).toContain("by heart");
  expect(sharedLine({ ...shared, n_notes: 0, piece: null, piece_bars: null })).toBe("Nothing shared with the training pieces");
});

test("a run that trains longer begins with twice the limit that it reached", () => {
  const limits = limitsOf({ epochs: 60, max_seconds: 90 });
  expect(limits).toEqual({ epochs: 60, minutes: 1.5 });
  expect(longer(limits, { epoch: 14, seconds_elapsed: 88 })).toEqual({ epochs: 60, minutes: 3 });
  expect(longer({ epochs: 20, minutes: null }, { epoch: 20, seconds_elapsed: 88 })).toEqual({ epochs: 40, minutes: null });
  expect(limitsInput({ epochs: 40, minutes: null })).toEqual({ epochs: 40, max_seconds: null });
});

test("a stopped run can go on, a failed one where something was learned, and a finished one only with more time", () => {
  const run = (state: Run["state"], resume_epoch = 0): Run => ({ state, resume_epoch, ended_by: "" }) as Run;
  expect([run("stopped"), run("failed", 2), run("failed"), run("finished", 9), run("running")].map(canResume)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(endedLine({ ...run("finished"), ended_by: "time" })).toContain("time");
  expect(endedLine(run("running"))).toBe("");
});
