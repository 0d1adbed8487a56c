/**
 * Unpacking a SoundFont's Vorbis samples with the browser's own decoder. Not every browser has one (Safari before 18.4), and
 * some drop the end of very short samples, which a loop would be heard to miss: what is not exact is left to ours.
 */

/** A sample as it lies in the SoundFont: an Ogg Vorbis stream. */
export interface Packed {
  readonly id: number;
  /** Frames a second. */
  readonly rate: number;
  readonly bytes: Uint8Array;
}

export interface Unpacked {
  readonly id: number;
  /** Mono, -1 to 1. */
  readonly pcm: Float32Array;
}

/** Decode one stream at its own rate. Rejects where the browser can't. */
export type Decode = (bytes: Uint8Array, rate: number) => Promise<Float32Array>;

const CAPTURE = [0x4f, 0x67, 0x67, 0x53]; // "OggS"
const GRANULE_AT = 6;

/** How many frames an Ogg Vorbis stream has: the granule position of its last page (RFC 3533, 6); 0 where it has none. */
export function framesIn(ogg: Uint8Array): number {
  for (let start = ogg.length - GRANULE_AT - 8; start >= 0; start--) {
    if (CAPTURE.every((byte, place) => ogg[start + place] === byte)) {
      return new DataView(ogg.buffer, ogg.byteOffset + start + GRANULE_AT, 8).getUint32(0, true);
    }
  }
  return 0;
}

/** The samples that came out whole. The others are there once `loadDecoder` has done its work, which is then awaited. */
export async function unpack(
  packed: readonly Packed[],
  loadDecoder: () => Promise<unknown>,
  decode: Decode = decodeNatively,
): Promise<readonly Unpacked[]> {
  const tried = await Promise.all(packed.map((one) => exactly(one, decode)));
  const whole = tried.filter((one) => one !== null);
  if (whole.length < packed.length) await loadDecoder();
  return whole;
}

async function exactly(packed: Packed, decode: Decode): Promise<Unpacked | null> {
  try {
    const pcm = await decode(packed.bytes, packed.rate);
    return pcm.length === framesIn(packed.bytes) ? { id: packed.id, pcm } : null;
  } catch {
    return null;
  }
}

async function decodeNatively(bytes: Uint8Array, rate: number): Promise<Float32Array> {
  // A context of the sample's own rate, so that nothing is resampled; and a copy, because the buffer is taken over.
  const context = new OfflineAudioContext(1, 1, rate);
  return (await context.decodeAudioData(new Uint8Array(bytes).buffer)).getChannelData(0);
}
