"""The crowds that the fitness is measured on, other ways to turn ratings into fitness, and rounds of asking."""

import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from evolution.crowd import Crowd, CrowdSettings, assign, gather
from evolution.fitness import Estimate, Ratings, estimate
from evolution.informative import next_to_hear, worth_of

Floats = NDArray[np.float64]

N_PHRASES = 48
N_PARENTS = 12
SETTINGS = CrowdSettings()  # 12 listeners, bias sd 0.7, noise about 1, 17% clickers
SIZES: "Sizes" = {"n_listeners": SETTINGS.n_listeners, "n_individuals": N_PHRASES}
REFIT_EVERY = 4  # ratings between two looks at the fitness while phrases are assigned


class Sizes(TypedDict):
    """What every fit must be told."""

    n_listeners: int
    n_individuals: int


@dataclass(frozen=True)
class World:
    """A crowd, the true appeal of each phrase (J,), and a random stream that goes on."""

    crowd: Crowd
    appeal: Floats
    rng: np.random.Generator


def world(seed: int) -> World:
    """The crowd and the phrases of one seed."""
    rng = np.random.default_rng(seed)
    return World(gather(SETTINGS, rng), rng.normal(0, SETTINGS.appeal_deviation, N_PHRASES), rng)


def evenly(of: World, each: int) -> Ratings:
    """`each` ratings of every phrase, by listeners who all rate equally often."""
    listener, individual = assign(**SIZES, ratings_each=each, rng=of.rng)
    return of.crowd.rate(of.appeal, listener, individual, of.rng)


def spearman(first: Floats, second: Floats) -> float:
    """Rank correlation, equal values sharing their rank."""
    ranks = rankdata(np.round(first, 9)), rankdata(np.round(second, 9))
    return float(np.corrcoef(*ranks)[0, 1]) if min(map(np.ptp, ranks)) > 0 else 0.0


def share_of_best(fitness: Floats, appeal: Floats, rng: np.random.Generator) -> float:
    """How much of the lead that the best possible parents have over all phrases those chosen have; ties by lot."""
    chosen = np.lexsort((rng.random(len(fitness)), -np.round(fitness, 9)))[:N_PARENTS]
    best = np.sort(appeal)[-N_PARENTS:].mean()
    return float((appeal[chosen].mean() - appeal.mean()) / (best - appeal.mean()))


def selection_error(fitness: Floats, appeal: Floats) -> float:
    """Mean true appeal that the parents chosen lack against the best possible, on the rating scale."""
    chosen = np.argsort(-fitness, kind="stable")[:N_PARENTS]
    return float(np.sort(appeal)[-N_PARENTS:].mean() - appeal[chosen].mean())


def plain_mean(ratings: Ratings) -> Floats:
    """Mean rating of each phrase, the mean of all where it has none."""
    return _means(ratings, np.asarray(ratings.value, dtype=np.float64))


def z_score(ratings: Ratings) -> Floats:
    """Mean over each phrase of ratings that are standardised within each listener."""
    n, who = SETTINGS.n_listeners, ratings.listener
    counts = np.maximum(np.bincount(who, minlength=n), 1)
    off = ratings.value - (np.bincount(who, ratings.value, minlength=n) / counts)[who]
    deviation = np.sqrt(np.bincount(who, off**2, minlength=n) / counts)
    return _means(ratings, off / np.where(deviation > 0, deviation, 1.0)[who])


def _means(ratings: Ratings, value: Floats) -> Floats:
    counts = np.bincount(ratings.individual, minlength=N_PHRASES)
    totals = np.bincount(ratings.individual, value, minlength=N_PHRASES)
    return np.where(counts > 0, totals / np.maximum(counts, 1), value.mean())


def p910(ratings: Ratings) -> Floats:
    """Quality scores of ITU-T P.910 Annex E, solved by `sureal`."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # its sources and imports warn under a new Python
        from sureal import P910AnnexEModel
        from sureal.dataset_reader import RawDatasetReader

        scores = np.full((N_PHRASES, SETTINGS.n_listeners, 1), np.nan)
        scores[ratings.individual, ratings.listener, 0] = ratings.value

        class Reader(RawDatasetReader):  # type: ignore[misc]
            opinion_score_3darray = scores

        names = [{"content_id": j, "asset_id": j, "path": str(j), "os": {}} for j in range(N_PHRASES)]
        solved = P910AnnexEModel(Reader(SimpleNamespace(ref_videos=names, dis_videos=names))).run_modeling()
    return np.asarray(solved["quality_scores"], dtype=np.float64)


def this_model(ratings: Ratings) -> Floats:
    """Fitness as a room sees it."""
    return estimate(ratings, **SIZES).mean


METHODS: dict[str, Callable[[Ratings], Floats]] = {
    "mean": plain_mean,
    "z-score by listener": z_score,
    "P.910 (sureal)": p910,
    "this model": this_model,
}


class Asking:
    """Ratings asked one by one: listeners by turns, each sent to a phrase they have not heard."""

    def __init__(self, of: World, *, informative: bool) -> None:
        self.world, self.informative = of, informative
        self.heard = np.zeros((SETTINGS.n_listeners, N_PHRASES), dtype=np.bool_)
        self.given: list[tuple[int, int, float]] = []
        self.fitted: Estimate | None = None

    @property
    def ratings(self) -> Ratings:
        """All ratings so far."""
        table = np.array(self.given, dtype=np.float64).reshape(-1, 3)
        return Ratings(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])

    def ask(self, total: int) -> None:
        """Go on until there are `total` ratings."""
        while len(self.given) < total:
            for listener in self.world.rng.permutation(SETTINGS.n_listeners)[: total - len(self.given)]:
                self._ask_one(int(listener))

    def look(self) -> Estimate:
        """The fitness now, fitted warm."""
        self.fitted = estimate(self.ratings, **SIZES, start=self.fitted)
        return self.fitted

    def _ask_one(self, listener: int) -> None:
        phrase = next_to_hear(
            self.heard.sum(axis=0), self._worth(), ~self.heard[listener], self.world.rng, **self._coverage
        )
        if phrase is None:
            return
        self.heard[listener, phrase] = True
        one = np.array([listener]), np.array([phrase])
        rated = self.world.crowd.rate(self.world.appeal, *one, self.world.rng)
        self.given.append((listener, phrase, float(rated.value[0])))

    @property
    def _coverage(self) -> dict[str, Any]:
        return {} if self.informative else {"coverage": SETTINGS.n_listeners}

    def _worth(self) -> Floats:
        if not self.informative or len(self.given) < N_PHRASES:
            return np.zeros(N_PHRASES)
        if self.fitted is None or len(self.given) % REFIT_EVERY == 0:
            self.look()
        assert self.fitted is not None
        return worth_of(self.fitted, np.arange(N_PHRASES), N_PARENTS)
