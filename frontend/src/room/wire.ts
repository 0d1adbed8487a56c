/** A phrase as the server sends it, as the player and the roll take it. */
import type { Phrase as WirePhrase } from "../protocol/protocol.gen";
import type { Phrase } from "../player/phrase";

/** The same phrase. Its beat unit follows from how long its bars last. */
export function phraseFromWire(wire: WirePhrase): Phrase {
  const beats = wire.bars * wire.beats_per_bar;
  const quarters = (wire.duration_seconds * wire.tempo_bpm) / 60;
  const exact = beats > 0 && quarters > 0 ? (4 * beats) / quarters : 4;
  return {
    notes: wire.notes.map((note) => [note.onset_seconds, note.duration_seconds, note.pitch, note.velocity, note.part]),
    parts: wire.parts.map((part) => ({ program: part.program, isDrum: part.is_drum })),
    bends: wire.bends.map((bend) => [bend.part, bend.onset_seconds, bend.cents]),
    tempoBpm: wire.tempo_bpm,
    beatsPerBar: wire.beats_per_bar,
    beatUnit: 2 ** Math.round(Math.log2(exact)),
    bars: wire.bars,
  };
}
