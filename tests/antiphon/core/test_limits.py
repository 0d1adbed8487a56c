"""What several processes let through together, with Valkey and without it."""

import signal
import time
from unittest.mock import patch
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from redis import Redis

from antiphon.core import limits
from antiphon.core.limits import Bucket, Buckets, Limit, Teller
from antiphon.embedded.valkey import ValkeyServer

SLOW = Limit(per_second=0.01, at_once=10)
TOLD_SECONDS = 0.05
PATIENCE_SECONDS = 20.0


@pytest.fixture(autouse=True)
def _told_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TOLD_SECONDS", TOLD_SECONDS)


def two_processes(limit: Limit, url: str = settings.REDIS_URL) -> tuple[Buckets, Buckets]:
    """The same buckets in two processes, each of which talks to Valkey on its own."""
    name = f"test {uuid4()}"
    return Buckets(name, limit, teller=Teller(url)), Buckets(name, limit, teller=Teller(url))


def taken(buckets: Buckets, asked: int, who: str = "school") -> int:
    """How many of so many are let through, one telling after another."""
    return sum(buckets.takes(who) for _ in range(asked))


def wait_until_told(buckets: Buckets) -> None:
    """Wait until Valkey has heard of all that was taken, and has answered: what is taken later is told afterwards."""
    _wait_until_asked(buckets)
    buckets.takes("whoever")
    _wait_until_asked(buckets)


def _wait_until_asked(buckets: Buckets) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while buckets._is_due:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_processes_let_through_what_one_would() -> None:
    here, there = two_processes(SLOW)
    assert taken(here, 8) == 8
    wait_until_told(here)
    assert there.takes("school")  # before it has heard of the other's
    wait_until_told(there)
    assert taken(there, 8) == 1
    assert there.takes("another")
    assert here.takes("school")  # likewise: it hears when it tells
    wait_until_told(here)
    assert not here.takes("school")


def test_what_was_taken_too_much_is_owed_but_no_more_than_a_bucketful() -> None:
    here, there = two_processes(SLOW)
    last, _ = two_processes(SLOW)
    last.name = here.name
    assert [taken(one, 10) for one in (here, there, last)] == [10, 10, 10]
    for one in (here, there, last):
        wait_until_told(one)
    with Redis.from_url(settings.REDIS_URL) as valkey:
        seconds_until_full = valkey.pttl(f"antiphon:limits:{{{here.name}}}:school") / 1000
    assert 2 * 10 / 0.01 - 60 < seconds_until_full <= 2 * 10 / 0.01


def test_what_one_process_takes_alone_is_what_the_limit_says() -> None:
    here, _ = two_processes(Limit(per_second=20.0, at_once=10))
    began, count = time.monotonic(), 0
    while (seconds := time.monotonic() - began) < 2.5:
        count += here.takes("school")
        time.sleep(0.01)
    untold = 20 * TOLD_SECONDS  # Valkey hears of the first a moment later, and counts from then
    assert 10 + 20 * seconds - untold - 3 <= count <= 10 + 20 * seconds + 1


def test_nothing_is_kept_of_a_bucket_that_is_full_again() -> None:
    here, _ = two_processes(Limit(per_second=50.0, at_once=10))
    taken(here, 10)
    wait_until_told(here)
    time.sleep(0.5)
    with Redis.from_url(settings.REDIS_URL) as valkey:
        assert not valkey.exists(f"antiphon:limits:{{{here.name}}}:school")


def test_each_process_goes_by_its_own_while_valkey_is_away_and_by_all_afterwards(
    own_valkey: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = two_processes(SLOW, own_valkey.url)
    taken(here, 8)
    wait_until_told(here)
    assert own_valkey.child.pid is not None
    psutil.Process(own_valkey.child.pid).send_signal(signal.SIGKILL)
    while own_valkey.poll() is None:
        time.sleep(0.01)
    began = time.monotonic()
    assert taken(here, 5) == 2
    assert taken(there, 12) == 10
    assert time.monotonic() - began < 0.1, "somebody waited for Valkey"
    wait_until_told(there)
    there.takes("another")
    wait_until_told(there)
    away = [record.message for record in caplog.records if "does not answer" in record.message]
    assert len(away) == 2, "each process says so once"
    own_valkey.start()
    assert taken(here, 6, "later") == 6
    wait_until_told(here)
    there.takes("later")
    wait_until_told(there)
    assert taken(there, 9, "later") == 3
    wait_until_told(there)  # while there is somebody to tell


def test_a_bucket_fills_again_and_those_at_rest_are_forgotten() -> None:
    bucket = Bucket(Limit(per_second=1e9, at_once=1))
    assert bucket.takes()
    assert bucket.takes()
    slow = Bucket(Limit(per_second=1e-9, at_once=1))
    assert slow.takes()
    assert not slow.takes()
    with patch.object(limits, "KEPT_MAX", 4):
        buckets, _ = two_processes(Limit(per_second=1e-3, at_once=1))
        assert [buckets.takes(who) for who in "aabbccdd"] == [True, False] * 4
        assert buckets.takes("e")
        assert list(buckets._buckets) == ["c", "d", "e"]
        wait_until_told(buckets)  # while there is somebody to tell
