"""A score to take away: some of its bars, in loops, with a beat, with another instrument, as a file for programs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from antiphon.core.api import ErrorSerializer, valid
from antiphon.core.downloads import download, file_name
from antiphon.core.errors import Invalid
from antiphon.core.sound import to_sound
from antiphon.core.turns import Turns
from generation.score.arrangement import LOOPS_MAX, ArrangementRefused, loop, slice_bars, with_beat, with_program
from generation.score.audio import to_ogg, to_wav
from generation.score.bars import BARS_MAX, bar_starts
from generation.score.beats import BEATS
from generation.score.midi import write
from generation.score.notes import Score

NOTES_MAX = 100_000
LOOPED_BARS_MAX = 5_000
WRITTEN_NOTES_MAX = 3_000  # music21 takes one to three thousandths of a second for each


class Format(StrEnum):
    """A kind of file."""

    MIDI = "midi"
    MUSICXML = "musicxml"
    WAV = "wav"
    OGG = "ogg"


ENDINGS = {Format.MIDI: ".mid", Format.MUSICXML: ".musicxml", Format.WAV: ".wav", Format.OGG: ".ogg"}
CONTENT_TYPES = {
    Format.MIDI: "audio/midi",
    Format.MUSICXML: "application/vnd.recordare.musicxml+xml",
    Format.WAV: "audio/wav",
    Format.OGG: "audio/ogg",
}
# What every export answers, for the OpenAPI document.
RESPONSES: dict[Any, Any] = {
    **{(200, kind): OpenApiResponse(OpenApiTypes.BINARY, "The file.") for kind in CONTENT_TYPES.values()},
    400: ErrorSerializer,
    503: OpenApiResponse(
        ErrorSerializer, "No sound can be made here, or too much is asked for at once (`Retry-After`)."
    ),
}


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a score. Bars are counted from 0, `to_bar` is the one after the last."""

    format: Format = Format.MIDI
    program: int | None = None
    from_bar: int | None = None
    to_bar: int | None = None
    loops: int = 1
    beat: str | None = None


class ExportQuerySerializer(serializers.Serializer[Any]):
    """The query of an export."""

    format = serializers.ChoiceField(choices=[kind.value for kind in Format], default=Format.MIDI.value)
    program = serializers.IntegerField(
        required=False, min_value=0, max_value=127, help_text="A General MIDI program for all pitched parts."
    )
    from_bar = serializers.IntegerField(
        required=False, min_value=0, max_value=BARS_MAX - 1, help_text="The first bar, counted from 0."
    )
    to_bar = serializers.IntegerField(
        required=False, min_value=1, max_value=BARS_MAX, help_text="The bar after the last one, counted from 0."
    )
    loops = serializers.IntegerField(default=1, min_value=1, max_value=LOOPS_MAX, help_text="How often it is played.")
    beat = serializers.ChoiceField(required=False, choices=list(BEATS), help_text="A drum part under it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("to_bar", BARS_MAX) <= attrs.get("from_bar", 0):
            raise serializers.ValidationError({"to_bar": "Expected a bar after from_bar. Choose a later end."})
        return attrs


def wanted_of(request: Request) -> Wanted:
    """The request's query. Raises ValidationError."""
    fields = dict(valid(ExportQuerySerializer(data=request.query_params)).validated_data)
    return Wanted(format=Format(fields.pop("format")), **fields)


_writing = Turns()


def export(score: Score, wanted: Wanted, *, name: str, n_bars: int | None = None) -> HttpResponse:
    """The file as an attachment; `n_bars` is how many bars the score has, where its notes don't tell.

    Raises Invalid for bars that are none and for too much music, Unavailable where no sound can be had.
    """
    try:
        arranged = _arranged(score, wanted, n_bars)
    except ArrangementRefused as refused:
        raise Invalid(_sentence(refused)) from None
    content = _encoded(arranged, wanted.format)
    full_name = file_name(_named(name, wanted), ENDINGS[wanted.format])
    return download(content, name=full_name, content_type=CONTENT_TYPES[wanted.format])


def _arranged(score: Score, wanted: Wanted, n_bars: int | None) -> Score:
    bars = n_bars if n_bars is not None else len(bar_starts(score)) - 1
    if wanted.from_bar is not None or wanted.to_bar is not None:
        first, last = wanted.from_bar or 0, min(bars, wanted.to_bar or bars)
        if first >= last:
            raise Invalid(f"Expected a first bar from 0 to {bars - 1}, got {first}. Choose an earlier one.")
        score, bars = slice_bars(score, first, last), last - first
    if len(score.notes) * wanted.loops > NOTES_MAX or bars * wanted.loops > LOOPED_BARS_MAX:
        most = f"{NOTES_MAX:,} notes and {LOOPED_BARS_MAX:,} bars"
        raise Invalid(f"Expected at most {most}, got {wanted.loops} times {bars} bars. Choose fewer bars or loops.")
    if wanted.program is not None:
        score = with_program(score, wanted.program)
    score = loop(score, wanted.loops, n_bars=bars)
    return score if wanted.beat is None else with_beat(score, wanted.beat, n_bars=bars * wanted.loops)


def _encoded(score: Score, kind: Format) -> bytes:
    match kind:
        case Format.MIDI:
            return write(score)
        case Format.MUSICXML:
            return _musicxml(score)
        case Format.WAV:
            return to_wav(to_sound(score))
        case Format.OGG:
            return to_ogg(to_sound(score))


def _musicxml(score: Score) -> bytes:
    if len(score.notes) > WRITTEN_NOTES_MAX:
        most = f"{WRITTEN_NOTES_MAX:,} notes to write down"
        raise Invalid(f"Expected at most {most}, got {len(score.notes):,}. Choose fewer bars.")
    # music21 takes seconds to load, which only those who want notation should wait for.
    from generation.score.notation import to_musicxml

    with _writing.turn():
        return to_musicxml(score)


def _named(name: str, wanted: Wanted) -> str:
    """The name with what was done, bars as people count them."""
    parts = [name]
    if wanted.from_bar is not None or wanted.to_bar is not None:
        parts.append(f"bars {(wanted.from_bar or 0) + 1}-{wanted.to_bar or 'end'}")
    if wanted.loops > 1:
        parts.append(f"x{wanted.loops}")
    if wanted.beat is not None:
        parts.append(wanted.beat.replace("_", " "))
    return " ".join(parts)


def _sentence(refused: ValueError) -> str:
    text = str(refused)
    return f"{text[:1].upper()}{text[1:]}."
