"""The shapes of what an EHR sends when a hook fires, as far as it is read."""

from collections.abc import Mapping

from schemas.cds_hooks.fields import FHIR_ID, Instance, Orders, Resources, Selections, Word
from schemas.cds_hooks.tolerant import TolerantSchema
from schemas.shapes import ObjectOf


class FhirAuthorizationSchema(TolerantSchema):
    """The token to ask the client's FHIR server with; used for this call, never kept."""

    access_token = Word("The OAuth 2.0 access token", required=True)


class HookContextSchema(TolerantSchema):
    """Who looks at whom."""

    user_id = Word("Who looks, such as `Practitioner/1`", required=True, data_key="userId")
    patient_id = Word("The FHIR id of the patient", FHIR_ID, required=True, data_key="patientId")
    encounter_id = Word("The FHIR id of the encounter", FHIR_ID, data_key="encounterId")


class OrderSignContextSchema(HookContextSchema):
    """Who signs what for whom."""

    draft_orders = Orders(data_key="draftOrders")


class OrderSelectContextSchema(OrderSignContextSchema):
    """Who selects what for whom."""

    selections = Selections()


class HookRequestSchema(TolerantSchema):
    """One call of a service."""

    hook = Word("The hook that fired", required=True)
    instance = Instance(data_key="hookInstance")
    fhir_server = Word("The base address of the client's FHIR server", data_key="fhirServer")
    fhir_authorization = ObjectOf(FhirAuthorizationSchema, data_key="fhirAuthorization")
    context = ObjectOf(HookContextSchema, required=True)
    prefetch = Resources()


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
