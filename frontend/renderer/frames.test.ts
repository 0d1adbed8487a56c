// @vitest-environment node
import { expect, test } from "vitest";
import { frameOf, framesOf, type Frame } from "./frames";

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

async function read(bytes: Buffer, size: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of framesOf(inPieces(bytes, size))) frames.push(frame);
  return frames;
}

const TWO = Buffer.concat([...frameOf({ name: "first" }, Uint8Array.of(1, 2, 3)), ...frameOf({ name: "second" })]);

test.each([1, 2, 7, 1000])("frames are read whole from pieces of %i bytes", async (size) => {
  const frames = await read(TWO, size);
  expect(frames.map(({ head }) => head)).toEqual([
    { name: "first", bytes: 3 },
    { name: "second", bytes: 0 },
  ]);
  expect(frames.map(({ payload }) => [...payload])).toEqual([[1, 2, 3], []]);
});

test("a stream that ends within a frame ends the frames before it", async () => {
  const whole = TWO.length - Buffer.concat([...frameOf({ name: "second" })]).length;
  for (let end = 0; end < TWO.length; end++) {
    expect(await read(TWO.subarray(0, end), 5)).toHaveLength(end < whole ? 0 : 1);
  }
});

test("a head that is far too long is refused before it is waited for", async () => {
  await expect(read(Buffer.from([255, 255, 255, 127, 0]), 5)).rejects.toThrow("at most 65536");
});
