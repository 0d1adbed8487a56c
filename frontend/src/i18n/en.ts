/** English. This catalogue is the measure: the others have exactly its entries, or the type checker says so. */
import { counter, decimals } from "./plural";

const count = counter("en");
const figure = decimals("en");

/** Who liked what a generation was bred from; nothing where nobody did, or it is not known. */
function likers(others: number, isOwn: boolean): string {
  if (others === 0) return isOwn ? " that you liked" : "";
  const them = count(others, isOwn ? { one: "# other", other: "# others" } : { one: "# listener", other: "# listeners" });
  return ` that ${isOwn ? "you and " : ""}${them} liked`;
}

export const en = {
  language: "English",
  close: "Close",
  reload: "Reload",
  themePaper: "Paper theme",
  themeNight: "Night theme",
  ground: "Theme",
  chooseLanguage: "Language",
  pianoRoll: (notes: number, seconds: number) =>
    `Piano roll: ${count(notes, { one: "# note", other: "# notes" })} in ${figure(seconds)} seconds.`,
  generation: (ordinal: number) => `Generation ${ordinal}`,

  /** The six ratings, 0 to 5, the same in every place. */
  ratings: ["no", "weak", "so-so", "fine", "good", "love"],
  rating: "Rating",

  door: {
    lead: "Hear short phrases and rate each from 0 to 5. The ones this room likes best become the parents of the next generation.",
    name: "Your name",
    optional: "(you may leave it empty)",
    nameShown: "What others see",
    noAccount: "No account needed. Headphones help.",
    join: "Join",
    skip: "Skip this",
    goOn: "Go on",
  },

  consent: {
    title: "Before the first sound",
    version: (version: string) => `Version ${version}`,
    agree: "I agree, go on",
    decline: "No, thank you",
    isDeclined: "That is fine",
    toDoor: "Back to the door",
    declined: "You can leave it at that: nothing was played or rated. Come back whenever you like.",
  },

  headphones: {
    title: "Headphones?",
    lead: "Phrases are easier to judge with headphones. A short test hears whether you wear them: six times three tones, say which one is the quietest.",
    calibrate: "Set your volume so that the tones are easy to hear.",
    begin: "Start the test",
    playing: "Listen…",
    question: "Which tone was the quietest?",
    turn: (turn: number, turns: number) => `${turn} of ${turns}`,
    tone: (tone: number) => `Tone ${tone}`,
    again: "Hear the three again",
    passed: "That sounds like headphones. Good.",
    failed: "That sounds like loudspeakers, or a noisy place. You can take part all the same.",
    retry: "Try once more",
    none: "I have no headphones",
  },

  practice: {
    title: (turn: number, turns: number) => `Practice ${turn} of ${turns}: it does not count`,
    first: "This is a phrase. Play it, then rate it.",
    second: "And another one, to get the feel of it.",
    skip: "Skip practice",
  },

  head: {
    ownProgress: (done: number, size: number) => `${done} of ${size} answered`,
    here: (number: number) => `${count(number, { one: "# listener", other: "# listeners" })} here`,
    showWho: (number: number) => `${count(number, { one: "# listener", other: "# listeners" })} here. Show who.`,
    others: (number: number) => count(number, { one: "and # other", other: "and # others" }),
    nobodyNamed: "Nobody has given a name.",
    keys: "Keys",
    keysHint: "Keys (?)",
    menu: "Settings",
    progress: (complete: number, size: number) =>
      `${complete} of ${count(size, { one: "# phrase has", other: "# phrases have" })} enough ratings`,
    certainty: (now: number, wanted: number) =>
      `The choice of parents may be off by ${figure(now)} points; at ${figure(wanted)} the generation closes`,
    noGeneration: "No generation yet",
    timeLeft: (clock: string) => `${clock} left`,
    timeUp: "time is up",
  },

  keys: {
    space: "Space",
    play: "Play, pause",
    to: "to",
    rate: "Rate: no, weak, so-so, fine, good, love",
    again: "Hear it again from the beginning",
    undo: "Back to the phrase before, to change or take back what you gave",
    skip: "Skip this phrase",
    history: "What you gave in this generation",
    sound: "Sound: volume, beat, instrument",
    duel: "In a duel: play A, play B; then 1 if A is better, 2 if B is, 3 for equally good",
    keys: "These keys",
    enter: "Enter",
    goOn: "On to the next generation, once one has closed",
    letters: { again: "R", undo: "Z", skip: "S", history: "G", sound: "M", playLeft: "A", playRight: "B" },
  },

  listen: {
    phrase: "Phrase",
    roll: (turn: number, notes: number) => `Piano roll of your phrase ${turn}: ${count(notes, { one: "# note", other: "# notes" })}.`,
    fetching: "Fetching the next phrase…",
    revising: "You answered this before: choose anew.",
    question: "How do you like it?",
    listenFirst: (seconds: number) => `Listen first: ${count(seconds, { one: "# second", other: "# seconds" })} more.`,
    listenMore: "Listen a little more, then rate.",
    playIt: "Play it, then rate it.",
    play: "Play",
    pause: "Pause",
    again: "Again",
    goOn: "Go on",
    loading: (percent: number) => `Loading sounds ${percent}%`,
    volume: "Volume",
  },

  sound: {
    title: "Sound",
    beat: "Beat under it",
    beats: { none: "None", click: "Click", drums: "Drums" },
    instrument: "Instrument",
    written: "As it was written",
    only: "Only what you hear changes; the phrase stays as it is.",
    instruments: {
      0: "Grand piano",
      4: "Electric piano",
      24: "Nylon guitar",
      25: "Steel guitar",
      33: "Bass",
      42: "Cello",
      48: "Strings",
      73: "Flute",
      80: "Square wave",
      81: "Saw wave",
      89: "Warm pad",
    },
    slept: "The sound was interrupted by your device. Press play to go on.",
    noBrowser: "This browser can't play sound. Try a current Firefox, Chrome, Edge or Safari.",
    noConnection: "The instrument sounds could not be fetched: the connection failed. Check it and try again.",
    noFile: (status: number) => `The instrument sounds could not be fetched (status ${status}). Try again.`,
    noSynthesiser: (reason: string) => `This browser can't play sound: the synthesiser did not start (${reason}). Reload the page.`,
    broke: "The sound stopped because of an error. Press play again.",
    locked: "Sound is still locked by this browser. Press play again.",
    unknown: (reason: string) => `This browser can't play sound: ${reason}. Reload the page.`,
  },

  skip: {
    title: "Skip this phrase",
    button: "Skip",
    lead: "Why? It helps the host; nobody else sees it.",
    reasons: {
      heard_before: "I know it already",
      cannot_play: "It does not play",
      unpleasant: "It hurts to listen to",
      no_answer: "I'd rather not say",
      other: "Another reason",
    },
  },

  say: {
    button: "Say more",
    title: "What is it like?",
    tags: (most: number) => `Words that fit, ${most} at most`,
    tagWords: {
      calm: "calm",
      lively: "lively",
      dark: "dark",
      bright: "bright",
      catchy: "catchy",
      odd: "odd",
      dull: "dull",
      broken: "broken",
    },
    remark: "In your own words",
    remarkHint: "Only the host reads it.",
    save: "Keep it",
  },

  given: {
    button: "What you gave",
    title: "What you gave in this generation",
    none: "Nothing yet.",
    phrase: (turn: number) => `Phrase ${turn}`,
    skipped: "skipped",
    duel: { left: "A was better", right: "B was better", equal: "equally good" },
    kept: "kept",
    sending: "sending",
    waiting: "kept here until the connection is back",
    open: "Choose one to hear it again and change it. You can until the generation closes.",
    change: (turn: number) => `Change what you gave for phrase ${turn} (Z)`,
    leave: "Leave it as it is",
    takeBack: "Take it back",
    fetchFailed: "This phrase could not be fetched again.",
  },

  origin: {
    network: (name: string, pieces: number) =>
      `From the network “${name}”, which learned from ${count(pieces, { one: "# piece", other: "# pieces" })}.`,
    networkOnly: (name: string) => `From the network “${name}”.`,
    chance: "Made by chance, within the scale.",
    bred: (parents: string) => `Bred from ${parents}.`,
    bredSomehow: "Bred from phrases of the generation before.",
    branch: "Grown from a phrase of another population.",
    and: (first: string, last: string) => `${first} and ${last}`,
    thanks: (names: string) => `Music it learned from: ${names}`,
  },

  duel: {
    title: "Which of the two is better?",
    lead: "Both are near the top. Hear each, then choose.",
    sides: { left: "A", right: "B" },
    play: (side: string) => `Play ${side}`,
    pause: (side: string) => `Pause ${side}`,
    choose: (side: string) => `${side} is better`,
    equal: "Equally good",
    hearBoth: "Hear both first.",
    hearMore: (side: string) => `Hear a little more of ${side}.`,
    roll: (side: string, notes: number) => `Piano roll of ${side}: ${count(notes, { one: "# note", other: "# notes" })}.`,
  },

  /** The small component that a phrase is in wherever one stands in a list. */
  phrase: {
    play: (name: string) => `Play ${name}`,
    pause: (name: string) => `Pause ${name}`,
    roll: (name: string) => `Piano roll of ${name}`,
    download: (name: string) => `Download ${name} as MIDI`,
    share: (name: string) => `Share a link to ${name}`,
    copied: "The link is copied.",
    notCopied: "The link could not be copied. It is in the address bar now.",
  },

  /** Which living phrases descend from what this listener liked: rated 3 or more. */
  credit: {
    descend: (number: number, size: number) =>
      number === size
        ? `All ${count(size, { one: "# phrase", other: "# phrases" })} that live now descend from phrases that you rated 3 or more.`
        : `${number} of the ${count(size, { one: "# phrase", other: "# phrases" })} that live now ${number === 1 ? "descends" : "descend"} from phrases that you rated 3 or more.`,
    share: (percent: number) => `Up the family tree, ${percent}% of this generation comes from those.`,
    gallery: "See the best in the gallery",
  },

  born: {
    complete: (ordinal: number) => `Generation ${ordinal} is complete`,
    favourite: (number: number) => `Its favourite is phrase ${number}.`,
    favouriteRated: (number: number, rated: string) => `Its favourite, phrase ${number}: ${rated}.`,
    ratedAbout: (mean: number, low: number | null, high: number | null) =>
      low === null || high === null
        ? `rated about ${figure(mean)}`
        : `rated about ${figure(mean)} of 5, likely between ${figure(low)} and ${figure(high)}`,
    roll: (number: number) => `Piano roll of the favourite, phrase ${number}`,
    parentRoll: (number: number) => `Piano roll of its parent, phrase ${number}`,
    parent: (ordinal: number, number: number) => `Generation ${ordinal}, phrase ${number}`,
    bred: (ordinal: number, parents: number, others: number, isOwn: boolean) =>
      `Generation ${ordinal}: bred from ${count(parents, { one: "# phrase", other: "# phrases" })}${likers(others, isOwn)}.`,
    breeding: "The next generation is being bred…",
    stop: "Stop",
    hear: "Hear it",
    goOn: "Go on",
    notReady: "The next generation is not ready yet",
  },

  rest: {
    long: (minutes: number) => `You have listened for ${count(minutes, { one: "# minute", other: "# minutes" })}. Ears tire: a short break makes your ratings better.`,
    same: "You gave the same rating many times in a row. Perhaps it is time for a break.",
    hasty: "You have been rating faster than the phrases play. Perhaps it is time for a break.",
    unsure: "Phrases that came again pleased you quite differently than the first time. Ears tire: a short break may help.",
    later: "Go on",
  },

  wait: {
    joining: "Joining…",
    moment: "One moment.",
    noAnswer: "The server does not answer yet. Trying again.",
    didNotWork: "That did not work",
    noEntry: "This room can't be entered",
    askHost: "Ask the host for a new link, or reload the page.",
    done: (size: number) => `You have heard all ${size}`,
    doneOpen: "Waiting for the others.",
    allIn: "All ratings are in. The next generation is on its way…",
    others: (listeners: number, missing: number) =>
      `Waiting for ${count(listeners, { one: "# more listener", other: "# more listeners" })}: ${count(missing, { one: "# rating is", other: "# ratings are" })} still missing.`,
    hereWithYou: (names: string) => `Here with you: ${names}.`,
    share: "Ask a friend in",
    notCopied: "The link is in the address bar.",
    scan: (code: string) => `QR code of this room, ${code}`,
    scanHint: "Bring a friend in: scan this, or type the code on the start page.",
    seeding: "The first phrases are being made",
    seedingMore: "They appear here by themselves.",
    breeding: "The next generation is being bred",
    breedingMore: "It appears here by itself.",
    paused: "The room is paused",
    pausedMore: "The host will open it again; this page goes on by itself then. Your ratings are kept.",
    closed: "The room is closed",
    thanks: "Thank you for listening.",
    thanksCounted: (ratings: number) =>
      `Thank you for listening: your ${count(ratings, { one: "# rating", other: "# ratings" })} of this generation count.`,
    failed: "The next generation could not be bred",
    failedMore: "Nothing you rated is lost. The host sees what went wrong and can try again.",
    lost: "No connection. What you give is kept here and sent later.",
    lostWaiting: (answers: number) =>
      `No connection. ${count(answers, { one: "# answer waits", other: "# answers wait" })} here to be sent.`,
    tryNow: "Try now",
  },

  /** What the server refuses, by its code. */
  refused: {
    room_paused: "The room is paused; ratings are taken again when it goes on.",
    room_closed: "The room is closed; it takes no more ratings.",
    not_offered: "Rate only phrases that were offered to you.",
    generation_closed: "This generation has closed; the next one is on its way.",
    consent_outdated: "The text at the door has changed. Please read it again.",
    retracted: "You took this answer back.",
    nothing_to_retract: "There is nothing to take back.",
    already_rated: "Take your rating back before you skip this phrase.",
    not_answered: "You have not answered this phrase yet.",
    consent_missing: "Agree to the text at the door first.",
    unknown_tag: "The host has changed the words to choose from. Reload the page.",
    too_fast: "That was very fast; it is sent again in a moment.",
    unknown_phrase: "There is no such phrase in this room.",
    not_joined: "The connection was renewed; your answer is sent again.",
    not_done: "That did not work just now. It is sent again in a moment.",
    no_room: "There is no room with this code.",
    no_listener: "This browser is not known here. Open the room's link, with cookies allowed.",
    protocol_outdated: "This page is older than the server. Reload it to go on.",
  },
};

/** What every catalogue has. */
export type Catalogue = typeof en;
