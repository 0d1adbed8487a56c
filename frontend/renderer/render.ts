/** Timed MIDI messages as sound, block by block, as the page's synthesiser makes it. */
import { SpessaSynthProcessor, type BasicSoundBank } from "spessasynth_core";
import { Plate } from "./plate";

export interface Order {
  readonly bank: BasicSoundBank;
  readonly sampleRate: number;
  /** When each message is due, in seconds, ascending. */
  readonly times: Float64Array;
  /** Four bytes a message: which sixteen channels (0, 1, ...), status with channel, two data bytes. */
  readonly messages: Uint8Array;
}

/** As long as a browser's; envelopes are followed from block to block. */
const BLOCK = 128;
/** Messages are due to this many samples: a third of a millisecond. */
const STEP = 16;
/** As loud as a page at its first volume. */
const GAIN = 3.2;
const SILENCE = 10 ** (-90 / 20);
const SILENT_FOR_S = 0.2;
const TAIL_MAX_S = 12;
const FADE_S = 1;
const CHUNK_S = 1;

/** Chunks of samples, left and right by turns: everything the messages sound like, and what rings on after the last. */
export async function* rendered(order: Order): AsyncGenerator<Float32Array> {
  const synth = await startSynth(order);
  const { sampleRate, times, messages } = order;
  const lastDue = dueAt(times[times.length - 1] ?? 0, sampleRate);
  const end = lastDue + TAIL_MAX_S * sampleRate;
  let chunk = new Chunk(CHUNK_S * sampleRate);
  let next = 0;
  let silent = 0;
  for (let now = 0; now < end && silent < SILENT_FOR_S * sampleRate; ) {
    while (next < times.length && dueAt(times[next] ?? 0, sampleRate) <= now) send(synth, messages, next++);
    const until = next < times.length ? dueAt(times[next] ?? 0, sampleRate) : end;
    const length = Math.min(BLOCK, until - now, chunk.room);
    const peak = chunk.fill(synth, length, fadeAt(now, end, sampleRate));
    silent = next === times.length && synth.voiceCount === 0 && peak < SILENCE ? silent + length : 0;
    now += length;
    if (chunk.room === 0) {
      yield chunk.interleaved();
      chunk = new Chunk(CHUNK_S * sampleRate);
    }
  }
  yield chunk.interleaved();
}

/** Some samples of both sides, filled from the beginning. */
class Chunk {
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private filled = 0;

  constructor(private readonly length: number) {
    this.left = new Float32Array(length);
    this.right = new Float32Array(length);
  }

  get room(): number {
    return this.length - this.filled;
  }

  /** Take `length` samples from the synthesiser and say how loud their peak is. */
  fill(synth: SpessaSynthProcessor, length: number, fade: number): number {
    const { left, right, filled } = this;
    synth.process(left, right, filled, length);
    let peak = 0;
    for (let index = filled; index < filled + length; index++) {
      const [l, r] = [(left[index] ?? 0) * GAIN * fade, (right[index] ?? 0) * GAIN * fade];
      left[index] = l;
      right[index] = r;
      peak = Math.max(peak, Math.abs(l), Math.abs(r));
    }
    this.filled += length;
    return peak;
  }

  interleaved(): Float32Array {
    const both = new Float32Array(2 * this.filled);
    for (let index = 0; index < this.filled; index++) {
      both[2 * index] = this.left[index] ?? 0;
      both[2 * index + 1] = this.right[index] ?? 0;
    }
    return both;
  }
}

async function startSynth({ bank, sampleRate, messages }: Order): Promise<SpessaSynthProcessor> {
  const reverbProcessor = new Plate(sampleRate);
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false, maxBufferSize: BLOCK, reverbProcessor });
  await synth.processorInitialized;
  for (let index = 0; index < messages.length; index += 4) {
    while (synth.midiChannels.length <= 16 * (messages[index] ?? 0)) addSixteen(synth);
  }
  synth.soundBankManager.addSoundBank(bank, "antiphon");
  return synth;
}

function addSixteen(synth: SpessaSynthProcessor): void {
  for (let channel = 0; channel < 16; channel++) {
    synth.createMIDIChannel();
    // A channel that is added begins as one of drums.
    synth.midiChannels.at(-1)?.setDrums(false);
  }
}

function send(synth: SpessaSynthProcessor, messages: Uint8Array, index: number): void {
  const [port = 0, status = 0, first = 0, second = 0] = messages.subarray(4 * index, 4 * index + 4);
  const isOneByte = (status & 0xf0) === 0xc0 || (status & 0xf0) === 0xd0;
  synth.processMessage(isOneByte ? [status, first] : [status, first, second], 16 * port);
}

function dueAt(seconds: number, sampleRate: number): number {
  return Math.round((seconds * sampleRate) / STEP) * STEP;
}

/** 1, until what rings on too long is faded out before it is cut. */
function fadeAt(now: number, end: number, sampleRate: number): number {
  return Math.min(1, (end - now) / (FADE_S * sampleRate));
}
