/* eslint-disable @typescript-eslint/no-deprecated -- without worklets there is no other way to make samples */
/** The synthesiser on the page's own thread, for pages without worklets: later by a tenth of a second, else the same. */
import { SoundBankLoader, SpessaSynthProcessor } from "spessasynth_core";
import type { Engine } from "./engine";

interface Timed {
  readonly at: number;
  readonly bytes: readonly number[];
}

const BLOCK = 128;
const BUFFER = 4096;
/** The browser asks for samples this many buffers before they are heard. */
const BUFFERS_AHEAD = 3;

/** Start it with a SoundFont's bytes. */
export async function startOnPage(context: AudioContext, soundFont: ArrayBuffer): Promise<Engine> {
  const synth = new SpessaSynthProcessor(context.sampleRate, { eventsEnabled: false });
  await synth.processorInitialized;
  synth.soundBankManager.addSoundBank(SoundBankLoader.fromArrayBuffer(soundFont), "antiphon");
  const node = createNode(context);
  let queue: Timed[] = [];

  node.onaudioprocess = (event) => {
    const [left, right] = [event.outputBuffer.getChannelData(0), event.outputBuffer.getChannelData(1)];
    for (let start = 0; start < left.length; start += BLOCK) {
      const now = event.playbackTime + start / context.sampleRate;
      const due = queue.filter((timed) => timed.at <= now);
      if (due.length > 0) queue = queue.filter((timed) => timed.at > now);
      for (const timed of due) synth.processMessage([...timed.bytes]);
      synth.process(left, right, start, BLOCK);
    }
  };
  return {
    leadSeconds: (BUFFERS_AHEAD * BUFFER) / context.sampleRate,
    connect: (output) => void node.connect(output),
    send(bytes, at) {
      if (at === undefined) synth.processMessage([...bytes]);
      else queue = [...queue, { at, bytes }].sort((a, b) => a.at - b.at);
    },
    stopAll: () => synth.stopAllChannels(true),
    isIdle: () => Promise.resolve(),
  };
}

function createNode(context: AudioContext): ScriptProcessorNode {
  return context.createScriptProcessor(BUFFER, 0, 2);
}
