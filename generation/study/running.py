"""Training a study's networks: each look at one is kept on disk, so that a study can be taken up where it ended."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from generation.checkpoint import load
from generation.codecs import ClassicCodec
from generation.metrics import longest_run, pitch_in_scale
from generation.network import weight_shapes
from generation.pieces import Piece
from generation.presets import PRESETS
from generation.progress import Progress
from generation.sampling import Sampling, sample_tokens
from generation.score.tonality import find_tonality
from generation.study.looks import Look, StudyFacts
from generation.study.plan import Arm, StudyPlan, StudyRefused
from generation.training import TrainingRefused, TrainingResult, train

SAMPLE_TOKENS = 500
PAPERS_WINDOW = PRESETS["paper"].config.window
FLOPS_PER_WEIGHT = 6  # a multiplication and an addition forward, and twice that backward


@dataclass(frozen=True)
class Hooks:
    """Who follows a study."""

    on_look: Callable[[Look], None]
    on_progress: Callable[[Arm, Progress], None]
    should_stop: Callable[[], bool]


def describe(pieces: Sequence[Piece], plan: StudyPlan) -> StudyFacts:
    """The study's tokens in numbers. Raises StudyRefused where there are too few pieces."""
    openings = plan.openings(pieces)
    if len(openings) < 2:
        raise StudyRefused(f"expected at least 2 pieces, one to be judged by, got {len(openings)}; add MIDI files")
    codec = ClassicCodec.fit_pieces(openings)
    tokens = np.concatenate([codec.encode_piece(piece)[:, 0] for piece in openings])
    shares = np.bincount(tokens) / len(tokens)
    shares = shares[shares > 0]
    return StudyFacts(len(openings), len(tokens), len(codec.vocabulary), float(-np.sum(shares * np.log(shares))))


def run_study(pieces: Sequence[Piece], plan: StudyPlan, folder: Path, hooks: Hooks) -> list[Look]:
    """Train every network of the plan and return a look at each milestone; looks found in `folder` are not redone.

    Raises StudyRefused for too few notes. Where `should_stop()` says so, what has been looked at is returned.
    """
    openings = plan.openings(pieces)
    found: list[Look] = []
    for arm in plan.arms():
        if hooks.should_stop():
            break
        found += _run_arm(openings, plan, arm, folder / arm.name, hooks)
    return found


def _run_arm(pieces: Sequence[Piece], plan: StudyPlan, arm: Arm, place: Path, hooks: Hooks) -> list[Look]:
    """Looks at one network, trained on from milestone to milestone."""
    looks: list[Look] = []
    for epochs in arm.milestones:
        path = place / f"epochs-{epochs}.json"
        if path.exists():
            looks.append(Look.from_json(path.read_text()))
        else:
            earlier = (place / f"epochs-{looks[-1].epochs}.state").read_bytes() if looks else None
            result, state = _train(pieces, plan, arm, epochs, earlier, hooks)
            if result.reason == "asked":
                break
            looks.append(look_at(result, arm, epochs, pieces))
            place.mkdir(parents=True, exist_ok=True)
            if epochs != arm.milestones[-1]:
                (place / f"epochs-{epochs}.state").write_bytes(state)
            path.write_text(looks[-1].to_json())
        hooks.on_look(looks[-1])
    return looks


def _train(
    pieces: Sequence[Piece], plan: StudyPlan, arm: Arm, epochs: int, earlier: bytes | None, hooks: Hooks
) -> tuple[TrainingResult, bytes]:
    """One training up to a milestone, and its state there."""
    states = [b""]

    def keep(state: bytes, progress: Progress) -> None:
        states[0] = state

    try:
        result = train(
            pieces,
            plan.config(arm, epochs),
            seed=arm.seed,
            on_progress=lambda progress: hooks.on_progress(arm, progress),
            on_checkpoint=lambda data, progress: None,
            on_state=keep,
            should_stop=hooks.should_stop,
            resume_from=earlier,
            held_out=plan.held_out,
        )
    except TrainingRefused as error:
        raise StudyRefused(str(error)) from error
    return result, states[0]


def look_at(result: TrainingResult, arm: Arm, epochs: int, pieces: Sequence[Piece]) -> Look:
    """What the network of a training is like: its losses, what they cost, and what its arg-max gives."""
    curve = tuple((_or_nan(row.loss), _or_nan(row.held_out_loss)) for row in result.history)
    judged = [loss for _, loss in curve]
    if np.isnan(curve).any():
        raise StudyRefused(
            "expected a loss and a held-out loss after each epoch, got none after some; the held-out pieces should "
            f"have more than {PAPERS_WINDOW} notes together: add longer pieces"
        )
    best = int(np.argmin(judged))
    checkpoint = load(result.checkpoint)
    n_weights = sum(math.prod(shape) for shape in weight_shapes(checkpoint.config, checkpoint.codec))
    # Each term is one window: its every step passes the recurrent weights, which are nearly all there are.
    flops = FLOPS_PER_WEIGHT * n_weights * checkpoint.config.window * result.about["n_windows"] * len(curve)
    return Look(
        batch_size=arm.batch_size,
        dropout=arm.dropout,
        seed=arm.seed,
        epochs=epochs,
        loss=curve[-1][0],
        held_out_loss=judged[-1],
        best_held_out_loss=judged[best],
        best_held_out_epoch=best + 1,
        seconds=result.history[-1].seconds_elapsed,
        teraflop=flops / 1e12,
        loss_curve=curve,
        **_argmax_figures(checkpoint, pieces),
    )


def _argmax_figures(checkpoint: Any, pieces: Sequence[Piece]) -> dict[str, Any]:
    """Figures of 500 tokens as the study drew them: the likeliest each time, from a piece's first window on."""
    codec = checkpoint.codec
    opening = max((codec.encode_piece(piece) for piece in pieces), key=len)[: checkpoint.config.window]
    settings = Sampling(temperature=0.0, top_p=1.0, is_faithful=True)
    tokens = sample_tokens(checkpoint, count=1, length=SAMPLE_TOKENS, seed=0, prime=opening, settings=settings)[0]
    score = codec.decode(tokens)
    tonality = find_tonality(score)
    in_key = pitch_in_scale(score, key=tonality.tonic, scale=tonality.scale) if tonality else 0.0
    return {"n_different": len(np.unique(tokens)), "longest_run": longest_run(tokens), "in_key": in_key}


def _or_nan(loss: float | None) -> float:
    return math.nan if loss is None else loss
