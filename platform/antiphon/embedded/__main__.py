"""`python -m antiphon.embedded`: everything that Antiphon needs, on this machine."""

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from antiphon.embedded import ports
from antiphon.embedded.environment import NODE_NAME, Address, demo_environment, node_environment, platform_environment
from antiphon.embedded.errors import EmbeddedError
from antiphon.embedded.home import Home
from antiphon.embedded.postgres import PostgresServer
from antiphon.embedded.supervisor import Supervisor
from antiphon.embedded.table import django_command, prepare_command, process_table
from antiphon.embedded.valkey import ValkeyServer

_console = Console(highlight=False, markup=False, soft_wrap=True)


def say(line: str) -> None:
    """One line to the person at the terminal."""
    _console.print(line)


@dataclass(frozen=True)
class Engine:
    """Where the database and the broker answer."""

    database_url: str
    redis_url: str


def start_engine(supervisor: Supervisor) -> Engine:
    """Start the embedded servers, except where the environment names a server already."""
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not database_url:
        postgres = PostgresServer(supervisor.home)
        database_url = supervisor.serve(postgres, postgres.child.log, postgres.child.last_words)
    if not redis_url:
        valkey = ValkeyServer(supervisor.home)
        redis_url = supervisor.serve(valkey, valkey.child.log, valkey.child.last_words)
    return Engine(database_url, redis_url)


def running_engine(home: Home) -> Engine:
    """The engine of the supervisor that runs from this home."""
    return Engine(
        os.environ.get("DATABASE_URL") or PostgresServer(home).url,
        os.environ.get("REDIS_URL") or ValkeyServer(home).url,
    )


def web_address(home: Home, host: str, port: int | None) -> Address:
    """The port asked for, or the last one used, or the first free one from 8000 on. Raises StartFailed."""
    path = home.run("web.port")
    if port is not None:
        path.unlink(missing_ok=True)
    return Address(host, ports.claim(path, iter([port]) if port is not None else ports.web_ports(), host))


def up(arguments: argparse.Namespace, *, demo: bool) -> int:
    """Start everything and keep it running until Ctrl-C; with `demo`, run the demo once it is up."""
    home, began = Home.default(), time.monotonic()
    supervisor = Supervisor(home, say=say)
    with supervisor.running():
        say(f"Starting PostgreSQL and Valkey under {home.root}.")
        engine = start_engine(supervisor)
        address = web_address(home, arguments.host, arguments.port)
        platform = platform_environment(
            home, database_url=engine.database_url, redis_url=engine.redis_url, address=address
        )
        node = node_environment(home, redis_url=engine.redis_url, address=address)
        known = {"ANTIPHON_NODE_NAME": NODE_NAME, "ANTIPHON_NODE_TOKEN": node["ANTIPHON_NODE_TOKEN"]}
        supervisor.run_once("prepare", prepare_command(), platform | known)
        for spec in process_table(platform=platform, node=node, address=address):
            if supervisor.is_asked_to_stop:
                break
            supervisor.keep(spec)
            supervisor.wait_until_ready(spec)  # the pages come first; on few cores the others would slow them down
        if supervisor.is_asked_to_stop:
            return 0
        say(f"Antiphon answers at {address.public_url} ({time.monotonic() - began:.1f} s).")
        if demo and not supervisor.is_asked_to_stop:
            status = supervisor.run_attached(django_command("demo"), demo_environment(home, platform))
            if status and not supervisor.is_asked_to_stop:
                say(f"The demo stopped (exit {status}); logs are in {home.root / 'log'}.")
                return status
        if not supervisor.is_asked_to_stop:
            say("Ctrl-C stops everything; what was made is kept.")
        supervisor.watch()
        say("Stopping.")
    say("Stopped. Everything is kept; `make reset` forgets it.")
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Run a command with the engine's environment; the engine is started for it unless it already runs."""
    if not arguments.command:
        say("Name a command to run: python -m antiphon.embedded run -- python manage.py shell")
        return 2
    home = Home.default()
    if home.is_held():
        return subprocess.call(arguments.command, env=_environment(home, running_engine(home)))  # noqa: S603
    supervisor = Supervisor(home, say=say)
    with supervisor.running():
        return supervisor.run_attached(arguments.command, _environment(home, start_engine(supervisor)))


def env(arguments: argparse.Namespace) -> int:
    """Print the environment of what runs now, for a shell: eval "$(python -m antiphon.embedded env)"."""
    home = Home.default()
    if not home.is_held():
        Console(stderr=True).print("Nothing runs here. Start it with `make demo`.", highlight=False)
        return 1
    for name, value in sorted(_environment(home, running_engine(home)).items()):
        if os.environ.get(name) != value:
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    return 0


def reset(arguments: argparse.Namespace) -> int:
    """Forget everything that the embedded default wrote; refused while it runs."""
    home = Home.default()
    supervisor = Supervisor(home, say=say)
    with supervisor.running():
        for server in (PostgresServer(home), ValkeyServer(home)):
            server.end_strays()
        gone = home.forget()
    say(f"Forgotten: {', '.join(gone) or 'nothing, there was nothing'} under {home.root}.")
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        say("The servers that DATABASE_URL and REDIS_URL name were not touched.")
    return 0


def _environment(home: Home, engine: Engine) -> dict[str, str]:
    address = Address(ports.LOOPBACK, ports.remembered(home.run("web.port")) or ports.WEB_PORT)
    platform = platform_environment(home, database_url=engine.database_url, redis_url=engine.redis_url, address=address)
    return demo_environment(home, platform)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m antiphon.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    for name, about in (
        ("demo", "start everything, run the demo, keep running until Ctrl-C"),
        ("up", "start everything and keep it running until Ctrl-C"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("--host", default=ports.LOOPBACK, help="0.0.0.0 lets phones on the same network in")
        command.add_argument("--port", type=int, help="the web process's port (default: 8000 or the next free one)")
    runner = commands.add_parser("run", help="run a command with DATABASE_URL, REDIS_URL and the rest set")
    runner.add_argument("command", nargs=argparse.REMAINDER)
    commands.add_parser("reset", help="forget everything that was made")
    commands.add_parser("env", help="print the environment of what runs now, for a shell")
    parsed = parser.parse_args(arguments)
    if parsed.what == "run" and parsed.command[:1] == ["--"]:
        del parsed.command[0]
    return parsed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parsed = parse(arguments)
    try:
        match parsed.what:
            case "demo" | "up":
                return up(parsed, demo=parsed.what == "demo")
            case "run":
                return run(parsed)
            case "reset":
                return reset(parsed)
            case _:
                return env(parsed)
    except EmbeddedError as error:
        Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(f"Antiphon could not go on: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
