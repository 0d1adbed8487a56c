"""The table of processes that make Antiphon run on one machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from antiphon.embedded.environment import Address, python

WORKER_THREADS = 4
FRAME_MAX_BYTES = 65_536  # the room itself refuses far shorter ones, with a reason
# Uncompressed frames: a phrase is a few kilobytes, and to deflate it for each listener costs more than to send it.
WEB_OPTIONS = (
    *("--lifespan", "off", "--timeout-graceful-shutdown", "3"),
    *("--ws-max-size", str(FRAME_MAX_BYTES), "--ws-per-message-deflate", "false"),
)
SWEEP_SECONDS = 5


# One interpreter for both, since loading Django takes longer than either; and by the environment, since other users
# can read a command line, the token is not in it.
PREPARE = """
import os, django
from django.core.management import call_command
django.setup()
call_command("migrate", interactive=False)
call_command("ensure_node", os.environ["ANTIPHON_NODE_NAME"], os.environ["ANTIPHON_NODE_TOKEN"])
call_command("ingest_starter")
"""


@dataclass(frozen=True)
class ProcessSpec:
    """One process to keep running: its name, its command and what it may know."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    ready: Address | None = None  # where it answers once it is up


def django_command(*arguments: str) -> list[str]:
    """A management command, from whatever folder."""
    return [python(), "-m", "django", *arguments]


def prepare_command() -> list[str]:
    """Migrates, makes the local node known (ANTIPHON_NODE_NAME, ANTIPHON_NODE_TOKEN) and reads the starter datasets."""
    return [python(), "-c", PREPARE]


def node_command(queue: str) -> list[str]:
    """One process of the node. Training has its own, so that samples do not wait behind a run."""
    options = ["--processes", "1", "--threads", "1", "--queues", queue]
    return [python(), "-m", "dramatiq", "antiphon.node.main", *options]


def process_table(*, platform: Mapping[str, str], node: Mapping[str, str], address: Address) -> tuple[ProcessSpec, ...]:
    """Web, worker, the node's two processes and sweep, in the order in which they are started."""
    web = [
        *("-m", "uvicorn", "antiphon.config.asgi:application", "--host", address.host, "--port", str(address.port)),
        *WEB_OPTIONS,
    ]
    worker = [
        *("-m", "dramatiq", "antiphon.config.dramatiq", "--processes", "1", "--threads", str(WORKER_THREADS)),
        *("--queues", "ingest", "breed", "render", "rehearse"),
    ]
    return (
        ProcessSpec("web", [python(), *web], platform, ready=address),
        ProcessSpec("worker", [python(), *worker], platform),
        ProcessSpec("node-train", node_command("train"), node),
        ProcessSpec("node-sample", node_command("sample"), node),
        ProcessSpec("sweep", django_command("sweep", "--every", str(SWEEP_SECONDS)), platform),
    )
