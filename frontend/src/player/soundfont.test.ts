import { beforeEach, afterEach, expect, test, vi } from "vitest";
import { chooseLanguage, words } from "../i18n/language.svelte";
import { fetchSoundFont, findSoundFontAt, forgetSoundFont } from "./soundfont";

/** A file in two pieces of two bytes; it breaks off after the first where `isBroken`. */
function answer(isBroken = false): Response {
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isBroken && pieces === 1) controller.error(new TypeError("network error"));
      else if (pieces === 2) controller.close();
      else controller.enqueue(Uint8Array.of(pieces * 2, pieces * 2 + 1));
      pieces += 1;
    },
  });
  return new Response(body, { headers: { "content-length": "4" } });
}

const fetching = vi.fn<() => Promise<Response>>();

beforeEach(() => {
  chooseLanguage("en");
  forgetSoundFont();
  findSoundFontAt("/font.sf3");
  fetching.mockReset();
  vi.stubGlobal("fetch", fetching);
});
afterEach(() => vi.unstubAllGlobals());

test("its bytes are whole, told of as they come, and fetched once", async () => {
  fetching.mockImplementation(() => Promise.resolve(answer()));
  const parts: number[] = [];
  expect([...new Uint8Array(await fetchSoundFont((part) => parts.push(part)))]).toEqual([0, 1, 2, 3]);
  await fetchSoundFont(() => undefined);
  expect([parts, fetching.mock.calls]).toEqual([[0.5, 1], [["/font.sf3"]]]);
});

test("a connection that fails, at once or in the middle, is said to be the connection, and it can be fetched anew", async () => {
  fetching.mockImplementationOnce(() => Promise.reject(new TypeError("no network")));
  await expect(fetchSoundFont(() => undefined)).rejects.toThrow(words().sound.noConnection);
  forgetSoundFont();
  fetching.mockImplementationOnce(() => Promise.resolve(answer(true)));
  await expect(fetchSoundFont(() => undefined)).rejects.toThrow(words().sound.noConnection);
  forgetSoundFont();
  fetching.mockImplementationOnce(() => Promise.resolve(answer()));
  expect((await fetchSoundFont(() => undefined)).byteLength).toBe(4);
});

test("a file that is not there is said with its status", async () => {
  fetching.mockImplementation(() => Promise.resolve(new Response("", { status: 404 })));
  await expect(fetchSoundFont(() => undefined)).rejects.toThrow(words().sound.noFile(404));
});
