"""The API for workers, and what a host may see of their jobs."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from antiphon.core.api import NO_CONTENT, ErrorSerializer, LimitedJSONParser, valid
from antiphon.core.errors import NotFound, TooLarge
from antiphon.core.jobs import handler_for
from antiphon.workers import nodes, services
from antiphon.workers.authentication import IsNode, NodeAuthentication
from antiphon.workers.models import Node
from antiphon.workers.selectors import latest_jobs
from antiphon.workers.serializers import (
    ArtefactSerializer,
    ClaimSerializer,
    FailureSerializer,
    HelloSerializer,
    JobSerializer,
    ProgressSerializer,
    RenewedSerializer,
    ResultSerializer,
    WelcomeSerializer,
)
from antiphon.workers.streaming import stream

LEASE_HEADER = OpenApiParameter("X-Lease", OpenApiTypes.UUID, OpenApiParameter.HEADER, required=True)
ERRORS: dict[int, Any] = {400: ErrorSerializer, 401: ErrorSerializer, 409: ErrorSerializer}
ARTEFACTS = "`checkpoint`: config and weights. `state`: all that training needs to go on bit for bit."
ZIP = OpenApiResponse(OpenApiTypes.BINARY, "The file.")


class ResultParser(LimitedJSONParser):
    """Results carry whole scores."""

    max_bytes = 64 * 1024 * 1024


class JobsView(APIView):
    @extend_schema(operation_id="list_jobs", tags=["jobs"], responses={200: JobSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """My last 20 jobs, newest first."""
        return Response(JobSerializer(latest_jobs(int(request.user.pk or 0)), many=True).data)


class NodeView(APIView):
    """The base of what only nodes may ask."""

    authentication_classes = (NodeAuthentication,)
    permission_classes = (IsNode,)

    @property
    def node(self) -> Node:
        assert isinstance(self.request.auth, Node)
        return self.request.auth

    def lease(self) -> UUID:
        """The lease that the X-Lease header names."""
        try:
            return UUID(self.request.headers.get("X-Lease", ""))
        except ValueError:
            raise ValidationError({"X-Lease": ["Expected the lease that the claim gave, a UUID."]}) from None


class HelloView(NodeView):
    @extend_schema(
        operation_id="greet_platform",
        tags=["node"],
        request=HelloSerializer,
        responses={200: WelcomeSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Say what this node is. It needs no job, and shows whether address and token are right."""
        data = valid(HelloSerializer(data=request.data)).validated_data
        nodes.note_facts(node=self.node, facts=data["facts"])
        return Response({"node": self.node.name, "lease_seconds": services.LEASE_SECONDS})


class ClaimView(NodeView):
    @extend_schema(operation_id="claim_job", tags=["node"], request=None, responses={200: ClaimSerializer, **ERRORS})
    def post(self, request: Request, job_id: int) -> Response:
        """Take a waiting job. 409 (`gone`, `taken`, `cancelled`): there is nothing to do."""
        claim = services.claim(job_id=job_id, node=self.node)
        return Response(
            ClaimSerializer(
                {
                    "job": claim.job.pk,
                    "kind": claim.job.kind,
                    "lease": claim.lease,
                    "lease_seconds": services.LEASE_SECONDS,
                    "attempt": claim.job.attempts,
                    "specification": claim.specification,
                    "has_archive": claim.has_archive,
                }
            ).data
        )


class ArchiveView(NodeView):
    @extend_schema(
        operation_id="fetch_archive",
        tags=["node"],
        parameters=[LEASE_HEADER],
        responses={(200, "application/zip"): ZIP, 404: ErrorSerializer, **ERRORS},
    )
    def get(self, request: Request, job_id: int) -> HttpResponse:
        """The file that the job works on: MIDI files in a zip, a checkpoint, or both."""
        job = services.require_lease(job_id=job_id, lease=self.lease())
        archive = handler_for(job.kind).archive
        if archive is None:
            raise NotFound(f"A {job.kind} job has no archive.")
        return HttpResponse(archive(services.payload_of(job)), content_type="application/zip")


class ProgressView(NodeView):
    @extend_schema(
        operation_id="report_progress",
        tags=["node"],
        request=ProgressSerializer,
        responses={200: RenewedSerializer, **ERRORS},
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Report progress and renew the lease. 409 `lease_lost`: somebody else has the job now."""
        data = valid(ProgressSerializer(data=request.data)).validated_data
        asked = services.report(job_id=job_id, lease=data["lease"], progress=data.get("progress", {}))
        return Response({"cancel": asked, "lease_seconds": services.LEASE_SECONDS})


class ArtefactsView(NodeView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="upload_artefact",
        tags=["node"],
        parameters=[OpenApiParameter("name", str, description=ARTEFACTS, required=True)],
        request={"multipart/form-data": ArtefactSerializer},
        responses={201: OpenApiTypes.OBJECT, 404: ErrorSerializer, 413: ErrorSerializer, **ERRORS},
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Hand in a file before the job ends. The same bytes again are the same artefact."""
        data = valid(ArtefactSerializer(data=request.data)).validated_data
        file = data["file"]
        if file.size > settings.CHECKPOINT_MAX_BYTES:
            raise TooLarge(f"Expected at most {settings.CHECKPOINT_MAX_BYTES:,} bytes; got {file.size:,}.")
        received = services.receive(
            job_id=job_id,
            lease=data["lease"],
            name=request.query_params.get("name", ""),
            file=file,
            facts=data.get("facts", {}),
        )
        return Response(received, status=201)


class LatestArtefactView(NodeView):
    @extend_schema(
        operation_id="fetch_latest_artefact",
        tags=["node"],
        parameters=[LEASE_HEADER, OpenApiParameter("name", str, description=ARTEFACTS, default="state")],
        responses={(200, "application/octet-stream"): ZIP, 204: None, **ERRORS},
    )
    def get(self, request: Request, job_id: int) -> HttpResponseBase:
        """The last artefact of that name that came in, to go on from after a node was lost; 204 for none."""
        job = services.require_lease(job_id=job_id, lease=self.lease())
        resume = handler_for(job.kind).resume
        file = resume(services.payload_of(job), request.query_params.get("name", "state")) if resume else None
        if file is None:
            return HttpResponse(status=NO_CONTENT)
        return stream(request._request, file)


class ResultView(NodeView):
    parser_classes = (ResultParser,)

    @extend_schema(
        operation_id="report_result", tags=["node"], request=ResultSerializer, responses={204: None, **ERRORS}
    )
    def post(self, request: Request, job_id: int) -> Response:
        """End a job with its result. Saying it again changes nothing."""
        data = valid(ResultSerializer(data=request.data)).validated_data
        services.finish(job_id=job_id, lease=data["lease"], result=data["result"])
        return Response(status=NO_CONTENT)


class FailureView(NodeView):
    @extend_schema(
        operation_id="report_failure", tags=["node"], request=FailureSerializer, responses={204: None, **ERRORS}
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Give a job back with the reason. It is offered again, up to three times, unless `is_final`."""
        data = valid(FailureSerializer(data=request.data)).validated_data
        services.fail(job_id=job_id, **data)
        return Response(status=NO_CONTENT)
