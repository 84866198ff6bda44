"""What an EHR sends when a hook fires, as far as it is read; the rest of it is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from schemas.cds_hooks.fields import Resource
from schemas.cds_hooks.services import PREFETCH, HookService
from schemas.cds_hooks.shapes import SHAPES
from schemas.cds_hooks.whose import other_patients
from schemas.problem import MOST_PROBLEMS, Problem, Refused, problems_of


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One call of a service: about whom, what the client sent of the record, and where the rest may be asked for."""

    instance: UUID
    patient_id: str
    encounter_id: str | None = None
    prefetch: Mapping[str, Resource | None] = field(default_factory=dict)
    draft_orders: Resource = field(default_factory=dict)
    selections: frozenset[str] | None = None
    fhir_server: str | None = None
    access_token: str | None = field(default=None, repr=False)


def load_hook_request(document: Mapping[str, Any], service: HookService) -> HookRequest:
    """The call of a service that a client sent; Refused names what is wrong with it, and repeats nothing of it."""
    if document.get("hook") not in (None, service.hook):
        raise Refused([Problem("hook", "is not the hook of this service", (service.hook,))])
    try:
        said = SHAPES[service.hook]().load(document)
    except ValidationError as error:
        raise Refused(problems_of(error.messages, document)) from None
    request = _request(said)
    _check_patient(request)
    return request


def _request(said: Mapping[str, Any]) -> HookRequest:
    context = said["context"]
    return HookRequest(
        instance=said["instance"],
        patient_id=context["patient_id"],
        encounter_id=context.get("encounter_id"),
        prefetch=said.get("prefetch", {}),
        draft_orders=context.get("draft_orders", {}),
        selections=context.get("selections"),
        fhir_server=said.get("fhir_server"),
        access_token=said.get("fhir_authorization", {}).get("access_token"),
    )


def _check_patient(request: HookRequest) -> None:
    """The record of somebody else is never taken for this patient's."""
    parts = ((f"prefetch.{key}", request.prefetch.get(key)) for key in PREFETCH)
    others = [place for path, part in parts for place in other_patients(part, request.patient_id, path)]
    if others:
        raise Refused([Problem(place, "must be the patient of the context") for place in others[:MOST_PROBLEMS]])
