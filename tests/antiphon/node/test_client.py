"""A node's calls: patient with a platform that is away, plain about one that says no."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from antiphon.node.client import NodeClient
from antiphon.node.configuration import Configuration
from antiphon.node.errors import Misconfigured, Refused, Unreachable


class Answers(BaseHTTPRequestHandler):
    """Gives the answers that a test has put ready, then {"node": "attic"}."""

    ready: ClassVar[list[tuple[int, str]]] = []
    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Authorization"])
        status, body = self.ready.pop(0) if self.ready else (200, json.dumps({"node": "attic"}))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def server() -> Iterator[str]:
    """A small server; its address."""
    Answers.ready, Answers.seen = [], []
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(server: str) -> Iterator[NodeClient]:
    client = NodeClient(server, "a token", patience_seconds=5)
    yield client
    client.close()


def test_a_node_shows_its_token(client: NodeClient) -> None:
    assert client.hello({}) == {"node": "attic"}
    assert Answers.seen == ["Node a token"]


def test_a_platform_that_is_away_for_a_moment_is_asked_again(client: NodeClient) -> None:
    Answers.ready = [(503, ""), (502, "<html>")]
    assert client.hello({}) == {"node": "attic"}
    assert len(Answers.seen) == 3


def test_a_platform_that_says_no_is_believed_at_once(client: NodeClient) -> None:
    Answers.ready = [(401, json.dumps({"code": "authentication_failed", "message": "Ask the operator."}))]
    with pytest.raises(Refused, match="Ask the operator"):
        client.hello({})
    assert len(Answers.seen) == 1


@pytest.mark.parametrize("body", ["", "[]", "<html>"])
def test_a_no_that_is_not_antiphons_is_still_a_no(client: NodeClient, body: str) -> None:
    Answers.ready = [(404, body)]
    with pytest.raises(Refused) as refused:
        client.hello({})
    assert refused.value.code == "unknown"


@pytest.mark.parametrize("body", ["", "[]", "<html>"])
def test_an_answer_that_is_not_antiphons_is_told_as_such(client: NodeClient, body: str) -> None:
    client.patience_seconds = 0
    Answers.ready = [(200, body)]
    with pytest.raises(Unreachable, match="not as Antiphon does"):
        client.hello({})


def test_a_platform_that_is_not_there_is_told_as_such() -> None:
    client = NodeClient("http://127.0.0.1:1", "a token", patience_seconds=0.3)
    with pytest.raises(Unreachable, match="does not answer"):
        client.hello({})
    client.close()


def test_a_job_that_cannot_be_claimed_is_nothing_to_do(client: NodeClient) -> None:
    Answers.ready = [(409, json.dumps({"code": "taken", "message": "Somebody has it."}))]
    assert client.claim(1) is None


def test_what_a_node_is_not_told_is_named() -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL, ANTIPHON_NODE_TOKEN not set"):
        Configuration.from_environment({"ANTIPHON_API_URL": "http://x"})
    with pytest.raises(Misconfigured, match="http://"):
        Configuration.from_environment({"REDIS_URL": "r", "ANTIPHON_API_URL": "x", "ANTIPHON_NODE_TOKEN": "t"})


def test_a_configuration_does_not_show_its_token() -> None:
    found = Configuration.from_environment(
        {"REDIS_URL": "redis://:pw@x", "ANTIPHON_API_URL": "http://x/", "ANTIPHON_NODE_TOKEN": "secret"}
    )
    assert found.api_url == "http://x"
    assert "secret" not in repr(found)
    assert "pw" not in repr(found)


def test_a_node_knows_no_django_and_loads_tensorflow_only_when_it_works() -> None:
    code = "import sys, antiphon.node.main; print(sorted({'django', 'psycopg', 'tensorflow'} & set(sys.modules)))"
    environment = {"REDIS_URL": "redis://127.0.0.1:1", "ANTIPHON_API_URL": "http://x", "ANTIPHON_NODE_TOKEN": "t"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
