"""Samples as they are heard: played like people, once, so that a sample always sounds the same."""

from antiphon.training.models import Sample
from generation.score.expression import HUMAN, perform
from generation.score.notes import Score

NOTES_MAX = 5_000  # longer scores stay as drawn: playing one would hold up the node that waits


def play(score: Score, *, job_id: int, index: int) -> Score:
    """A sample as a person might play it; the same sample of the same job is played the same."""
    if len(score.notes) > NOTES_MAX:
        return score
    return perform(score, HUMAN, seed=(job_id << 16) + index)


def heard_score(sample: Sample, *, is_written: bool = False) -> Score:
    """The sample as it is heard, or as it was drawn: what notation is written from, and what phrases are cut from."""
    return Score.from_json(sample.score if is_written or not sample.played else sample.played)
