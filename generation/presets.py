"""What a network is built and trained as: a frozen config, the named presets. Free of Keras, for web processes too."""

from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal


class ConfigRefused(ValueError):
    """A network's config has a field that is missing, unknown or out of range; the message says which."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Everything that decides what a network is and how it is trained; stored with every checkpoint."""

    preset: str
    codec: Literal["classic", "expressive"]
    lstm_units: int
    lstm_layers: int
    dense_units: int  # between the last LSTM and the heads; 0 for none
    embedding_units: int  # a field's embedding; 0: one float, index / vocabulary, as in the paper
    dropout: float
    window: int  # tokens
    batch_size: int
    optimizer: Literal["rmsprop", "adam"]
    learning_rate: float
    epochs: int
    max_seconds: float | None  # training stops by then, wherever it is
    is_every_step: bool  # the loss at every step of a window, or at the last only
    transpositions: int  # copies of each piece in other keys, for codecs that spell pitches

    def __post_init__(self) -> None:
        positive = ("lstm_units", "lstm_layers", "window", "batch_size", "epochs")
        for name in positive:
            if getattr(self, name) < 1:
                raise ConfigRefused(f"{name} should be at least 1, not {getattr(self, name)}.")
        if not 0 <= self.dropout < 1:
            raise ConfigRefused(f"dropout should be from 0 to below 1, not {self.dropout}.")
        if self.learning_rate <= 0:
            raise ConfigRefused(f"learning_rate should be above 0, not {self.learning_rate}.")
        if self.max_seconds is not None and self.max_seconds <= 0:
            raise ConfigRefused(f"max_seconds should be above 0 or empty, not {self.max_seconds}.")

    def to_json(self) -> dict[str, Any]:
        """The config as plain values; `from_json` gives an equal one."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "NetworkConfig":
        """The config that `to_json` wrote. Raises ConfigRefused where fields are missing, unknown or out of range."""
        expected = {field.name for field in fields(cls)}
        if not isinstance(data, dict) or set(data) != expected:
            found = sorted(data) if isinstance(data, dict) else type(data).__name__
            raise ConfigRefused(f"A network's config has the fields {sorted(expected)}, not {found}.")
        try:
            return cls(**data)
        except TypeError as error:
            raise ConfigRefused(f"A network's config has a value of the wrong kind: {error}.") from error

    def with_changes(self, **changes: Any) -> "NetworkConfig":
        """The same config with some fields set anew. Raises ConfigRefused."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named config, with a title and a description for the host who chooses one."""

    title: str
    description: str
    config: NetworkConfig


PRESETS = MappingProxyType(
    {
        "quick": Preset(
            title="Quick",
            description="A small network that hears timing, loudness and length. Minutes on a laptop.",
            config=NetworkConfig(
                preset="quick",
                codec="expressive",
                lstm_units=160,
                lstm_layers=2,
                dense_units=128,
                embedding_units=16,
                dropout=0.4,
                window=64,
                batch_size=16,
                optimizer="adam",
                learning_rate=0.004,
                epochs=60,
                max_seconds=90.0,
                is_every_step=True,
                transpositions=0,
            ),
        ),
        "paper": Preset(
            title="Paper",
            description="The study's network, as it was: three LSTM layers of 512 on notes and chords by name. "
            "Days without an NVIDIA card.",
            config=NetworkConfig(
                preset="paper",
                codec="classic",
                lstm_units=512,
                lstm_layers=3,
                dense_units=256,
                embedding_units=0,
                dropout=0.3,
                window=30,
                batch_size=64,
                optimizer="rmsprop",
                learning_rate=0.001,
                epochs=1000,
                max_seconds=None,
                is_every_step=False,
                transpositions=0,
            ),
        ),
    }
)
