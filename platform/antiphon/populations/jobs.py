"""What the jobs of populations mean: seeding, breeding, and samples that come back for a first generation."""

from collections.abc import Sequence

import numpy as np

from antiphon.core.jobs import Handler, Kind, Payload, register
from antiphon.populations import breeding, services
from antiphon.populations.likelihoods import answer_for_likelihoods
from antiphon.populations.memorisation import GENERATION, compare_generation
from antiphon.populations.models import Generation
from antiphon.populations.rewriting import answer_for_rewriting
from antiphon.training.memorisation import on_memorise
from antiphon.training.models import Sample
from antiphon.training.services import on_samples
from evolution.taste import Measure, Taste


def register_handlers() -> None:
    """Answer for the kinds that populations order; called from AppConfig.ready."""
    register(Kind.SEED, Handler(run=_seed, failed=_seeding_failed))
    register(Kind.BREED, Handler(run=_breed, failed=_breeding_failed, prepare=_load_tastes))
    on_memorise(GENERATION, compare_generation)
    answer_for_rewriting()
    answer_for_likelihoods()
    on_samples(services.SEED_PURPOSE, _samples_came, _sampling_failed)


def _seed(payload: Payload) -> Payload:
    generation = breeding.seed(
        population_id=payload["population_id"],
        sample_job_id=payload["sample_job_id"],
        from_individual_id=payload.get("from_individual_id"),
        fresh_share=payload.get("fresh_share", 0.0),
        from_generation_id=payload.get("from_generation_id"),
    )
    return {"generation_id": None if generation is None else generation.pk}


def _seeding_failed(payload: Payload, reason: str) -> None:
    services.fail_population(population_id=payload["population_id"], reason=f"No first generation: {reason}")


def _breed(payload: Payload) -> Payload:
    generation = breeding.breed(generation_id=payload["generation_id"])
    return {"generation_id": None if generation is None else generation.pk}


def _load_tastes() -> None:
    """Learn a taste of nothing: what it is learned with takes seconds to load, for which a whole room would wait."""
    table = np.eye(2)
    Taste.fit(table, np.zeros(2), np.ones(2), measure=Measure(np.zeros(2), np.ones(2))).predict(table)


def _breeding_failed(payload: Payload, reason: str) -> None:
    generation = Generation.objects.filter(pk=payload["generation_id"]).first()
    if generation is not None:
        services.fail_population(
            population_id=generation.population_id, reason=f"No generation after {generation.ordinal}: {reason}"
        )


def _samples_came(payload: Payload, samples: Sequence[Sample]) -> None:
    job_id = samples[0].job_id if samples else None
    services.order_seeding(population_id=payload["population_id"], sample_job_id=job_id)


def _sampling_failed(payload: Payload, reason: str) -> None:
    services.fail_population(population_id=payload["population_id"], reason=f"No samples came: {reason}")
