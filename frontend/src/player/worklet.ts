/** The synthesiser's own thread. It is told by messages (see worklet-engine.ts) and answers through its port. */
import type { Packed, Unpacked } from "./unpack";
import { decoderIsHere } from "./vorbis";
import { createVoices, type Voices } from "./voices";

export type Order =
  | { readonly kind: "font"; readonly bytes: ArrayBuffer }
  | { readonly kind: "send"; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: "stop" }
  | { readonly kind: "pack"; readonly ticket: number; readonly strikes: readonly (readonly number[])[] }
  | { readonly kind: "take"; readonly ids: readonly number[]; readonly unpacked: readonly Unpacked[] }
  | { readonly kind: "sync"; readonly ticket: number }
  /** Answered once a decoder that was added to this thread can decode. */
  | { readonly kind: "decoder"; readonly ticket: number };

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "packed"; readonly ticket: number; readonly packed: readonly Packed[] }
  | { readonly kind: "synced"; readonly ticket: number };

const PROCESSOR = "antiphon-voices";

class VoicesProcessor extends AudioWorkletProcessor {
  private voices: Voices | null = null;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<Order>) => this.take(event.data);
  }

  override process(_inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (this.voices && left && right) this.voices.render(left, right, currentTime);
    return true;
  }

  private take(order: Order): void {
    if (order.kind === "font") void this.load(order.bytes);
    else if (order.kind === "send") this.voices?.send({ at: order.at, bytes: order.bytes });
    else if (order.kind === "stop") this.voices?.stopAll();
    else if (order.kind === "take") this.voices?.take(order.ids, order.unpacked);
    else if (order.kind === "pack") {
      this.answer({ kind: "packed", ticket: order.ticket, packed: this.voices?.packed(order.strikes) ?? [] });
    }
    else if (order.kind === "decoder") {
      void decoderIsHere.then(() => this.answer({ kind: "synced", ticket: order.ticket }));
    }
    else this.answer({ kind: "synced", ticket: order.ticket });
  }

  private async load(soundFont: ArrayBuffer): Promise<void> {
    try {
      this.voices = await createVoices(sampleRate, soundFont);
      this.answer({ kind: "ready" });
    } catch (error) {
      this.answer({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  private answer(answer: Answer): void {
    this.port.postMessage(answer);
  }
}

registerProcessor(PROCESSOR, VoicesProcessor);
