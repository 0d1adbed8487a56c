"""The websocket messages as one JSON Schema: what a page says, what the server says, what the studio is told."""

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from antiphon.core.events import StudioEvent
from antiphon.listening.protocol.said import ClientMessage
from antiphon.listening.protocol.told import ServerMessage

UNIONS: tuple[tuple[str, str, Any, JsonSchemaMode], ...] = (
    ("client", "ClientMessage", ClientMessage, "validation"),
    ("server", "ServerMessage", ServerMessage, "serialization"),
    ("studio", "StudioEvent", StudioEvent, "serialization"),
)


class Untitled(GenerateJsonSchema):
    """Without titles, from which generated code would get names like Type1."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def protocol_schema() -> dict[str, Any]:
    """One object with a property for each union, and every message among its definitions."""
    definitions: dict[str, Any] = {}
    for _, name, union, mode in UNIONS:
        adapter: TypeAdapter[Any] = TypeAdapter(union)
        schema = adapter.json_schema(schema_generator=Untitled, mode=mode)
        own = schema.pop("$defs")
        for message in own.values():
            message.pop("title", None)
        shared = own.keys() & definitions.keys()
        if any(own[message] != definitions[message] for message in shared):
            raise ValueError(f"expected one meaning of {sorted(shared)} in all unions; give one of them another name")
        definitions |= own
        definitions[name] = schema
    return {
        "$defs": definitions,
        "title": "Protocol",
        "type": "object",
        "properties": {key: {"$ref": f"#/$defs/{name}"} for key, name, _, _ in UNIONS},
        "required": [key for key, _, _, _ in UNIONS],
        "additionalProperties": False,
    }


def encoded_schema() -> str:
    """The schema as the checked-in file holds it."""
    return json.dumps(protocol_schema(), indent=2, sort_keys=True) + "\n"
