import json
from typing import Any

import pytest

from generation.drawing.settings import SampleRefused, Sampling


def test_settings_come_back_from_json_as_they_were() -> None:
    settings = Sampling(0.8, {"pitch": 0.5}, 5, 0.9, "D", "dorian", 2, is_faithful=True)
    assert Sampling.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_what_is_not_said_is_as_by_default() -> None:
    assert Sampling.from_json({"top_k": 4}) == Sampling(top_k=4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -1),
        ("temperature", float("nan")),
        ("temperature", "hot"),
        ("temperature", True),
        ("temperature", 11),
        ("temperatures", {"pitch": -1}),
        ("temperatures", ["pitch"]),
        ("top_k", -1),
        ("top_k", 1.5),
        ("top_p", 0.0),
        ("top_p", 1.5),
        ("top_p", None),
        ("key", "H"),
        ("key", 3),
        ("key", ["C"]),
        ("scale", "blues"),
        ("longest_bar_run", -1),
        ("longest_bar_run", 100),
        ("is_faithful", 1),
        ("heat", 1),
    ],
)
def test_a_setting_out_of_range_is_refused_by_its_name(name: str, value: Any) -> None:
    with pytest.raises(SampleRefused, match=name):
        Sampling.from_json({name: value})


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(SampleRefused, match="settings"):
        Sampling.from_json([1])  # type: ignore[arg-type]
