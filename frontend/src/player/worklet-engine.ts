/** The synthesiser in an audio worklet: its own thread, exact to 3 ms. Browsers have it on https and localhost. */
import { WorkletSynthesizer } from "spessasynth_lib";
import workletUrl from "spessasynth_lib/dist/spessasynth_processor.min.js?url";
import type { Engine } from "./engine";

const READY_WITHIN_MS = 20_000;

/** Start it with a SoundFont's bytes, which go over to its thread. */
export async function startInWorklet(context: AudioContext, soundFont: ArrayBuffer): Promise<Engine> {
  await context.audioWorklet.addModule(workletUrl);
  const synth = new WorkletSynthesizer(context, { eventsEnabled: true });
  // A SoundFont that it cannot read, or a policy that forbids its decoder, would otherwise be waited for forever.
  const refused = new Promise<never>((_, reject) => {
    synth.eventHandler.addEvent("soundBankError", "antiphon", (error) => reject(error));
    setTimeout(() => reject(new Error("it did not answer in time")), READY_WITHIN_MS);
  });
  refused.catch(() => undefined);
  const loaded = synth.isReady.then(() => synth.soundBankManager.addSoundBank(soundFont, "antiphon"));
  await Promise.race([loaded, refused]);
  return {
    leadSeconds: 0.05,
    connect: (output) => void synth.connect(output),
    send: (bytes, at = 0) => synth.sendMessage(bytes, 0, { time: at }),
    stopAll: () => synth.stopAll(true),
    isIdle: () => synth.getSnapshot(),
  };
}
