/**
 * One player for a whole page: at most one phrase sounds at a time. Read `player.state` in components, call the
 * functions on a press. `timeNow` is what is heard at this moment, for the roll's playhead.
 */
import { words } from "../i18n/language.svelte";
import { delaySeconds } from "./delay";
import { SoundFailed } from "./engine";
import { lengthSeconds, type Phrase } from "./phrase";
import { channelsOf, due, messagesOf, resumed, type Message } from "./schedule";
import { fetchSoundFont, findSoundFontAt, forgetSoundFont } from "./soundfont";
import { createContext, createSynth, type Synth } from "./synth";
import { gainOf, keepVolume, storedVolume } from "./volume";

export interface PlayerState {
  /** "locked" until sound was asked for once; "failed" has its reason in `error`. */
  status: "locked" | "loading" | "ready" | "playing" | "paused" | "failed";
  /** Of the instrument sounds, 0 to 1, while loading. */
  progress: number;
  error: string;
  /** Which phrase is playing or paused, by the key given to `play`. */
  key: string | null;
  /** 0 to 1. */
  volume: number;
  /** The device took the sound away (a call, a phone that slept): what played is held, and goes on with a press. */
  isInterrupted: boolean;
}

interface Playback {
  phrase: Phrase;
  readonly length: number;
  messages: readonly Message[];
  next: number;
  /** AudioContext time at which second 0 of the phrase sounds. */
  startedAt: number;
  pausedAt: number | null;
  readonly onend: (() => void) | undefined;
}

const LOOKAHEAD_S = 0.1;
/** A hidden page's timers run once a second. */
const HIDDEN_LOOKAHEAD_S = 1.3;
const TICK_MS = 40;
const FADE_S = 0.012;

export const player = $state<PlayerState>({
  status: "locked",
  progress: 0,
  error: "",
  key: null,
  volume: storedVolume(),
  isInterrupted: false,
});

let context: AudioContext | null = null;
let synth: Synth | null = null;
let loading: Promise<void> | null = null;
let playback: Playback | null = null;
let timer: ReturnType<typeof setInterval> | null = null;
/** Until when messages already sent may still sound after a stop, in AudioContext time. */
let flushedAt = 0;
let scheduledUntil = 0;

/** Say where the SoundFont lies, and begin to fetch it before it is wanted if `isEager`. */
export function configure(url: string, isEager = false): void {
  findSoundFontAt(url);
  if (isEager) fetchSoundFont(showProgress).catch(forgetSoundFont);
}

/** Unlock sound and load the synthesiser. Call it inside a press or a key. Fails into `player.error`. */
export async function unlock(): Promise<void> {
  try {
    context ??= watched(createContext());
    if (context.state !== "running") await resume(context);
    // Some phones never wake a context that slept long: then another one begins, within the same press.
    if (context.state !== "running" && player.isInterrupted) context = anew(context);
    if (context.state !== "running") await resume(context);
    loading ??= load(context);
    await loading;
    if (!isRunning(context)) throw new SoundFailed(words().sound.locked);
    player.isInterrupted = false;
    if (player.status === "failed") player.status = "ready";
  } catch (error) {
    if (!synth) loading = null;
    fail(error);
  }
}

/** Play a phrase from its beginning (or from `from` seconds). Call it inside a press or a key. */
export async function play(key: string, phrase: Phrase, onend?: () => void): Promise<void> {
  stop();
  player.key = key;
  await unlock();
  if (!synth || player.key !== key || failed()) return;
  playback = { phrase, length: lengthSeconds(phrase), messages: [], next: 0, startedAt: 0, pausedAt: 0, onend };
  await begin(synth, playback, 0);
}

/** Hold the phrase where it is. */
export function pause(): void {
  if (!playback || playback.pausedAt !== null) return;
  playback.pausedAt = Math.min(playback.length, Math.max(0, timeNow() ?? 0));
  hush();
  player.status = "paused";
}

/** Go on from where `pause` held it. */
export async function goOn(): Promise<void> {
  const held = playback;
  if (!held || held.pausedAt === null) return;
  await unlock();
  if (!synth || playback !== held || failed()) return;
  await begin(synth, held, held.pausedAt);
}

/** Let the phrase that plays sound otherwise (another instrument, a beat) from where it is. */
export async function change(phrase: Phrase): Promise<void> {
  const changed = playback;
  if (!changed) return;
  changed.phrase = phrase;
  if (changed.pausedAt !== null || !synth) return;
  const from = Math.max(0, timeNow() ?? 0);
  pause();
  await begin(synth, changed, from);
}

/** End what plays, at once. */
export function stop(): void {
  if (playback && playback.pausedAt === null) hush();
  playback = null;
  player.key = null;
  player.isInterrupted = false;
  if (player.status === "playing" || player.status === "paused") player.status = "ready";
}

/** Set the loudness, 0 to 1; kept in this browser. */
export function setVolume(volume: number): void {
  player.volume = Math.min(1, Math.max(0, volume));
  if (synth && player.status === "playing") fadeTo(synth, gainOf(player.volume));
  keepVolume(player.volume);
}

/** Seconds into the phrase that are heard right now (the device's delay taken off), or null when none is. */
export function timeNow(): number | null {
  if (!playback || !context) return null;
  if (playback.pausedAt !== null) return playback.pausedAt;
  return context.currentTime - playback.startedAt - delaySeconds(context);
}

/** The page's AudioContext, running, for other sounds than phrases; null where it stays locked. Call it inside a press. */
export async function soundContext(): Promise<AudioContext | null> {
  try {
    context ??= watched(createContext());
    if (!isRunning(context)) await resume(context);
    return isRunning(context) ? context : null;
  } catch {
    return null;
  }
}

/** The player's output node, to measure or to record; null until sound is unlocked. */
export function outputNode(): AudioNode | null {
  return synth?.output ?? null;
}

function failed(): boolean {
  return player.status === "failed";
}

function fail(error: unknown): void {
  player.status = "failed";
  player.key = null;
  player.error = error instanceof SoundFailed ? error.message : words().sound.unknown(String(error));
}

function isRunning(asked: AudioContext): boolean {
  return asked.state === "running";
}

/** Notice when the device takes the sound away, and hold what plays. */
function watched(fresh: AudioContext): AudioContext {
  fresh.onstatechange = () => {
    if (fresh !== context || isRunning(fresh) || player.status !== "playing") return;
    pause();
    player.isInterrupted = true;
  };
  return fresh;
}

function anew(old: AudioContext): AudioContext {
  old.onstatechange = null;
  void old.close().catch(() => undefined);
  forgetSynth();
  return watched(createContext());
}

/** The next press makes another one. */
function forgetSynth(): void {
  [synth, loading, flushedAt, scheduledUntil] = [null, null, 0, 0];
}

async function resume(paused: AudioContext): Promise<void> {
  // A phone that refuses leaves the promise hanging: it is asked again on the next press.
  await Promise.race([paused.resume(), new Promise((resolve) => setTimeout(resolve, 1_500))]);
}

function showProgress(part: number): void {
  player.progress = part;
}

async function load(into: AudioContext): Promise<void> {
  player.status = "loading";
  try {
    // The synthesiser takes the bytes away to its own thread.
    synth = await createSynth(into, (await fetchSoundFont(showProgress)).slice(0));
    synth.whenBroken(tellBroken);
  } catch (error) {
    forgetSoundFont();
    throw error;
  }
  player.progress = 1;
  player.error = "";
  player.status = "ready";
}

/** The synthesiser ended with an error, which would be heard as silence: it is said. */
function tellBroken(): void {
  stop();
  forgetSynth();
  fail(new SoundFailed(words().sound.broke));
}

async function begin(on: Synth, what: Playback, from: number): Promise<void> {
  fadeTo(on, 0);
  what.messages = resumed(messagesOf(what.phrase), from);
  what.next = 0;
  try {
    await on.prepare(what.phrase.parts, channelsOf(what.phrase), what.messages);
  } catch (error) {
    if (playback === what) playback = null;
    fail(error);
    return;
  }
  if (playback !== what || what.pausedAt === null) return;
  what.pausedAt = null;
  const now = on.context.currentTime;
  const start = Math.max(now + on.leadSeconds, flushedAt);
  what.startedAt = start - from;
  on.output.gain.cancelScheduledValues(now);
  on.output.gain.setValueAtTime(0, now);
  on.output.gain.setValueAtTime(0, start - FADE_S);
  on.output.gain.linearRampToValueAtTime(gainOf(player.volume), start);
  player.status = "playing";
  tick();
  timer ??= setInterval(tick, TICK_MS);
}

function tick(): void {
  if (!playback || !synth || playback.pausedAt !== null) return;
  const elapsed = synth.context.currentTime - playback.startedAt;
  const ahead = synth.leadSeconds + (document.hidden ? HIDDEN_LOOKAHEAD_S : LOOKAHEAD_S);
  const [messages, next] = due(playback.messages, playback.next, elapsed + ahead);
  for (const message of messages) {
    scheduledUntil = playback.startedAt + message.at;
    synth.send(message, scheduledUntil);
  }
  playback.next = next;
  if (elapsed - delaySeconds(synth.context) >= playback.length) finish();
}

function finish(): void {
  const ended = playback;
  clearTimer();
  playback = null;
  player.key = null;
  player.status = "ready";
  ended?.onend?.();
}

/** Fade out now; what was sent ahead runs out unheard, and then every voice is stopped. */
function hush(): void {
  clearTimer();
  if (!synth) return;
  fadeTo(synth, 0);
  synth.silence();
  flushedAt = Math.max(synth.context.currentTime + FADE_S * 2, scheduledUntil + FADE_S);
  synth.silence(flushedAt - FADE_S / 2);
}

function clearTimer(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}

function fadeTo(on: Synth, gain: number): void {
  const now = on.context.currentTime;
  on.output.gain.cancelScheduledValues(now);
  on.output.gain.setValueAtTime(on.output.gain.value, now);
  on.output.gain.linearRampToValueAtTime(gain, now + FADE_S);
}
