"""docs/protocol.md: the websocket of a room for people to read, made from the messages themselves."""

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from antiphon.listening.protocol import said, told
from antiphon.listening.protocol.examples import CLIENT_EXAMPLES, SERVER_EXAMPLES
from antiphon.listening.protocol.terms import (
    CLOSES,
    FRAME_MAX_BYTES,
    HEARTBEAT_SECONDS,
    PROTOCOL_VERSION,
    REFUSALS,
    SILENCE_SECONDS,
    Message,
)

FIELD = re.compile(r"^    (?P<name>\w+): [^#]*(?:# (?P<comment>.*))?$")
INTRODUCTION = f"""# The websocket of a room

Made from `platform/antiphon/listening/protocol/` by `make protocol`; not to be edited by hand.

A listener's page opens `/ws/rooms/CODE/` with the cookie that the room's page `/r/CODE/` left, and speaks JSON in text
frames of at most {FRAME_MAX_BYTES} bytes. This is version {PROTOCOL_VERSION} of the protocol.
A field that is not named here is refused.

1. `join` comes first, also after a reconnection, and is answered by `welcome`: where things stand.
2. Whoever has not agreed to the room's text sends `consent`. Only then phrases are offered.
3. The page keeps at most two offers: the one that is heard and the one after it. Each is named by its **handle**, which
   stays the same after a reconnection and tells nothing of what it stands for: a phrase of the generation, an anchor
   that is heard again through the whole run, or a hidden repeat.
4. `rate`, `skip`, `retract` and `duel` carry an **id** that the page chose. The answer, `kept` or `refused`, names it.
   `kept` comes after the commit. What was not answered is sent again under the same id, on any connection, as often as
   needed: the same id is never done twice, and does nothing once it was revised or taken back.
5. The page says something at least every {HEARTBEAT_SECONDS:.0f} seconds; `ping` will do, and is answered by
   `pong`. After {SILENCE_SECONDS:.0f} silent seconds the server gives the page up.
6. `leave` gives back what is reserved for a listener; a lost connection does so by itself after a while.
"""


def protocol_page() -> str:
    """The page as docs/protocol.md holds it. Raises ValueError where a message has no example, or a wrong one."""
    client, server = (get_args(get_args(union)[0]) for union in (said.ClientMessage, told.ServerMessage))
    parts = [
        INTRODUCTION,
        "## What a page says\n",
        *_messages(client, CLIENT_EXAMPLES, said.client_message),
        "## What the server says\n",
        *_messages(server, SERVER_EXAMPLES, told.server_message),
        "## What messages are made of\n",
        *(_described(model) for model in _inner([*client, *server])),
        "## Why something is refused\n",
        _table(("code", "meaning"), ((f"`{code}`", text) for code, text in REFUSALS.items())),
        "## Why a connection ends\n",
        _table(("close code", "meaning"), ((str(code), text) for code, text in CLOSES.items())),
    ]
    return "\n".join(parts)


def _messages(
    models: Iterable[type[BaseModel]], examples: Iterable[dict[str, Any]], adapter: TypeAdapter[Any]
) -> Iterator[str]:
    shown = {type(adapter.validate_python(one, strict=False)): one for one in examples}
    for model in models:
        if model not in shown:
            raise ValueError(f"expected an example of {model.__name__}, got none; add one to protocol_examples.py")
        example = json.dumps(shown[model], indent=2, ensure_ascii=False)
        yield f"{_described(model)}\n```json\n{example}\n```\n"


def _described(model: type[BaseModel]) -> str:
    """A message's name, what it is for, and its fields."""
    kind = model.model_fields.get("type")
    title = f"`{get_args(kind.annotation)[0]}`" if kind is not None else model.__name__
    schema = model.model_json_schema()
    comments = _comments(model)
    required = set(schema.get("required", ()))

    def held(name: str, field: Mapping[str, Any]) -> str:
        return _in_words(field) + ("" if name in required or kind is None else ", may be left out")

    rows = [
        (f"`{name}`", held(name, field), comments.get(name, ""))
        for name, field in schema["properties"].items()
        if name != "type"
    ]
    text = inspect.getdoc(model) or ""
    return f"### {title}\n\n{text}\n\n{_table(('field', 'what it holds', ''), rows)}"


def _comments(model: type[BaseModel]) -> dict[str, str]:
    """What the source says of each field, on its line or above it; of a base's fields, what the base says."""
    found: dict[str, str] = {}
    for one in reversed([base for base in model.__mro__ if issubclass(base, Message)]):
        above: list[str] = []
        for line in inspect.getsource(one).splitlines():
            field = FIELD.match(line)
            if field is not None:
                found[field["name"]] = " ".join([*above, *filter(None, [field["comment"]])])
                above = []
            elif line.startswith("    # "):
                above.append(line.removeprefix("    # "))
            else:
                above = []
    return found


def _inner(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    """The models that messages are made of, in the order of the source."""
    names = {name for model in models for name in model.model_json_schema().get("$defs", {})}
    return [model for name, model in (vars(said) | vars(told)).items() if name in names]


def _in_words(field: Mapping[str, Any]) -> str:
    """What a field of the schema holds."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_in_words(one) for one in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(f"`{one}`" for one in field["enum"])
    match field.get("type"):
        case "array":
            most = f", at most {field['maxItems']}" if "maxItems" in field else ""
            return f"list of {_in_words(field['items'])}{most}"
        case "integer":
            ends = f" from {field['minimum']} to {field['maximum']}" if "minimum" in field else ""
            return f"whole number{ends}"
        case "string" if field.get("format") == "uuid":
            return "UUID"
        case "string":
            return "text" + (f" of at most {field['maxLength']} characters" if "maxLength" in field else "")
        case other:
            return {"number": "number", "boolean": "true or false", "null": "null"}[str(other)]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
