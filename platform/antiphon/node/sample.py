"""A `sample` job: fetch the checkpoint, draw scores, send them."""

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from antiphon.node.client import Claim, NodeClient
from antiphon.node.errors import JobImpossible
from generation.score.notes import DEFAULT_TEMPO_BPM, Score

if TYPE_CHECKING:
    from generation.checkpoint import Checkpoint

LOADED_MAX = 2


class Sampler:
    """Draws scores, and keeps the last checkpoints loaded, with their compiled loops."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[str, Checkpoint] = OrderedDict()

    def run(self, client: NodeClient, claim: Claim) -> dict[str, Any]:
        """Draw as the job says and return the scores. Raises JobImpossible where trying again would not help."""
        from generation.sampling import SampleRefused, Sampling, sample  # with TensorFlow: seconds, only where needed

        wanted = claim.specification
        prime = wanted.get("prime")
        try:
            scores = sample(
                self.borrow(client, claim),
                count=int(wanted["count"]),
                length=int(wanted["length"]),
                seed=int(wanted["seed"]),
                tempo_bpm=float(wanted.get("tempo_bpm") or DEFAULT_TEMPO_BPM),
                prime=None if prime is None else Score.from_json(prime),
                settings=Sampling.from_json(wanted.get("sampling", {})),
            )
        except SampleRefused as error:
            raise JobImpossible(str(error)) from error
        return {"scores": [score.to_json() for score in scores]}

    def borrow(self, client: NodeClient, claim: Claim) -> "Checkpoint":
        """The checkpoint of a job, fetched only where it is not loaded. Raises JobImpossible."""
        known = self._loaded.get(str(claim.specification.get("checkpoint_sha256")))
        if known is None:
            return self.load(client.archive(claim))
        self._loaded.move_to_end(claim.specification["checkpoint_sha256"])
        return known

    def load(self, data: bytes) -> "Checkpoint":
        """The checkpoint in these bytes, from memory where it was used lately. Raises JobImpossible."""
        from generation.checkpoint import CheckpointRefused, load

        key = hashlib.sha256(data).hexdigest()
        if key not in self._loaded:
            try:
                self._loaded[key] = load(data)
            except CheckpointRefused as error:
                raise JobImpossible(str(error)) from error
        self._loaded.move_to_end(key)
        while len(self._loaded) > LOADED_MAX:
            self._loaded.popitem(last=False)
        return self._loaded[key]
