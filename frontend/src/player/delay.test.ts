import { expect, test } from "vitest";
import { delaySeconds } from "./delay";

const FIREFOX_ON_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
const FIREFOX_ON_A_PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0";
const CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

test("the delay is what the device says, else what the context says, else none", () => {
  expect(delaySeconds({ outputLatency: 0.02, baseLatency: 0.005 }, CHROMIUM)).toBe(0.02);
  expect(delaySeconds({ outputLatency: 0, baseLatency: 0.005 }, CHROMIUM)).toBe(0.005);
  expect(delaySeconds({ outputLatency: 0.2, baseLatency: 0 }, FIREFOX_ON_A_PHONE)).toBe(0.2);
  expect(delaySeconds({ outputLatency: 0, baseLatency: 0 }, CHROMIUM)).toBe(0);
});

test("Firefox on Linux, which may stand still over the question, is not asked", () => {
  const trap = {
    get outputLatency(): number {
      throw new Error("asked");
    },
    baseLatency: 0,
  };
  expect(delaySeconds(trap, FIREFOX_ON_LINUX)).toBeGreaterThan(0);
});
