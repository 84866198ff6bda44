"""RiskAssessments: how likely deficiency is, what else could explain the picture, and what could have caused it.

The risk is in our own words. HL7's risk-probability codes say how often something comes true ("more likely to occur
than not"), which no rule claims; for the same reason there is no probability.
"""

from collections.abc import Iterable, Iterator

from rules.assessment import ExplanationNote, LikelihoodOutcome
from rules.catalogue import catalogue
from rules.model import Citation
from schemas.fhir.systems import public_codings
from schemas.fhir_answer.answered import Answered
from schemas.fhir_answer.parts import Part, assumed, cited, narrative, notes, reasons, reference, resource, tagged
from schemas.fhir_answer.terms import LEVELS, STANCES, own
from schemas.wording import REASONS

DEFICIENCY = "b12_deficiency"
CONDITION, CAUSE = "condition", "cause"


def likelihood_risk(answered: Answered) -> Part:
    """How likely deficiency is: the level, the findings behind it, and everything sent that a rule reads."""
    outcome = answered.assessment.likelihood
    lines = list(_likelihood_lines(outcome))
    prediction = {
        "outcome": _deficiency(),
        "qualitativeRisk": {"coding": [own("likelihood", outcome.level, outcome.level)], "text": LEVELS[outcome.level]},
        "rationale": " ".join(lines),
    }
    return _risk(
        answered,
        title="Likelihood of vitamin B12 deficiency",
        basis=answered.basis(),
        predictions=[prediction],
        lines=[f"Vitamin B12 deficiency: {outcome.level}.", *lines],
        remarks=_cited(citation for reason in outcome.because for citation in reason.citations),
    )


def explanation_risks(answered: Answered) -> Iterator[tuple[str, Part]]:
    """The other diseases, and the possible causes, each list as one assessment under its name; none when empty."""
    assessment = answered.assessment
    if assessment.differential:
        yield "differential", _explanations(answered, "What else could explain the picture", CONDITION)
    if assessment.causes:
        yield "causes", _explanations(answered, "What could have caused a vitamin B12 deficiency", CAUSE)


def _explanations(answered: Answered, title: str, system: str) -> Part:
    explained = answered.assessment.causes if system == CAUSE else answered.assessment.differential
    return _risk(
        answered,
        title=title,
        basis=answered.evidence(reason for note in explained for reason in (*note.speaks_for, *note.speaks_against)),
        predictions=[_explanation(note, system) for note in explained],
        lines=[f"{note.explanation.label}: {note.stance}." for note in explained],
        remarks=_cited(citation for note in explained for citation in note.explanation.citations),
    )


def _explanation(note: ExplanationNote, system: str) -> Part:
    code = own(system, note.explanation.id, note.explanation.label)
    return {
        "outcome": {"coding": [code], "text": note.explanation.label},
        "qualitativeRisk": {"coding": [own("stance", note.stance, note.stance)], "text": STANCES[note.stance]},
        "rationale": " ".join(_explanation_lines(note)),
    }


def _risk(
    answered: Answered, *, title: str, basis: list[Part], predictions: list[Part], lines: list[str], remarks: list[str]
) -> Part:
    """Preliminary: HL7's word for what is still to be verified, here by the clinician who reads it."""
    return resource(
        "RiskAssessment",
        meta=tagged(answered.rule_set),
        text=narrative([title, *lines, answered.rule_set.manifest.notice]),
        status="preliminary",
        method={"text": f"b12cds, rule set {answered.rule_set.manifest.version}, profile {answered.rule_set.profile}"},
        code={"text": title},
        subject=answered.subject,
        occurrenceDateTime=answered.day,
        performer=reference(answered.urn("device")),
        basis=basis,
        prediction=predictions,
        note=notes(answered.rule_set, *remarks),
    )


def _deficiency() -> Part:
    """The disease itself: of the catalogue's codes only SNOMED's is neither wider nor narrower."""
    codings = [coding for coding in public_codings(catalogue().fact(DEFICIENCY)) if "snomed" in str(coding["system"])]
    return {"coding": [*codings, own("fact", DEFICIENCY)], "text": "Vitamin B12 deficiency"}


def _likelihood_lines(outcome: LikelihoodOutcome) -> Iterator[str]:
    if outcome.reason:
        yield f"{REASONS[outcome.reason]}."
    yield from (f"{reason}." for reason in reasons(outcome.because))
    if outcome.assumes:
        yield assumed(outcome.assumes)
    if outcome.lowest != outcome.highest:
        yield f"As more becomes known it could be anything from {outcome.lowest} to {outcome.highest}."


def _explanation_lines(note: ExplanationNote) -> Iterator[str]:
    for word, points in (("For", note.speaks_for), ("Against", note.speaks_against)):
        if points:
            yield f"{word}: {'; '.join(reasons(points))}."
    if note.missing:
        yield f"Would help to know: {'; '.join(question.label for question in note.missing)}."
    if note.criteria:
        criteria = note.criteria
        yield f"{criteria.name}: {criteria.least} to {criteria.greatest} points, {criteria.needs} needed."
    yield note.explanation.note


def _cited(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(map(cited, citations)))
