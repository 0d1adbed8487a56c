"""A training stopped in its midst, as one file: everything that another process needs to go on bit for bit."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from generation.archive import (
    Array,
    CheckpointRefused,
    Form,
    dump,
    member_names,
    pack,
    pack_arrays,
    parse,
    unpack,
    unpack_arrays,
)
from generation.checkpoint import MAX_BYTES, NETWORK_LIMITS_BYTES, network_members, network_of
from generation.codecs import Codec
from generation.fitting.course import Course, CourseRefused
from generation.network import weight_shapes
from generation.presets import NetworkConfig

COURSE, COURSE_LIMIT_BYTES = "course.json", 1 << 24
VARIABLES = "variables.npz"  # of the network, its random seeds among them
OPTIMIZER = "optimizer.npz"
BEST = "best.checkpoint"  # no bytes where nothing was the best yet


class StateRefused(CheckpointRefused):
    """A training state that is damaged, or that belongs to another training than the one that should go on."""

    code = "state_refused"


@dataclass(frozen=True, slots=True)
class TrainingState:
    """What a state file holds; the arrays are read once there is a network for them."""

    config: NetworkConfig
    codec: Codec
    seed: int
    corpus: str  # the corpus' digest
    course: Course
    best: bytes  # the best checkpoint so far
    members: dict[str, bytes]


def is_state(data: bytes) -> bool:
    """Whether the bytes are a state file, rather than a checkpoint or nothing known."""
    return COURSE in member_names(data)


def save_state(
    model: Any, config: NetworkConfig, codec: Codec, *, seed: int, corpus: str, course: Course, best: bytes
) -> bytes:
    """The state's bytes, of a compiled model whose optimizer is built."""
    facts = {"seed": seed, "corpus": corpus, "course": course.to_json()}
    return pack(
        {
            **network_members(config, codec),
            COURSE: dump(facts),
            VARIABLES: pack_arrays(_values(model.variables)),
            OPTIMIZER: pack_arrays(_values(model.optimizer.variables)),
            BEST: best,
        }
    )


def read_state(data: bytes, config: NetworkConfig) -> TrainingState:
    """The state in these bytes, for a training by this config. Raises StateRefused, and nothing else, for a bad file.

    The config may ask for another number of epochs or seconds than the state's, and for nothing else.
    """
    if len(data) > 4 * MAX_BYTES:
        raise StateRefused(f"state: expected at most {4 * MAX_BYTES} bytes, got {len(data)}; train a smaller network")
    limits = {**NETWORK_LIMITS_BYTES, COURSE: COURSE_LIMIT_BYTES}
    limits |= {VARIABLES: MAX_BYTES, OPTIMIZER: 3 * MAX_BYTES, BEST: MAX_BYTES}
    try:
        members = unpack(data, limits, "state")
        known, codec = network_of(members)
        seed, corpus, course = _facts(members[COURSE])
    except CheckpointRefused as error:
        raise StateRefused(str(error)) from None
    if replace(known, epochs=config.epochs, max_seconds=config.max_seconds) != config:
        raise StateRefused("expected a state of this configuration, got another's; go on from its checkpoint")
    n_bytes = sum(4 * int(np.prod(shape)) for shape in weight_shapes(config, codec))
    if n_bytes > len(members[VARIABLES]):
        raise StateRefused(f"{VARIABLES}: expected {n_bytes} bytes of weights, got fewer; upload it again")
    return TrainingState(config, codec, seed, corpus, course, members[BEST], members)


def restore(state: TrainingState, model: Any) -> None:
    """Set a compiled model's weights, random seeds and optimizer to the state's. Raises StateRefused."""
    variables, optimizer = model.variables, model.optimizer.variables
    try:
        values = unpack_arrays(state.members[VARIABLES], _forms(variables), VARIABLES)
        values += unpack_arrays(state.members[OPTIMIZER], _forms(optimizer), OPTIMIZER)
    except CheckpointRefused as error:
        raise StateRefused(str(error)) from None
    for variable, value in zip([*variables, *optimizer], values, strict=True):
        variable.assign(value)


def _facts(content: bytes) -> tuple[int, str, Course]:
    facts = parse(COURSE, content)
    if not isinstance(facts, dict) or set(facts) != {"seed", "corpus", "course"}:
        raise StateRefused(f"{COURSE}: expected seed, corpus and course; upload it again")
    seed, corpus = facts["seed"], facts["corpus"]
    if type(seed) is not int or seed < 0 or not isinstance(corpus, str):
        raise StateRefused(f"{COURSE}: expected a whole number for seed and a text for corpus; upload it again")
    try:
        return seed, corpus, Course.from_json(facts["course"])
    except CourseRefused as error:
        raise StateRefused(f"{COURSE}: {error}") from None


def _values(variables: Any) -> list[Array]:
    return [np.asarray(variable.numpy() if hasattr(variable, "numpy") else variable) for variable in variables]


def _forms(variables: Any) -> list[Form]:
    return [(tuple(variable.shape), str(variable.dtype)) for variable in variables]
