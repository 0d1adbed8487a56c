"""Datasets and their files in the API."""

from pathlib import PurePosixPath
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.accounts.models import User
from antiphon.core.api import NO_CONTENT, ErrorSerializer, valid
from antiphon.core.downloads import midi_download
from antiphon.core.errors import Conflict
from antiphon.core.exports import RESPONSES, ExportQuerySerializer, export, wanted_of
from antiphon.core.phrase import excerpt
from antiphon.core.serializers import PhraseSerializer
from antiphon.datasets import selectors, services
from antiphon.datasets.ingest import read_score
from antiphon.datasets.models import MidiFile
from antiphon.datasets.serializers import (
    DatasetInputSerializer,
    DatasetSerializer,
    MidiFileSerializer,
    UploadedSerializer,
    UploadSerializer,
)

EXCERPT_BARS = 16
ERRORS: dict[int, Any] = {401: ErrorSerializer, 403: ErrorSerializer}
FORM_ERRORS: dict[int, Any] = {400: ErrorSerializer, **ERRORS}
ONE_ERRORS: dict[int, Any] = {404: ErrorSerializer, **ERRORS}
TAGS = ["datasets"]


def _user(request: Request) -> User:
    return cast(User, request.user)


def _accepted(midi_file: MidiFile) -> MidiFile:
    """The file, if it has music. Raises Conflict."""
    if midi_file.state != MidiFile.State.ACCEPTED:
        raise Conflict(f"Only an accepted file can be heard; this one is {midi_file.state}. {midi_file.reason}".strip())
    return midi_file


class DatasetsView(APIView):
    @extend_schema(operation_id="list_datasets", tags=TAGS, responses={200: DatasetSerializer(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """My datasets and the starter datasets."""
        return Response(DatasetSerializer(selectors.datasets_with_counts(_user(request)), many=True).data)

    @extend_schema(
        operation_id="create_dataset",
        tags=TAGS,
        request=DatasetInputSerializer,
        responses={201: DatasetSerializer, **FORM_ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Make an empty dataset."""
        form = valid(DatasetInputSerializer(data=request.data))
        dataset = services.create_dataset(owner=_user(request), **form.validated_data)
        return Response(DatasetSerializer(selectors.get_dataset(_user(request), dataset.pk)).data, status=201)


class DatasetView(APIView):
    @extend_schema(operation_id="get_dataset", tags=TAGS, responses={200: DatasetSerializer, **ONE_ERRORS})
    def get(self, request: Request, dataset_id: int) -> Response:
        """One dataset."""
        return Response(DatasetSerializer(selectors.get_dataset(_user(request), dataset_id)).data)

    @extend_schema(
        operation_id="change_dataset",
        tags=TAGS,
        request=DatasetInputSerializer(partial=True),
        responses={200: DatasetSerializer, 400: ErrorSerializer, **ONE_ERRORS},
    )
    def patch(self, request: Request, dataset_id: int) -> Response:
        """Set some of a dataset's words anew."""
        dataset = selectors.get_own_dataset(_user(request), dataset_id)
        form = valid(DatasetInputSerializer(data=request.data, partial=True))
        return Response(DatasetSerializer(services.change_dataset(dataset=dataset, changes=form.validated_data)).data)

    @extend_schema(operation_id="delete_dataset", tags=TAGS, responses={204: None, **ONE_ERRORS})
    def delete(self, request: Request, dataset_id: int) -> Response:
        """Delete a dataset with its files. What was trained on it stays."""
        services.delete_dataset(dataset=selectors.get_own_dataset(_user(request), dataset_id))
        return Response(status=NO_CONTENT)


class FilesView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="list_files", tags=TAGS, responses={200: MidiFileSerializer(many=True), **ONE_ERRORS})
    def get(self, request: Request, dataset_id: int) -> Response:
        """The files of a dataset, each with its facts or the reason why it was refused."""
        dataset = selectors.get_dataset(_user(request), dataset_id)
        return Response(MidiFileSerializer(dataset.files.all(), many=True).data)

    @extend_schema(
        operation_id="upload_files",
        tags=TAGS,
        request={"multipart/form-data": UploadSerializer},
        responses={202: UploadedSerializer, 400: ErrorSerializer, 413: ErrorSerializer, **ONE_ERRORS},
    )
    def post(self, request: Request, dataset_id: int) -> Response:
        """Upload MIDI files and zips of them. Each file gets a row; their verdicts follow within seconds."""
        dataset = selectors.get_own_dataset(_user(request), dataset_id)
        uploads = request.FILES.getlist("files")
        valid(UploadSerializer(data={"files": uploads}))
        rows = services.upload_files(dataset=dataset, uploads=uploads, limits=services.upload_limits())
        return Response({"files": MidiFileSerializer(rows, many=True).data}, status=202)


class FileView(APIView):
    @extend_schema(operation_id="delete_file", tags=TAGS, responses={204: None, **ONE_ERRORS})
    def delete(self, request: Request, file_id: int) -> Response:
        """Delete one file of a dataset of mine."""
        services.delete_file(midi_file=selectors.get_own_file(_user(request), file_id))
        return Response(status=NO_CONTENT)


class FilePhraseView(APIView):
    @extend_schema(
        operation_id="get_file_phrase",
        tags=TAGS,
        responses={200: PhraseSerializer, 409: ErrorSerializer, **ONE_ERRORS},
    )
    def get(self, request: Request, file_id: int) -> Response:
        """The first 16 bars with music in them, to hear and see."""
        midi_file = _accepted(selectors.get_file(_user(request), file_id))
        return Response(excerpt(read_score(midi_file), bars_max=EXCERPT_BARS))


class FileMidiView(APIView):
    @extend_schema(
        operation_id="download_file",
        tags=TAGS,
        responses={
            (200, "audio/midi"): OpenApiResponse(OpenApiTypes.BINARY, "The bytes as they came."),
            409: ErrorSerializer,
            **ONE_ERRORS,
        },
    )
    def get(self, request: Request, file_id: int) -> HttpResponse:
        """The file as it was uploaded."""
        midi_file = selectors.get_file(_user(request), file_id)
        if not midi_file.file:
            raise Conflict(f"The bytes of this file were not kept. {midi_file.reason}".strip())
        with midi_file.file.open("rb") as stream:
            return midi_download(stream.read(), name=midi_file.name)


class FileExportView(APIView):
    @extend_schema(
        operation_id="export_file",
        tags=TAGS,
        parameters=[ExportQuerySerializer],
        responses={**RESPONSES, 409: ErrorSerializer, **ONE_ERRORS},
    )
    def get(self, request: Request, file_id: int) -> HttpResponse:
        """A file's music to take away: as MIDI, notation or sound, in loops, with a beat, with another instrument."""
        wanted = wanted_of(request)
        midi_file = _accepted(selectors.get_file(_user(request), file_id))
        return export(read_score(midi_file), wanted, name=PurePosixPath(midi_file.name).stem)
