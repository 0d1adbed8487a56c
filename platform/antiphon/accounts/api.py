"""Who is asking."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.accounts.models import User
from antiphon.core.api import ErrorSerializer


class MeSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    is_staff = serializers.BooleanField()


class MeView(APIView):
    @extend_schema(operation_id="get_me", tags=["accounts"], responses={200: MeSerializer, 401: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """The signed-in host."""
        return Response(MeSerializer(cast(User, request.user)).data)
