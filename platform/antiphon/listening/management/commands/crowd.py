"""`manage.py crowd ROOM`: simulated listeners in a room, over real websockets, until the time is up or Ctrl-C."""

import asyncio
import json
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from antiphon.core.errors import DomainError
from antiphon.listening.codes import tidy_code
from antiphon.listening.models import Room
from antiphon.listening.rehearsal.crowd import LISTENERS_MAX, MINUTES_MAX, Crowd, Order, make_room_for
from antiphon.listening.rehearsal.doors import check_loopback, door_at
from antiphon.listening.rehearsal.guests import invite
from antiphon.listening.rehearsal.listener import Habits
from antiphon.listening.rehearsal.minds import Minds, tastes_that_agree
from antiphon.listening.rehearsal.report import Figures, Kept, figures_of, kept_of
from antiphon.listening.rehearsal.services import take_over
from antiphon.listening.rehearsal.tally import Tally
from evolution.frame import Frame

WHOLE = "whole"
LOST = 3  # exit code where something that was acknowledged is lost, doubled or altered
SAY_EVERY_SECONDS = 10.0


def pace(text: str) -> float | None:
    """Seconds, or `whole` for phrases heard to their end."""
    return None if text == WHOLE else float(text)


class Command(BaseCommand):
    help = (
        "Send simulated listeners into a room and say how they fared. The population becomes a rehearsal for good; one "
        "that people have rated is refused. Exit code 3: something acknowledged was lost, doubled or altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("room", help="the room's code")
        parser.add_argument("--listeners", type=int, default=50, help=f"how many, at most {LISTENERS_MAX:,}")
        parser.add_argument("--minutes", type=float, default=2.0, help=f"for how long, at most {MINUTES_MAX:g}")
        parser.add_argument(
            "--pace", type=pace, default=2.0, help="seconds that an answer takes; 0: none; whole: phrases to their end"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same listeners")
        parser.add_argument(
            "--correlation",
            type=float,
            help="how far the crowd's two tastes agree, -1 to 1 without the ends; left out: as they are drawn",
        )
        parser.add_argument("--address", default=settings.WEB_URL, help="of a web process on this machine")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *args: Any, room: str, **options: Any) -> None:
        try:
            figures, kept = self._rehearse(tidy_code(room), options)
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps({**figures.to_json(), "kept": kept.to_json()}))
        else:
            self.stdout.write("\n".join(_lines(figures, kept)))
        if not kept.is_sound:
            raise CommandError("Not everything that was acknowledged is in the database, once.", returncode=LOST)

    def _rehearse(self, code: str, options: dict[str, Any]) -> tuple[Figures, Kept]:
        habits = Habits(pace_seconds=options["pace"])
        order = Order(options["listeners"], options["minutes"], habits, options["seed"])
        of_minds = tastes_that_agree(options["correlation"])
        door = door_at(options["address"])
        check_loopback(door)
        make_room_for(order.n_listeners)
        room = Room.objects.select_related("population").filter(code=code).first()
        if room is None:
            raise CommandError(f"There is no room {code}.")
        if take_over(population_id=room.population_id):
            self.stderr.write(f"“{room.population.name}” is a rehearsal from now on.")
        guests = invite(order.n_listeners)
        frame = Frame.from_json(room.population.frame)
        minds = Minds(order.n_listeners, frame, seed=order.seed, settings=of_minds)
        crowd = asyncio.run(self._listen(Crowd(order, door=door, code=code, guests=guests, minds=minds)))
        figures = figures_of(crowd.tally, seconds=crowd.seconds, listeners=order.n_listeners, here=0)
        return figures, kept_of(crowd.tally, listener_ids=[guest.id for guest in guests], room_id=room.pk)

    async def _listen(self, crowd: Crowd) -> Crowd:
        loop = asyncio.get_running_loop()
        handled = []
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, crowd.stop)
            except RuntimeError:  # not in the main thread: whoever runs us there sees to it
                break
            handled.append(number)
        try:
            await crowd.listen(self._say)
        finally:
            for number in handled:
                loop.remove_signal_handler(number)
        return crowd

    async def _say(self, tally: Tally, seconds: float, here: int) -> bool:
        if seconds % SAY_EVERY_SECONDS < 1.0 and seconds >= SAY_EVERY_SECONDS:
            self.stderr.write(f"{seconds:4.0f} s: {here} here, {tally.counts['rating']:,} ratings")
        return True


def _lines(figures: Figures, kept: Kept) -> list[str]:
    beside = f"{figures.revisions} revisions, {figures.skips} skips, {figures.retractions} retractions"
    said = [
        f"{figures.listeners} listeners in {figures.seconds:g} s, {figures.reconnections} times one came back",
        f"{figures.ratings:,} ratings acknowledged, {figures.ratings_per_second:,.1f} a second",
        f"beside them {beside}, {figures.duels} duels; {figures.generations} generations opened",
    ]
    if figures.p50_ms is not None:
        said.append(
            f"acknowledged within {figures.p50_ms:g} ms (half), {figures.p95_ms:g} ms (95%), {figures.p99_ms:g} ms "
            f"(99%), {figures.slowest_ms:g} ms at the latest"
        )
    said.append(f"refused: {_counted(figures.refusals)}; turned away: {_counted(figures.turned_away)}")
    said.append(f"lost {len(kept.lost)}, doubled {len(kept.doubled)}, altered {len(kept.altered)}")
    return said


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
