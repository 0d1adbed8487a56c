"""The command line: the study's prompts and flags, and ours beside them."""

import sys
from pathlib import Path
from typing import Any

import click
import numpy as np

from evolution.classic import ClassicRun, ClassicSettings
from evolution.frame import Frame
from evolution.terminal.folder import RUN_FILE, FolderRefused, Kept, load
from evolution.terminal.player import find_player
from evolution.terminal.runs import BitsRun, Run
from evolution.terminal.session import Room, converse
from generation.score.midi import MidiRefused, read
from generation.score.notes import Score
from generation.score.scales import KEYS, SCALES

STOPPED = 130  # exit code after Ctrl-C
FOLDER = Path("bred")
MIDI_SUFFIXES = (".mid", ".midi")


class Asked(click.Option):
    """An option that is asked for where it was not given, unless a run is taken up, which has its answers."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """The answer, or the default where a run is taken up."""
        is_resumed = isinstance(ctx.params.get("resume"), Path)  # while options are read, unset is a truthy marker
        return self.get_default(ctx) if is_resumed else super().prompt_for_value(ctx)


@click.command()
@click.option("--resume", type=click.Path(path_type=Path), is_eager=True, help="Take up the run in this folder.")
@click.option("--num-bars", cls=Asked, default=8, prompt="Number of bars:", type=int)
@click.option("--num-notes", cls=Asked, default=4, prompt="Notes per bar:", type=int)
@click.option("--num-steps", cls=Asked, default=1, prompt="Number of steps:", type=int)
@click.option("--pauses", cls=Asked, default=True, prompt="Introduce Pauses?", type=bool)
@click.option("--key", cls=Asked, default="C", prompt="Key:", type=click.Choice(list(KEYS), case_sensitive=False))
@click.option(
    "--scale", cls=Asked, default="major", prompt="Scale:", type=click.Choice(list(SCALES), case_sensitive=False)
)
@click.option("--root", cls=Asked, default=4, prompt="Scale Root:", type=int)
@click.option("--population-size", cls=Asked, default=10, prompt="Population size:", type=int)
@click.option("--num-mutations", cls=Asked, default=2, prompt="Number of mutations:", type=int)
@click.option("--mutation-probability", cls=Asked, default=0.5, prompt="Mutations probability:", type=float)
@click.option("--bpm", default=128, type=int, help="Quarter notes a minute.")
@click.option("--faithful/--put-right", default=False, help="With the faults of the study's program, or without.")
@click.option("--genome", type=click.Choice(["bits", "grid"]), default="bits", help="The study's bits, or notes.")
@click.option("--phrases", multiple=True, type=click.Path(path_type=Path), help="Begin from MIDI files; needs grid.")
@click.option("--soundfont", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="To play with.")
@click.option("--out", type=click.Path(path_type=Path), default=FOLDER, help="Folder to keep everything in.")
@click.option("--seed", type=click.IntRange(0), default=None, help="The same seed and answers, the same music.")
@click.option("--generation-limit", type=click.IntRange(1), default=100)
@click.option("--fitness-limit", type=click.FloatRange(0, 5), default=None)
@click.option("--no-play", is_flag=True, help="Only write the files.")
def main(**options: Any) -> None:
    """Breed music by rating it, alone at a terminal. Everything is kept, and can be taken up again."""
    folder = options["resume"] or options["out"]
    try:
        kept = load(folder) if options["resume"] else _begun(options)
        player = None if options["no_play"] else find_player()
        if player is None and not options["no_play"]:
            click.echo(f"No player found on this system: phrases are written to {folder}.")
        converse(kept, Room(folder, player, options["soundfont"], not options["no_play"]))
    except KeyboardInterrupt:
        click.echo(f"\nStopped. Go on with: python -m evolution --resume {folder}", err=True)
        sys.exit(STOPPED)
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}.") from error
    except ValueError as error:
        if not hasattr(error, "code"):
            raise
        raise click.ClickException(str(error)) from error


def _begun(options: dict[str, Any]) -> Kept:
    """A new session in a folder that holds none. Raises FolderRefused, FrameError, ClassicError, BreedingError."""
    if (options["out"] / RUN_FILE).exists():
        raise FolderRefused(f"{options['out']} holds a run already: take it up with --resume, or choose another --out.")
    if options["phrases"] and options["genome"] != "grid":
        raise FolderRefused("--phrases: bits cannot hold phrases of MIDI files; add --genome grid.")
    if options["faithful"] and options["genome"] == "grid":
        raise FolderRefused("--faithful: the study bred bits; leave --genome grid out.")
    limits = (options["generation_limit"], options["fitness_limit"])
    return Kept(_first(options), options["faithful"], *limits)


def _first(options: dict[str, Any]) -> Run:
    frame = Frame(
        bars=options["num_bars"],
        notes_per_bar=options["num_notes"],
        key=options["key"],
        scale=options["scale"],
        root_octave=options["root"],
        tempo_bpm=float(options["bpm"]),
    )
    seed = options["seed"]
    if seed is None:
        seed = int(np.random.default_rng().integers(2**32))
        click.echo(f"Seed: {seed}")
    size, mutations = options["population_size"], options["num_mutations"]
    probability = options["mutation_probability"]
    if options["genome"] == "grid":
        from evolution.algorithm import BreedingSettings
        from evolution.terminal.grid import GridRun

        small = {"parents": min(3, size), "elites": min(2, max(size - 1, 0)), "exploratory": min(1, size)}
        settings = BreedingSettings(size=size, mutations=mutations, mutation_probability=probability, **small)
        return GridRun.begin(settings, frame, _scores(options["phrases"]), seed=seed)
    classic = ClassicSettings(
        steps=options["num_steps"],
        pauses=options["pauses"],
        mutations=mutations,
        mutation_probability=probability,
        generation_limit=options["generation_limit"],
        fitness_limit=options["fitness_limit"],
        faithful=options["faithful"],
    )
    return BitsRun(ClassicRun.begin(classic, frame, size=size, seed=seed))


def _scores(paths: tuple[Path, ...]) -> list[Score]:
    """Scores of MIDI files and of those in folders. Raises FolderRefused and OSError."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in MIDI_SUFFIXES) if path.is_dir() else []
        found += inside or [path]
    scores = []
    for path in found:
        try:
            scores.append(read(path.read_bytes()))
        except MidiRefused as error:
            click.echo(f"Left out {path}: {error}", err=True)
    if paths and not scores:
        raise FolderRefused("--phrases: none of the files can be read; name others.")
    return scores
