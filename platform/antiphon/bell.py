"""Workers that are woken when there is something to do, and do not look for it again and again.

Dramatiq's consumer of Redis looks, and rests the longer the longer there was nothing: up to a second, for which a room
would wait between two generations. So whoever sends a message rings as well, with an element of a list on which the
consumer waits. A ring that is lost, or that another worker took, costs no more than that second.
"""

from collections.abc import Iterable

import dramatiq
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import ConnectionClosed
from redis import Redis
from redis.exceptions import RedisError

RINGS_MAX = 100  # that are kept while nobody listens


class BellBroker(RedisBroker):
    """Dramatiq's broker, whose messages ring and whose consumers listen."""

    client: "Redis"

    def enqueue(self, message: "dramatiq.Message[None]", *, delay: int | None = None) -> "dramatiq.Message[None]":
        """Send a message and ring. Raises BrokerConnectionError or RedisError."""
        sent: dramatiq.Message[None] = super().enqueue(message, delay=delay)
        with self.client.pipeline(transaction=False) as pipe:
            pipe.rpush(_bell(message.queue_name), 1)
            pipe.ltrim(_bell(message.queue_name), -RINGS_MAX, -1)
            pipe.execute()
        return sent

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """Messages of a queue; between two looks for one it waits for the bell, at most `timeout` ms."""
        return _Listening(super().consume(queue_name, prefetch, timeout=0), self.client, _bell(queue_name), timeout)


class _Listening(Consumer):
    """Dramatiq's own consumer, which does not rest between two looks, and the bell that is waited for instead."""

    def __init__(self, looking: Consumer, client: "Redis", bell: str, timeout_ms: int) -> None:
        self._looking, self._client, self._bell, self._timeout_ms = looking, client, bell, timeout_ms

    def __next__(self) -> MessageProxy | None:
        message = next(self._looking)
        if message is None:
            try:
                self._client.blpop([self._bell], timeout=self._timeout_ms / 1000)
            except (RedisError, OSError) as error:
                raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
        return message

    def ack(self, message: MessageProxy) -> None:
        self._looking.ack(message)

    def nack(self, message: MessageProxy) -> None:
        self._looking.nack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        self._looking.requeue(messages)

    def close(self) -> None:
        self._looking.close()


def _bell(queue_name: str) -> str:
    return f"antiphon:bell:{queue_name}"
