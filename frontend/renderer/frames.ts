/**
 * What goes through the pipes. A frame is the length of its head in four bytes (little endian), the head as JSON, and as
 * many bytes of payload as the head says.
 */

export interface Frame {
  readonly head: unknown;
  readonly payload: Buffer;
}

const HEAD_MAX_BYTES = 65_536;

/** The frames in a stream of bytes, until it ends, be it within a frame. Throws for what is none. */
export async function* framesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const source = new Source(stream);
  for (;;) {
    const length = await source.take(4);
    if (length === null) return;
    const headBytes = length.readUInt32LE(0);
    if (headBytes > HEAD_MAX_BYTES) throw new Error(`expected a head of at most ${HEAD_MAX_BYTES} bytes, got ${headBytes}`);
    const text = await source.take(headBytes);
    if (text === null) return;
    const head: unknown = JSON.parse(text.toString());
    const payload = await source.take(payloadBytes(head));
    if (payload === null) return;
    yield { head, payload };
  }
}

/** A frame as bytes; `payload` is not copied. */
export function frameOf(head: object, payload: Uint8Array = new Uint8Array(0)): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ ...head, bytes: payload.byteLength }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [length, text, payload];
}

function payloadBytes(head: unknown): number {
  return typeof head === "object" && head !== null && "bytes" in head && typeof head.bytes === "number" ? head.bytes : 0;
}

/** A stream read in pieces of a wanted length. */
class Source {
  private readonly chunks: AsyncIterator<Buffer>;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, or null where the stream ends before. */
  async take(count: number): Promise<Buffer | null> {
    while (this.waitingBytes < count) {
      const next = await this.chunks.next();
      if (next.done === true) return null;
      this.waiting.push(next.value);
      this.waitingBytes += next.value.length;
    }
    const whole = Buffer.concat(this.waiting);
    this.waiting = [whole.subarray(count)];
    this.waitingBytes = whole.length - count;
    return whole.subarray(0, count);
  }
}
