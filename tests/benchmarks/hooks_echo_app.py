"""The service with one more endpoint: a CDS Hooks call read the same way, and stored bytes of a card's length."""

from flask import Response, request

from service import create_app
from service.answers import library
from service.body import read_document
from service.cds_hooks import CALL
from tests.benchmarks.hook_body import BODY, HOOK

app = create_app()
stored = bytearray()


@app.post("/echo")
def echo() -> Response:
    """Read the call as a hook does and answer what was stored."""
    read_document(request, CALL)
    response = Response(bytes(stored), content_type="application/json")
    response.headers["Rule-Set-Version"] = library().active.manifest.version
    return response


stored += app.test_client().post(HOOK, data=BODY, content_type="application/json").data
