/** German. */
import type { Catalogue } from "./en";
import { counter, decimals } from "./plural";

const count = counter("de");
const figure = decimals("de");

function likers(parents: number, others: number, isOwn: boolean): string {
  if (others === 0 && !isOwn) return "";
  const them = count(others, isOwn ? { one: "einer weiteren Person", other: "# anderen" } : { one: "einer Person", other: "# Personen" });
  const all = [...(isOwn ? ["dir"] : []), ...(others > 0 ? [them] : [])].join(" und ");
  return `, die ${all} ${parents === 1 ? "gefiel" : "gefielen"}`;
}

export const de: Catalogue = {
  language: "Deutsch",
  close: "Schließen",
  reload: "Neu laden",
  themePaper: "Helle Darstellung",
  themeNight: "Dunkle Darstellung",
  ground: "Darstellung",
  chooseLanguage: "Sprache",
  pianoRoll: (notes, seconds) =>
    `Notenbild: ${count(notes, { one: "# Note", other: "# Noten" })} in ${figure(seconds)} Sekunden.`,
  generation: (ordinal) => `Generation ${ordinal}`,

  ratings: ["nein", "schwach", "geht so", "okay", "gut", "toll"],
  rating: "Bewertung",

  door: {
    lead: "Hör kurze Phrasen und bewerte jede von 0 bis 5. Die hier am besten gefallen, werden die Eltern der nächsten Generation.",
    name: "Dein Name",
    optional: "(darf leer bleiben)",
    nameShown: "Was andere sehen",
    noAccount: "Ohne Konto. Kopfhörer helfen.",
    join: "Mitmachen",
    skip: "Überspringen",
    goOn: "Weiter",
  },

  consent: {
    title: "Vor dem ersten Ton",
    version: (version) => `Fassung ${version}`,
    agree: "Einverstanden, weiter",
    decline: "Nein, danke",
    isDeclined: "In Ordnung",
    toDoor: "Zurück zur Tür",
    declined: "Dann lassen wir es dabei: Nichts wurde gespielt oder bewertet. Komm wieder, wann du magst.",
  },

  headphones: {
    title: "Kopfhörer?",
    lead: "Mit Kopfhörern lassen sich Phrasen leichter beurteilen. Ein kurzer Test hört, ob du welche trägst: sechsmal drei Töne, und du sagst, welcher der leiseste ist.",
    calibrate: "Stell die Lautstärke so ein, dass die Töne gut zu hören sind.",
    begin: "Test beginnen",
    playing: "Hör zu …",
    question: "Welcher Ton war der leiseste?",
    turn: (turn, turns) => `${turn} von ${turns}`,
    tone: (tone) => `Ton ${tone}`,
    again: "Die drei noch einmal hören",
    passed: "Das klingt nach Kopfhörern. Gut.",
    failed: "Das klingt nach Lautsprechern oder nach einem lauten Ort. Mitmachen kannst du trotzdem.",
    retry: "Noch einmal versuchen",
    none: "Ich habe keine Kopfhörer",
  },

  practice: {
    title: (turn, turns) => `Übung ${turn} von ${turns}: Sie zählt nicht`,
    first: "Das ist eine Phrase. Spiel sie ab und bewerte sie.",
    second: "Und noch eine, um ein Gefühl dafür zu bekommen.",
    skip: "Übung überspringen",
  },

  head: {
    ownProgress: (done, size) => `${done} von ${size} beantwortet`,
    here: (number) => `${count(number, { one: "# Person", other: "# Personen" })} hier`,
    showWho: (number) => `${count(number, { one: "# Person", other: "# Personen" })} hier. Zeigen, wer.`,
    others: (number) => count(number, { one: "und eine weitere", other: "und # weitere" }),
    nobodyNamed: "Niemand hat einen Namen angegeben.",
    keys: "Tasten",
    keysHint: "Tasten (?)",
    menu: "Einstellungen",
    progress: (complete, size) =>
      `${complete} von ${count(size, { one: "# Phrase hat", other: "# Phrasen haben" })} genug Bewertungen`,
    certainty: (now, wanted) =>
      `Die Wahl der Eltern liegt vielleicht noch um ${figure(now)} Punkte daneben; bei ${figure(wanted)} schließt die Generation`,
    noGeneration: "Noch keine Generation",
    timeLeft: (clock) => `noch ${clock}`,
    timeUp: "die Zeit ist um",
  },

  keys: {
    space: "Leertaste",
    play: "Abspielen, anhalten",
    to: "bis",
    rate: "Bewerten: nein, schwach, geht so, okay, gut, toll",
    again: "Noch einmal von vorn hören",
    undo: "Zurück zur Phrase davor, um zu ändern oder zurückzunehmen",
    skip: "Diese Phrase überspringen",
    history: "Was du in dieser Generation gegeben hast",
    sound: "Klang: Lautstärke, Beat, Instrument",
    duel: "Im Duell: A hören, B hören; dann 1, wenn A besser ist, 2, wenn B besser ist, 3 für gleich gut",
    keys: "Diese Tasten",
    enter: "Eingabe",
    goOn: "Weiter zur nächsten Generation, wenn eine geschlossen ist",
    letters: { again: "R", undo: "Z", skip: "S", history: "G", sound: "M", playLeft: "A", playRight: "B" },
  },

  listen: {
    phrase: "Phrase",
    roll: (turn, notes) => `Notenbild deiner Phrase ${turn}: ${count(notes, { one: "# Note", other: "# Noten" })}.`,
    fetching: "Die nächste Phrase kommt …",
    revising: "Das hast du schon beantwortet: Wähl neu.",
    question: "Wie gefällt sie dir?",
    listenFirst: (seconds) => `Hör erst zu: noch ${count(seconds, { one: "# Sekunde", other: "# Sekunden" })}.`,
    listenMore: "Hör noch etwas, dann bewerte.",
    playIt: "Spiel sie ab, dann bewerte sie.",
    play: "Hören",
    pause: "Pause",
    again: "Nochmal",
    goOn: "Weiter",
    loading: (percent) => `Klänge laden ${percent} %`,
    volume: "Lautstärke",
  },

  sound: {
    title: "Klang",
    beat: "Beat dazu",
    beats: { none: "Keiner", click: "Klick", drums: "Schlagzeug" },
    instrument: "Instrument",
    written: "Wie geschrieben",
    only: "Nur was du hörst, ändert sich; die Phrase bleibt, wie sie ist.",
    instruments: {
      0: "Flügel",
      4: "E-Piano",
      24: "Konzertgitarre",
      25: "Westerngitarre",
      33: "Bass",
      42: "Cello",
      48: "Streicher",
      73: "Flöte",
      80: "Rechteckwelle",
      81: "Sägezahn",
      89: "Warme Fläche",
    },
    slept: "Dein Gerät hat den Ton unterbrochen. Drück auf Abspielen, dann geht es weiter.",
    noBrowser: "Dieser Browser kann keinen Ton abspielen. Nimm ein aktuelles Firefox, Chrome, Edge oder Safari.",
    noConnection: "Die Instrumente konnten nicht geladen werden: keine Verbindung. Prüf sie und versuch es noch einmal.",
    noFile: (status) => `Die Instrumente konnten nicht geladen werden (Status ${status}). Versuch es noch einmal.`,
    noSynthesiser: (reason) => `Dieser Browser kann keinen Ton abspielen: Der Synthesizer startet nicht (${reason}). Lade die Seite neu.`,
    broke: "Der Ton ist durch einen Fehler ausgefallen. Drück noch einmal auf Abspielen.",
    locked: "Der Browser sperrt den Ton noch. Drück noch einmal auf Abspielen.",
    unknown: (reason) => `Dieser Browser kann keinen Ton abspielen: ${reason}. Lade die Seite neu.`,
  },

  skip: {
    title: "Phrase überspringen",
    button: "Überspringen",
    lead: "Warum? Das sieht nur, wer den Raum eingerichtet hat.",
    reasons: {
      heard_before: "Die kenne ich schon",
      cannot_play: "Es kommt kein Ton",
      unpleasant: "Sie tut in den Ohren weh",
      no_answer: "Das möchte ich nicht sagen",
      other: "Etwas anderes",
    },
  },

  say: {
    button: "Mehr sagen",
    title: "Wie ist sie?",
    tags: (most) => `Wörter, die passen, höchstens ${most}`,
    tagWords: {
      calm: "ruhig",
      lively: "lebhaft",
      dark: "dunkel",
      bright: "hell",
      catchy: "eingängig",
      odd: "seltsam",
      dull: "langweilig",
      broken: "kaputt",
    },
    remark: "In eigenen Worten",
    remarkHint: "Das liest nur, wer den Raum eingerichtet hat.",
    save: "Speichern",
  },

  given: {
    button: "Was du gegeben hast",
    title: "Was du in dieser Generation gegeben hast",
    none: "Noch nichts.",
    phrase: (turn) => `Phrase ${turn}`,
    skipped: "übersprungen",
    duel: { left: "A war besser", right: "B war besser", equal: "gleich gut" },
    kept: "gespeichert",
    sending: "unterwegs",
    waiting: "hier gespeichert, bis die Verbindung wieder da ist",
    open: "Wähl eine, um sie noch einmal zu hören und zu ändern. Das geht, bis die Generation schließt.",
    change: (turn) => `Ändern, was du Phrase ${turn} gegeben hast (Z)`,
    leave: "So lassen",
    takeBack: "Zurücknehmen",
    fetchFailed: "Diese Phrase konnte nicht noch einmal geholt werden.",
  },

  origin: {
    network: (name, pieces) =>
      `Aus dem Netz „${name}“, das von ${count(pieces, { one: "# Stück", other: "# Stücken" })} gelernt hat.`,
    networkOnly: (name) => `Aus dem Netz „${name}“.`,
    chance: "Vom Zufall gemacht, innerhalb der Tonleiter.",
    bred: (parents) => `Gezüchtet aus ${parents}.`,
    bredSomehow: "Gezüchtet aus Phrasen der Generation davor.",
    branch: "Aus einer Phrase einer anderen Population gewachsen.",
    and: (first, last) => `${first} und ${last}`,
    thanks: (names) => `Gelernt hat es von: ${names}`,
  },

  duel: {
    title: "Welche von beiden ist besser?",
    lead: "Beide liegen vorn. Hör jede, dann wähl.",
    sides: { left: "A", right: "B" },
    play: (side) => `${side} hören`,
    pause: (side) => `${side} anhalten`,
    choose: (side) => `${side} ist besser`,
    equal: "Gleich gut",
    hearBoth: "Hör erst beide.",
    hearMore: (side) => `Hör noch etwas von ${side}.`,
    roll: (side, notes) => `Notenbild von ${side}: ${count(notes, { one: "# Note", other: "# Noten" })}.`,
  },

  phrase: {
    play: (name: string) => `${name} abspielen`,
    pause: (name: string) => `${name} anhalten`,
    roll: (name: string) => `Notenbild von ${name}`,
    download: (name: string) => `${name} als MIDI herunterladen`,
    share: (name: string) => `Link zu ${name} teilen`,
    copied: "Der Link ist kopiert.",
    notCopied: "Der Link ließ sich nicht kopieren. Er steht jetzt in der Adresszeile.",
  },

  credit: {
    descend: (number: number, size: number) =>
      number === size
        ? `Alle ${count(size, { one: "# Phrase, die jetzt lebt, stammt", other: "# Phrasen, die jetzt leben, stammen" })} von Phrasen ab, die du mit 3 oder mehr bewertet hast.`
        : `${number} von ${count(size, { one: "# Phrase, die jetzt lebt", other: "# Phrasen, die jetzt leben" })}, ${number === 1 ? "stammt" : "stammen"} von Phrasen ab, die du mit 3 oder mehr bewertet hast.`,
    share: (percent: number) => `Den Stammbaum hinauf kommen ${percent} % dieser Generation von diesen.`,
    gallery: "Die besten in der Galerie",
  },

  born: {
    complete: (ordinal) => `Generation ${ordinal} ist fertig`,
    favourite: (number) => `Am besten gefiel Phrase ${number}.`,
    favouriteRated: (number, rated) => `Am besten gefiel Phrase ${number}: ${rated}.`,
    ratedAbout: (mean, low, high) =>
      low === null || high === null
        ? `bewertet mit etwa ${figure(mean)}`
        : `bewertet mit etwa ${figure(mean)} von 5, wahrscheinlich zwischen ${figure(low)} und ${figure(high)}`,
    roll: (number) => `Notenbild des Favoriten, Phrase ${number}`,
    parentRoll: (number) => `Notenbild eines Elternteils, Phrase ${number}`,
    parent: (ordinal, number) => `Generation ${ordinal}, Phrase ${number}`,
    bred: (ordinal, parents, others, isOwn) =>
      `Generation ${ordinal}: gezüchtet aus ${count(parents, { one: "# Phrase", other: "# Phrasen" })}${likers(parents, others, isOwn)}.`,
    breeding: "Die nächste Generation entsteht …",
    stop: "Anhalten",
    hear: "Hören",
    goOn: "Weiter",
    notReady: "Die nächste Generation ist noch nicht da",
  },

  rest: {
    long: (minutes) => `Du hörst seit ${count(minutes, { one: "# Minute", other: "# Minuten" })} zu. Ohren ermüden: Nach einer kurzen Pause bewertest du besser.`,
    same: "Du hast oft hintereinander dasselbe gegeben. Vielleicht ist es Zeit für eine Pause.",
    hasty: "Du bewertest schneller, als die Phrasen spielen. Vielleicht ist es Zeit für eine Pause.",
    unsure: "Phrasen, die wiederkamen, hast du ganz anders bewertet als beim ersten Mal. Ohren ermüden: Eine kurze Pause hilft vielleicht.",
    later: "Weiter",
  },

  wait: {
    joining: "Du kommst gleich hinein …",
    moment: "Einen Augenblick.",
    noAnswer: "Der Server antwortet noch nicht. Es wird weiter versucht.",
    didNotWork: "Das hat nicht geklappt",
    noEntry: "In diesen Raum kommt man nicht hinein",
    askHost: "Bitte um einen neuen Link oder lade die Seite neu.",
    done: (size) => `Du hast alle ${size} gehört`,
    doneOpen: "Jetzt fehlen noch die anderen.",
    allIn: "Alle Bewertungen sind da. Die nächste Generation ist unterwegs …",
    others: (listeners, missing) =>
      `Es ${count(listeners, { one: "fehlt noch # Person", other: "fehlen noch # Personen" })}: ${count(missing, { one: "# Bewertung steht", other: "# Bewertungen stehen" })} noch aus.`,
    hereWithYou: (names) => `Mit dir hier: ${names}.`,
    share: "Andere dazuholen",
    notCopied: "Der Link steht in der Adresszeile.",
    scan: (code) => `QR-Code dieses Raums, ${code}`,
    scanHint: "Hol jemanden dazu: das hier scannen oder den Code auf der Startseite eintippen.",
    seeding: "Die ersten Phrasen entstehen",
    seedingMore: "Sie erscheinen hier von selbst.",
    breeding: "Die nächste Generation entsteht",
    breedingMore: "Sie erscheint hier von selbst.",
    paused: "Der Raum macht Pause",
    pausedMore: "Er wird wieder geöffnet, und diese Seite geht dann von selbst weiter. Deine Bewertungen bleiben gespeichert.",
    closed: "Der Raum ist geschlossen",
    thanks: "Danke fürs Zuhören.",
    thanksCounted: (ratings) =>
      `Danke fürs Zuhören: ${count(ratings, { one: "Deine eine Bewertung dieser Generation zählt", other: "Deine # Bewertungen dieser Generation zählen" })}.`,
    failed: "Die nächste Generation konnte nicht entstehen",
    failedMore: "Nichts von deinen Bewertungen ist verloren. Wer den Raum eingerichtet hat, sieht, woran es lag, und kann es noch einmal versuchen.",
    lost: "Keine Verbindung. Deine Antworten werden später gesendet.",
    lostWaiting: (answers) =>
      `Keine Verbindung. ${count(answers, { one: "# Antwort wartet hier und wird", other: "# Antworten warten hier und werden" })} später gesendet.`,
    tryNow: "Neu versuchen",
  },

  refused: {
    room_paused: "Der Raum macht Pause; Bewertungen werden angenommen, wenn es weitergeht.",
    room_closed: "Der Raum ist geschlossen und nimmt keine Bewertungen mehr an.",
    not_offered: "Bewerte nur Phrasen, die dir angeboten wurden.",
    generation_closed: "Diese Generation ist geschlossen; die nächste ist unterwegs.",
    consent_outdated: "Der Text an der Tür hat sich geändert. Bitte lies ihn noch einmal.",
    retracted: "Diese Antwort hast du zurückgenommen.",
    nothing_to_retract: "Hier ist nichts zurückzunehmen.",
    already_rated: "Nimm deine Bewertung zurück, bevor du die Phrase überspringst.",
    not_answered: "Diese Phrase hast du noch nicht beantwortet.",
    consent_missing: "Stimm erst dem Text an der Tür zu.",
    unknown_tag: "Die Wörter zur Auswahl haben sich geändert. Lade die Seite neu.",
    too_fast: "Das ging sehr schnell; es wird gleich noch einmal gesendet.",
    unknown_phrase: "Diese Phrase gibt es in diesem Raum nicht.",
    not_joined: "Die Verbindung war neu; deine Antwort wird noch einmal gesendet.",
    not_done: "Das hat gerade nicht geklappt. Es wird gleich noch einmal gesendet.",
    no_room: "Einen Raum mit diesem Code gibt es nicht.",
    no_listener: "Dieser Browser ist hier nicht bekannt. Öffne den Link des Raums und erlaube Cookies.",
    protocol_outdated: "Diese Seite ist älter als der Server. Lade sie neu, dann geht es weiter.",
  },
};
