"""Children that are only played otherwise: how far they are from their parents, and that they may be born."""

from dataclasses import replace

import numpy as np

from evolution.algorithm import Breeding, BreedingSettings
from evolution.algorithm.crowding import spread_out
from evolution.algorithm.known import Known
from evolution.frame import Frame
from evolution.genes import Genome
from evolution.invention import random_genome
from evolution.operators.mutation import MUTATIONS
from evolution.playing import playing_distances, sounds_alike

FRAME = Frame()
PLAYED = ("change expression", "perform anew", "swell", "articulate")


def phrases(count: int, seed: int = 0) -> list[Genome]:
    rng = np.random.default_rng(seed)
    return [random_genome(FRAME, rng) for _ in range(count)]


def test_operators_that_change_playing_alone_make_children_that_are_born_so() -> None:
    settings = BreedingSettings(size=40, parents=1, elites=1, mutations=1, taste=False, adaptive=False)
    breeding = Breeding.begin(settings, FRAME, phrases(1), seed=1)
    breeding.tell([0], [4.0], [0.1])
    notes = breeding.population[0].genome.notes.tobytes()
    born = [one for one in breeding.ask() if one.id != 0]
    only_played = [one for one in born if one.operator in ("change expression", "perform anew")]
    assert only_played
    assert {one.genome.notes.tobytes() for one in only_played} == {notes}
    assert len({one.genome for one in born}) == len(born)


def test_a_child_played_otherwise_is_no_near_twin_of_its_parent_and_one_as_it_was_is() -> None:
    rng = np.random.default_rng(1)
    (parent,) = phrases(1)
    anew = MUTATIONS["perform anew"][0](parent, FRAME, rng)
    barely = Genome(parent.notes, replace(parent.expression, deviation_ms=parent.expression.deviation_ms + 0.5))
    others = phrases(2, seed=3)
    kept = spread_out([barely, anew, *others], [parent], FRAME, count=3, minimum_distance=0.05)
    assert sorted(kept) == [1, 2, 3]


def test_playing_is_as_far_apart_as_it_was_changed() -> None:
    rng = np.random.default_rng(2)
    for one in phrases(10, 2):
        apart = playing_distances([one, one, *(MUTATIONS[name][0](one, FRAME, rng) for name in PLAYED)], FRAME)
        assert apart[0, 1] == 0
        assert (apart[0, 2:] > 0).all()
        assert apart[0, 3] > 0.1
        assert np.allclose(apart, apart.T)
        assert (apart[:, None, :] <= apart[:, :, None] + apart[None, :, :] + 1e-9).all()
    assert playing_distances([], FRAME).shape == (0, 0)


def test_the_chance_in_a_performance_makes_no_other_phrase() -> None:
    (one,) = phrases(1)
    again = replace(one.expression, seed=one.expression.seed + 1)
    assert sounds_alike(one.expression, again)
    assert not sounds_alike(one.expression, replace(again, arousal=0.9, valence=-0.9))
    known = Known([one])
    assert Genome(one.notes, again) in known
    assert Genome(one.notes, replace(again, arousal=0.9, valence=-0.9)) not in known
    assert known.has_notes(Genome(one.notes, again))
    assert "a phrase" not in known
