"""An answer in FHIR read back into what a client of JSON would see, by codes alone."""

from collections.abc import Iterator
from typing import Any

Part = dict[str, Any]


def resources(bundle: Part, kind: str) -> list[Part]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def codes(concept: Part, system: str) -> Iterator[str]:
    yield from (one["code"] for one in concept.get("coding", []) if one.get("system") == f"urn:b12cds:{system}")


def code(concept: Part, system: str) -> str:
    return next(codes(concept, system))


def read_back(bundle: Part) -> Part:
    """Level, flags, options, diseases, causes and questions, as the answer in JSON has them."""
    return {
        **_likelihood(bundle),
        "flags": [
            (code(one["code"], "flag"), one["meta"]["tag"][0]["code"]) for one in resources(bundle, "DetectedIssue")
        ],
        "recommendations": [_option(action, bundle) for action in _actions(bundle)],
        "differential": _stances(bundle, "condition"),
        "causes": _stances(bundle, "cause"),
        "missing": [_question(one) for one in resources(bundle, "GuidanceResponse")[0].get("dataRequirement", [])],
    }


def as_json(answer: Part) -> Part:
    """The same of an answer in JSON."""
    likelihood = answer["likelihood"]
    return {
        **{name: likelihood[name] for name in ("level", "flagged", "basis", "reason")},
        **likelihood["could_be"],
        "flags": [(flag["id"], flag["severity"]) for flag in answer["flags"]],
        "recommendations": [
            {name: one[name] for name in ("id", "action", "strength", "certainty", "tests")}
            for one in answer["recommendations"]
        ],
        "differential": [(one["condition"], one["stance"]) for one in answer["differential"]],
        "causes": [(one["cause"], one["stance"]) for one in answer["causes"]],
        "missing": [one["fact"] for one in answer["missing"]],
    }


def figures(bundle: Part) -> Part:
    [parameters] = resources(bundle, "Parameters")
    return {
        one["name"]: next(value for name, value in one.items() if name.startswith("value"))
        for one in parameters["parameter"]
    }


def _likelihood(bundle: Part) -> Part:
    known = figures(bundle)
    [level] = [
        code(prediction["qualitativeRisk"], "likelihood")
        for risk in resources(bundle, "RiskAssessment")
        for prediction in risk["prediction"]
        if list(codes(prediction["qualitativeRisk"], "likelihood"))
    ]
    assert level == known["level"]
    return {name: known.get(name) for name in ("level", "flagged", "basis", "reason", "lowest", "highest")}


def _actions(bundle: Part) -> list[Part]:
    return [option for group in resources(bundle, "RequestGroup") for option in group["action"][0]["action"]]


def _option(action: Part, bundle: Part) -> Part:
    behind = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    asked = [behind[one["resource"]["reference"]]["code"] for one in action.get("action", [])]
    said = {name: _of(action, name) for name in ("recommendation", "action", "strength", "certainty")}
    return {"id": said.pop("recommendation"), **said, "tests": [code(one, "fact") for one in asked]}


def _of(action: Part, system: str) -> str:
    return next(found for concept in action["code"] for found in codes(concept, system))


def _stances(bundle: Part, system: str) -> list[tuple[str, str]]:
    return [
        (named, code(prediction["qualitativeRisk"], "stance"))
        for risk in resources(bundle, "RiskAssessment")
        for prediction in risk["prediction"]
        for named in codes(prediction["outcome"], system)
    ]


def _question(requirement: Part) -> str:
    [asked] = requirement["codeFilter"]
    return next(codes({"coding": asked["code"]}, "fact"))
