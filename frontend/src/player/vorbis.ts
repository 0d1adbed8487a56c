/**
 * Stands in for the synthesiser's own Vorbis decoder, so that pages whose browser decodes Vorbis itself do not fetch one.
 * Where it does not, `decoder.ts` is loaded into the same thread, and what is asked here is done there.
 */
export interface Decoded {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

export interface Decoder {
  readonly decode: (data: ArrayBufferLike | Uint8Array) => Decoded;
}

/** Where a decoder that was loaded finds whom to tell. */
export interface Place {
  antiphonTakeDecoder?: (decoder: Decoder) => void;
}

let loaded: Decoder | null = null;

/**
 * Done when the real decoder can decode. That a worklet's module was added does not say so: it may still be compiling its
 * WebAssembly, and a sample that is struck meanwhile stays silent for good.
 */
export const decoderIsHere = new Promise<void>((resolve) => {
  (globalThis as Place).antiphonTakeDecoder = (decoder) => {
    loaded = decoder;
    resolve();
  };
});

export const StbVorbis = {
  ready: Promise.resolve(),
  decode(data: ArrayBufferLike | Uint8Array): Decoded {
    if (!loaded) throw new Error("expected a sample that was unpacked before it is struck");
    return loaded.decode(data);
  },
};
