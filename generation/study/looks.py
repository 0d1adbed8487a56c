"""What a study saw of its networks, and on what. Knows no TensorFlow."""

import json
from dataclasses import asdict, dataclass, fields

from generation.study.plan import StudyRefused


@dataclass(frozen=True, slots=True)
class Look:
    """What one network was like after some epochs. Losses are nats a token."""

    batch_size: int
    dropout: float
    seed: int
    epochs: int
    loss: float
    held_out_loss: float
    best_held_out_loss: float
    best_held_out_epoch: int
    seconds: float  # of training, all epochs so far
    teraflop: float  # of arithmetic, all epochs so far
    n_different: int  # tokens among the 500 that arg-max gives
    longest_run: int  # of one token among them
    in_key: float  # share of their notes in the key found in them
    loss_curve: tuple[tuple[float, float], ...]  # loss and held-out loss after each epoch so far

    def to_json(self) -> str:
        """One line of text that `from_json` reads back."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Look":
        """The look that `to_json` wrote. Raises StudyRefused."""
        try:
            data = json.loads(text)
            curve = tuple((float(loss), float(judged)) for loss, judged in data.pop("loss_curve"))
            return cls(**data, loss_curve=curve)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            names = ", ".join(field.name for field in fields(cls))
            message = f"expected a look with {names}, got {error}; delete the file to train that network again"
            raise StudyRefused(message) from None


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What a study was run on."""

    n_pieces: int
    n_tokens: int
    n_different: int  # tokens in the vocabulary
    unigram_nats: float  # of all tokens: what a network that hears nothing can reach at best
