"""One result of a batch: what a row was answered with."""

from marshmallow import Schema, fields

from schemas import wire
from schemas.assessment import AssessmentSchema
from schemas.problem_document import ProblemSchema


class RowSchema(Schema):
    """The result of one row: its assessment with status 200, or the problem it is refused for."""

    index = wire.whole_number("The number of the row, from 0; of a stream every line counts, the empty ones too")
    status = wire.whole_number("The HTTP status that the row would have had alone")
    assessment = fields.Nested(AssessmentSchema, metadata={"description": "The assessment, with status 200"})
    problem = fields.Nested(ProblemSchema, metadata={"description": "The problem, with any other status"})
