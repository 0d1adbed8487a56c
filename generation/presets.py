"""What a network is built and trained as: a frozen config, the named presets. Free of Keras, for web processes too."""

from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal

ARCHITECTURES = ("last_step", "every_step", "infilling", "bidirectional")
LEAST = MappingProxyType(
    dict.fromkeys(("lstm_units", "lstm_layers", "window", "batch_size", "epochs"), 1)
    | dict.fromkeys(("dense_units", "embedding_units", "window_after", "transpositions"), 0)
)


class ConfigRefused(ValueError):
    """A network's config has a field that is missing, unknown or out of range; the message says which."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Everything that decides what a network is and how it is trained; stored with every checkpoint."""

    preset: str
    codec: Literal["classic", "expressive"]
    architecture: Literal[
        "last_step", "every_step", "infilling", "bidirectional"
    ]  # see `generation.network.build_network`
    lstm_units: int
    lstm_layers: int
    dense_units: int  # between the last LSTM and the heads; 0 for none
    embedding_units: int  # a field's embedding; 0: one float, index / vocabulary, as in the paper
    dropout: float
    window: int  # tokens heard before the one that is predicted
    window_after: int  # notes heard after the bar that is written; only an infilling network has any
    batch_size: int
    optimizer: Literal["rmsprop", "adam"]
    learning_rate: float
    epochs: int
    max_seconds: float | None  # training stops by then, wherever it is
    transpositions: int  # semitones, up and down, by which training windows are moved, drawn anew each epoch

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise ConfigRefused(f"{name} should be at least {least}, not {getattr(self, name)}.")
        if not 0 <= self.dropout < 1:
            raise ConfigRefused(f"dropout should be from 0 to below 1, not {self.dropout}.")
        if self.learning_rate <= 0:
            raise ConfigRefused(f"learning_rate should be above 0, not {self.learning_rate}.")
        if self.max_seconds is not None and self.max_seconds <= 0:
            raise ConfigRefused(f"max_seconds should be above 0 or empty, not {self.max_seconds}.")
        self._check_architecture()

    def _check_architecture(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ConfigRefused(f"architecture should be one of {', '.join(ARCHITECTURES)}, not {self.architecture!r}.")
        if self.architecture != "last_step" and self.embedding_units < 1:
            raise ConfigRefused(f"embedding_units should be at least 1 for {self.architecture}, not 0.")
        if self.architecture == "bidirectional" and self.codec != "classic":
            raise ConfigRefused(
                "architecture should be infilling for notes, not bidirectional, which earlier networks of the preset "
                "bars were: they learnt one note of each window and are no longer read. Train bars anew."
            )
        if self.architecture == "infilling" and (self.codec != "expressive" or not self.window_after):
            found = f"{self.codec} and {self.window_after}"
            raise ConfigRefused(f"codec and window_after should be expressive and above 0 for infilling, not {found}.")
        if self.architecture != "infilling" and self.window_after:
            raise ConfigRefused(f"window_after should be 0 for {self.architecture}, not {self.window_after}.")

    @property
    def is_every_step(self) -> bool:
        """Whether each step of a window is said from all that came before in it, and nothing else."""
        return self.architecture == "every_step"

    @property
    def learns_every_note(self) -> bool:
        """Whether the loss is taken at every note of a window, or at one only, as in the study."""
        return self.architecture in ("every_step", "infilling")

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
                architecture="every_step",
                lstm_units=160,
                lstm_layers=2,
                dense_units=256,
                embedding_units=16,
                dropout=0.4,
                window=64,
                window_after=0,
                batch_size=16,
                optimizer="adam",
                learning_rate=0.003,
                epochs=60,
                max_seconds=90.0,
                transpositions=0,
            ),
        ),
        "studio": Preset(
            title="Studio",
            description="The same kind of network as Quick, many times as large, which hears more of what came before. "
            "Wants an NVIDIA card; without one it takes days.",
            config=NetworkConfig(
                preset="studio",
                codec="expressive",
                architecture="every_step",
                lstm_units=512,
                lstm_layers=3,
                dense_units=256,
                embedding_units=32,
                dropout=0.3,
                window=128,
                window_after=0,
                batch_size=64,
                optimizer="adam",
                learning_rate=0.002,
                epochs=200,
                max_seconds=None,
                transpositions=12,
            ),
        ),
        "bars": Preset(
            title="Bars",
            description="Hears what comes before and after a bar, and writes the bar anew. For re-writing bars and for "
            "breeding, not for whole pieces. Ten minutes on a laptop.",
            config=NetworkConfig(
                preset="bars",
                codec="expressive",
                architecture="infilling",
                lstm_units=128,
                lstm_layers=2,
                dense_units=256,
                embedding_units=16,
                dropout=0.4,
                window=64,
                window_after=48,
                batch_size=16,
                optimizer="adam",
                learning_rate=0.003,
                epochs=60,
                max_seconds=600.0,
                transpositions=12,
            ),
        ),
        "paper": Preset(
            title="Paper",
            description="The study's network, as it was: three LSTM layers of 512 on notes and chords by name. "
            "Days without an NVIDIA card.",
            config=NetworkConfig(
                preset="paper",
                codec="classic",
                architecture="last_step",
                lstm_units=512,
                lstm_layers=3,
                dense_units=256,
                embedding_units=0,
                dropout=0.3,
                window=30,
                window_after=0,
                batch_size=64,
                optimizer="rmsprop",
                learning_rate=0.001,
                epochs=1000,
                max_seconds=None,
                transpositions=0,
            ),
        ),
        "paper-bidirectional": Preset(
            title="Paper, bidirectional",
            description="The network that the study's text speaks of: LSTM layers that read notes and chords by name "
            "from both ends, with attention to all that came before. Days without an NVIDIA card.",
            config=NetworkConfig(
                preset="paper-bidirectional",
                codec="classic",
                architecture="bidirectional",
                lstm_units=512,
                lstm_layers=3,
                dense_units=256,
                embedding_units=64,
                dropout=0.3,
                window=30,
                window_after=0,
                batch_size=64,
                optimizer="rmsprop",
                learning_rate=0.001,
                epochs=1000,
                max_seconds=None,
                transpositions=0,
            ),
        ),
    }
)
