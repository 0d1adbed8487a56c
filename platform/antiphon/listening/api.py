"""The API of rooms, and of closing a generation by hand, for which ratings are needed."""

import io

import segno
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.core.api import ErrorSerializer, valid
from antiphon.listening import selectors, services
from antiphon.listening.codes import tidy_code
from antiphon.listening.hosting.dashboard import dashboard_of
from antiphon.listening.hosting.ruling import change_rule, extend_generation
from antiphon.listening.judging.aside import effect_of, set_aside
from antiphon.listening.judging.voices import voices_of
from antiphon.listening.models import Room
from antiphon.listening.serializers import (
    DashboardSerializer,
    ExtensionInputSerializer,
    ListenerEffectSerializer,
    ListenersSerializer,
    RoomInputSerializer,
    RoomSerializer,
    RoomSettingsInputSerializer,
    RoomStateInputSerializer,
    RuleInputSerializer,
    SetAsideInputSerializer,
)
from antiphon.populations.api import host_id
from antiphon.populations.figures_serializers import GenerationFiguresSerializer
from antiphon.populations.selectors import generation_of, population_of
from antiphon.populations.serializers import RuleSerializer

FORBIDDEN = {401: ErrorSerializer, 403: ErrorSerializer}
NOT_FOUND = {401: ErrorSerializer, 404: ErrorSerializer}
QR_SCALE = 8  # pixels a module
QR_BORDER = 2  # modules


def room_asked_for(request: Request, code: str) -> Room:
    """The host's room of this code. Raises NotFound where it is not theirs."""
    return selectors.room_of(owner_id=host_id(request), code=tidy_code(code))


def _shown(request: Request, code: str) -> Response:
    room = room_asked_for(request, code)
    return Response(RoomSerializer(selectors.view_rooms([room])[0]).data)


class RoomsView(APIView):
    @extend_schema(operation_id="list_rooms", responses={200: RoomSerializer(many=True), 401: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """My rooms, newest first."""
        rooms = selectors.view_rooms(selectors.rooms_of(owner_id=host_id(request)))
        return Response(RoomSerializer(rooms, many=True).data)

    @extend_schema(
        operation_id="open_room",
        request=RoomInputSerializer,
        responses={201: RoomSerializer, 400: ErrorSerializer, 404: ErrorSerializer, **FORBIDDEN},
    )
    def post(self, request: Request) -> Response:
        """Open a room on one of my populations."""
        asked = valid(RoomInputSerializer(data=request.data))
        room = services.open_room(
            owner_id=host_id(request),
            population_id=asked.validated_data["population"],
            name=asked.validated_data["name"],
        )
        shown = _shown(request, room.code)
        shown.status_code = status.HTTP_201_CREATED
        return shown


class RoomView(APIView):
    @extend_schema(operation_id="get_room", responses={200: RoomSerializer, **NOT_FOUND})
    def get(self, request: Request, code: str) -> Response:
        """One of my rooms."""
        return _shown(request, code)

    @extend_schema(
        operation_id="change_room",
        request=RoomSettingsInputSerializer,
        responses={200: RoomSerializer, 400: ErrorSerializer, 404: ErrorSerializer, **FORBIDDEN},
    )
    def patch(self, request: Request, code: str) -> Response:
        """Change a room's settings; everyone in it is told, and asked again where the text to agree to is another."""
        asked = valid(RoomSettingsInputSerializer(data=request.data))
        room = room_asked_for(request, code)
        services.change_settings(room=room, changes=asked.validated_data)
        return _shown(request, code)


class RoomDashboardView(APIView):
    @extend_schema(operation_id="get_room_dashboard", responses={200: DashboardSerializer, **NOT_FOUND})
    def get(self, request: Request, code: str) -> Response:
        """One of my rooms while it is rated: who heard and rated what, how fast it goes, what needs a hand."""
        room = room_asked_for(request, code)
        return Response(DashboardSerializer(dashboard_of(room)).data)


class RoomStateView(APIView):
    @extend_schema(
        operation_id="set_room_state",
        request=RoomStateInputSerializer,
        responses={200: RoomSerializer, 400: ErrorSerializer, 404: ErrorSerializer, **FORBIDDEN},
    )
    def post(self, request: Request, code: str) -> Response:
        """Open, pause or close a room; everyone in it is told."""
        asked = valid(RoomStateInputSerializer(data=request.data))
        room = room_asked_for(request, code)
        services.set_room_state(room=room, state=asked.validated_data["state"])
        return _shown(request, code)


class RoomQrView(APIView):
    @extend_schema(
        operation_id="get_room_qr",
        responses={
            (200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.STR, description="A QR code of the room's link."),
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The room's link as a QR code, in black on white so that every phone reads it."""
        room = room_asked_for(request, code)
        out = io.BytesIO()
        segno.make(selectors.room_link(room.code), error="m", micro=False).save(
            out, kind="svg", scale=QR_SCALE, border=QR_BORDER, dark="#000", light="#fff"
        )
        return HttpResponse(out.getvalue(), content_type="image/svg+xml")


class CloseGenerationView(APIView):
    @extend_schema(
        operation_id="close_generation",
        request=None,
        responses={200: GenerationFiguresSerializer, 404: ErrorSerializer, 409: ErrorSerializer, **FORBIDDEN},
    )
    def post(self, request: Request, population_id: int, number: int) -> Response:
        """Close a generation now and breed the next one from the ratings that there are."""
        owner_id = host_id(request)
        services.close_by_hand(owner_id=owner_id, population_id=population_id, number=number)
        generation = generation_of(owner_id=owner_id, population_id=population_id, number=number)
        return Response(GenerationFiguresSerializer(generation).data)


class ExtendGenerationView(APIView):
    @extend_schema(
        operation_id="extend_generation",
        request=ExtensionInputSerializer,
        responses={
            200: RuleSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer, **FORBIDDEN,
        },
    )  # fmt: skip
    def post(self, request: Request, population_id: int, number: int) -> Response:
        """Ask more of the open generation: a higher quorum, a lower wanted error or more minutes in all."""
        asked = valid(ExtensionInputSerializer(data=request.data))
        rule = extend_generation(
            owner_id=host_id(request), population_id=population_id, number=number, **asked.validated_data
        )
        return Response(RuleSerializer(rule).data)


class PopulationRuleView(APIView):
    @extend_schema(
        operation_id="change_rule",
        request=RuleInputSerializer,
        responses={200: RuleSerializer, 400: ErrorSerializer, 404: ErrorSerializer, **FORBIDDEN},
    )
    def patch(self, request: Request, population_id: int) -> Response:
        """Have generations of a population of mine close by another rule from now on, the open one with them."""
        asked = valid(RuleInputSerializer(data=request.data))
        rule = change_rule(owner_id=host_id(request), population_id=population_id, changes=dict(asked.validated_data))
        return Response(RuleSerializer(rule).data)


class ListenersView(APIView):
    @extend_schema(operation_id="list_listeners", responses={200: ListenersSerializer, **NOT_FOUND})
    def get(self, request: Request, population_id: int) -> Response:
        """Who rated a population of mine, what each of them counts, and whose answers look like clicking."""
        population = population_of(owner_id=host_id(request), population_id=population_id)
        return Response(ListenersSerializer(voices_of(population)).data)


class ListenerView(APIView):
    @extend_schema(operation_id="get_listener", responses={200: ListenerEffectSerializer, **NOT_FOUND})
    def get(self, request: Request, population_id: int, number: int) -> Response:
        """What one listener's answers change in each generation of a population of mine."""
        population = population_of(owner_id=host_id(request), population_id=population_id)
        return Response(ListenerEffectSerializer(effect_of(population=population, number=number)).data)

    @extend_schema(
        operation_id="set_listener_aside",
        request=SetAsideInputSerializer,
        responses={200: ListenerEffectSerializer, 400: ErrorSerializer, 404: ErrorSerializer, **FORBIDDEN},
    )
    def put(self, request: Request, population_id: int, number: int) -> Response:
        """Let a listener's answers not count from now on, or count again. Nothing is deleted."""
        asked = valid(SetAsideInputSerializer(data=request.data))
        population = population_of(owner_id=host_id(request), population_id=population_id)
        set_aside(population=population, number=number, is_set_aside=asked.validated_data["is_set_aside"])
        return Response(ListenerEffectSerializer(effect_of(population=population, number=number)).data)
