/**
 * Renders what comes in on standard input, an order at a time, until the input ends: the parent went away. Order: head
 * {soundfont, sample_rate, messages}, payload the times (float64 each) and then the messages (four bytes each). Answer:
 * chunks {frames} of float32 samples, left and right by turns, and {end} or {error}.
 */
import { readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { SoundBankLoader, SpessaLog, type BasicSoundBank } from "spessasynth_core";
import { frameOf, framesOf, type Frame } from "./frames";
import { rendered, type Order } from "./render";

const BANKS_KEPT = 2;
const banks = new Map<string, BasicSoundBank>();

SpessaLog.setLogLevel(false, false, false);
setPriority(Number(process.argv[2] ?? 0));
process.stdout.on("error", () => process.exit());

for await (const frame of framesOf(process.stdin)) {
  try {
    for await (const samples of rendered(orderOf(frame))) {
      await answer({ frames: samples.length / 2 }, new Uint8Array(samples.buffer));
    }
    await answer({ end: true });
  } catch (error) {
    await answer({ error: error instanceof Error ? error.message : String(error) });
  }
}

function orderOf({ head, payload }: Frame): Order {
  const { soundfont, sample_rate, messages } = head as { soundfont: string; sample_rate: number; messages: number };
  const times = new Float64Array(messages);
  new Uint8Array(times.buffer).set(payload.subarray(0, 8 * messages));
  return { bank: bankOf(soundfont), sampleRate: sample_rate, times, messages: payload.subarray(8 * messages) };
}

/** A SoundFont, read once; its samples stay decoded. */
function bankOf(path: string): BasicSoundBank {
  const known = banks.get(path);
  if (known !== undefined) return known;
  const oldest = banks.keys().next();
  if (banks.size >= BANKS_KEPT && oldest.done !== true) banks.delete(oldest.value);
  const { buffer, byteOffset, length } = readFileSync(path);
  const bank = SoundBankLoader.fromArrayBuffer(buffer.slice(byteOffset, byteOffset + length));
  banks.set(path, bank);
  return bank;
}

async function answer(head: object, payload?: Uint8Array): Promise<void> {
  for (const bytes of frameOf(head, payload)) {
    if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}
