"""The service with one more endpoint: the same reader, headers and server, and stored bytes of the same length."""

from pathlib import Path

from flask import Response, request

from service import create_app
from service.answers import library
from service.assessments import PATIENT
from service.body import read_document

EXAMPLE = Path(__file__).parents[2] / "examples" / "patient.json"

app = create_app()
stored = bytearray()


@app.post("/echo")
def echo() -> Response:
    """Read the document as an assessment does and answer what was stored."""
    read_document(request, PATIENT)
    response = Response(bytes(stored), content_type="application/json")
    response.headers["Rule-Set-Version"] = library().active.manifest.version
    return response


stored += app.test_client().post("/v1/assessments", data=EXAMPLE.read_bytes(), content_type="application/json").data
