"""The one shape of every error: an RFC 9457 problem document."""

from marshmallow import Schema, fields
from marshmallow.validate import Equal

from schemas import wire


class ProblemEntrySchema(Schema):
    """One thing to put right. It names fields and what is accepted, never what was sent."""

    path = wire.text("The field, such as `labs[0].unit`; empty for the document itself")
    message = wire.text("What it must be")
    accepted = fields.List(
        fields.String(), metadata={"description": "What is accepted there, where that is a short list"}
    )


class ProblemSchema(Schema):
    """What went wrong with a request."""

    type = wire.text("Always `about:blank`: the status says what kind of problem it is")
    title = wire.text("The name of the status")
    status = wire.whole_number("The HTTP status")
    detail = wire.text("What went wrong, in a sentence")
    instance = wire.text("The request id, as in the header `Request-Id`")
    errors = wire.many(ProblemEntrySchema, "At most 20 things to put right")


class LackSchema(ProblemSchema):
    """What was needed and could not be had: as an OperationOutcome of FHIR too, for EHRs that read nothing else."""

    resource_type = fields.String(
        required=True,
        data_key="resourceType",
        validate=Equal("OperationOutcome"),
        metadata={"description": "Of FHIR R4"},
    )
    issue = fields.List(fields.Dict(), required=True, metadata={"description": "The same problems, as FHIR says them"})
