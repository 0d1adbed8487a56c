"""The protocol's page for people: made from the messages, complete, and not stale."""

import re
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings

from antiphon import listening
from antiphon.listening.protocol import page as protocol_page
from antiphon.listening.protocol import said, told
from antiphon.listening.protocol.examples import CLIENT_EXAMPLES, SERVER_EXAMPLES
from antiphon.listening.protocol.terms import REFUSALS

SOURCES = Path(listening.__file__).parent
REFUSED = re.compile(
    r"""refused\(\s*[\w.]+(?:\([^)]*\))?(?: if [^,]+)?,\s*"(\w+)"|Verdict\.\w+: \(\s*"(\w+)"|code = "(\w+)\""""
)


def test_the_checked_in_page_is_made_from_the_messages_as_they_are() -> None:
    checked_in = settings.ROOT / "docs" / "protocol.md"
    assert checked_in.read_text(encoding="utf-8") == protocol_page.protocol_page(), "run `make protocol`"


def test_every_message_has_an_example_that_goes_over_the_wire_as_it_is_shown() -> None:
    for examples, adapter, union in (
        (CLIENT_EXAMPLES, said.client_message, said.ClientMessage),
        (SERVER_EXAMPLES, told.server_message, told.ServerMessage),
    ):
        read = [adapter.validate_python(one, strict=False) for one in examples]
        assert {type(one) for one in read} == set(get_args(get_args(union)[0]))
        for one, example in zip(read, examples, strict=True):
            assert one.model_dump(mode="json") == example


def test_a_message_without_an_example_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol_page, "CLIENT_EXAMPLES", CLIENT_EXAMPLES[1:])
    with pytest.raises(ValueError, match="example of Join"):
        protocol_page.protocol_page()


def test_every_code_of_a_refusal_is_explained_and_no_other() -> None:
    consumer_and_answers = "".join(
        (SOURCES / name).read_text(encoding="utf-8") for name in ("consumers.py", "live/answering.py")
    )
    consent = (SOURCES.parent / "accounts" / "consent.py").read_text(encoding="utf-8")
    named = {code for groups in REFUSED.findall(consumer_and_answers + consent) for code in groups if code}
    assert named == set(REFUSALS)


def test_what_a_field_holds_and_what_the_source_says_of_it_is_on_the_page() -> None:
    page = protocol_page.protocol_page()
    assert "| `value` | whole number from 0 to 5 |  |" in page
    assert "| `program` | whole number from 0 to 127 or null, may be left out | of General MIDI, where" in page
    assert "| `expected_error` | number or null | Where a generation closes by certainty" in page
