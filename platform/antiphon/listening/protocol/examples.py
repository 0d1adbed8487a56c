"""One example of each message, as it goes over the wire; docs/protocol.md shows them, and a test validates them."""

from typing import Any

ID = "0f0e7c1a-6d5b-4c3a-9b2e-1a2b3c4d5e6f"
LISTENER = "7b1d9c50-2f3e-4a5b-8c6d-9e0f1a2b3c4d"
OFFER, OTHER, DUEL = "kq0v3mYH1sS7Jc5aP2wXo8LrTz9BuEd6FgNiQyM", "Zc81pLxw0nVfY4hR7tKbS2mJq6DaGu3EoXiCyWv", "b9TqLmA2xY7"
PHRASE: dict[str, Any] = {
    "notes": [{"onset_seconds": 0.0, "duration_seconds": 0.5, "pitch": 62, "velocity": 84, "part": 0}],
    "parts": [{"program": 0, "is_drum": False}],
    "bends": [],
    "tempo_bpm": 120.0,
    "beats_per_bar": 4,
    "bars": 1,
    "duration_seconds": 2.0,
}
NAMED = PHRASE | {"individual": 41, "generation": 0, "number": 3}
PROGRESS: dict[str, Any] = {
    "generation": 1, "size": 10, "complete": 7, "quorum": 3, "ratings": 26, "needed": 30,
    "expected_error": None, "wanted_error": None, "minutes": 10, "closes_at": "2026-11-30T14:10:00Z",
}  # fmt: skip

CLIENT_EXAMPLES: tuple[dict[str, Any], ...] = (
    {"type": "join", "id": ID, "protocol": 2, "name": "Ada"},
    {"type": "consent", "id": ID, "version": "standard-2", "language": "en", "name": "Ada"},
    {"type": "check", "id": ID, "headphones": "passed"},
    {
        "type": "rate", "id": ID, "offer": OFFER, "value": 4, "heard_ms": 8200, "tags": ["calm"],
        "remark": "that ending", "program": None, "has_beat": True,
    },
    {"type": "skip", "id": ID, "offer": OFFER, "reason": "cannot_play", "heard_ms": 0},
    {"type": "retract", "id": ID, "offer": OFFER},
    {"type": "recall", "id": ID, "offer": OFFER},
    {"type": "duel", "id": ID, "duel": DUEL, "choice": "left", "heard_left_ms": 7900, "heard_right_ms": 8100},
    {"type": "ping", "id": ID},
    {"type": "leave", "id": ID},
)  # fmt: skip

SERVER_EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "type": "welcome", "id": ID, "protocol": 2, "listener": LISTENER, "name": "Ada", "room_name": "The kitchen",
        "room_state": "open", "stage": "rating", "progress": PROGRESS, "answered": 1, "left": 9,
        "history": [{"offer": OTHER, "value": 2, "reason": None, "tags": [], "remark": ""}],
        "here": 12, "names": ["Ada", "Ben"],
        "consent": {
            "version": "standard-2", "texts": [{"language": "en", "text": "In this room you hear ..."}],
            "is_accepted": True,
        },
        "headphones": "passed", "tags": ["calm", "lively"],
        "skip_reasons": ["heard_before", "cannot_play", "unpleasant", "no_answer", "other"],
        "server_time": "2026-11-30T14:03:20Z", "heartbeat_seconds": 20.0, "silence_seconds": 75.0,
    },
    {"type": "offer", "offer": OFFER, "phrase": PHRASE},
    {"type": "duel_offer", "duel": DUEL, "left": PHRASE, "right": PHRASE},
    {
        "type": "kept", "id": ID, "what": "rating", "handle": OFFER, "value": 4, "answered": 2, "left": 8,
        "is_revision": False,
    },
    {
        "type": "recalled", "id": ID, "offer": OFFER, "phrase": PHRASE,
        "origin": {
            "made_by": "breeding", "network": "First light", "pieces": 54,
            "credits": ["Whole pieces: A. Composer (CC BY 4.0)"], "parents": [NAMED],
        },
    },
    {"type": "rest_advised"},
    {"type": "done", "generation": 1, "answered": 11},
    {"type": "progressed", "progress": PROGRESS},
    {"type": "presence", "here": 12, "names": ["Ada", "Ben"]},
    {
        "type": "generation_closed", "generation": 0, "listeners": 12, "ratings": 36, "winner": NAMED,
        "winner_fitness": 3.9, "winner_standard_error": 0.3, "winner_parents": [],
    },
    {"type": "generation_opened", "progress": PROGRESS, "parents": 4},
    {
        "type": "credited", "generation": 1, "size": 10, "descendants": 4, "parents_liked": 2, "parents_liked_by": 9,
        "gallery": "/gallery/12/",
    },
    {"type": "room_changed", "room_state": "paused", "stage": "rating"},
    {
        "type": "room_settings_changed", "room_name": "The kitchen", "tags": ["calm", "lively"],
        "consent": {
            "version": "own-5f2b9c0d1e3a4f67", "texts": [{"language": None, "text": "We study what ..."}],
            "is_accepted": False,
        },
    },
    {"type": "pong", "id": ID},
    {
        "type": "refused", "id": ID, "code": "room_paused", "message": "The room is paused; answers are taken again "
        "when it goes on.", "is_final": False,
    },
)  # fmt: skip
