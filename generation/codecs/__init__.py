"""Codecs turn a score into rows of small integers that a network reads and writes, and back."""

from collections.abc import Callable
from typing import Any

from generation.codecs.classic import ClassicCodec
from generation.codecs.codec import Codec, CodecError, Field
from generation.codecs.expressive import ExpressiveCodec

__all__ = ["ClassicCodec", "Codec", "CodecError", "ExpressiveCodec", "Field", "codec_from_json"]


def codec_from_json(data: dict[str, Any]) -> Codec:
    """The codec that `to_json` wrote. Raises CodecError for data that is no codec's."""
    makers: dict[str, Callable[[dict[str, Any]], Codec]] = {
        ClassicCodec.name: ClassicCodec.from_json,
        ExpressiveCodec.name: ExpressiveCodec.from_json,
    }
    name = str(data.get("name"))
    if name not in makers:
        raise CodecError(
            "unknown_codec", f"expected a codec among {', '.join(makers)}, got {name!r}: choose one of these"
        )
    try:
        return makers[name](data)
    except (KeyError, TypeError, ValueError) as error:
        raise CodecError("bad_codec", f"expected a {name} codec as saved, got {error!r}: save it again") from None
