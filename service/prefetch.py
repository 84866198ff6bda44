"""The parts of a patient's record: as the client sent them, else asked for at the client's own FHIR server."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin

from schemas import Problem
from schemas.cds_hooks.chart import Chart, ChartPart
from schemas.cds_hooks.fields import Resource
from schemas.cds_hooks.request import HookRequest
from schemas.cds_hooks.services import NEEDED, PREFETCH, is_answer
from schemas.cds_hooks.whose import other_patients
from service.access.trust import TrustedClient
from service.outbound.client import Destination, Outbound, Unreachable
from service.problems import log_failure
from service.reader import Limits, read_object
from service.refusal import Refusal

PATIENCE_SECONDS = 0.4
MOST_PAGES = 10
ANSWER = Limits(size=1024 * 1024, depth=64, free_text=True)
PATIENT_TOKEN = "{{context.patientId}}"  # noqa: S105  # nosec B105  # a place in an address, no secret

# Each call of a service asks for at most four parts at once.
_workers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="fhir")


@dataclass(frozen=True, slots=True)
class FhirAccess:
    """Where the record may be asked for, and whose, for one call."""

    server: Destination
    base: str
    patient_id: str
    token: str = field(repr=False)
    outbound: Outbound = field(default_factory=Outbound)

    def read(self, url: str, until: float) -> dict[str, Any]:
        """One resource or page; Unreachable when it cannot be had in time."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/fhir+json"}
        body = self.outbound.get(url, self.server, headers, until=until, most=ANSWER.size)
        try:
            found = read_object(body, ANSWER)
        except Refusal:
            raise Unreachable("it did not answer with JSON") from None
        if is_outcome(found):
            raise Unreachable("it answered that it could not")
        return found


def access_for(request: HookRequest, client: TrustedClient | None, outbound: Outbound) -> FhirAccess | None:
    """The FHIR server of this call, when the operator listed it for this very client and the client gave a token."""
    server = client.fhir_server(request.fhir_server) if client and request.fhir_server else None
    if server is None or request.fhir_server is None or request.access_token is None:
        return None
    base = request.fhir_server.rstrip("/")
    return FhirAccess(server, base, request.patient_id, request.access_token, outbound)


def gather(request: HookRequest, access: FhirAccess | None) -> Chart:
    """Every part of the record, asked for side by side within one deadline; Refusal 412 without what is needed."""
    charts = {key: _as_sent(request, key) for key in PREFETCH}
    wanted = {key: url for key in PREFETCH if (url := _still_to_ask(request, key, charts[key], access))}
    if access is not None and wanted:
        until = time.monotonic() + PATIENCE_SECONDS
        wait(
            [_workers.submit(_complete, charts, key, url, access, until) for key, url in wanted.items()],
            PATIENCE_SECONDS,
        )
    found = dict(charts)  # what arrives from here on is too late
    _check_needed(found)
    return found


def is_outcome(resource: Resource | None) -> bool:
    """Whether somebody who was asked answered that it could not."""
    return resource is not None and resource.get("resourceType") == "OperationOutcome"


def _as_sent(request: HookRequest, key: str) -> ChartPart:
    """What was sent, and for the rest the assumption that nobody can give it."""
    if key not in request.prefetch:
        return ChartPart(missing=True)
    sent = request.prefetch[key]
    if sent is None:
        return ChartPart()
    return ChartPart(missing=True) if is_outcome(sent) else ChartPart((sent,), cut=_next_link(sent) is not None)


def _still_to_ask(request: HookRequest, key: str, chart: ChartPart, access: FhirAccess | None) -> str | None:
    """Where to go on: at what was never asked for, or at the next page of what was sent."""
    if access is None:
        return None
    if key not in request.prefetch:
        return f"{access.base}/{PREFETCH[key].replace(PATIENT_TOKEN, quote(request.patient_id, safe=''))}"
    return _next_link(chart.pages[0]) if chart.pages else None


def _complete(charts: dict[str, ChartPart], key: str, url: str, access: FhirAccess, until: float) -> None:
    """Read page after page; what was read before something went wrong stays, and is said to be cut."""
    try:
        for page in _pages(urljoin(f"{access.base}/", url), access, until, MOST_PAGES - len(charts[key].pages)):
            if not is_answer(key, page) or other_patients(page, access.patient_id):
                return
            charts[key] = ChartPart((*charts[key].pages, page), cut=_next_link(page) is not None)
    except (Unreachable, ValueError):
        return
    except Exception as error:  # to the client it is as if the server had not answered: only the log can tell
        log_failure(f"for the {key} of a record", error)


def _pages(url: str, access: FhirAccess, until: float, most: int) -> Iterator[Resource]:
    for _ in range(most):
        page = access.read(url, until)
        yield page
        link = _next_link(page)
        if link is None:
            return
        url = urljoin(url, link)


def _next_link(page: Resource) -> str | None:
    links = page.get("link")
    listed = links if isinstance(links, list) else []
    urls = (link.get("url") for link in listed if isinstance(link, dict) and link.get("relation") == "next")
    return next((url for url in urls if isinstance(url, str) and url), None)


def _check_needed(charts: Chart) -> None:
    """A patient who is known not to exist is as good as missing; known to have no results is an answer."""
    lacking = [key for key in NEEDED if charts[key].missing or (key == "patient" and not charts[key].pages)]
    if lacking:
        message = "is needed: send it as prefetch, or give access to a FHIR server that is listed for this client"
        raise Refusal(412, *(Problem(f"prefetch.{key}", message) for key in lacking))
