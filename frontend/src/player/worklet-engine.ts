/** The synthesiser in an audio worklet: its own thread, exact to the sample. Browsers have it on https and localhost. */
import type { Engine } from "./engine";
import decoderUrl from "./decoder?worker&url";
import { unpack, type Packed } from "./unpack";
import workletUrl from "./worklet?worker&url";
import type { Answer, Order } from "./worklet";

const PROCESSOR = "antiphon-voices";
const READY_WITHIN_MS = 20_000;

/** Start it with a SoundFont's bytes, which go over to its thread. */
export async function startInWorklet(context: AudioContext, soundFont: ArrayBuffer): Promise<Engine> {
  await context.audioWorklet.addModule(workletUrl);
  const node = new AudioWorkletNode(context, PROCESSOR, { numberOfInputs: 0, outputChannelCount: [2] });
  const order = (what: Order, moved: Transferable[] = []): void => node.port.postMessage(what, moved);
  const waiting = new Map<number, (packed: readonly Packed[]) => void>();
  let ticket = 0;
  const isReady = new Promise<void>((resolve, reject) => {
    node.port.onmessage = (event: MessageEvent<Answer>) => {
      const answer = event.data;
      if (answer.kind === "ready") resolve();
      else if (answer.kind === "failed") reject(new Error(answer.reason));
      else {
        waiting.get(answer.ticket)?.(answer.kind === "packed" ? answer.packed : []);
        waiting.delete(answer.ticket);
      }
    };
  });
  /** Say something that is answered under a ticket. */
  const ask = (what: (ticket: number) => Order): Promise<readonly Packed[]> =>
    new Promise((resolve) => {
      waiting.set(++ticket, resolve);
      order(what(ticket));
    });
  order({ kind: "font", bytes: soundFont }, [soundFont]);
  // A policy that forbids a module would otherwise be waited for forever.
  await inTime(isReady);
  return {
    leadSeconds: 0.05,
    connect: (output) => void node.connect(output),
    send: (bytes, at = 0) => order({ kind: "send", at, bytes }),
    whenBroken: (tell) => void (node.onprocessorerror = tell),
    stopAll: () => order({ kind: "stop" }),
    async unpack(strikes) {
      const packed = await ask((ticket) => ({ kind: "pack", ticket, strikes }));
      const unpacked = await unpack(packed, async () => {
        await context.audioWorklet.addModule(decoderUrl);
        await inTime(ask((ticket) => ({ kind: "decoder", ticket })));
      });
      const ids = packed.map(({ id }) => id);
      if (ids.length > 0) order({ kind: "take", ids, unpacked }, unpacked.map(({ pcm }) => pcm.buffer as ArrayBuffer));
    },
    isIdle: () => ask((ticket) => ({ kind: "sync", ticket })),
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it did not answer in time")), READY_WITHIN_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
