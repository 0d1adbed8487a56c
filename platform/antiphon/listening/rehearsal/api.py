"""The API of rehearsals, beside the room that they are for."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.core.api import ErrorSerializer, valid
from antiphon.listening.api import room_asked_for
from antiphon.listening.models import Rehearsal
from antiphon.listening.rehearsal import services
from antiphon.listening.rehearsal.serializers import RehearsalInputSerializer, RehearsalSerializer

REFUSED = {401: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer}
NOT_FOUND = {401: ErrorSerializer, 404: ErrorSerializer}


class RehearsalsView(APIView):
    @extend_schema(operation_id="list_rehearsals", responses={200: RehearsalSerializer(many=True), **NOT_FOUND})
    def get(self, request: Request, code: str) -> Response:
        """The rehearsals for a room of mine, newest first."""
        found = Rehearsal.objects.filter(for_room=room_asked_for(request, code)).select_related("room")
        return Response(RehearsalSerializer(found, many=True).data)

    @extend_schema(
        operation_id="rehearse",
        request=RehearsalInputSerializer,
        responses={
            201: RehearsalSerializer,
            400: ErrorSerializer,
            409: ErrorSerializer,
            503: ErrorSerializer,
            **REFUSED,
        },
    )
    def post(self, request: Request, code: str) -> Response:
        """Rehearse a room: simulated listeners rate a clone of its population, in a room of their own."""
        room = room_asked_for(request, code)
        asked = valid(RehearsalInputSerializer(data=request.data))
        made = services.order_rehearsal(
            room=room,
            n_listeners=asked.validated_data["listeners"],
            minutes=asked.validated_data["minutes"],
            pace_seconds=asked.validated_data["pace_seconds"],
        )
        return Response(RehearsalSerializer(made).data, status=status.HTTP_201_CREATED)


class RehearsalView(APIView):
    @extend_schema(operation_id="get_rehearsal", responses={200: RehearsalSerializer, **NOT_FOUND})
    def get(self, request: Request, code: str, rehearsal_id: int) -> Response:
        """One rehearsal for a room of mine."""
        found = services.rehearsal_of(room=room_asked_for(request, code), rehearsal_id=rehearsal_id)
        return Response(RehearsalSerializer(found).data)

    @extend_schema(operation_id="delete_rehearsal", responses={204: None, **REFUSED})
    def delete(self, request: Request, code: str, rehearsal_id: int) -> Response:
        """Delete a rehearsal with its room, its population and its listeners; it is stopped where it goes on."""
        found = services.rehearsal_of(room=room_asked_for(request, code), rehearsal_id=rehearsal_id)
        services.delete_rehearsal(rehearsal=found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class StopRehearsalView(APIView):
    @extend_schema(operation_id="stop_rehearsal", request=None, responses={200: RehearsalSerializer, **REFUSED})
    def post(self, request: Request, code: str, rehearsal_id: int) -> Response:
        """Have the listeners of a rehearsal leave; what was rated stays until it is deleted."""
        room = room_asked_for(request, code)
        services.stop_rehearsal(rehearsal=services.rehearsal_of(room=room, rehearsal_id=rehearsal_id))
        return Response(RehearsalSerializer(services.rehearsal_of(room=room, rehearsal_id=rehearsal_id)).data)
