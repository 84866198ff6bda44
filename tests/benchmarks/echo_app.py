"""The service with one more endpoint: the same reader, headers, log and numbers, and stored bytes as long."""

from flask import Response, request

import rules
import schemas
from service import create_app
from service.answers import json_answer, library, today
from service.assessments import PATIENT
from service.body import read_document
from service.observing.observation import note
from service.reader import read_object
from tests.benchmarks.patients import readme_request

app = create_app()

with app.app_context():
    rule_set = library().active
intake = schemas.load_patient(read_object(readme_request(), PATIENT), today=today())
assessment = rules.assess(rule_set, intake.facts)
stored = schemas.write(assessment, intake)


@app.post("/echo")
def echo() -> Response:
    """Read the document as an assessment does, count and log the stored answer as if it were one, and send it."""
    read_document(request, PATIENT)
    note(assessment)
    return json_answer(stored, rule_set)
