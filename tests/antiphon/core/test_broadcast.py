"""Events reach a group when the transaction commits, and never undo it."""

import asyncio
import logging

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.test import override_settings

from antiphon.core.broadcast import abroadcast, broadcast, host_group
from antiphon.core.events import TrainingChanged

EVENT = TrainingChanged(run=1, state="running")
NOWHERE = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": ["redis://127.0.0.1:1"]},
    }
}


async def test_an_event_reaches_its_group() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(host_group(7), channel)
    await abroadcast(host_group(7), EVENT)
    message = await asyncio.wait_for(layer.receive(channel), 5)
    await layer.flush()
    assert message == {"type": "broadcast.event", "event": EVENT.model_dump(mode="json")}


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_is_undone_is_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(CHANNEL_LAYERS=NOWHERE), caplog.at_level(logging.WARNING):
        with transaction.atomic():
            broadcast(host_group(7), EVENT)
            transaction.set_rollback(True)
        assert caplog.text == ""
        with transaction.atomic():
            broadcast(host_group(7), EVENT)
    assert "was not sent" in caplog.text


def test_a_channel_layer_that_is_away_is_logged_and_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(CHANNEL_LAYERS=NOWHERE), caplog.at_level(logging.WARNING):
        async_to_sync(abroadcast)(host_group(7), EVENT)
    assert "was not sent" in caplog.text
