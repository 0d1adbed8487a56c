import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { arranged } from "./arrange";
import { phraseOf } from "./phrase";
import type { Message } from "./schedule";
import type { Synth } from "./synth";

/** An AudioContext as far as the player needs one; its clock is the test's, and it wakes only while `wakes`. */
class Context {
  static made: Context[] = [];
  static wakes = true;
  state = "suspended";
  currentTime = 0;
  outputLatency = 0;
  baseLatency = 0;
  onstatechange: (() => void) | null = null;

  constructor() {
    Context.made.push(this);
  }

  resume(): Promise<void> {
    if (Context.wakes) this.become("running");
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.become("closed");
    return Promise.resolve();
  }

  become(state: string): void {
    this.state = state;
    this.onstatechange?.();
  }
}

const sent: Message[] = [];
const programs: number[] = [];
/** Ends the synthesiser with an error. */
let breaks = (): void => undefined;
/** Why samples can't be had. */
let unpacking: Error | null = null;
const gain = { value: 0, cancelScheduledValues: vi.fn(), setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() };

vi.mock("./soundfont", () => ({
  findSoundFontAt: () => undefined,
  fetchSoundFont: () => Promise.resolve(new ArrayBuffer(8)),
  forgetSoundFont: () => undefined,
}));
vi.mock("./synth", () => ({
  createContext: () => new Context(),
  createSynth: (context: AudioContext): Promise<Synth> =>
    Promise.resolve({
      context,
      output: { gain } as unknown as GainNode,
      leadSeconds: 0.05,
      prepare: (parts) => {
        if (unpacking !== null) return Promise.reject(unpacking);
        programs.push(...parts.map((part) => part.program));
        return Promise.resolve();
      },
      send: (message) => void sent.push(message),
      silence: () => undefined,
      whenBroken: (tell) => void (breaks = () => tell()),
    }),
}));

const phrase = phraseOf([[0, 1, 60, 90, 0], [3, 1, 64, 90, 0]], { bars: 2 });

/** The player afresh: it is one for a page. */
async function fresh(): Promise<typeof import("./player.svelte")> {
  vi.resetModules();
  const player = await import("./player.svelte");
  player.configure("/font.sf3");
  return player;
}

const now = (): Context => Context.made[Context.made.length - 1]!;

beforeEach(() => {
  vi.useFakeTimers();
  Context.made = [];
  Context.wakes = true;
  sent.length = programs.length = 0;
});
afterEach(() => void vi.useRealTimers());

test("a phrase plays from its beginning, and its end is told", async () => {
  const { play, player, timeNow } = await fresh();
  const ended = vi.fn();
  await play("a", phrase, ended);
  expect([player.status, player.key]).toEqual(["playing", "a"]);
  now().currentTime = 2.05;
  expect(timeNow()).toBeCloseTo(2);
  now().currentTime = 4.2;
  vi.advanceTimersByTime(100);
  expect([ended.mock.calls.length, player.status, player.key]).toEqual([1, "ready", null]);
  expect(sent.filter(({ kind }) => kind === "on")).toHaveLength(2);
});

test("when the device takes the sound away the phrase is held where it was, and goes on with a press", async () => {
  const { goOn, play, player, timeNow } = await fresh();
  await play("a", phrase);
  now().currentTime = 1.55;
  now().become("interrupted");
  expect([player.status, player.isInterrupted]).toEqual(["paused", true]);
  now().currentTime = 60;
  expect(timeNow()).toBeCloseTo(1.5);
  await goOn();
  expect([player.status, player.isInterrupted, Context.made.length]).toEqual(["playing", false, 1]);
  now().currentTime += 0.05;
  expect(timeNow()).toBeCloseTo(1.5);
});

test("a context that never wakes again is replaced within the same press", async () => {
  const { goOn, play, player } = await fresh();
  await play("a", phrase);
  now().currentTime = 1.05;
  now().become("interrupted");
  const old = now();
  old.resume = () => Promise.resolve();
  await goOn();
  expect([Context.made.length, old.state, player.status, player.isInterrupted]).toEqual([2, "closed", "playing", false]);
});

test("sound that stays locked is said, and the next press tries again", async () => {
  const { play, player } = await fresh();
  Context.wakes = false;
  await play("a", phrase);
  expect([player.status, player.error]).toEqual(["failed", "Sound is still locked by this browser. Press play again."]);
  Context.wakes = true;
  await play("a", phrase);
  expect(player.status).toBe("playing");
});

test("another instrument takes over from where the phrase is", async () => {
  const { change, play, player, timeNow } = await fresh();
  await play("a", phrase);
  now().currentTime = 2.05;
  await change(arranged(phrase, { beat: "none", instrument: 73 }));
  expect([player.status, player.key, programs]).toEqual(["playing", "a", [0, 73]]);
  now().currentTime += 0.1;
  expect(timeNow()).toBeGreaterThan(1.99);
  expect(timeNow()).toBeLessThan(2.2);
});

test("samples that can't be had are told of, and another press tries again", async () => {
  const { play, player } = await fresh();
  unpacking = new Error("no decoder");
  await play("a", phrase);
  expect([player.status, player.key]).toEqual(["failed", null]);
  expect(player.error).toContain("no decoder");
  unpacking = null;
  await play("a", phrase);
  expect([player.status, player.key]).toEqual(["playing", "a"]);
});

test("a synthesiser that ended with an error is told of, and another press starts a new one", async () => {
  const { play, player } = await fresh();
  await play("a", phrase);
  const broken = breaks;
  broken();
  expect([player.status, player.key]).toEqual(["failed", null]);
  expect(player.error).toContain("Press play again");
  await play("a", phrase);
  expect([player.status, player.key, breaks === broken]).toEqual(["playing", "a", false]);
});
