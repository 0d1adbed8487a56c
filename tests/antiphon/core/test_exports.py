"""Taking music away: every kind of file from every kind of music, for its owner only."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import soundfile
from django.db import connection
from music21 import converter
from rest_framework.test import APIClient

from antiphon.accounts.models import User
from antiphon.core import sound
from antiphon.core.turns import WAITING_MAX, Busy, Turns
from antiphon.datasets.models import MidiFile
from antiphon.populations import breeding, services
from antiphon.populations.models import Individual
from antiphon.populations.services import PopulationOrder
from antiphon.training.drawing import samples_drawn
from antiphon.training.models import Sample
from generation.score.audio import Audio, Renderer, render
from generation.score.audio_renderer import AudioRefused
from generation.score.midi import read
from generation.score.notes import Notes, Score
from tests.antiphon.hosts import make_host, signed_in
from tests.antiphon.pieces import melody
from tests.antiphon.training.runs import make_checkpoint, make_run

pytestmark = pytest.mark.django_db

ORDER = PopulationOrder(
    name="Evening",
    checkpoint_id=None,
    frame={"bars": 2, "notes_per_bar": 4, "key": "D", "scale": "dorian", "tempo_bpm": 96.0, "program": 24},
    settings={"size": 6, "mutations": 2},
    quorum=2,
    seed=11,
)


@pytest.fixture
def host() -> User:
    return make_host()


@pytest.fixture
def browser(host: User) -> APIClient:
    return signed_in(host)


@pytest.fixture
def individual(host: User) -> Individual:
    population = services.create_population(owner_id=host.pk, order=ORDER)
    breeding.seed(population_id=population.pk, sample_job_id=None)
    return Individual.objects.order_by("index")[0]


@pytest.fixture
def sample(host: User) -> Sample:
    checkpoint = make_checkpoint(make_run(host))
    settings = {"count": 1, "length": 16, "seed": 1}
    payload = {"checkpoint_id": checkpoint.pk, "settings": settings, "job_id": 77}
    samples_drawn(payload, {"scores": [melody(16).to_json()]})
    Sample.objects.update(played={})  # exact times are easier to say of a sample as drawn
    return Sample.objects.get()


@pytest.fixture
def address(sample: Sample) -> str:
    return f"/api/v1/training/samples/{sample.pk}/export/"


@pytest.fixture
def addresses(individual: Individual, address: str, host: User) -> list[str]:
    midi_file = MidiFile.objects.filter(dataset__owner=host)[0]
    return [f"/api/v1/individuals/{individual.pk}/export/", address, f"/api/v1/files/{midi_file.pk}/export/"]


@pytest.fixture(autouse=True, scope="module")
def _renderer_ends() -> Iterator[None]:
    yield
    sound._renderer.close()


def get(browser: APIClient, address: str, **query: Any) -> Any:
    return browser.get(f"{address}?{urlencode(query)}")


def notes_of(answer: Any) -> Notes:
    assert answer.status_code == 200, answer.content
    return read(answer.content).notes


def test_all_music_is_exported_as_every_kind_of_file(browser: APIClient, addresses: list[str]) -> None:
    for address in addresses:
        n_notes = len(notes_of(get(browser, address)))
        assert n_notes > 2
        written = converter.parse(get(browser, address, format="musicxml").content, format="musicxml")
        assert len([sound for sound in written.recurse().notes if sound.tie is None or sound.tie.type == "start"]) > 2
        for kind, wanted in (("wav", "WAV"), ("ogg", "OGG")):
            answer = get(browser, address, format=kind)
            assert answer["Content-Type"] == f"audio/{kind}"
            assert answer["Content-Disposition"].endswith(f'.{kind}"')
            with soundfile.SoundFile(io.BytesIO(answer.content)) as file:
                assert (file.format, file.samplerate, file.channels) == (wanted, 44_100, 2)
                assert np.abs(file.read()).max() > 0.01


def test_only_the_owner_takes_music_away(addresses: list[str]) -> None:
    for address in addresses:
        assert signed_in(make_host()).get(address).status_code == 404
        assert APIClient().get(address).status_code == 401


def test_the_file_is_named_after_the_music_and_what_was_done(browser: APIClient, address: str) -> None:
    answer = get(browser, address, from_bar=1, to_bar=3, loops=2, beat="half_time")
    assert answer["Content-Disposition"] == (
        'attachment; filename="Evening sample 77-1 bars 2-3 x2 half time.mid"'
    )  # fmt: skip
    assert answer["Content-Type"] == "audio/midi"


def test_bars_are_taken_out_and_repeated_with_a_beat(browser: APIClient, address: str) -> None:
    taken = notes_of(get(browser, address, from_bar=1, to_bar=3, loops=2, beat="rock"))
    pitched, drums = taken[taken["part"] == 0], taken[taken["part"] == 1]
    assert pitched["onset_quarters"].tolist() == list(range(16))
    expected = melody(16).notes["pitch"][4:12].tolist()
    assert pitched["pitch"].tolist() == expected * 2
    assert drums["onset_quarters"].max() == 15.5


def test_to_the_end_and_from_the_beginning_are_meant_where_an_edge_is_not_told(
    browser: APIClient, address: str
) -> None:
    assert len(notes_of(get(browser, address, from_bar=3))) == 4
    assert len(notes_of(get(browser, address, to_bar=1))) == 4
    assert len(notes_of(get(browser, address, to_bar=999))) == 16


def test_another_instrument_plays(browser: APIClient, address: str) -> None:
    assert read(get(browser, address, program=73).content).parts[0].program == 73


def test_a_phrase_is_looped_by_all_bars_of_its_frame(browser: APIClient, individual: Individual) -> None:
    individual.score = melody(3).to_json()  # the second of its two bars is silent
    individual.save()
    onsets = notes_of(get(browser, f"/api/v1/individuals/{individual.pk}/export/", loops=2))["onset_quarters"]
    assert onsets.tolist() == [0, 1, 2, 8, 9, 10]


def test_the_sound_is_that_of_the_score_and_lasts_as_long(browser: APIClient, individual: Individual) -> None:
    answer = get(browser, f"/api/v1/individuals/{individual.pk}/export/", format="wav", loops=2)
    samples, _ = soundfile.read(io.BytesIO(answer.content), dtype="float32")
    once = render(Score.from_json(individual.score)).samples
    n_samples = int(4 * 60 / 96 * 44_100)  # until the first time's last beat nothing differs
    assert np.abs(samples[:n_samples] - once[:n_samples]).max() < 3 / 32_768
    assert len(samples) > len(once)


@pytest.mark.parametrize(
    "query",
    [
        {"format": "mp3"},
        {"program": 128},
        {"program": "piano"},
        {"from_bar": -1},
        {"from_bar": 4},
        {"from_bar": 2, "to_bar": 2},
        {"to_bar": 0},
        {"to_bar": 10**9},
        {"loops": 0},
        {"loops": 65},
        {"beat": "polka"},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(browser: APIClient, address: str, query: dict[str, Any]) -> None:
    answer = get(browser, address, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_too_much_music_is_refused_with_the_limit(browser: APIClient, sample: Sample, address: str) -> None:
    sample.score = melody(400, tempo_bpm=40.0).to_json()
    sample.save()
    answer = get(browser, address, format="ogg", loops=2)
    assert answer.status_code == 400
    assert "at most 10 minutes" in answer.json()["message"]
    assert "at most 3,000 notes" in get(browser, address, format="musicxml", loops=10).json()["message"]
    assert "at most 100,000 notes" in get(browser, address, loops=64).json()["message"]


def test_a_server_that_cannot_make_sound_says_so_and_still_gives_midi(
    browser: APIClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sound, "_renderer", Renderer())
    answer = get(browser, address, format="wav")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_sound")
    assert answer.json()["message"].startswith("Expected Node 20 or newer")
    assert len(notes_of(get(browser, address))) == 16


def test_who_comes_while_others_wait_too_long_is_asked_to_come_again(
    browser: APIClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "_turns", Turns(wait_seconds=0.05))
    with sound._turns.turn():
        answer = get(browser, address, format="wav")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "10")
    assert get(browser, address, format="wav").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_sound_holds_no_connection_to_the_database(
    browser: APIClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[object] = []

    def quiet(*_: object, **__: object) -> Audio:
        held.append(connection.connection)
        return Audio(np.zeros((100, 2), dtype=np.float32), 44_100)

    monkeypatch.setattr(sound, "render", quiet)
    assert get(browser, address, format="wav").status_code == 200
    assert held == [None]


def test_only_few_wait_at_once() -> None:
    turns = Turns(waiting_max=1)
    with turns.turn(), pytest.raises(Busy), turns.turn():
        pass


def test_work_that_failed_leaves_its_turn_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AudioRefused("renderer_died", "expected sound, got none: look")

    monkeypatch.setattr(sound, "render", fail)
    for _ in range(WAITING_MAX + 1):
        with pytest.raises(sound.NoSound):
            sound.to_sound(melody(4))
