"""`manage.py demo`: from MIDI to an open room, with a progress bar; what is there already is kept."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.table import Table

from antiphon.core.errors import DomainError
from antiphon.datasets.models import MidiFile
from antiphon.datasets.starter import ingest_starters
from antiphon.training.models import TrainingRun
from antiphon.web import demo


class Command(BaseCommand):
    help = "Ingest the starter datasets, train a small model, seed a population of ten and open a room."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError(
                "ANTIPHON_DEMO_PASSWORD is not set: a password for the demo's host. `make demo` sets it."
            )
        console = Console(highlight=False)
        try:
            ready = self.prepare(console)
        except DomainError as error:
            raise CommandError(error.message) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. `make demo` goes on from here.") from None
        self.show_links(console, ready)

    def prepare(self, console: Console) -> demo.Ready:
        """Every step, each said in a line. Raises DomainError."""
        host = demo.ensure_host(password=settings.DEMO_PASSWORD)
        with console.status("Reading the starter datasets"):
            datasets = ingest_starters()  # nothing to do where the supervisor has done it
        accepted = MidiFile.objects.filter(dataset__in=datasets, state=MidiFile.State.ACCEPTED).count()
        console.print(f"Datasets: {', '.join(dataset.name for dataset in datasets)}; {accepted} MIDI files accepted.")
        run = demo.ensure_run(host=host)
        with progress_bar(console) as progress:
            task = progress.add_task("Waiting for the node", total=1.0, detail="")
            checkpoint = demo.await_run(run, look=lambda run: show_progress(progress, task, run))
        console.print(f"Model: {run.name}, held-out loss {checkpoint.held_out_loss or checkpoint.loss:.3f}.")
        with console.status("Seeding ten phrases from the model's samples"):
            population = demo.await_population(demo.ensure_population(host=host, checkpoint=checkpoint))
        number = population.generations.count()
        console.print(f"Population: {population.name}, {number} generation{'s' if number != 1 else ''}.")
        return demo.Ready(room=demo.ensure_room(host=host, population=population), host=host)

    def show_links(self, console: Console, ready: demo.Ready) -> None:
        """Where to go, and as whom."""
        table = Table.grid(padding=(0, 2))
        table.add_row("Room", f"{settings.BASE_URL}{reverse('room', args=[ready.room.code])}")
        table.add_row("Studio", f"{settings.BASE_URL}/studio/")
        table.add_row("Sign in", f"{ready.host.email}   {settings.DEMO_PASSWORD}")
        console.print()
        console.print(table, soft_wrap=True)
        console.print()


def progress_bar(console: Console) -> Progress:
    """A bar with what, how far, and what is known of it."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[detail]}"),
        console=console,
    )


def show_progress(progress: Progress, task: TaskID, run: TrainingRun) -> None:
    """Epoch, loss and time left of a run, as far as they are known."""
    said = run.progress
    if run.state == TrainingRun.State.QUEUED or not said:
        return
    detail = [f"epoch {said.get('epoch', 0)} of {said.get('epochs', 0)}"]
    for name, label in (("loss", "loss"), ("held_out_loss", "held out")):
        if said.get(name) is not None:
            detail.append(f"{label} {said[name]:.3f}")
    if said.get("seconds_left") is not None and run.state == TrainingRun.State.RUNNING:
        detail.append(f"{said['seconds_left']:.0f} s left")
    is_over = run.state != TrainingRun.State.RUNNING
    progress.update(
        task, description="Training", completed=1.0 if is_over else said.get("fraction", 0.0), detail=", ".join(detail)
    )
