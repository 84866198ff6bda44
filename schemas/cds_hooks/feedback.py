"""What a client says became of the cards; it is checked and counted, and nothing of it is kept."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.cds_hooks.tolerant import TolerantSchema
from schemas.problem import Refused, problems_of

MOST_FEEDBACK = 100
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.IGNORECASE | re.ASCII)
OUTCOMES = ("accepted", "overridden")
FEW = validate.Length(1, MOST_FEEDBACK, error="must have {min} to {max} entries")
SHORT = validate.Length(1, 200, error="must be {min} to {max} characters")


def _check_instant(text: str) -> None:
    """Only a moment that there is: neither the pattern nor the calendar alone says that."""
    try:
        moment = datetime.fromisoformat(text) if INSTANT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError("must be an RFC 3339 time with its offset")


class AcceptedSuggestionSchema(TolerantSchema):
    """A suggestion that was accepted, by its uuid."""

    id = fields.String(required=True, validate=SHORT)


class OverrideReasonCodingSchema(TolerantSchema):
    """The reason that was chosen; some clients leave its system out."""

    code = fields.String(required=True, validate=SHORT)
    system = fields.String()


class OverrideReasonSchema(TolerantSchema):
    """Why a card was set aside."""

    reason = fields.Nested(OverrideReasonCodingSchema)
    user_comment = fields.String(data_key="userComment")

    @validates_schema
    def _check_something_said(self, said: Mapping[str, Any], **_: Any) -> None:
        if not said.get("reason") and not said.get("user_comment"):
            raise ValidationError("needs a reason or a comment")


class CardFeedbackSchema(TolerantSchema):
    """What became of one card."""

    card = fields.String(required=True, validate=SHORT)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES, error="must be accepted or overridden"))
    when = fields.String(
        data_key="outcomeTimestamp",
        required=True,
        validate=_check_instant,
        metadata={"format": "date-time"},
    )
    accepted = fields.List(fields.Nested(AcceptedSuggestionSchema), data_key="acceptedSuggestions")
    override_reason = fields.Nested(OverrideReasonSchema, data_key="overrideReason")

    @validates_schema
    def _check_suggestions(self, said: Mapping[str, Any], **_: Any) -> None:
        if said.get("outcome") == "accepted" and not said.get("accepted"):
            raise ValidationError("must name at least one when the outcome is accepted", "acceptedSuggestions")


class FeedbackSchema(TolerantSchema):
    """What became of the cards of one or more calls."""

    feedback = fields.List(fields.Nested(CardFeedbackSchema), required=True, validate=FEW)


def load_feedback(document: Mapping[str, Any]) -> list[str]:
    """The outcome of each card; Refused when the document is not feedback."""
    try:
        said = FeedbackSchema().load(document)
    except ValidationError as error:
        raise Refused(problems_of(error.messages, document)) from None
    return [entry["outcome"] for entry in said["feedback"]]
