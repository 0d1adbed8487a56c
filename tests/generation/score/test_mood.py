import numpy as np
import pytest

from generation.score.expression import Mood, MoodError, Performance, humanise, in_mood
from generation.score.expression.mood import BRIGHTNESS, fitting_mode
from generation.score.notes import Part, Score, sort_notes
from generation.score.playback import to_seconds
from generation.score.scales import SCALES, UnknownScaleError
from tests.generation.score.played import play, walk

UP_AND_DOWN = (0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0)


def tune(tonic: int = 60) -> Score:
    return Score(sort_notes([(i * 0.5, 0.5, tonic + step, 80, 0) for i, step in enumerate(UP_AND_DOWN)]))


def chromas(score: Score, tonic: int) -> set[int]:
    return {int(pitch - tonic) % 12 for pitch in score.notes["pitch"]}


def felt(valence: float, arousal: float) -> Score:
    return play(walk(64), valence=valence, arousal=arousal)


def test_excitement_is_faster_louder_and_shorter_held_than_calm() -> None:
    excited, calm = felt(0.0, 1.0), felt(0.0, -1.0)
    assert to_seconds(excited, 32.0) < 0.8 * to_seconds(calm, 32.0)
    assert excited.notes["velocity"].mean() > calm.notes["velocity"].mean() + 20
    assert excited.notes["duration_quarters"].mean() < 0.9 * calm.notes["duration_quarters"].mean()


def test_gladness_is_faster_and_more_detached_than_sadness() -> None:
    glad, sad = felt(1.0, 0.0), felt(-1.0, 0.0)
    assert to_seconds(glad, 32.0) < to_seconds(sad, 32.0)
    assert glad.notes["duration_quarters"].mean() < 0.9 * sad.notes["duration_quarters"].mean()


def test_excitement_strikes_its_accents_harder() -> None:
    def accent(arousal: float) -> float:
        velocities = play(walk(256, velocity=64), velocity_curve=0.3, arousal=arousal).notes["velocity"].astype(float)
        return float(velocities[::8].mean() - velocities[1::8].mean())

    assert accent(1.0) > accent(0.0) + 3 > accent(-1.0) + 3


def test_sad_players_keep_time_more_freely() -> None:
    def spread(valence: float) -> float:
        played = play(walk(200), deviation_ms=10.0, valence=valence, seed=4)
        return float(np.std(played.notes["onset_quarters"] - walk(200).notes["onset_quarters"]))

    assert spread(-1.0) > 1.3 * spread(1.0)


def test_a_neutral_mood_changes_nothing() -> None:
    performance = Performance(deviation_ms=9.0, rubato=0.3)
    assert Mood().colour(performance) == performance
    score = tune()
    assert in_mood(score, Mood(), key="C", scale="major") == score
    assert humanise(score, Mood().colour(Performance()), np.random.default_rng(1)) == score


@pytest.mark.parametrize(
    ("scale", "valence", "mode"),
    [
        ("major", 1.0, "lydian"), ("major", 0.4, "major"), ("major", 0.0, "major"), ("major", -0.3, "mixolydian"),
        ("major", -0.5, "dorian"), ("major", -0.75, "minor"), ("major", -1.0, "phrygian"), ("minorM", 0.0, "minorM"),
        ("minorM", 0.75, "major"), ("dorian", -1.0, "phrygian"), ("minorBlues", 1.0, "lydian"),
    ],
)  # fmt: skip
def test_every_valence_has_its_mode(scale: str, valence: float, mode: str) -> None:
    assert fitting_mode(scale, valence) == mode


@pytest.mark.parametrize("scale", sorted(SCALES))
def test_modes_darken_steadily_as_valence_falls(scale: str) -> None:
    order = list(BRIGHTNESS)
    home = {"minorM": "minor", "minorBlues": "minor", "majorBlues": "major"}.get(scale, scale)
    places = [order.index({scale: home}.get(mode, mode)) for mode in
              (fitting_mode(scale, valence) for valence in np.linspace(1, -1, 41))]  # fmt: skip
    assert places == sorted(places)
    assert (places[0], places[20], places[-1]) == (0, order.index(home), len(order) - 1)


@pytest.mark.parametrize(("key", "tonic"), [("C", 60), ("A", 57), ("F#", 66), ("Bb", 58)])
@pytest.mark.parametrize("valence", [-1.0, -0.75, -0.5, -0.3, 1.0])
def test_a_tune_keeps_its_degrees_and_takes_the_modes_pitches(key: str, tonic: int, valence: float) -> None:
    moved = in_mood(tune(tonic), Mood(valence, 0.0), key=key, scale="major")
    mode = BRIGHTNESS[fitting_mode("major", valence)]
    assert chromas(moved, tonic) == set(mode)
    steps = [mode[SCALES["major"].index(step % 12)] + step // 12 * 12 for step in UP_AND_DOWN]
    octave = int(moved.notes["pitch"][0]) - tonic
    assert (moved.notes["pitch"] - tonic - octave).tolist() == steps
    assert moved.keys[0].is_minor == (valence <= -0.5)
    assert abs(moved.keys[0].fifths) <= 7


def test_the_signature_is_the_modes() -> None:
    fifths = [in_mood(tune(), Mood(v), key="C", scale="major").keys[0].fifths for v in (1.0, -0.3, -0.5, -0.75, -1.0)]
    assert fifths == [1, -1, -2, -3, -4]


def test_altered_notes_stay_altered() -> None:
    passing = Score(sort_notes([(0.0, 1.0, 60, 80, 0), (1.0, 1.0, 61, 80, 0), (2.0, 1.0, 64, 80, 0)]))
    darker = in_mood(passing, Mood(-0.75), key="C", scale="major")
    assert darker.notes["pitch"].tolist() == [60, 61, 63]


@pytest.mark.parametrize(("mood", "octaves"), [(Mood(1, 1), 1), (Mood(-1, -1), -1), (Mood(1, -1), 0), (Mood(0.2), 0)])
def test_register_follows_the_mood_where_there_is_room(mood: Mood, octaves: int) -> None:
    moved = in_mood(tune(), mood, key="C", scale="lydian")
    assert int(moved.notes["pitch"][0]) - 60 == 12 * octaves
    low = in_mood(tune(36), mood, key="C", scale="lydian")
    assert int(low.notes["pitch"][0]) - 36 == 12 * max(0, octaves)


def test_drums_have_no_mode() -> None:
    kit = Score(tune().notes, (Part("Kit", 0, is_drum=True),))
    assert np.array_equal(in_mood(kit, Mood(-1, -1), key="C", scale="major").notes, kit.notes)


@pytest.mark.parametrize("wrong", [{"valence": 1.2}, {"arousal": -2.0}, {"valence": float("nan")}])
def test_a_mood_outside_the_plane_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(MoodError, match="expected a number from -1 to 1"):
        Mood(**wrong)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(UnknownScaleError, match="expected a scale among"):
        in_mood(tune(), Mood(-1.0), key="C", scale="locrian")
