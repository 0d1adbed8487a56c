"""Static files are served whole, in parts and not at all when the browser has them."""

from django.test import AsyncClient

LICENCE = "/static/soundfonts/FluidR3Mono_LICENSE.txt"


async def test_a_static_file_comes_whole_without_a_warning() -> None:
    answer = await AsyncClient().get(LICENCE)
    assert answer.status_code == 200
    assert b"Copyright" in answer.content
    assert answer["Content-Type"].startswith("text/plain")


async def test_a_part_of_a_static_file_can_be_asked_for() -> None:
    whole = await AsyncClient().get(LICENCE)
    part = await AsyncClient().get(LICENCE, headers={"Range": "bytes=3-9"})
    assert part.status_code == 206
    assert part.content == whole.content[3:10]


async def test_a_static_file_that_the_browser_has_is_not_sent_again() -> None:
    whole = await AsyncClient().get(LICENCE)
    again = await AsyncClient().get(LICENCE, headers={"If-Modified-Since": whole["Last-Modified"]})
    assert again.status_code == 304
    assert again.content == b""
