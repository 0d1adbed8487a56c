"""How a score is to be played: the parameters of expression, all neutral until set."""

from dataclasses import dataclass

USUAL_VIBRATO_HZ = 5.5  # singers and strings: 5 to 7


@dataclass(frozen=True, slots=True)
class Performance:
    """How a score is to be played; the defaults change nothing. Depths run from 0 to 1 unless a unit says otherwise."""

    deviation_ms: float = 0.0  # standard deviation of the onsets' timing
    exponent: float = 1.0  # a of the timing's 1/f^a spectrum: 0 is white, 1 pink, 2 brown
    swing: float = 0.0  # 0 straight eighths, 1 triplet eighths (2:1)
    velocity_curve: float = 0.0  # phrase arch in loudness, and accents on downbeats and beats
    bend_cents: float = 0.0  # standard deviation of each onset's tuning
    valence: float = 0.0  # -1 sad to 1 glad
    arousal: float = 0.0  # -1 calm to 1 excited
    contour: float = 0.0  # high notes louder
    velocity_deviation: float = 0.0  # standard deviation of velocity, correlated as the timing is
    rubato: float = 0.0  # phrase arch in tempo, written as tempo marks
    final_ritard: float = 0.0  # slowing down over the last bars, written as tempo marks
    articulation: float = 0.0  # -1 staccato, 0 as written, 1 legato
    glide_cents: float = 0.0  # how far under its pitch a note begins
    vibrato_cents: float = 0.0  # how far vibrato reaches to either side
    vibrato_hz: float = USUAL_VIBRATO_HZ
    melody_lead_ms: float = 0.0  # how much earlier than its chord the highest note comes
    chord_spread_ms: float = 0.0  # standard deviation of the other notes of a chord
    attack: float = 0.0  # -1 to 1: accents weaker or stronger than `velocity_curve` makes them
    tempo_factor: float = 1.0
    length_factor: float = 1.0
    velocity_shift: float = 0.0  # MIDI velocity added to every note
    vibrato_delay_ms: float = 250.0  # of a note pass before vibrato begins
    phrase_bars: int = 4  # how many bars one arch spans, about
    swing_follows_tempo: bool = False  # swing grows when slow and goes when fast, as with jazz drummers


HUMAN = Performance(
    deviation_ms=9.0,
    exponent=0.8,
    velocity_curve=0.4,
    contour=0.3,
    velocity_deviation=3.0,
    rubato=0.2,
    final_ritard=0.3,
    melody_lead_ms=7.0,
    chord_spread_ms=3.0,
)
"""An unobtrusive player for samples: human time, phrases that breathe, no swing or bend that nobody asked for."""
