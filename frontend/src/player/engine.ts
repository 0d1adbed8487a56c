/** What makes the sound, wherever it runs: it takes MIDI bytes, each now or at an AudioContext time. */
export interface Engine {
  /** How long before a time its bytes must have been sent. */
  readonly leadSeconds: number;
  readonly connect: (output: AudioNode) => void;
  readonly send: (bytes: readonly number[], at?: number) => void;
  readonly stopAll: () => void;
  /** Whom to tell when it ended with an error and will never sound again. */
  readonly whenBroken: (tell: () => void) => void;
  /** Have the samples ready that these notes strike. Rejects where that can't be done. */
  readonly unpack: (strikes: readonly (readonly number[])[]) => Promise<void>;
  /** Done when everything sent so far has been taken in. */
  readonly isIdle: () => Promise<unknown>;
}

/** The sound cannot be made; the message says why and what to do. */
export class SoundFailed extends Error {
  override readonly name = "SoundFailed";
}
