"""Training runs, checkpoints and samples in the API."""

from typing import Any, cast

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.accounts.models import User
from antiphon.core.api import NO_CONTENT, ErrorSerializer, valid
from antiphon.core.downloads import file_name, midi_download
from antiphon.core.errors import NotFound
from antiphon.core.exports import RESPONSES, ExportQuerySerializer, Format, export, wanted_of
from antiphon.datasets.selectors import get_datasets, get_file
from antiphon.training import selectors, services
from antiphon.training.checkpoint_reports import order_report
from antiphon.training.models import Sample
from antiphon.training.playing import heard_score
from antiphon.training.sample_settings import Prime, SampleSettings
from antiphon.training.serializers import (
    CheckpointReportSerializer,
    LimitsInputSerializer,
    LossSerializer,
    OrderedSerializer,
    OwnedCheckpointSerializer,
    PresetSerializer,
    RunInputSerializer,
    RunSerializer,
    SampleInputSerializer,
    SampleSerializer,
    SamplesQuerySerializer,
)
from generation.presets import PRESETS
from generation.score import midi

ERRORS: dict[int, Any] = {401: ErrorSerializer, 403: ErrorSerializer}
ONE_ERRORS: dict[int, Any] = {404: ErrorSerializer, **ERRORS}
FORM_ERRORS: dict[int, Any] = {400: ErrorSerializer, **ONE_ERRORS}
TAGS = ["training"]


def _user(request: Request) -> User:
    return cast(User, request.user)


def _sample_name(sample: Sample) -> str:
    return f"{sample.checkpoint.run.name} sample {sample.job_id}-{sample.index + 1}"


class PresetsView(APIView):
    @extend_schema(operation_id="list_presets", tags=TAGS, responses={200: PresetSerializer(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """The networks that can be trained."""
        presets = [
            {"name": name, "title": one.title, "description": one.description, "config": one.config.to_json()}
            for name, one in PRESETS.items()
        ]
        return Response(PresetSerializer(presets, many=True).data)


class RunsView(APIView):
    @extend_schema(operation_id="list_runs", tags=TAGS, responses={200: RunSerializer(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """My training runs, newest first."""
        return Response(RunSerializer(selectors.runs_of(_user(request)), many=True).data)

    @extend_schema(
        operation_id="start_run",
        tags=TAGS,
        request=RunInputSerializer,
        responses={201: RunSerializer, 409: ErrorSerializer, **FORM_ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Start a training run on datasets that I may see."""
        form = valid(RunInputSerializer(data=request.data))
        wanted = form.validated_data
        run = services.start_run(
            owner=_user(request),
            name=wanted["name"],
            datasets=get_datasets(_user(request), wanted["datasets"]),
            preset=wanted["preset"],
            limits=form.limits(),
            seed=wanted.get("seed"),
        )
        return Response(RunSerializer(selectors.get_run(_user(request), run.pk)).data, status=201)


class RunView(APIView):
    @extend_schema(operation_id="get_run", tags=TAGS, responses={200: RunSerializer, **ONE_ERRORS})
    def get(self, request: Request, run_id: int) -> Response:
        """One training run."""
        return Response(RunSerializer(selectors.get_run(_user(request), run_id)).data)

    @extend_schema(operation_id="delete_run", tags=TAGS, responses={204: None, **ONE_ERRORS})
    def delete(self, request: Request, run_id: int) -> Response:
        """Delete a run with its checkpoints and samples. Populations bred from it live on."""
        services.delete_run(run=selectors.get_run(_user(request), run_id))
        return Response(status=NO_CONTENT)


class LossesView(APIView):
    @extend_schema(operation_id="list_losses", tags=TAGS, responses={200: LossSerializer(many=True), **ONE_ERRORS})
    def get(self, request: Request, run_id: int) -> Response:
        """The loss after each epoch."""
        return Response(LossSerializer(selectors.get_run(_user(request), run_id).losses.all(), many=True).data)


class StopView(APIView):
    @extend_schema(
        operation_id="stop_run",
        tags=TAGS,
        request=None,
        responses={202: RunSerializer, 409: ErrorSerializer, **ONE_ERRORS},
    )
    def post(self, request: Request, run_id: int) -> Response:
        """Ask for a run to stop. A node stops within seconds and keeps what it has learned."""
        services.stop_run(run=selectors.get_run(_user(request), run_id))
        return Response(RunSerializer(selectors.get_run(_user(request), run_id)).data, status=202)


class ResumeView(APIView):
    @extend_schema(
        operation_id="resume_run",
        tags=TAGS,
        request=LimitsInputSerializer,
        responses={202: RunSerializer, 409: ErrorSerializer, **FORM_ERRORS},
    )
    def post(self, request: Request, run_id: int) -> Response:
        """Let a run that was stopped, or has failed, go on from where it stands; a finished one with more to do."""
        form = valid(LimitsInputSerializer(data=request.data))
        services.resume_run(run=selectors.get_run(_user(request), run_id), limits=form.limits())
        return Response(RunSerializer(selectors.get_run(_user(request), run_id)).data, status=202)


class CheckpointsView(APIView):
    @extend_schema(
        operation_id="list_checkpoints", tags=TAGS, responses={200: OwnedCheckpointSerializer(many=True), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """All my checkpoints, newest first."""
        return Response(OwnedCheckpointSerializer(selectors.checkpoints_of(_user(request)), many=True).data)


class CheckpointFileView(APIView):
    @extend_schema(
        operation_id="download_checkpoint",
        tags=TAGS,
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The checkpoint."),
            **ONE_ERRORS,
        },
    )
    def get(self, request: Request, checkpoint_id: int) -> FileResponse:
        """A checkpoint as one file: config, codec, vocabulary and weights."""
        checkpoint = selectors.get_checkpoint(_user(request), checkpoint_id)
        try:
            stream = checkpoint.file.open("rb")
        except OSError:
            raise NotFound("The file of this checkpoint is gone from the store.") from None
        name = file_name(f"{checkpoint.run.name} epoch {checkpoint.epoch}", ".antiphon")
        return FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")


class CheckpointReportView(APIView):
    @extend_schema(operation_id="get_report", tags=TAGS, responses={200: OpenApiTypes.OBJECT, **ONE_ERRORS})
    def get(self, request: Request, checkpoint_id: int) -> Response:
        """What a checkpoint was found to be worth: likelihood, likeness to its pieces, memorisation, timing."""
        return Response(selectors.get_report(_user(request), checkpoint_id))

    @extend_schema(
        operation_id="order_report", tags=TAGS, request=None, responses={202: CheckpointReportSerializer, **ONE_ERRORS}
    )
    def post(self, request: Request, checkpoint_id: int) -> Response:
        """Order a report. It comes within minutes, told by `training_changed`; the best checkpoint's comes unasked."""
        report = order_report(checkpoint=selectors.get_checkpoint(_user(request), checkpoint_id))
        return Response(CheckpointReportSerializer(report).data, status=202)


class CheckpointSamplesView(APIView):
    @extend_schema(
        operation_id="order_samples",
        tags=TAGS,
        request=SampleInputSerializer,
        responses={202: OrderedSerializer, 409: ErrorSerializer, **FORM_ERRORS},
    )
    def post(self, request: Request, checkpoint_id: int) -> Response:
        """Order samples of a checkpoint. They come within seconds, told by `samples_drawn`."""
        checkpoint = selectors.get_checkpoint(_user(request), checkpoint_id)
        form = valid(SampleInputSerializer(data=request.data))
        wanted = dict(form.validated_data)
        seed, prime = wanted.pop("seed", None), wanted.pop("prime", None)
        settings = SampleSettings(
            seed=services.new_seed() if seed is None else seed,
            prime=None if prime is None else Prime(**prime, name=get_file(_user(request), prime["file"]).name),
            **wanted,
        )
        job_id = services.order_samples(checkpoint=checkpoint, owner_id=_user(request).pk, settings=settings)
        return Response({"job": job_id}, status=202)


class SamplesView(APIView):
    @extend_schema(
        operation_id="list_samples",
        tags=TAGS,
        parameters=[SamplesQuerySerializer],
        responses={200: SampleSerializer(many=True), 400: ErrorSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """My last 60 samples, newest first, of one checkpoint or of all."""
        form = valid(SamplesQuerySerializer(data=request.query_params))
        samples = selectors.samples_of(_user(request), form.validated_data.get("checkpoint"))
        return Response(SampleSerializer(samples, many=True).data)


class SampleMidiView(APIView):
    @extend_schema(
        operation_id="download_sample",
        tags=TAGS,
        responses={(200, "audio/midi"): OpenApiResponse(OpenApiTypes.BINARY, "The sample as MIDI."), **ONE_ERRORS},
    )
    def get(self, request: Request, sample_id: int) -> HttpResponse:
        """A sample as a MIDI file."""
        sample = selectors.get_sample(_user(request), sample_id)
        return midi_download(midi.write(heard_score(sample)), name=_sample_name(sample))


class SampleExportView(APIView):
    @extend_schema(
        operation_id="export_sample",
        tags=TAGS,
        parameters=[ExportQuerySerializer],
        responses={**RESPONSES, **ONE_ERRORS},
    )
    def get(self, request: Request, sample_id: int) -> HttpResponse:
        """A sample to take away: as MIDI, notation or sound, in loops, with a beat, with another instrument."""
        wanted = wanted_of(request)
        sample = selectors.get_sample(_user(request), sample_id)
        score = heard_score(sample, is_written=wanted.format is Format.MUSICXML)
        return export(score, wanted, name=_sample_name(sample))
