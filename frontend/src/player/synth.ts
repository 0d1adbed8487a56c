/** The sound: an AudioContext and a SoundFont synthesiser, which are fetched when first wanted. */
import { words } from "../i18n/language.svelte";
import { SoundFailed, type Engine } from "./engine";
import type { Part } from "./phrase";
import { BEND_RANGE_SEMITONES, bytesOf, type Message } from "./schedule";

export interface Synth {
  readonly context: AudioContext;
  readonly output: GainNode;
  /** How long before a time its messages must have been sent. */
  readonly leadSeconds: number;
  /** Set the channels and decode the samples that these messages need; done when the synthesiser says so. */
  readonly prepare: (parts: readonly Part[], channels: readonly number[], messages: readonly Message[]) => Promise<void>;
  readonly send: (message: Message, at: number) => void;
  /** Cut every voice, now or at an AudioContext time. */
  readonly silence: (at?: number) => void;
  /** Whom to tell when it ended with an error: another one is needed. */
  readonly whenBroken: (tell: () => void) => void;
}

const CHANNELS = 16;
const ALL_SOUND_OFF = 120;
const ANSWER_WITHIN_MS = 2_000;
const WHEEL_CENTRE = 8192;

/** Make the AudioContext. Call it inside a press or a key, or phones keep it silent. */
export function createContext(): AudioContext {
  if (typeof AudioContext === "undefined") throw new SoundFailed(words().sound.noBrowser);
  // An iPhone's switch for ringing would silence the phrases too.
  const session = (navigator as { audioSession?: { type: string } }).audioSession;
  if (session) session.type = "playback";
  return new AudioContext({ latencyHint: "interactive" });
}

/** Start the synthesiser in a context, with a SoundFont's bytes. Raises SoundFailed. */
export async function createSynth(context: AudioContext, soundFont: ArrayBuffer): Promise<Synth> {
  const output = context.createGain();
  // SoundFonts leave room for sixteen parts; a phrase is louder than that, and a limiter holds its peaks.
  const limiter = new DynamicsCompressorNode(context, { threshold: -6, knee: 6, ratio: 12, attack: 0.003, release: 0.2 });
  output.gain.value = 0;
  output.connect(limiter).connect(context.destination);
  const engine = await startEngine(context, soundFont);
  engine.connect(output);
  return {
    context,
    output,
    leadSeconds: engine.leadSeconds,
    whenBroken: engine.whenBroken,
    async prepare(parts, channels, messages) {
      engine.stopAll();
      parts.forEach((part, index) => {
        for (const bytes of setUp(channels[index] ?? 0, part.program)) engine.send(bytes);
      });
      const strikes = messages.filter(({ kind }) => kind === "on").map(bytesOf);
      await unpacked(engine, strikes);
      // A note's voices are made when it is first struck, which takes long enough to lose a phrase's first note.
      for (const bytes of strikes) engine.send(bytes);
      engine.stopAll();
      await Promise.race([engine.isIdle(), new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS))]);
    },
    send: (message, at) => engine.send(bytesOf(message), at),
    silence(at) {
      for (let channel = 0; channel < CHANNELS; channel++) engine.send([0xb0 | channel, ALL_SOUND_OFF, 0], at);
    },
  };
}

async function unpacked(engine: Engine, strikes: readonly (readonly number[])[]): Promise<void> {
  try {
    await engine.unpack(strikes);
  } catch {
    throw new SoundFailed(words().sound.noConnection);
  }
}

/** What a channel is told before a phrase: how far its wheel reaches, the wheel's middle, its instrument. */
function setUp(channel: number, program: number): readonly (readonly number[])[] {
  const control = 0xb0 | channel;
  return [
    [control, 101, 0],
    [control, 100, 0],
    [control, 6, BEND_RANGE_SEMITONES],
    [control, 38, 0],
    [0xe0 | channel, WHEEL_CENTRE & 0x7f, WHEEL_CENTRE >> 7],
    [0xc0 | channel, program],
  ];
}

async function startEngine(context: AudioContext, soundFont: ArrayBuffer): Promise<Engine> {
  try {
    // Pages that came over plain http have no worklets: a phone beside the host's laptop is such a one.
    if (!("audioWorklet" in context)) {
      const { startOnPage } = await import("./page-engine");
      return await startOnPage(context, soundFont);
    }
    const { startInWorklet } = await import("./worklet-engine");
    return await startInWorklet(context, soundFont);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SoundFailed(words().sound.noSynthesiser(reason));
  }
}
