/** The SoundFont's bytes: fetched once for a page, and again only after it went wrong. */
import { words } from "../i18n/language.svelte";
import { SoundFailed } from "./engine";

let address = "";
let bytes: Promise<ArrayBuffer> | null = null;

/** Say where it lies. */
export function findSoundFontAt(url: string): void {
  address = url;
}

/** Its bytes, to be copied by whoever gives them away. `onProgress` is told the part of them that is here, 0 to 1. Raises SoundFailed. */
export function fetchSoundFont(onProgress: (part: number) => void): Promise<ArrayBuffer> {
  bytes ??= fetched(address, onProgress);
  return bytes;
}

/** The next one who asks has it fetched anew. */
export function forgetSoundFont(): void {
  bytes = null;
}

async function fetched(url: string, onProgress: (part: number) => void): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (!response.ok || response.body === null) throw new SoundFailed(words().sound.noFile(response.status));
    const expected = Number(response.headers.get("content-length") ?? 0);
    return await whole(response.body.getReader(), (received) => expected > 0 && onProgress(Math.min(1, received / expected)));
  } catch (error) {
    if (error instanceof SoundFailed) throw error;
    throw new SoundFailed(words().sound.noConnection); // at once, or in the middle of it
  }
}

async function whole(reader: ReadableStreamDefaultReader<Uint8Array>, onReceived: (bytes: number) => void): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    chunks.push(step.value);
    received += step.value.length;
    onReceived(received);
  }
  const all = new Uint8Array(received);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all.buffer;
}
