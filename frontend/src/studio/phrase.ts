/** From the API's phrase to the one that the player plays and the roll draws. */
import { phraseOf, type NoteEvent, type Phrase } from "../player/phrase";
import type { PhraseOut } from "./api";

/** The same phrase; the beat's unit is found from the length of its bars, as the API tells it by that only. */
export function playable(phrase: PhraseOut): Phrase {
  const notes = phrase.notes.map(
    (note): NoteEvent => [note.onset_seconds, note.duration_seconds, note.pitch, note.velocity, note.part],
  );
  return phraseOf(notes, {
    parts: phrase.parts.map((part) => ({ program: part.program, isDrum: part.is_drum })),
    bends: phrase.bends.map((bend) => [bend.part, bend.onset_seconds, bend.cents] as const),
    tempoBpm: phrase.tempo_bpm,
    beatsPerBar: phrase.beats_per_bar,
    beatUnit: beatUnitOf(phrase),
    bars: phrase.bars,
  });
}

function beatUnitOf(phrase: PhraseOut): number {
  const quarters = (phrase.duration_seconds * phrase.tempo_bpm) / 60;
  if (quarters <= 0 || phrase.bars <= 0) return 4;
  const unit = (4 * phrase.bars * phrase.beats_per_bar) / quarters;
  return [2, 4, 8, 16].find((candidate) => Math.abs(candidate - unit) < 0.1 * candidate) ?? 4;
}
