/** The synthesiser with a queue of MIDI messages, exact to the sample: it runs in a worklet, or on the page's own thread. */
import { SoundBankLoader, SpessaSynthProcessor, type BasicSample } from "spessasynth_core";
import type { Packed, Unpacked } from "./unpack";

export interface Timed {
  /** AudioContext time; 0 for at once. */
  readonly at: number;
  readonly bytes: readonly number[];
}

export interface Voices {
  readonly send: (timed: Timed) => void;
  readonly stopAll: () => void;
  /** The samples that these notes strike, on the instruments that their channels have now, and that are not ready yet. */
  readonly packed: (strikes: readonly (readonly number[])[]) => readonly Packed[];
  /** Some of the samples `ids` came unpacked; the others can be decoded here when they are struck. */
  readonly take: (ids: readonly number[], unpacked: readonly Unpacked[]) => void;
  /** Fill both channels with the sound from `time` (AudioContext time of their first sample) on. */
  readonly render: (left: Float32Array, right: Float32Array, time: number) => void;
}

/** What to do with a block of samples: render `length` from `start`, and before it take in `first`. */
export interface Piece {
  readonly start: number;
  readonly length: number;
  readonly first: readonly Timed[];
}

/** How much is rendered at once, in samples. */
const BLOCK = 128;

/** Start it with a SoundFont's bytes. Raises where it cannot read them. */
export async function createVoices(sampleRate: number, soundFont: ArrayBuffer): Promise<Voices> {
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false });
  await synth.processorInitialized;
  const bank = SoundBankLoader.fromArrayBuffer(soundFont);
  synth.soundBankManager.addSoundBank(bank, "antiphon");
  const isReady = new Set<BasicSample>();
  let queue: readonly Timed[] = [];
  return {
    send(timed) {
      if (timed.at === 0) synth.processMessage([...timed.bytes]);
      else queue = inOrder(queue, timed);
    },
    stopAll: () => synth.stopAllChannels(true),
    packed(strikes) {
      const found = new Map<BasicSample, Packed>();
      for (const [status = 0, pitch = 0, velocity = 0] of strikes) {
        const preset = synth.midiChannels[status & 0x0f]?.preset;
        for (const { sample } of preset?.getVoiceParameters(pitch, velocity) ?? []) {
          if (isReady.has(sample) || !sample.isCompressed || found.has(sample)) continue;
          const id = bank.samples.indexOf(sample);
          found.set(sample, { id, rate: sample.sampleRate, bytes: sample.getRawData(true) });
        }
      }
      return [...found.values()];
    },
    take(ids, unpacked) {
      for (const id of ids) if (bank.samples[id]) isReady.add(bank.samples[id]);
      for (const { id, pcm } of unpacked) {
        const sample = bank.samples[id];
        sample?.setAudioData(pcm, sample.sampleRate);
      }
    },
    render(left, right, time) {
      for (let start = 0; start < left.length; start += BLOCK) {
        const length = Math.min(BLOCK, left.length - start);
        const [pieces, rest] = cut(queue, time + start / sampleRate, length, sampleRate);
        queue = rest;
        for (const piece of pieces) {
          for (const { bytes } of piece.first) synth.processMessage([...bytes]);
          if (piece.length > 0) synth.process(left, right, start + piece.start, piece.length);
        }
      }
    },
  };
}

/** The queue with one more message: sorted by time, those of one time in the order they came. */
export function inOrder(queue: readonly Timed[], timed: Timed): readonly Timed[] {
  let place = queue.length;
  while (place > 0 && (queue[place - 1]?.at ?? 0) > timed.at) place--;
  return [...queue.slice(0, place), timed, ...queue.slice(place)];
}

/** Cut a block of samples where messages fall due, so that each takes effect at its own sample; and what is not due yet. */
export function cut(
  queue: readonly Timed[],
  time: number,
  length: number,
  sampleRate: number,
): readonly [readonly Piece[], readonly Timed[]] {
  const pieces: { start: number; length: number; first: Timed[] }[] = [{ start: 0, length, first: [] }];
  let taken = 0;
  for (const timed of queue) {
    const sample = Math.max(0, Math.round((timed.at - time) * sampleRate));
    if (sample >= length) break;
    const last = pieces[pieces.length - 1];
    if (!last) break;
    if (sample > last.start) {
      last.length = sample - last.start;
      pieces.push({ start: sample, length: length - sample, first: [timed] });
    } else last.first.push(timed);
    taken++;
  }
  return [pieces, queue.slice(taken)];
}
