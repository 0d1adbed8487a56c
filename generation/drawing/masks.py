"""Which values a key and a scale leave, and how far the music is moved to lie in its key; plain numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.codecs import ClassicCodec, Codec, ExpressiveCodec
from generation.codecs.classic import string_to_pitches
from generation.codecs.expressive import MAJOR_THIRD, MINOR_THIRD
from generation.drawing.settings import SampleRefused, Sampling
from generation.score.grid import ALTERATIONS, DEGREES_MAX
from generation.score.notes import Score
from generation.score.scales import degree_to_pitch, pitch_to_degree, semitones_of, tonic_of
from generation.score.tonality import Tonality, find_tonality

CHROMAS = 12
OUT_OF_REACH = -1e9  # logit of what is never drawn

Mask = NDArray[np.float32]  # 0 for what may be drawn, OUT_OF_REACH for what may not


@dataclass(frozen=True, slots=True)
class Place:
    """Where music lies: `semitones` from the codec's own pitches up to those wanted, and what it may consist of."""

    semitones: int = 0
    chromas: frozenset[int] | None = None  # pitch classes as the codec says them; None for all


def place(codec: Codec, settings: Sampling, score: Score | None) -> Place:
    """Where samples lie, given the score that they go on from or lie within. Raises SampleRefused.

    A codec that follows the key says every piece in its own: music is drawn there and moved to the wanted key, or back
    to the score's. A scale's tonic lies where the codec has the music of such scales: on the codec's tonic, or for a
    minor scale under a major codec on that of its relative minor. With a scale but no key the score's key is taken, or
    without a score the codec's. Other codecs draw pitches as they sound.
    """
    follows = isinstance(codec, ExpressiveCodec) and codec.follow_key
    if not follows and settings.key is not None and settings.scale is None:
        raise SampleRefused("key: expected a scale too, for this checkpoint's codec does not follow the key")
    if settings.key is None and settings.scale is None:
        back = codec.transposition(score) if isinstance(codec, ExpressiveCodec) and score is not None else 0
        return Place(-back)
    found = find_tonality(score) if score is not None else None
    tonic = _tonic(codec, settings, found)
    if not isinstance(codec, ExpressiveCodec) or not codec.follow_key:
        return Place(0, _turned(settings.scale, tonic))
    home = scale_home(codec, settings.scale or (found.scale if found else None))
    semitones = 0 if tonic is None else _nearest(tonic - home)
    return Place(semitones, _turned(settings.scale, home))


def scale_home(codec: ExpressiveCodec, scale: str | None) -> int:
    """Semitones above C of the tonic on which the codec has the music of a scale (None: the codec's own scale)."""
    tonic = tonic_of(codec.key)
    if scale is None or _is_minor(scale) == _is_minor(codec.scale):
        return tonic
    return (tonic + (MINOR_THIRD if _is_minor(codec.scale) else -MINOR_THIRD)) % CHROMAS


def field_masks(codec: Codec, chromas: frozenset[int] | None) -> tuple[Mask, Mask]:
    """What may be drawn: (sum of field sizes,) by field, and (degrees, alterations) together. Raises SampleRefused.

    Of the expressive codec's fields positions after the bar are left out, and spellings that it never writes, as E
    sharp for F: a pitch has one spelling. The second mask is of no meaning for other codecs.
    """
    sizes = [field.size for field in codec.fields]
    mask = np.zeros(sum(sizes), dtype=np.float32)
    if isinstance(codec, ClassicCodec):
        if chromas is not None:
            allowed = [all(p % CHROMAS in chromas for p in string_to_pitches(text)) for text in codec.vocabulary]
            if not any(allowed):
                raise SampleRefused("scale: expected one with strings of the vocabulary, got none; choose another")
            mask[~np.array(allowed)] = OUT_OF_REACH
        return mask, np.zeros((1, 1), dtype=np.float32)
    if not isinstance(codec, ExpressiveCodec):
        raise SampleRefused(f"codec: expected classic or expressive, got {codec.name}")
    names = [field.name for field in codec.fields]
    first = sum(sizes[: names.index("position")])
    mask[first + codec.bar_slots : first + sizes[names.index("position")]] = OUT_OF_REACH
    pairs = _pairs(codec, chromas)
    first = sum(sizes[: names.index("degree")])
    mask[first : first + DEGREES_MAX] = pairs.max(axis=1)
    return mask, pairs


def _pairs(codec: ExpressiveCodec, chromas: frozenset[int] | None) -> Mask:
    pairs = np.full((DEGREES_MAX, len(ALTERATIONS)), OUT_OF_REACH, dtype=np.float32)
    pitches = np.arange(CHROMAS) + 60
    degrees, octaves, alterations = pitch_to_degree(pitches, key=codec.key, scale=codec.scale)
    said = degree_to_pitch(degrees, octaves, alterations, key=codec.key, scale=codec.scale) % CHROMAS
    for degree, alteration, chroma in zip(degrees, alterations, said.tolist(), strict=True):
        if chromas is None or chroma in chromas:
            pairs[degree, alteration - ALTERATIONS[0]] = 0.0
    return pairs


def _tonic(codec: Codec, settings: Sampling, found: Tonality | None) -> int | None:
    """Semitones above C of the wanted key, the score's or the codec's; None where music may stay as it is said."""
    if settings.key is not None:
        return tonic_of(settings.key)
    if found is not None:
        return tonic_of(found.tonic)
    if isinstance(codec, ExpressiveCodec):
        return None if codec.follow_key else tonic_of(codec.key)
    raise SampleRefused("scale: expected a key too, for this checkpoint's codec has none; name one")


def _turned(scale: str | None, tonic: int | None) -> frozenset[int] | None:
    if scale is None:
        return None
    return frozenset(((semitones_of(scale) + (tonic or 0)) % CHROMAS).tolist())


def _is_minor(scale: str) -> bool:
    semitones = semitones_of(scale).tolist()
    return MINOR_THIRD in semitones and MAJOR_THIRD not in semitones


def _nearest(semitones: int) -> int:
    """The same move modulo octaves, -6 to 5."""
    return (semitones + 6) % CHROMAS - 6
