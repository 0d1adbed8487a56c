/* eslint-disable @typescript-eslint/no-deprecated -- without worklets there is no other way to make samples */
/** The synthesiser on the page's own thread, for pages without worklets: later by a tenth of a second, else the same. */
import type { Engine } from "./engine";
import { unpack } from "./unpack";
import { createVoices } from "./voices";

const BUFFER = 4096;
/** The browser asks for samples this many buffers before they are heard. */
const BUFFERS_AHEAD = 3;

/** Start it with a SoundFont's bytes. */
export async function startOnPage(context: AudioContext, soundFont: ArrayBuffer): Promise<Engine> {
  const voices = await createVoices(context.sampleRate, soundFont);
  const node = createNode(context);
  node.onaudioprocess = (event) => {
    voices.render(event.outputBuffer.getChannelData(0), event.outputBuffer.getChannelData(1), event.playbackTime);
  };
  return {
    leadSeconds: (BUFFERS_AHEAD * BUFFER) / context.sampleRate,
    connect: (output) => void node.connect(output),
    send: (bytes, at = 0) => voices.send({ at, bytes }),
    whenBroken: () => undefined, // the page outlives an error of its own
    stopAll: voices.stopAll,
    async unpack(strikes) {
      const packed = voices.packed(strikes);
      const unpacked = await unpack(packed, () => import("./decoder"));
      voices.take(packed.map(({ id }) => id), unpacked);
    },
    isIdle: () => Promise.resolve(),
  };
}

function createNode(context: AudioContext): ScriptProcessorNode {
  return context.createScriptProcessor(BUFFER, 0, 2);
}
