import { expect, test } from "vitest";
import { framesIn, unpack, type Packed } from "./unpack";

/** An Ogg page's header with this granule position, and some bytes after it. */
function page(granule: number): number[] {
  const header = new Uint8Array(27);
  header.set([0x4f, 0x67, 0x67, 0x53]);
  new DataView(header.buffer).setUint32(6, granule, true);
  return [...header, 1, 2, 3];
}

const stream = (...granules: number[]): Uint8Array => new Uint8Array(granules.flatMap(page));
const packed = (id: number, frames: number): Packed => ({ id, rate: 44_100, bytes: stream(0, 0, frames) });
const frames = (count: number) => () => Promise.resolve(new Float32Array(count));

test("a stream has as many frames as its last page says", () => {
  expect(framesIn(stream(0, 0, 806))).toBe(806);
  expect(framesIn(stream(0, 9_024, 103_887))).toBe(103_887);
  expect(framesIn(new Uint8Array([1, 2, 3]))).toBe(0);
  expect(framesIn(stream(0, 77).subarray(30))).toBe(77);
});

test("what the browser decodes whole needs no decoder of ours", async () => {
  let loaded = 0;
  const load = () => Promise.resolve(loaded++);
  const found = await unpack([packed(3, 100), packed(5, 100)], load, frames(100));
  expect(found.map(({ id, pcm }) => [id, pcm.length])).toEqual([[3, 100], [5, 100]]);
  expect(loaded).toBe(0);
  expect(await unpack([], load, frames(100))).toEqual([]);
  expect(loaded).toBe(0);
});

test("a sample whose end the browser drops, or that it can't decode, is left to our decoder, which is there before it is struck", async () => {
  for (const decode of [frames(99), () => Promise.reject(new Error("EncodingError"))]) {
    let isLoaded = false;
    const load = (): Promise<void> => new Promise((resolve) => setTimeout(() => resolve(void (isLoaded = true)), 5));
    expect(await unpack([packed(3, 100)], load, decode)).toEqual([]);
    expect(isLoaded).toBe(true);
  }
});

test("where our decoder cannot be fetched, that is said", async () => {
  await expect(unpack([packed(3, 100)], () => Promise.reject(new Error("offline")), frames(1))).rejects.toThrow("offline");
});
