"""The conversation: a phrase is heard, an answer is kept, and when all are rated the next generation is bred."""

from dataclasses import dataclass, replace
from pathlib import Path

import click

from evolution.terminal.folder import Kept, phrase_path, save, write_phrases
from evolution.terminal.player import Player, present

QUESTION = "Rating (0-5)"
AGAIN, BACK, QUIT = "r", "b", "q"
RATINGS = ("0", "1", "2", "3", "4", "5")
KIND = "Please answer with 0 to 5, r to hear it again, b to take the last answer back, or q to stop."


@dataclass(frozen=True)
class Room:
    """Where the session takes place: its folder, and how it sounds."""

    folder: Path
    player: Player | None
    soundfont: Path | None
    plays: bool


def converse(kept: Kept, room: Room) -> None:
    """Ask until the person stops or a limit is reached. Raises KeyboardInterrupt and OSError."""
    save(room.folder, kept)
    while True:
        write_phrases(room.folder, kept.run.generation, kept.run.scores())
        answered = _rate_generation(kept, room)
        if answered is None:
            click.echo(f"Stopped. Go on with: python -m evolution --resume {room.folder}")
            return
        kept = answered
        best, number = kept.run.best_rating, kept.run.generation + 1
        click.echo(f"Generation {number} done, the best rated {best:g}.")
        if kept.fitness_limit is not None and best >= kept.fitness_limit:
            click.echo(f"A phrase reached the rating {kept.fitness_limit:g}: done. All phrases are in {room.folder}")
            return
        if number >= kept.generation_limit:
            click.echo(f"{number} generations: done. All phrases are in {room.folder}")
            return
        kept = replace(kept, run=kept.run.breed(), told=())
        save(room.folder, kept)


def _rate_generation(kept: Kept, room: Room) -> Kept | None:
    """With all phrases of the generation rated; None where the person wants to stop."""
    scores = kept.run.scores()
    while kept.run.asked:
        place = kept.run.asked[0]
        click.echo(f"Generation {kept.run.generation + 1}, phrase {place + 1} of {len(scores)}")
        path = phrase_path(room.folder, kept.run.generation, place)
        answer = AGAIN
        while answer == AGAIN:
            told = present(scores[place], path, room.player, room.soundfont) if room.plays else str(path)
            if told is not None:
                click.echo(told)
            answer = _answer(is_faithful=kept.faithful)
        if answer == QUIT:
            return None
        if answer == BACK:
            kept = _take_back(kept)
        else:
            kept = replace(kept, run=kept.run.tell(place, float(answer)), told=(*kept.told, place))
        save(room.folder, kept)
    return kept


def _take_back(kept: Kept) -> Kept:
    if not kept.told:
        click.echo("There is no answer of this generation to take back.")
        return kept
    return replace(kept, run=kept.run.untell(kept.told[-1]), told=kept.told[:-1])


def _answer(*, is_faithful: bool) -> str:
    """A rating or a wish; in the study's way what is no number is a rating of 0."""
    while True:
        click.echo(QUESTION + ": ", nl=False)
        try:
            answer = input().strip().lower()
        except EOFError:
            click.echo()
            return QUIT
        if answer in (*RATINGS, AGAIN, BACK, QUIT):
            return answer
        if is_faithful and not answer.lstrip("+-").isdigit():
            return "0"
        click.echo(KIND)
