"""`manage.py crowd`: on this machine only, never in a room that people have rated, and honest about what is lost."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from numpy.random import default_rng

from antiphon.accounts.models import Listener
from antiphon.core.errors import Forbidden, Invalid
from antiphon.core.phrase import phrase
from antiphon.listening.models import Rating
from antiphon.listening.rehearsal.doors import Door, check_loopback, door_at
from antiphon.listening.rehearsal.minds import Minds
from evolution.frame import Frame
from evolution.genome import express
from evolution.seeding import random_genome
from tests.antiphon.listening.rated import new_in, rate
from tests.antiphon.listening.rehearsed import wait_until
from tests.antiphon.listening.serving import serving
from tests.antiphon.listening.worlds import make_world

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
HASTE = {"listeners": 4, "minutes": 0.05, "pace": 0.02}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with serving() as door:
        yield door


@pytest.fixture
def address(door: Door) -> str:
    return f"ws://{door.host}:{door.port}"


def crowd(code: str, address: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("crowd", code, address=address, stdout=out, stderr=io.StringIO(), **(HASTE | options))
    return out.getvalue()


def test_it_says_how_the_listeners_fared(address: str) -> None:
    world = make_world(size=8, quorum=100)
    said = crowd(world.room.code.lower(), address)
    assert "4 listeners in" in said
    assert "ratings acknowledged" in said
    assert "lost 0, doubled 0, altered 0" in said
    assert Rating.objects.filter(room=world.room).exists()
    assert not Listener.objects.filter(is_simulated=False).exists()
    world.population.refresh_from_db()
    assert world.population.is_rehearsal
    figures = json.loads(crowd(world.room.code, address, json=True))  # a rehearsal takes further ones
    assert figures["ratings"] > 0
    assert figures["kept"] == {"lost": 0, "doubled": 0, "altered": 0}
    assert figures["p99_ms"] >= figures["p95_ms"] >= figures["p50_ms"]


def test_its_two_tastes_agree_as_far_as_is_asked_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Minds] = []

    class Noted(Minds):
        def __init__(self, *args: Any, **fields: Any) -> None:
            super().__init__(*args, **fields)
            found.append(self)

    monkeypatch.setattr("antiphon.listening.management.commands.crowd.Minds", Noted)
    world = make_world(size=8, quorum=100)
    crowd(world.room.code, address, correlation=-0.9)
    (minds,) = found
    frame = Frame.from_json(world.population.frame)
    rng = default_rng(5)
    phrases = [json.dumps(phrase(express(random_genome(frame, rng), frame), bars=frame.bars)) for _ in range(200)]
    liked = np.concatenate([minds.impression(one).liked.liking for one in phrases], axis=1)
    assert np.corrcoef(liked)[0, 1] < -0.7


def test_a_room_that_people_have_rated_is_refused(address: str) -> None:
    world = make_world()
    rate(world, Listener.objects.create(), new_in(world.newest)[:1], [3])
    with pytest.raises(CommandError, match="that no people have rated"):
        crowd(world.room.code, address)
    world.population.refresh_from_db()
    assert not world.population.is_rehearsal
    assert not Listener.objects.filter(is_simulated=True).exists()


@pytest.mark.parametrize("host", ["example.org", "192.168.1.4", "0.0.0.0", "localhost.example.org"])
def test_other_machines_are_refused_with_a_sentence(host: str) -> None:
    world = make_world()
    with pytest.raises(CommandError, match="is let loose on no other machine"):
        crowd(world.room.code, f"ws://{host}:8000")


@pytest.mark.parametrize(
    "address", ["ws://127.0.0.1:8000", "http://localhost:8000", "ws://[::1]:9000", "wss://127.1.2.3"]
)
def test_this_machine_is_welcome_by_all_its_names(address: str) -> None:
    check_loopback(door_at(address))


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://127.0.0.1", "ws://", "ws://127.0.0.1:port", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match=r"ws://127\.0\.0\.1:8000"):
        door_at(address)


def test_an_address_elsewhere_is_only_for_the_platforms_own_job() -> None:
    door = door_at("https://choir.example:8443", origin="https://choir.example")
    assert (door.host, door.port, door.room("ABC")) == (
        "choir.example", 8443, "wss://choir.example/ws/rooms/ABC/",
    )  # fmt: skip
    with pytest.raises(Forbidden):
        check_loopback(door)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"listeners": 5_001}, "1 to 5,000"),
        ({"minutes": 31}, "at most 30"),
        ({"pace": -1}, "0 to 120"),
        ({"correlation": -1.0}, "correlation: expected a number between -1 and 1, got -1.0"),
    ],
)
def test_bounds_are_held(address: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        crowd(make_world().room.code, address, **options)


def test_a_room_that_is_not_there_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match="no room NOROOM"):
        crowd("noroom", address)


def test_what_is_lost_is_found_and_told_by_the_exit_code(address: str) -> None:
    world = make_world(size=8, quorum=100)
    is_over = threading.Event()

    def lose() -> None:
        try:
            while not is_over.wait(0.02):
                if Rating.objects.filter(room=world.room).delete()[0]:
                    return
        finally:
            connections.close_all()

    thief = threading.Thread(target=lose)
    thief.start()
    try:
        with pytest.raises(CommandError, match="in the database, once") as raised:
            crowd(world.room.code, address)
    finally:
        is_over.set()
        thief.join()
    assert raised.value.returncode == 3


def test_ctrl_c_ends_it_cleanly_with_the_report(address: str) -> None:
    world = make_world(size=8, quorum=100)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "crowd", world.room.code, "--minutes", "5", "--listeners", "5", "--pace", "0.1",
         "--address", address, "--json"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": database, "REDIS_URL": settings.REDIS_URL},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_until(lambda: Rating.objects.filter(room=world.room).count() > 5, 60)
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, complained
    figures = json.loads(said.splitlines()[-1])
    assert figures["ratings"] > 5
    assert figures["seconds"] < 60
    assert figures["kept"] == {"lost": 0, "doubled": 0, "altered": 0}
