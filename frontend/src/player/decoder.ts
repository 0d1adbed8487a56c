/** The Vorbis decoder itself (stb_vorbis as WebAssembly), for browsers that can't do what it does. Loaded on demand. */
import { StbVorbis } from "../../node_modules/stb-vorbis/dist/index.js";
import type { Place } from "./vorbis";

await StbVorbis.ready;
(globalThis as Place).antiphonTakeDecoder?.(StbVorbis);
