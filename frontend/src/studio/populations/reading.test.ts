import { describe, expect, test } from "vitest";
import type { GenerationDetail, Individual, Rule, Voice } from "../api";
import {
  agreementLine,
  biasLine,
  calibrationLine,
  errorLine,
  extensionLine,
  foretoldLine,
  influenceLine,
  parentsLine,
  progressOf,
  reliabilityWord,
  scatterOf,
  signed,
  surpriseLine,
  voiceName,
  weightLine,
} from "./reading";

const agreement = { icc_single: 0.32, icc_average: 0.79, ratings_each: 4, n_ratings: 40, n_listeners: 8, n_individuals: 10, method: "" };
const calibration = { n: 12, correlation: 0.6, slope: 0.9, coverage: 0.93 };
const voice: Voice = {
  number: 3,
  name: "Ada",
  n_ratings: 20,
  weight: 1,
  bias: 0.1,
  consistency: 1,
  is_simulated: false,
  is_set_aside: false,
  listening: 0.98,
  flag: null,
  reason: "",
  island: null,
  largest_change: 0.21,
  rank_correlation: 0.9,
  parents_changed: 1,
};

test("an intraclass correlation gets the word that readers of papers expect", () => {
  expect([0.1, 0.5, 0.75, 0.95].map(reliabilityWord)).toEqual(["poor", "moderate", "good", "excellent"]);
  expect(agreementLine(agreement)).toBe("The mean of 4.0 ratings is good (ICC 0.79); one rating alone is poor (0.32).");
  expect(agreementLine({ ...agreement, icc_average: 0.2 })).toContain("little to agree on");
  expect(agreementLine({ ...agreement, icc_single: null })).toContain("Too few");
  expect(agreementLine(null)).toBe("");
});

test("an expected error is told as what was, or what would be now", () => {
  expect(errorLine(0.153, true)).toContain("were chosen are expected to lack 0.15 rating points");
  expect(errorLine(0.153, false)).toContain("chosen now would be expected");
  expect(errorLine(null, true)).toBe("");
});

describe("the taste's calibration", () => {
  test("says how it orders, how far apart it puts phrases, and whether its doubt is honest", () => {
    const line = calibrationLine(calibration);
    expect(line).toContain("orders phrases well (correlation 0.60)");
    expect(line).toContain("about right");
    expect(line).toContain("93% of what was given lay within its 95% intervals: its doubt is honest.");
  });

  test("does not praise what is no better than chance, nor judge by two phrases", () => {
    const chance = calibrationLine({ ...calibration, correlation: -0.1, slope: -0.2, coverage: 0.6 });
    expect(chance).toContain("does not order phrases better than chance");
    expect(chance).toContain("surer than it should be");
    expect(chance).not.toMatch(/exaggerates|timid|right/);
    expect(calibrationLine({ n: 1, correlation: null, slope: null, coverage: 1 })).toBe(
      "Only 1 phrase was foretold and heard: too few to judge the taste by.",
    );
  });

  test("that told nothing apart says so, and is not blamed on few phrases", () => {
    const line = calibrationLine({ n: 10, correlation: null, slope: null, coverage: 1 });
    expect(line).toBe("The taste told none of the 10 phrases apart: it has not found yet what this crowd likes.");
  });

  test("tells exaggeration from timidity", () => {
    expect(calibrationLine({ ...calibration, slope: 0.2 })).toContain("exaggerates");
    expect(calibrationLine({ ...calibration, slope: 2 })).toContain("timid");
  });
});

test("a phrase says whether the crowd agreed with what was expected of it", () => {
  const foretold = { predicted: 2.5, predicted_error: 0.5 };
  expect(foretoldLine({ ...foretold, fitness: 2.8 })).toContain("and the crowd agrees");
  expect(foretoldLine({ ...foretold, fitness: 3.4 })).toContain("likes it better");
  expect(foretoldLine({ ...foretold, fitness: 1.2 })).toContain("likes it less");
  expect(foretoldLine({ ...foretold, fitness: null })).toBe("The taste expected 2.50 ± 0.50 before anybody heard it.");
  expect(foretoldLine({ predicted: null, predicted_error: null, fitness: 3 })).toBe("");
});

test("a network's surprise is told where it was asked", () => {
  expect(surpriseLine(1.234)).toContain("1.23 nats a note");
  expect(surpriseLine(null)).toBe("");
});

describe("a generation's progress", () => {
  const individual = (n_ratings: number, isElite = false): Individual =>
    ({ n_ratings, lives_on_from: isElite ? { id: 1, generation: 0, index: 0, number: 1 } : null }) as unknown as Individual;
  const individuals = [individual(9, true), individual(3), individual(5), individual(1)];
  const byQuorum: Rule = { closing: "quorum", quorum: 3, wanted_error: 0.15, minutes: null };
  const open = { expected_error: 0.6, individuals, rule: byQuorum } as unknown as GenerationDetail;

  test("counts ratings up to the quorum, and leaves out elites, whom nobody is asked for", () => {
    expect(progressOf(open)).toMatchObject({ complete: 2, size: 3, ratings: 7, needed: 9, certainty: null });
  });

  test("goes by what was extended or changed of the open generation, not by what its population began with", () => {
    expect(progressOf({ ...open, rule: { ...byQuorum, quorum: 5 } })).toMatchObject({ complete: 1, ratings: 9, needed: 15 });
    const changed = progressOf({ ...open, rule: { ...byQuorum, closing: "certainty", wanted_error: 0.3 } });
    expect(changed?.rule.closing).toBe("certainty");
    expect(changed?.certainty).toBeCloseTo(0.5);
  });

  test("tells how near the certainty is, once something is known", () => {
    const asked: GenerationDetail = { ...open, rule: { ...byQuorum, closing: "certainty" } };
    expect(progressOf(asked)?.certainty).toBeCloseTo(0.25);
    expect(progressOf({ ...asked, expected_error: 0.1 })?.certainty).toBe(1);
    expect(progressOf({ ...asked, expected_error: null })?.certainty).toBeNull();
  });

  test("says what was extended of it alone, beside what holds for the next ones", () => {
    expect(extensionLine({ ...byQuorum, quorum: 5 }, byQuorum)).toBe(
      "Extended: it closes at 5 ratings a phrase, and the next ones at 3 ratings a phrase.",
    );
    expect(extensionLine(byQuorum, { ...byQuorum })).toBe("");
  });

  test("is none once the generation has closed: no rule holds for it any more", () => {
    expect(progressOf({ ...open, rule: null })).toBeNull();
  });
});

describe("a listener", () => {
  test("has the name that they gave, or a number", () => {
    expect(voiceName(voice)).toBe("Ada");
    expect(voiceName({ ...voice, name: " " })).toBe("Listener 3");
  });

  test("counts by how steadily they tell phrases apart, in words", () => {
    expect(weightLine(0.01)).toContain("next to nothing");
    expect(weightLine(0.4)).toContain("0.40 of a typical");
    expect(weightLine(1.1)).toContain("about as much");
    expect(weightLine(1.6)).toContain("1.6 times");
  });

  test("is strict or generous by so many points, and scatters by so many", () => {
    expect(biasLine(0.72)).toContain("0.7 points higher");
    expect(biasLine(-0.3)).toContain("0.3 points lower");
    expect(biasLine(0.1)).toContain("about as high");
    expect(scatterOf(4)).toBe(0.5);
    expect([0.3, -0.3, -0.001].map((bias) => signed(bias, 1))).toEqual(["+0.3", "−0.3", "0.0"]);
  });

  test("changes parents, who are named as they are now and as they would be", () => {
    const change = { generation: 3, largest: 0.4, rank_correlation: 0.9, only_with: [{ id: 1, index: 1 }], only_without: [{ id: 2, index: 6 }] };
    expect(parentsLine(change, false)).toBe("4.2 instead of 4.7");
    expect(parentsLine(change, true)).toBe("4.7 instead of 4.2");
    expect(parentsLine({ ...change, only_with: [], only_without: [] }, false)).toBe("the same");
    expect(influenceLine({ ...voice, is_set_aside: true })).toContain("counts nothing until");
  });

  test("is told with what would be without them", () => {
    expect(influenceLine(voice)).toBe("Without them 1 parent would be another phrase; no fitness would move by more than 0.21, and the order would be much the same.");
    expect(influenceLine({ ...voice, parents_changed: 0, rank_correlation: 1 })).toContain("the same phrases would be parents");
    expect(influenceLine({ ...voice, largest_change: null, parents_changed: null })).toContain("was not reckoned");
  });
});
