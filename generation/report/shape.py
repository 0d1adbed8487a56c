"""The shape of a checkpoint's report: plain JSON, for files, the API and the studio's charts. Version 1."""

from typing import Literal, TypedDict

VERSION = 1

Verdict = Literal["met", "missed", "not measured", "no target"]


class LeftOutPiece(TypedDict):
    """A piece that nothing was learnt from, and why."""

    name: str
    reason: str


class About(TypedDict):
    """What was judged, by what."""

    preset: str
    codec: str
    architecture: str
    seed: int  # of the report
    n_samples: int
    notes_per_sample: int
    excerpt_notes: int
    n_pieces: int
    n_learnt: int  # pieces
    n_notes_learnt: int
    n_held_out: int
    held_out: list[str]  # names of pieces
    left_out: list[LeftOutPiece]
    epochs: int
    terms_per_second: float | None
    training_seconds: float | None
    report_seconds: float


class Row(TypedDict):
    """One figure with what it is compared with. `low` and `high` bound the target, None where it has no such bound."""

    id: str  # stable: "likelihood", "likelihood.degree", "overlap.intervals", ...
    group: str  # "likelihood", "overlap", "form", "memorisation", "timing"
    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    target: str  # in words: "under the trigram's 8.35"
    reference: float | None  # what the same figure is elsewhere
    reference_name: str  # where: "trigram", "training pieces", ...
    verdict: Verdict
    note: str  # how it was measured, or why it was not


class LossChart(TypedDict):
    """One value an epoch; nats a note."""

    epochs: list[int]
    loss: list[float | None]
    held_out_loss: list[float | None]
    best_epoch: int | None


class LikelihoodChart(TypedDict):
    """Nats of each field of a note, held-out pieces."""

    fields: list[str]
    network: list[float | None]
    trigram: list[float | None]


class OverlapChart(TypedDict):
    """Overlap areas, 0 to 1, of each feature."""

    features: list[str]
    samples: list[float | None]
    halves: list[float | None]
    halves_low: list[float | None]
    halves_high: list[float | None]


class HistogramChart(TypedDict):
    """Shares of each bin, which sum to 1, in samples and training pieces."""

    name: str
    unit: str
    labels: list[str]
    samples: list[float]
    training: list[float]


class MemorisationChart(TypedDict):
    """Share of samples, and of people's excerpts, whose longest shared passage has at least so many notes."""

    n_notes: list[int]
    samples: list[float]
    people: list[float]
    excerpt_notes: int


class TimingChart(TypedDict):
    """Deviations from the grid in ms, as shares of bins, and each sample's standard deviation and DFA exponent."""

    centres_ms: list[float]
    played: list[float]  # samples, as played
    training: list[float]  # pieces that stray from the grid
    deviation_ms: list[float | None]
    exponents: list[float | None]
    human_ms: list[float]  # people's standard deviations: lowest, highest
    human_exponents: list[float]


class Charts(TypedDict):
    """What the plots are drawn from."""

    loss: LossChart
    likelihood: LikelihoodChart
    overlap: OverlapChart
    excerpts: OverlapChart
    histograms: list[HistogramChart]
    memorisation: MemorisationChart
    timing: TimingChart


class SharedPassage(TypedDict):
    """The longest passage that one sample shares with a training piece; bars count from 1."""

    sample: int  # from 1
    n_notes: int
    n_notes_repeated: int
    piece: str
    piece_bars: list[int]  # first, last
    bars: list[int]
    semitones: int
    reading: str
    people_share: float | None  # of people's excerpts that share at least as much, 0 to 1


class Report(TypedDict):
    """All that was measured of a checkpoint."""

    version: int
    about: About
    rows: list[Row]
    charts: Charts
    passages: list[SharedPassage]
