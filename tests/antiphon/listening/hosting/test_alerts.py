"""What a host is told of at once, from figures alone."""

from dataclasses import replace
from typing import Any

import pytest

from antiphon.listening.hosting.alerts import ALERT_KINDS, Clicker, Situation, alerts_of
from antiphon.populations.closing import Rule

CALM = Situation(
    takes_ratings=True,
    rule=Rule(quorum=3),
    given=[1, 2, 0, 3],
    open_to=[4, 3, 5, 2],
    here=5,
    people=6,
    quiet_minutes=0.5,
    judged=6,
)
CLICKERS = [Clicker(number, f"Guest {number}", "gave 3 to 12 of 12 phrases") for number in range(1, 6)]


def kinds(**changes: Any) -> list[str]:
    return [alert.kind for alert in alerts_of(replace(CALM, **changes))]


def test_a_room_that_goes_well_needs_no_hand() -> None:
    assert alerts_of(CALM) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quiet_minutes": 4.0}, ["stalled"]),
        ({"quiet_minutes": 2.9}, []),
        ({"quiet_minutes": 40.0, "here": 0, "open_to": [0, 0, 0, 0]}, []),  # nobody is there to rate
        ({"quiet_minutes": 4.0, "open_to": [0, 0, 0, 0], "given": [3, 3, 3, 3]}, []),  # all are done
        ({"people": 2, "here": 2}, ["too_few"]),
        ({"people": 0, "here": 0, "open_to": [0, 0, 0, 0]}, []),  # nobody has come yet
        ({"open_to": [4, 0, 5, 2]}, ["out_of_reach"]),
        ({"open_to": [4, 1, 5, 0]}, []),  # exactly enough
        ({"open_to": [0, 0, 0, 0], "here": 0}, []),
        ({"clickers": CLICKERS[:1]}, ["clicker"]),
        ({"clickers": CLICKERS[:3]}, ["clicker"] * 3),
        ({"clickers": CLICKERS[:4]}, ["most_click"]),
        ({"clickers": CLICKERS[:2], "judged": 2}, ["clicker"] * 2),  # too few to say it of most
        ({"takes_ratings": False, "quiet_minutes": 40.0, "clickers": CLICKERS}, []),
        ({"given": [], "open_to": []}, []),
    ],
)
def test_alerts_follow_from_figures(changes: dict[str, Any], expected: list[str]) -> None:
    assert kinds(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"people": 2}, []),  # two voices are the floor
        ({"people": 1, "here": 1}, ["too_few"]),
        ({"open_to": [0, 0, 0, 0], "expected_error": 0.3}, ["out_of_reach"]),
        ({"open_to": [0, 0, 0, 0], "expected_error": None}, ["out_of_reach"]),
        ({"open_to": [0, 0, 0, 0], "expected_error": 0.1}, []),  # it closes any moment
        ({"open_to": [0, 1, 0, 0], "expected_error": 0.3}, []),
    ],
)
def test_by_certainty_other_figures_count(changes: dict[str, Any], expected: list[str]) -> None:
    assert kinds(rule=Rule("certainty", quorum=9, wanted_error=0.15), **changes) == expected


def test_by_time_alone_no_number_of_ratings_is_out_of_reach() -> None:
    assert kinds(rule=Rule("time", quorum=9, minutes=10), people=1, open_to=[0, 0, 0, 0]) == []


def test_each_alert_says_what_it_is_what_to_do_and_the_most_pressing_comes_first() -> None:
    troubles = [
        {"clickers": CLICKERS[:4], "people": 2, "here": 2, "quiet_minutes": 7.2},
        {"open_to": [4, 0, 5, 2]},
        {"clickers": CLICKERS[:1]},
    ]
    found = [alert for changes in troubles for alert in alerts_of(replace(CALM, **changes))]  # type: ignore[arg-type]
    assert [alert.kind for alert in found] == ["most_click", "too_few", "stalled", "out_of_reach", "clicker"]
    assert set(ALERT_KINDS) == {alert.kind for alert in found}
    most, few, stalled, short, clicker = found
    assert most.text.startswith("4 of 6 listeners")
    assert few.text == "Each phrase wants ratings of 3 different listeners, and there have been 2."
    assert few.advice.startswith("Share the link, or lower the quorum to 2.")
    assert stalled.text == "Nobody has rated for 7 minutes, although 2 listeners are here."
    assert short.text == "One phrase wants up to one rating more than those who are here can give."
    assert (clicker.text, clicker.listener) == ("Guest 1: gave 3 to 12 of 12 phrases", 1)
    assert all(alert.advice for alert in found)
