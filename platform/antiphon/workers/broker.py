"""Wake-ups: Dramatiq messages that carry a job's id to whoever serves its queue. Losing one loses no job."""

import logging
from functools import cache

import dramatiq
from django.conf import settings
from dramatiq.errors import BrokerConnectionError as BrokerUnreachable
from redis.exceptions import RedisError

from antiphon.bell import BellBroker
from antiphon.core.jobs import QUEUES, Kind

log = logging.getLogger(__name__)


@cache
def sending_broker() -> BellBroker:
    """The broker of a process that only sends: it knows no actors, hence no middleware."""
    return BellBroker(url=settings.REDIS_URL, middleware=[])  # type: ignore[no-untyped-call]


def wake(kind: Kind, job_id: int) -> bool:
    """Send a job's wake-up. False where the broker cannot be reached: the sweep sends it again."""
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=QUEUES[kind], actor_name=kind.value, args=(job_id,), kwargs={}, options={}
    )
    try:
        sending_broker().enqueue(message)
    except (BrokerUnreachable, RedisError, OSError) as error:
        log.warning("no wake-up for job %s, the sweep will send it: %s", job_id, error)
        return False
    return True
