import numpy as np
import pytest

from generation.codecs import ClassicCodec, ExpressiveCodec
from generation.drawing.masks import Place, field_masks, place
from generation.drawing.settings import SampleRefused, Sampling
from generation.score.scales import degree_to_pitch
from tests.generation.networks import score_of

CLASSIC = ClassicCodec(("0.4.7", "1.4.8", "C4", "C#4", "E4", "G4"))
IN_D = (62, 66, 69, 74, 73, 71, 69, 67, 66, 64, 62, 62)


def chromas_left(codec: ExpressiveCodec, chromas: frozenset[int] | None) -> set[int]:
    """Pitch classes that the masks of the expressive codec leave."""
    _, pairs = field_masks(codec, chromas)
    degree, alteration = np.nonzero(pairs == 0)
    return set((degree_to_pitch(degree, 5, alteration - 1, key=codec.key, scale=codec.scale) % 12).tolist())


def test_without_a_scale_every_pitch_is_left_in_one_spelling() -> None:
    for codec in (ExpressiveCodec(), ExpressiveCodec(key="Eb", scale="minorBlues")):
        _, pairs = field_masks(codec, None)
        assert np.sum(pairs == 0) == 12
        assert chromas_left(codec, None) == set(range(12))


def test_a_scale_leaves_its_pitches() -> None:
    dorian = frozenset({2, 4, 5, 7, 9, 11, 0})
    assert chromas_left(ExpressiveCodec(), dorian) == dorian
    assert chromas_left(ExpressiveCodec(key="F#", scale="dorian"), dorian) == dorian


def test_positions_after_the_bar_are_left_out() -> None:
    mask, _ = field_masks(ExpressiveCodec(numerator=3), None)
    bar_steps, slots = 4, 72
    assert np.flatnonzero(mask[bar_steps : bar_steps + slots] == 0).tolist() == list(range(36))


def test_of_the_classic_codec_only_strings_wholly_in_the_scale_are_left() -> None:
    mask, _ = field_masks(CLASSIC, frozenset({0, 2, 4, 5, 7, 9, 11}))
    assert [CLASSIC.vocabulary[i] for i in np.flatnonzero(mask == 0)] == ["0.4.7", "C4", "E4", "G4"]


def test_a_scale_without_strings_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(SampleRefused, match="scale"):
        field_masks(CLASSIC, frozenset({2, 3}))


def test_music_of_a_codec_that_follows_the_key_is_moved_to_the_wanted_one() -> None:
    major = frozenset({0, 2, 4, 5, 7, 9, 11})
    assert place(ExpressiveCodec(), Sampling(key="D", scale="major"), None) == Place(2, major)
    assert place(ExpressiveCodec(), Sampling(key="A"), None) == Place(-3, None)
    assert place(ExpressiveCodec(), Sampling(scale="major"), None) == Place(0, major)


def test_a_minor_scale_lies_where_the_codec_has_minor_music() -> None:
    # A codec in C major says pieces in A minor without sharps or flats: D dorian is that music, a fourth higher.
    found = place(ExpressiveCodec(), Sampling(key="D", scale="dorian"), None)
    assert found == Place(5, frozenset({9, 11, 0, 2, 4, 6, 7}))


def test_a_score_is_gone_on_from_in_its_own_key() -> None:
    codec = ExpressiveCodec()
    prime = score_of(IN_D)
    assert codec.transposition(prime) == -2
    assert place(codec, Sampling(), prime) == Place(2, None)
    assert place(codec, Sampling(scale="major"), prime).semitones == 2


def test_a_named_key_wins_over_the_one_that_is_heard() -> None:
    assert place(ExpressiveCodec(), Sampling(key="G"), score_of(IN_D)).semitones == -5


def test_a_codec_of_sounding_pitches_wants_key_and_scale_together() -> None:
    with pytest.raises(SampleRefused, match="key"):
        place(CLASSIC, Sampling(key="D"), None)
    with pytest.raises(SampleRefused, match="scale"):
        place(CLASSIC, Sampling(scale="major"), None)
    found = place(ExpressiveCodec(follow_key=False), Sampling(key="D", scale="major"), None)
    assert found == Place(0, frozenset({2, 4, 6, 7, 9, 11, 1}))
