import { expect, test } from "vitest";
import { cut, inOrder, type Timed } from "./voices";

const timed = (at: number, name: number): Timed => ({ at, bytes: [name] });
const queueOf = (...messages: Timed[]): readonly Timed[] => messages.reduce<readonly Timed[]>(inOrder, []);

test("messages wait in the order of their times, those of one time as they came", () => {
  expect(queueOf(timed(2, 1), timed(1, 2), timed(2, 3), timed(0, 4)).map(({ bytes }) => bytes[0])).toEqual([4, 2, 1, 3]);
});

test("a block is cut at the very sample where a message is due", () => {
  const [pieces, rest] = cut(queueOf(timed(10, 1), timed(10 + 37 / 48_000, 2), timed(10 + 128 / 48_000, 3)), 10, 128, 48_000);
  expect(pieces.map(({ start, length, first }) => [start, length, first.map(({ bytes }) => bytes[0])])).toEqual([
    [0, 37, [1]],
    [37, 91, [2]],
  ]);
  expect(rest.map(({ bytes }) => bytes[0])).toEqual([3]);
});

test("what is late, or has no time, is due at the block's first sample", () => {
  const [pieces, rest] = cut(queueOf(timed(0, 1), timed(9.9, 2)), 10, 128, 48_000);
  expect(pieces).toEqual([{ start: 0, length: 128, first: [timed(0, 1), timed(9.9, 2)] }]);
  expect(rest).toEqual([]);
});

test("every message is taken once and every sample rendered once, however the time is cut into blocks", () => {
  const queue = queueOf(...Array.from({ length: 40 }, (_, index) => timed(5 + ((index * 7919) % 1000) / 48_000, index)));
  let left = queue;
  let samples = 0;
  const taken: number[] = [];
  for (let block = 0; block < 8; block++) {
    const [pieces, rest] = cut(left, 5 + (block * 128) / 48_000, 128, 48_000);
    left = rest;
    for (const piece of pieces) {
      samples += piece.length;
      taken.push(...piece.first.map(({ bytes }) => bytes[0] ?? -1));
    }
  }
  expect([samples, left.length, new Set(taken).size, taken.length]).toEqual([1024, 0, 40, 40]);
  expect(taken).toEqual(queue.map(({ bytes }) => bytes[0]));
});
