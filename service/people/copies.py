"""What can be taken away: the request as curl and as JSON, and the answer in FHIR."""

import json
import shlex
from hashlib import sha256
from typing import Any

from schemas import fhir_answer
from schemas.fhir_answer import Received, Source
from schemas.plain import plain_data
from service.people.answer import Outcome

SENT = "Parameters"


def copies(outcome: Outcome, host: str) -> dict[str, str]:
    """The request for this very answer, for a program and for a terminal."""
    summary = json.dumps(plain_data(outcome.sent.document), indent=1, ensure_ascii=False)
    choice = f"rule_set={outcome.rule_set.manifest.version}&profile={outcome.rule_set.profile}"
    address = shlex.quote(f"{host}v1/assessments?{choice}")
    header = "-H 'Content-Type: application/json'"
    return {"json": summary, "curl": f"curl -s {address} \\\n  {header} \\\n  -d {shlex.quote(summary)}"}


def in_fhir(outcome: Outcome) -> dict[str, Any]:
    """The answer as a Bundle of FHIR R4 resources."""
    if outcome.intake is None or outcome.assessment is None:
        return {}
    request = json.dumps(plain_data(outcome.sent.document), sort_keys=True).encode()
    received = Received(SENT, Source(SENT, None), sources={}, remarks=(), request=sha256(request).hexdigest())
    return dict(fhir_answer.render_bundle(outcome.assessment, outcome.intake, received))
