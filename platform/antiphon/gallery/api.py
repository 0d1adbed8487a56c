"""The API of the gallery: a host's switch, and a listener's credit, for which a guest's cookie is enough."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.accounts.services import listener_from_cookie
from antiphon.core.api import ErrorSerializer, valid
from antiphon.gallery import selectors, services
from antiphon.gallery.rates import check_rate
from antiphon.gallery.serializers import (
    ExhibitionInputSerializer,
    ExhibitionSerializer,
    GalleryCreditSerializer,
)
from antiphon.listening.credit import credit_of
from antiphon.populations.api import host_id
from antiphon.populations.models import Population
from antiphon.populations.selectors import population_of

NOT_FOUND = {401: ErrorSerializer, 404: ErrorSerializer}
GUESTS = {404: ErrorSerializer, 429: ErrorSerializer}


class ExhibitionView(APIView):
    @extend_schema(operation_id="get_exhibition", tags=["gallery"], responses={200: ExhibitionSerializer, **NOT_FOUND})
    def get(self, request: Request, population_id: int) -> Response:
        """Whether one of my populations is in the public gallery."""
        return Response(ExhibitionSerializer(services.exhibition_of(_own(request, population_id))).data)

    @extend_schema(
        operation_id="set_exhibition",
        tags=["gallery"],
        request=ExhibitionInputSerializer,
        responses={
            200: ExhibitionSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 409: ErrorSerializer, **NOT_FOUND,
        },
    )  # fmt: skip
    def put(self, request: Request, population_id: int) -> Response:
        """Show one of my populations in the public gallery, or no longer; it is done at once."""
        asked = valid(ExhibitionInputSerializer(data=request.data))
        found = services.exhibit(population=_own(request, population_id), **asked.validated_data)
        return Response(ExhibitionSerializer(found).data)


class GalleryCreditView(APIView):
    """Whoever has a listener's cookie may ask. Nothing is changed here, so no other page can do harm by it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        check_rate(request)

    @extend_schema(
        operation_id="get_gallery_credit", tags=["gallery"], responses={200: GalleryCreditSerializer, **GUESTS}
    )
    def get(self, request: Request, population_id: int) -> Response:
        """Which living phrases of a population in the gallery descend from phrases that I rated 3 or more."""
        population = selectors.exhibited_population(population_id)
        listener = listener_from_cookie(request.COOKIES.get(settings.LISTENER_COOKIE))
        credit = None if listener is None else credit_of(listener_id=listener.pk, population_id=population.pk)
        answer = Response(GalleryCreditSerializer({"credit": credit}).data)
        answer["Cache-Control"] = "private, no-store"
        return answer


def _own(request: Request, population_id: int) -> Population:
    return population_of(owner_id=host_id(request), population_id=population_id)
