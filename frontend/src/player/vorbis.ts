/**
 * Stands in for the synthesiser's own Vorbis decoder, so that pages whose browser decodes Vorbis itself do not fetch one.
 * Where it does not, `decoder.ts` is loaded into the same thread, and what is asked here is done there.
 */
export interface Decoded {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

/** Where the real decoder is put once it is loaded. */
export interface Place {
  antiphonVorbis?: { readonly decode: (data: ArrayBufferLike | Uint8Array) => Decoded };
}

const place = globalThis as Place;

export const StbVorbis = {
  ready: Promise.resolve(),
  decode(data: ArrayBufferLike | Uint8Array): Decoded {
    if (!place.antiphonVorbis) throw new Error("expected a sample that was unpacked before it is struck");
    return place.antiphonVorbis.decode(data);
  },
};
