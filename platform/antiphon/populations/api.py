"""The API of populations."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.core.api import ErrorSerializer, valid
from antiphon.core.downloads import download, file_name, midi_download
from antiphon.core.exports import RESPONSES, ExportQuerySerializer, Format, export, wanted_of
from antiphon.populations import exports, selectors, services
from antiphon.populations.archive import archive_of
from antiphon.populations.cloning import Phrases, clone_population
from antiphon.populations.options import Options
from antiphon.populations.order_serializers import CloneInputSerializer, PopulationInputSerializer
from antiphon.populations.serializers import (
    GenerationSerializer,
    PopulationOptionsSerializer,
    PopulationSerializer,
)

NOT_FOUND = {401: ErrorSerializer, 404: ErrorSerializer}
MIDI = OpenApiResponse(OpenApiTypes.BINARY, description="A MIDI file.")


def host_id(request: Request) -> int:
    """The id of the signed-in host; permissions have seen to it that there is one."""
    return int(request.user.pk or 0)


class PopulationsView(APIView):
    @extend_schema(
        operation_id="list_populations", responses={200: PopulationSerializer(many=True), 401: ErrorSerializer}
    )
    def get(self, request: Request) -> Response:
        """My populations, newest first."""
        return Response(PopulationSerializer(selectors.populations_of(owner_id=host_id(request)), many=True).data)

    @extend_schema(
        operation_id="create_population",
        request=PopulationInputSerializer,
        responses={
            201: PopulationSerializer,
            400: ErrorSerializer,
            403: ErrorSerializer,
            409: ErrorSerializer,
            **NOT_FOUND,
        },
    )
    def post(self, request: Request) -> Response:
        """Make a population. Its first generation comes from samples of the checkpoint, or at random in the scale."""
        asked = valid(PopulationInputSerializer(data=request.data))
        owner_id = host_id(request)
        made = services.create_population(owner_id=owner_id, order=asked.order())
        population = selectors.population_of(owner_id=owner_id, population_id=made.pk)
        return Response(PopulationSerializer(population).data, status=status.HTTP_201_CREATED)


class PopulationOptionsView(APIView):
    @extend_schema(
        operation_id="list_population_options",
        responses={200: PopulationOptionsSerializer, 401: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """What can be chosen for a population."""
        return Response(PopulationOptionsSerializer(Options()).data)


class PopulationView(APIView):
    @extend_schema(operation_id="get_population", responses={200: PopulationSerializer, **NOT_FOUND})
    def get(self, request: Request, population_id: int) -> Response:
        """One of my populations."""
        population = selectors.population_of(owner_id=host_id(request), population_id=population_id)
        return Response(PopulationSerializer(population).data)

    @extend_schema(operation_id="delete_population", responses={204: None, 403: ErrorSerializer, **NOT_FOUND})
    def delete(self, request: Request, population_id: int) -> Response:
        """Delete a population with its generations, rooms and ratings."""
        population = selectors.population_of(owner_id=host_id(request), population_id=population_id)
        services.delete_population(population=population)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PopulationCloneView(APIView):
    @extend_schema(
        operation_id="clone_population",
        request=CloneInputSerializer,
        responses={
            201: PopulationSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 409: ErrorSerializer, **NOT_FOUND,
        },
    )  # fmt: skip
    def post(self, request: Request, population_id: int) -> Response:
        """Make a population with the same frame, settings and network, with the phrases of this one or without."""
        asked = valid(CloneInputSerializer(data=request.data))
        owner_id = host_id(request)
        made = clone_population(
            owner_id=owner_id,
            population_id=population_id,
            name=asked.validated_data["name"],
            phrases=Phrases(asked.validated_data["phrases"]),
        )
        population = selectors.population_of(owner_id=owner_id, population_id=made.pk)
        return Response(PopulationSerializer(population).data, status=status.HTTP_201_CREATED)


class PopulationArchiveView(APIView):
    @extend_schema(
        operation_id="download_population_archive",
        responses={
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, description="A zip of JSON and CSV files."),
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, population_id: int) -> HttpResponse:
        """A population as an archive: genomes with lineage, ratings without names, and all that replays it."""
        population = selectors.population_of(owner_id=host_id(request), population_id=population_id)
        name = file_name(f"{exports.export_name(population)} archive", ".zip")
        return download(archive_of(population), name=name, content_type="application/zip")


class GenerationView(APIView):
    @extend_schema(operation_id="get_generation", responses={200: GenerationSerializer, **NOT_FOUND})
    def get(self, request: Request, population_id: int, number: int) -> Response:
        """One generation with its individuals, their fitness, parents and phrases."""
        generation = selectors.generation_of(owner_id=host_id(request), population_id=population_id, number=number)
        view = selectors.view_generation(generation)
        return Response(GenerationSerializer(generation, context={"view": view}).data)


class GenerationZipView(APIView):
    @extend_schema(
        operation_id="download_generation",
        responses={
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, description="A zip of MIDI files."),
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, population_id: int, number: int) -> HttpResponse:
        """A generation as a zip: each phrase as MIDI, fitness and lineage as CSV."""
        generation = selectors.generation_of(owner_id=host_id(request), population_id=population_id, number=number)
        name = file_name(f"{exports.export_name(generation.population)} generation {generation.ordinal}", ".zip")
        return download(exports.generation_zip(generation), name=name, content_type="application/zip")


class IndividualMidiView(APIView):
    @extend_schema(operation_id="download_individual", responses={(200, "audio/midi"): MIDI, **NOT_FOUND})
    def get(self, request: Request, individual_id: int) -> HttpResponse:
        """A phrase as a MIDI file."""
        individual = selectors.individual_of(owner_id=host_id(request), individual_id=individual_id)
        return midi_download(exports.individual_midi(individual), name=exports.individual_name(individual))


class IndividualExportView(APIView):
    @extend_schema(
        operation_id="export_individual", parameters=[ExportQuerySerializer], responses={**RESPONSES, **NOT_FOUND}
    )
    def get(self, request: Request, individual_id: int) -> HttpResponse:
        """A phrase to take away: as MIDI, notation or sound, in loops, with a beat, with another instrument."""
        wanted = wanted_of(request)
        individual = selectors.individual_of(owner_id=host_id(request), individual_id=individual_id)
        score, n_bars = exports.individual_score(individual, is_written=wanted.format is Format.MUSICXML)
        return export(score, wanted, name=exports.individual_name(individual), n_bars=n_bars)
