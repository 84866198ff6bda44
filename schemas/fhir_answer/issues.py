"""DetectedIssues: the red flags and warnings.

R4 has two resources for an alert. A Flag stays in the record and is shown to everyone until somebody takes it down,
and has no room for why it was raised; an answer that nothing stores should leave no such thing behind. A
DetectedIssue is what a system found at one moment, with its severity, its evidence and its author.
"""

from rules.assessment import RaisedFlag
from schemas.fhir_answer.answered import Answered
from schemas.fhir_answer.parts import Part, assumed, cited, narrative, reasons, reference, resource, tagged
from schemas.fhir_answer.terms import SEVERITIES, own


def flag_issue(answered: Answered, raised: RaisedFlag) -> Part:
    """One flag: what it is, what to do about it, the findings that raised it and its sources."""
    flag = raised.flag
    lines = [flag.text, assumed(raised.assumes), *map(cited, raised.citations), answered.rule_set.manifest.notice]
    return resource(
        "DetectedIssue",
        meta=tagged(answered.rule_set, own("severity", flag.severity)),
        text=narrative([f"{flag.title} ({flag.severity})", flag.text, *reasons(raised.because)]),
        status="preliminary",
        code={"coding": [own("flag", flag.id, flag.title)], "text": flag.title},
        severity=SEVERITIES[flag.severity],
        patient=answered.subject,
        identifiedDateTime=answered.day,
        author=reference(answered.urn("device")),
        evidence=_evidence(answered, raised),
        detail="\n".join(line for line in lines if line),
        reference=next((citation.source.url for citation in raised.citations if citation.source.url), None),
    )


def _evidence(answered: Answered, raised: RaisedFlag) -> list[Part]:
    found = zip(raised.because, reasons(raised.because), strict=True)
    return [_reason(text, answered.evidence([reason])) for reason, text in found]


def _reason(text: str, detail: list[Part]) -> Part:
    return {"code": [{"text": text}], **({"detail": detail} if detail else {})}
