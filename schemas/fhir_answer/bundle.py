"""The whole answer: one Bundle whose first entry says where everything else stands."""

from collections.abc import Iterator

from rules import ENGINE_VERSION
from rules.assessment import Assessment
from schemas.fhir_answer.answered import Answered, Received
from schemas.fhir_answer.guidance import figures, guidance_response
from schemas.fhir_answer.issues import flag_issue
from schemas.fhir_answer.options import option_group, option_requests
from schemas.fhir_answer.outcomes import account
from schemas.fhir_answer.parts import Part, resource
from schemas.fhir_answer.risks import explanation_risks, likelihood_risk
from schemas.intake import Intake


def render_bundle(assessment: Assessment, intake: Intake, received: Received) -> Part:
    """The answer to one patient's document in FHIR R4."""
    answered = Answered(assessment, intake, received)
    entries = [{"fullUrl": answered.urn(name), "resource": part} for name, part in _parts(answered)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _parts(answered: Answered) -> Iterator[tuple[str, Part]]:
    assessment = answered.assessment
    yield "guidance", guidance_response(answered)
    yield "likelihood", likelihood_risk(answered)
    for raised in assessment.flags:
        yield f"flag/{raised.flag.id}", flag_issue(answered, raised)
    if assessment.recommendations:
        yield "options", option_group(answered)
        yield from option_requests(answered)
    yield from explanation_risks(answered)
    yield "account", account(answered)
    yield "figures", figures(answered)
    yield "device", _device(answered)


def _device(answered: Answered) -> Part:
    """The software that answered."""
    manifest = answered.rule_set.manifest
    versions = {"engine": ENGINE_VERSION, "rule set": manifest.version, "digest": answered.rule_set.digest}
    return resource(
        "Device",
        status="active",
        deviceName=[{"name": "b12cds", "type": "user-friendly-name"}],
        type={"text": "Clinical decision support software"},
        version=[{"type": {"text": name}, "value": value} for name, value in versions.items()],
        note=[{"text": manifest.notice}],
    )
