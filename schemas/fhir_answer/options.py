"""The options as a RequestGroup of proposals.

R4 wants a resource behind every action. A test is a draft ServiceRequest, which an order form can take over. Anything
else is a CommunicationRequest, a system's proposal to tell a clinician something: no draft prescription is made up
from a text that quotes doses.
"""

from collections.abc import Iterator

from rules.assessment import Advice
from rules.catalogue import catalogue
from rules.model import URGENCIES
from schemas.fhir.systems import public_codings
from schemas.fhir_answer.answered import Answered
from schemas.fhir_answer.parts import (
    Part,
    artifacts,
    assumed,
    narrative,
    notes,
    reasons,
    reference,
    resource,
    tagged,
)
from schemas.fhir_answer.terms import PRIORITIES, own, versioned


def option_group(answered: Answered) -> Part:
    """Every option in the order of the assessment, of which any number may be chosen."""
    advised = answered.assessment.recommendations
    urgency = min((advice.urgency for advice in advised), key=URGENCIES.index)
    return resource(
        "RequestGroup",
        meta=tagged(answered.rule_set),
        text=narrative([f"{advice.recommendation.title} ({advice.urgency})" for advice in advised]),
        instantiatesCanonical=[versioned(answered.rule_set)],
        status="draft",
        intent="proposal",
        priority=PRIORITIES[urgency],
        code={"text": "Options for the clinician to weigh"},
        subject=answered.subject,
        authoredOn=answered.day,
        author=reference(answered.urn("device")),
        note=notes(answered.rule_set),
        action=[
            {
                "title": "Options for the clinician to weigh",
                "selectionBehavior": "any",
                "action": [_action(answered, advice) for advice in advised],
            }
        ],
    )


def option_requests(answered: Answered) -> Iterator[tuple[str, Part]]:
    """The resource behind each action, under its name."""
    for advice in answered.assessment.recommendations:
        tests = advice.recommendation.tests
        yield from ((_test_name(advice, test), _test_request(answered, advice, test)) for test in tests)
        if not tests:
            yield _name(advice), _message(answered, advice)


def _name(advice: Advice) -> str:
    return f"option/{advice.recommendation.id}"


def _test_name(advice: Advice, test: str) -> str:
    return f"{_name(advice)}/{test}"


def _action(answered: Answered, advice: Advice) -> Part:
    option = advice.recommendation
    graded = f"Strength: {option.strength}; certainty of the evidence: {option.certainty}."
    words = [option.text, *reasons(advice.because), assumed(advice.assumes), graded]
    documentation = artifacts(advice.citations)
    return {
        "title": option.title,
        "description": option.text,
        "textEquivalent": "\n".join(word for word in words if word),
        "priority": PRIORITIES[advice.urgency],
        "code": [
            {"coding": [own("recommendation", option.id, option.title)]},
            {"coding": [own("action", option.action)]},
            {"coding": [own("strength", option.strength)]},
            {"coding": [own("certainty", option.certainty)]},
        ],
        **({"documentation": documentation} if documentation else {}),
        **_behind(answered, advice),
    }


def _behind(answered: Answered, advice: Advice) -> Part:
    tests = advice.recommendation.tests
    if not tests:
        return {"resource": reference(answered.urn(_name(advice)))}
    asked = [(catalogue().fact(test).label, answered.urn(_test_name(advice, test))) for test in tests]
    return {"action": [{"title": label, "resource": reference(urn)} for label, urn in asked]}


def _test_request(answered: Answered, advice: Advice, test: str) -> Part:
    fact = catalogue().fact(test)
    coding = [*list(public_codings(fact))[:1], own("fact", test, fact.label)]
    return resource(
        "ServiceRequest",
        status="draft",
        intent="proposal",
        priority=PRIORITIES[advice.urgency],
        code={"coding": coding, "text": fact.label},
        subject=answered.subject,
        authoredOn=answered.day,
        requester=reference(answered.urn("device")),
        note=[{"text": advice.recommendation.text}],
    )


def _message(answered: Answered, advice: Advice) -> Part:
    return resource(
        "CommunicationRequest",
        status="draft",
        priority=PRIORITIES[advice.urgency],
        subject=answered.subject,
        payload=[{"contentString": f"{advice.recommendation.title}. {advice.recommendation.text}"}],
        authoredOn=answered.day,
        sender=reference(answered.urn("device")),
    )
