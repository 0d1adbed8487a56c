"""The file that a node trains on: the accepted MIDI files of a run's datasets in one zip, with a manifest."""

import io
import json
import logging
import zipfile

from antiphon.core.errors import NotFound
from antiphon.datasets.selectors import accepted_files
from antiphon.training.models import TrainingRun

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"


def pack_run(run_id: int) -> bytes:
    """The zip of a run's pieces, named 000000.mid and on in a fixed order. Raises NotFound for a deleted run."""
    run = TrainingRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound("This training run was deleted.")
    buffer = io.BytesIO()
    entries = []
    with zipfile.ZipFile(buffer, "w") as archive:
        for index, midi_file in enumerate(accepted_files(run.datasets.all())):
            path = f"{index:06d}.mid"
            try:
                with midi_file.file.open("rb") as stream:
                    archive.writestr(zipfile.ZipInfo(path), stream.read(), zipfile.ZIP_DEFLATED)
            except OSError as error:
                log.warning("file %s is left out of run %s: %s", midi_file.pk, run_id, error)
                continue
            entries.append({"path": path, "name": midi_file.name, "sha256": midi_file.sha256, "file": midi_file.pk})
        archive.writestr(zipfile.ZipInfo(MANIFEST), json.dumps(entries), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
