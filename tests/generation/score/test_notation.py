from music21 import chord, converter, stream

from generation.codecs.classic_strings import normal_order
from generation.score.notation import chord_normal_order, find_key, to_musicxml
from generation.score.notes import KeySignature, Meter, Part, Score, Tempo, sort_notes
from tests.generation.score.strategies import plain_score

WALTZ = Score(
    sort_notes(
        [
            (0.0, 3.0, 48, 80, 0),
            (1.0, 1.0, 64, 70, 0),
            (1.0, 1.0, 67, 70, 0),
            (3.0, 4.0, 53, 80, 0),
            (0.0, 6.0, 84, 60, 1),
        ]
    ),
    parts=(Part("piano", 0), Part("flute", 73)),
    tempos=(Tempo(0.0, 150.0),),
    meters=(Meter(0.0, 3, 4),),
    keys=(KeySignature(0.0, -1),),
)


def test_music21_opens_the_musicxml_with_the_same_pitches() -> None:
    opened = converter.parse(to_musicxml(WALTZ), format="musicxml")
    right, left, flute = opened.parts
    sounds = [*right.recurse().notes, *left.recurse().notes]
    attacks = [sound for sound in sounds if sound.tie is None or sound.tie.type == "start"]
    pitches = sorted(pitch.midi for sound in attacks for pitch in sound.pitches)
    assert pitches == [48, 53, 64, 67]
    assert {pitch.midi for sound in flute.recurse().notes for pitch in sound.pitches} == {84}
    assert any(isinstance(sound, chord.Chord) for sound in right.recurse().notes)


def test_the_musicxml_keeps_meter_key_and_tempo() -> None:
    opened = converter.parse(to_musicxml(WALTZ), format="musicxml")
    first = opened.parts[0].getElementsByClass(stream.Measure)[0]
    assert first.timeSignature.ratioString == "3/4"
    assert first.keySignature.sharps == -1
    assert opened.flatten().metronomeMarkBoundaries()[0][2].number == 150


def test_keys_are_found_by_music21() -> None:
    assert find_key(plain_score([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60])) == "C major"
    assert find_key(plain_score([58, 62, 65, 70, 72, 74, 75, 77, 70])) == "Bb major"


def test_drums_have_no_key() -> None:
    assert find_key(Score(plain_score([36, 38]).notes, parts=(Part(is_drum=True),))) is None


def test_both_ways_to_a_normal_order_agree() -> None:
    for classes in range(1, 4096, 37):
        pitches = [60 + step for step in range(12) if classes >> step & 1]
        assert normal_order(pitches) == chord_normal_order(pitches)
