/** A phrase as the messages a synthesiser needs, each with its time in seconds. Pure. */
import type { Phrase } from "./phrase";

export type Message =
  | { readonly at: number; readonly kind: "on"; readonly channel: number; readonly pitch: number; readonly velocity: number }
  | { readonly at: number; readonly kind: "off"; readonly channel: number; readonly pitch: number }
  | { readonly at: number; readonly kind: "bend"; readonly channel: number; readonly wheel: number };

export const DRUM_CHANNEL = 9;
/** How far the wheel reaches either way; wide enough for every bend that breeding makes. */
export const BEND_RANGE_SEMITONES = 2;
const WHEEL_CENTRE = 8192;
const WHEEL_MOST = 16383;
/** At one moment a note ends before the bend moves, and the bend moves before the next note begins. */
const ORDER = { off: 0, bend: 1, on: 2 } as const;
/** A repeated key must be let go a little before it is struck again. */
const REPEAT_GAP_S = 0.004;

/** Which channel each part plays on: drums on the tenth, the others around it; past fifteen they share. */
export function channelsOf(phrase: Phrase): readonly number[] {
  const melodic = Array.from({ length: 16 }, (_, channel) => channel).filter((channel) => channel !== DRUM_CHANNEL);
  let used = 0;
  return phrase.parts.map((part) => (part.isDrum ? DRUM_CHANNEL : (melodic[used++ % melodic.length] ?? 0)));
}

/** Cents as a pitch wheel position, 0 to 16383, 8192 in the middle. */
export function wheelOf(cents: number): number {
  const position = WHEEL_CENTRE + Math.round((cents / (BEND_RANGE_SEMITONES * 100)) * WHEEL_CENTRE);
  return Math.min(WHEEL_MOST, Math.max(0, position));
}

/** All messages of a phrase in the order they are due. Notes of one key that overlap are cut, not merged. */
export function messagesOf(phrase: Phrase): readonly Message[] {
  const channels = channelsOf(phrase);
  const nextOnset = new Map<string, number>();
  const messages: Message[] = [];
  for (const [onset, duration, pitch, velocity, part] of [...phrase.notes].sort((a, b) => b[0] - a[0])) {
    const channel = channels[part] ?? 0;
    const key = `${channel}:${pitch}`;
    const cut = (nextOnset.get(key) ?? Infinity) - REPEAT_GAP_S;
    nextOnset.set(key, onset);
    messages.push({ at: onset, kind: "on", channel, pitch, velocity });
    messages.push({ at: Math.max(onset + REPEAT_GAP_S, Math.min(onset + duration, cut)), kind: "off", channel, pitch });
  }
  for (const [part, onset, cents] of phrase.bends) {
    messages.push({ at: onset, kind: "bend", channel: channels[part] ?? 0, wheel: wheelOf(cents) });
  }
  return messages.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind]);
}

/** The messages due in [from, to), and where the next ones begin. `start` is where the last call ended. */
export function due(messages: readonly Message[], start: number, to: number): readonly [readonly Message[], number] {
  let end = start;
  while (end < messages.length && (messages[end]?.at ?? Infinity) < to) end++;
  return [messages.slice(start, end), end];
}

/** Where to go on after a pause: what is still to come, and the notes that were sounding, struck again. */
export function resumed(messages: readonly Message[], from: number): readonly Message[] {
  const later = messages.filter((message) => message.at >= from);
  const bends = new Map<number, Message>();
  for (const message of messages) if (message.kind === "bend" && message.at < from) bends.set(message.channel, message);
  return [...[...bends.values()].map((bend) => ({ ...bend, at: from })), ...later];
}

/** A message as MIDI bytes. */
export function bytesOf(message: Message): readonly number[] {
  if (message.kind === "on") return [0x90 | message.channel, message.pitch, message.velocity];
  if (message.kind === "off") return [0x80 | message.channel, message.pitch, 0];
  return [0xe0 | message.channel, message.wheel & 0x7f, message.wheel >> 7];
}
