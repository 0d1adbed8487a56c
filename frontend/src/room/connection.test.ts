import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect, waitMs, type Connection, type Socket } from "./connection";

interface Line extends Socket {
  sent: string[];
}

let lines: Line[] = [];
let log: string[] = [];

function open(): Line {
  const line: Line = {
    readyState: 0,
    sent: [],
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (data) => line.sent.push(data as string),
    close: () => undefined,
  };
  lines.push(line);
  return line;
}

function start(): Connection {
  return connect({
    open,
    onopen: () => log.push("open"),
    onmessage: (message) => log.push(message.type),
    onlost: (retryMs) => log.push(`lost ${retryMs}`),
    beat: () => ({ type: "ping", id: "x" }),
    random: () => 1,
  });
}

function answer(line: Line): void {
  Object.assign(line, { readyState: 1 });
  line.onopen?.(new Event("open"));
}

const drop = (line: Line, code = 1006): void => line.onclose?.({ code } as CloseEvent);
const hear = (line: Line, data: string): void => line.onmessage?.({ data } as MessageEvent);

beforeEach(() => {
  vi.useFakeTimers();
  [lines, log] = [[], []];
});
afterEach(() => void vi.useRealTimers());

test("a lost connection comes back by itself, and waits longer after each failure", () => {
  start();
  drop(lines[0]!);
  vi.advanceTimersByTime(400);
  drop(lines[1]!);
  vi.advanceTimersByTime(799);
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(1);
  answer(lines[2]!);
  expect(log).toEqual(["lost 400", "lost 800", "open"]);
});

test("the wait has an end, and a spread", () => {
  expect(waitMs(30, 1)).toBe(15_000);
  expect(waitMs(1, 0)).toBe(200);
});

test("a message that arrives makes the next wait short again", () => {
  start();
  drop(lines[0]!);
  vi.advanceTimersByTime(400);
  answer(lines[1]!);
  hear(lines[1]!, JSON.stringify({ type: "presence", here: 1, names: [] }));
  drop(lines[1]!);
  expect(log.at(-1)).toBe("lost 400");
});

test("nothing is sent, and that is said, while there is no connection", () => {
  const connection = start();
  expect(connection.send({ type: "leave", id: "x" })).toBe(false);
  answer(lines[0]!);
  expect(connection.send({ type: "leave", id: "x" })).toBe(true);
  expect(lines[0]?.sent).toEqual(['{"type":"leave","id":"x"}']);
});

test("a frame that is no message is passed over", () => {
  start();
  answer(lines[0]!);
  hear(lines[0]!, "{broken");
  hear(lines[0]!, "17");
  expect(log).toEqual(["open"]);
});

test("retry does not wait, and opens no second connection beside one on its way", () => {
  const connection = start();
  connection.retry();
  expect(lines).toHaveLength(1);
  drop(lines[0]!);
  connection.retry();
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(2);
});

test("a room that can't be entered is not knocked at again", () => {
  start();
  drop(lines[0]!, 4404);
  vi.advanceTimersByTime(60_000);
  expect([lines.length, log]).toEqual([1, ["lost null"]]);
});

test("after the end nothing comes back", () => {
  const connection = start();
  connection.end();
  drop(lines[0]!);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(1);
});

test("a silent server is asked whether it is there, and given up when it does not say", () => {
  start();
  answer(lines[0]!);
  vi.advanceTimersByTime(20_000);
  expect(lines[0]?.sent).toEqual(['{"type":"ping","id":"x"}']);
  vi.advanceTimersByTime(9_999);
  expect(log).toEqual(["open"]);
  vi.advanceTimersByTime(1);
  expect(log).toEqual(["open", "lost 400"]);
  vi.advanceTimersByTime(400);
  expect(lines).toHaveLength(2);
});

test("any word of the server's is a sign of life", () => {
  start();
  answer(lines[0]!);
  vi.advanceTimersByTime(25_000);
  hear(lines[0]!, JSON.stringify({ type: "pong", id: "x" }));
  vi.advanceTimersByTime(14_000);
  expect([log, lines[0]?.sent.length]).toEqual([["open", "pong"], 1]);
  vi.advanceTimersByTime(1_000);
  expect(lines[0]?.sent).toHaveLength(2);
});

test("after a sleep the connection is asked at once, and the server says how often to speak", () => {
  const connection = start();
  answer(lines[0]!);
  connection.setHeartbeat(5);
  connection.retry();
  expect(lines[0]?.sent).toHaveLength(1);
  hear(lines[0]!, JSON.stringify({ type: "pong", id: "x" }));
  vi.advanceTimersByTime(5_000);
  expect(lines[0]?.sent).toHaveLength(2);
});
