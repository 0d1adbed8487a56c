"""The API for workers, as a node calls it: patient with a platform that is away, plain about one that says no."""

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from antiphon.node.errors import Refused, Unreachable

log = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(60.0, connect=5.0)
PATIENCE_SECONDS = 90.0
FIRST_WAIT_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 8.0
AWAY = frozenset({429, 500, 502, 503, 504})
NO_CONTENT = 204
NOT_FOUND = 404
CONFLICT = 409
JITTER = random.Random()  # noqa: S311  (spreads retries; nothing musical or secret depends on it)


@dataclass(frozen=True)
class Claim:
    """A job that this node holds."""

    job_id: int
    kind: str
    lease: UUID
    lease_seconds: int
    attempt: int
    specification: dict[str, Any]
    has_archive: bool


class NodeClient:
    """One connection pool to the platform. Safe to use from several threads."""

    def __init__(self, api_url: str, token: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.api_url = api_url
        self.patience_seconds = patience_seconds
        self._http = httpx.Client(
            base_url=f"{api_url}/api/v1/node/", headers={"Authorization": f"Node {token}"}, timeout=TIMEOUT
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def hello(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Say what this node is. Raises Refused for a wrong token."""
        return self._json("POST", "hello", json={"facts": facts})

    def claim(self, job_id: int) -> Claim | None:
        """Take a job; None where there is nothing to do."""
        try:
            said = self._json("POST", f"jobs/{job_id}/claim", json={})
        except Refused as error:
            if error.status in {CONFLICT, NOT_FOUND}:
                log.info("job %s: %s", job_id, error.message)
                return None
            raise
        return Claim(
            job_id=said["job"],
            kind=said["kind"],
            lease=UUID(said["lease"]),
            lease_seconds=said["lease_seconds"],
            attempt=said["attempt"],
            specification=said["specification"],
            has_archive=said["has_archive"],
        )

    def archive(self, claim: Claim) -> bytes:
        """The file that the job works on."""
        return self._call("GET", f"jobs/{claim.job_id}/archive", headers=_lease(claim)).content

    def latest_artefact(self, claim: Claim, name: str) -> bytes | None:
        """The last artefact of a name that came in for what this job works on, from whichever node."""
        path = f"jobs/{claim.job_id}/artefacts/latest"
        response = self._call("GET", path, params={"name": name}, headers=_lease(claim))
        return None if response.status_code == NO_CONTENT else response.content

    def progress(self, claim: Claim, progress: dict[str, Any]) -> bool:
        """Report progress (empty: only renew the lease), once, without waiting; True where the job is to stop."""
        body = {"lease": str(claim.lease), "progress": progress}
        said = self._json("POST", f"jobs/{claim.job_id}/progress", patience_seconds=0, json=body)
        return bool(said["cancel"])

    def artefact(self, claim: Claim, name: str, data: bytes, facts: dict[str, Any]) -> None:
        """Hand in a file. Doing it again with the same bytes changes nothing."""
        self._call(
            "POST",
            f"jobs/{claim.job_id}/artefacts",
            params={"name": name},
            data={"lease": str(claim.lease), "facts": json.dumps(facts, allow_nan=False)},
            files={"file": (name, data, "application/octet-stream")},
        )

    def result(self, claim: Claim, result: dict[str, Any]) -> None:
        """End the job. Doing it again changes nothing."""
        self._call("POST", f"jobs/{claim.job_id}/result", json={"lease": str(claim.lease), "result": result})

    def failure(self, claim: Claim, reason: str, *, is_final: bool = False, is_stopping: bool = False) -> None:
        """Give the job back. A node that is stopping does not wait for a platform that is away."""
        body = {"lease": str(claim.lease), "reason": reason, "is_final": is_final, "is_stopping": is_stopping}
        patience_seconds = 0 if is_stopping else None
        self._call("POST", f"jobs/{claim.job_id}/failure", patience_seconds=patience_seconds, json=body)

    def _json(self, method: str, path: str, *, patience_seconds: float | None = None, **request: Any) -> dict[str, Any]:
        response = self._call(method, path, patience_seconds=patience_seconds, **request)
        try:
            said = response.json()
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Unreachable(f"{self.api_url} answers, but not as Antiphon does. Check ANTIPHON_API_URL.")
        return said

    def _call(self, method: str, path: str, *, patience_seconds: float | None = None, **request: Any) -> httpx.Response:
        """One request, repeated while the platform is away. Raises Refused, Unreachable."""
        patience = self.patience_seconds if patience_seconds is None else patience_seconds
        return _patiently(lambda: self._once(method, path, **request), patience)

    def _once(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **request)
        except httpx.TransportError as error:
            raise Unreachable(f"{self.api_url} does not answer: {error or type(error).__name__}.") from error
        if response.status_code in AWAY:
            raise Unreachable(f"{self.api_url} answers {response.status_code}.")
        if response.is_success:
            return response
        raise _refusal(response)


def _patiently(call: Callable[[], httpx.Response], patience_seconds: float) -> httpx.Response:
    began = time.monotonic()
    wait_seconds = FIRST_WAIT_SECONDS
    while True:
        try:
            return call()
        except Unreachable as error:
            if time.monotonic() - began + wait_seconds > patience_seconds:
                raise
            log.warning("%s Trying again in %.1f s.", error, wait_seconds)
        time.sleep(wait_seconds * JITTER.uniform(0.8, 1.2))
        wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)


def _refusal(response: httpx.Response) -> Refused:
    try:
        said = response.json()
        return Refused(response.status_code, str(said["code"]), str(said["message"]))
    except (ValueError, KeyError, TypeError):
        return Refused(response.status_code, "unknown", f"The platform answered {response.text[:200]!r}")


def _lease(claim: Claim) -> dict[str, str]:
    return {"X-Lease": str(claim.lease)}
