"""What an EHR sends when a hook fires, as far as it is read; the rest of it is left alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, pre_load

from schemas.cds_hooks.services import PREFETCH, HookService, is_answer
from schemas.cds_hooks.whose import other_patients
from schemas.fields import StrictField
from schemas.problem import MOST_PROBLEMS, Problem, Refused, problems_of
from schemas.shapes import ObjectOf

Resource = Mapping[str, Any]

FHIR_ID = re.compile(r"(?!\.+$)[A-Za-z0-9\-._~]{1,128}")
ANYTHING = re.compile(r"[\x21-\x7e]{1,8000}")
MOST_SELECTIONS = 200
NO_UUID = "must be a UUID, written in hexadecimal digits with four dashes"


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


class _Word(StrictField):
    def __init__(self, description: str, pattern: re.Pattern[str] = ANYTHING, **options: Any) -> None:
        shape = {"type": "string", "description": description, "pattern": f"^(?:{pattern.pattern})$"}
        super().__init__(shape, **options)
        self.pattern = pattern

    def read(self, value: object) -> str:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise ValidationError("must be a text without spaces, of the form CDS Hooks gives it")
        return value


class _Instance(StrictField):
    def __init__(self, **options: Any) -> None:
        described = "This call of the hook"
        super().__init__({"type": "string", "format": "uuid", "description": described}, required=True, **options)

    def read(self, value: object) -> UUID:
        try:
            instance = UUID(value if isinstance(value, str) else "")
        except ValueError:
            raise ValidationError(NO_UUID) from None
        if str(instance) != str(value).lower():  # there are other ways to write one, and Python reads still more
            raise ValidationError(NO_UUID)
        return instance


class _Resources(StrictField):
    """What the client asked for beforehand, by key; null says that it asked and there is nothing."""

    def __init__(self) -> None:
        shape = {"type": ["object", "null"], "description": "A FHIR resource or Bundle; null when there is nothing"}
        super().__init__({"type": "object", "additionalProperties": shape})

    def read(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(part is None or isinstance(part, dict) for part in value.values()):
            raise ValidationError("must be an object of FHIR resources")
        unusable = {
            key: ["must be what was asked for: a resource of that type, or a Bundle"] for key in _unusable(value)
        }
        if unusable:
            raise ValidationError(unusable)
        return value


def _unusable(prefetch: Mapping[str, Resource | None]) -> Iterator[str]:
    """The parts that are no answer to what was asked: they say nothing, not even that there is nothing."""
    for key in PREFETCH:
        part = prefetch.get(key)
        if part is not None and not is_answer(key, part):
            yield key


class _Orders(StrictField):
    def __init__(self, **options: Any) -> None:
        described = "A FHIR Bundle of the orders being written"
        super().__init__({"type": "object", "description": described}, required=True, **options)

    def read(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
            raise ValidationError("must be a FHIR Bundle")
        return value


class _Selections(StrictField):
    def __init__(self) -> None:
        described = "The orders selected just now, such as `MedicationRequest/1`"
        shape = {"type": "array", "description": described, "items": {"type": "string"}, "maxItems": MOST_SELECTIONS}
        super().__init__(shape, required=True)

    def read(self, value: object) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValidationError("must be a list of texts")
        if len(value) > MOST_SELECTIONS:
            raise ValidationError(f"has more than {MOST_SELECTIONS} entries")
        return frozenset(value)


class _TolerantSchema(Schema):
    """An object of a protocol that grows: what is not known to us is left alone, and null is as good as left out."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _without_nulls(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in sent.items() if value is not None}


class FhirAuthorizationSchema(_TolerantSchema):
    """The token to ask the client's FHIR server with; used for this call, never kept."""

    access_token = _Word("The OAuth 2.0 access token", required=True)


class HookContextSchema(_TolerantSchema):
    """Who looks at whom."""

    user_id = _Word("Who looks, such as `Practitioner/1`", required=True, data_key="userId")
    patient_id = _Word("The FHIR id of the patient", FHIR_ID, required=True, data_key="patientId")
    encounter_id = _Word("The FHIR id of the encounter", FHIR_ID, data_key="encounterId")


class OrderSignContextSchema(HookContextSchema):
    """Who signs what for whom."""

    draft_orders = _Orders(data_key="draftOrders")


class OrderSelectContextSchema(OrderSignContextSchema):
    """Who selects what for whom."""

    selections = _Selections()


class HookRequestSchema(_TolerantSchema):
    """One call of a service."""

    hook = _Word("The hook that fired", required=True)
    instance = _Instance(data_key="hookInstance")
    fhir_server = _Word("The base address of the client's FHIR server", data_key="fhirServer")
    fhir_authorization = ObjectOf(FhirAuthorizationSchema, data_key="fhirAuthorization")
    context = ObjectOf(HookContextSchema, required=True)
    prefetch = _Resources()


class OrderSignRequestSchema(HookRequestSchema):
    """One call of a service about orders to be signed."""

    context = ObjectOf(OrderSignContextSchema, required=True)


class OrderSelectRequestSchema(HookRequestSchema):
    """One call of a service about selected orders."""

    context = ObjectOf(OrderSelectContextSchema, required=True)


SHAPES: Mapping[str, type[HookRequestSchema]] = {
    "patient-view": HookRequestSchema,
    "order-select": OrderSelectRequestSchema,
    "order-sign": OrderSignRequestSchema,
}


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
