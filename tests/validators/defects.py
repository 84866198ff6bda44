"""Faults planted in a good answer, each with the validators that must find it, so that none of them can sleep."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Part = dict[str, Any]
EVERY = ("fhirkit", "fhir", "medplum")


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong, how to make it so in the RiskAssessment of an answer, and who must notice."""

    what: str
    plant: Callable[[Part], object]
    found_by: tuple[str, ...]


DEFECTS = (
    Defect("a required element is missing", lambda risk: risk.pop("subject"), EVERY),
    Defect("an element of two types", lambda risk: risk.update(occurrencePeriod={"start": "2026"}), ("fhirkit",)),
    Defect("an element that does not exist", lambda risk: risk.update(mood="x"), EVERY),
    Defect("one where a list belongs", lambda risk: risk.update(basis=risk["basis"][0]), EVERY),
    Defect("a text where an object belongs", lambda risk: risk.update(method="x"), EVERY),
    Defect("a code outside a required binding", lambda risk: risk.update(status="finished"), ("fhir",)),
    Defect("a date that is none", lambda risk: risk.update(occurrenceDateTime="yesterday"), EVERY),
    Defect("a note without text", lambda risk: risk["note"].append({"time": "2026"}), EVERY),
    Defect("a probability over 100", lambda risk: risk["prediction"][0].update(probabilityDecimal=101), ("medplum",)),
)


def planted(bundle: Part) -> Iterator[tuple[Defect, Part]]:
    """A copy of an answer for each defect, with that defect in it."""
    for defect in DEFECTS:
        spoiled = deepcopy(bundle)
        defect.plant(
            next(one["resource"] for one in spoiled["entry"] if one["resource"]["resourceType"] == "RiskAssessment")
        )
        yield defect, spoiled
