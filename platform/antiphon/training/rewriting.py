"""Bars written anew by a network, for whoever has phrases to vary: asked of a node, checked when they come back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.core.enqueue import enqueue
from antiphon.core.errors import Invalid
from antiphon.core.jobs import Kind, Payload
from antiphon.training.borrowing import checked_score, checkpoint_of
from antiphon.training.models import Checkpoint
from generation.score.notes import Score


@dataclass(frozen=True)
class OpenBar:
    """A score, and which of its bars, counted from 0, is to be written anew."""

    score: Score
    bar: int


@dataclass(frozen=True)
class RewritingPurpose:
    """Who has bars to be written anew: what they are, and whom to tell when they have come.

    `bars` is asked again when they come: what it answers must be the same. Bars that never come are let go.
    """

    bars: Callable[[Payload], Sequence[OpenBar]]
    rewritten: Callable[[Payload, Sequence[Score | None]], None]


_purposes: dict[str, RewritingPurpose] = {}


def on_rewriting(purpose: str, answer: RewritingPurpose) -> None:
    """Answer for the bars of a purpose; called once from AppConfig.ready."""
    _purposes[purpose] = answer


def check_rewrites(checkpoint: Checkpoint) -> None:
    """Raises Invalid where the network plays on instead of filling a bar."""
    if not checkpoint.run.is_rewriting:
        raise Invalid(
            f"The network of {checkpoint.run.name!r} plays on and cannot re-write a bar. "
            "Choose one of the preset `bars`."
        )


def order_rewriting(*, checkpoint: Checkpoint, owner_id: int, purpose: str, seed: int, **payload: Any) -> int:
    """Order the bars of a purpose to be written anew and return the job's id; `payload` comes back to the purpose.

    Raises Invalid where the network plays on instead of filling a bar.
    """
    check_rewrites(checkpoint)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(is_kept=True)
    return enqueue(Kind.REWRITE, owner_id=owner_id, checkpoint_id=checkpoint.pk, purpose=purpose, seed=seed, **payload)


def rewrite_specification(payload: Payload) -> Payload:
    """What a node is told. Raises NotFound where the checkpoint was deleted."""
    checkpoint = checkpoint_of(payload)
    bars = [{"score": one.score.to_json(), "bar": one.bar} for one in _purposes[payload["purpose"]].bars(payload)]
    return {"bars": bars, "seed": payload["seed"], "checkpoint_sha256": checkpoint.sha256}


def bars_rewritten(payload: Payload, result: Payload) -> None:
    """Hand the scores that a node has re-written to whoever asked. Raises Invalid where they are none, or too few."""
    purpose = _purposes[payload["purpose"]]
    scores, expected = result.get("scores"), len(purpose.bars(payload))
    if not isinstance(scores, list) or len(scores) != expected:
        raise Invalid(f"Expected `scores`, a list of {expected} scores or nulls, one for each bar asked for.")
    purpose.rewritten(payload, [None if score is None else checked_score(score) for score in scores])
