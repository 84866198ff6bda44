"""An entry of a list of the summary, with its times in order and its places by our names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.catalogue import catalogue
from rules.fact_types import FactType, naming
from schemas.fhir.concepts import Concept, Words, words
from schemas.fhir.elements import Element, parts
from schemas.fhir.extracts import Ignored, Item
from schemas.fhir.times import Moment

SIDES = {"left": "left", "right": "right", "both": "both", "bilateral": "both"}

Times = Mapping[str, Moment | None]


def as_item(
    fact: FactType, today: date, times: Times, *, present: bool = True, note: str = "", **more: Any
) -> Item | Ignored:
    """The entry for a fact, or why there is none; an end that is still to come is left out."""
    known = {name: time for name, time in times.items() if time is not None}
    if any(time.is_after(today) for name, time in known.items() if name != "until"):
        return Ignored("is dated after the day of the assessment")
    if "until" in known and known["until"].is_after(today):
        del known["until"]
    if _is_reversed(known):
        return Ignored("ends before it begins")
    absent = {} if present else {"present": False}
    dates = {name: time.shown(today) for name, time in known.items()}
    newest = known.get("date") or known.get("last_given") or known.get("until") or known.get("since")
    return Item(fact, {naming(fact.group): fact.code, **absent, **dates, **more}, newest, note)


def _is_reversed(known: Mapping[str, Moment]) -> bool:
    since = known.get("since")
    ends = [known[name] for name in ("until", "last_given") if name in known]
    return since is not None and any(end.period.last < since.period.first for end in ends)


def places(fact: FactType, resource: Element) -> dict[str, Any]:
    """Where in the body something is, as far as our few names of joints and regions say it."""
    named = [name for site in parts(resource, "bodySite") for name in Concept(site).names]
    sites = [site for site in catalogue().sites if any(_names(site, name) for name in named)]
    sides = {SIDES[word] for name in named for word in name if word in SIDES}
    side = "both" if len(sides) > 1 else next(iter(sides), None)
    found: dict[str, Any] = {"sites": sites} if sites and fact.takes_sites else {}
    return {**found, "laterality": side} if side else found


def _names(site: str, name: Words) -> bool:
    wanted = words(site.replace("_", " "))
    return any(name[place : place + len(wanted)] == wanted for place in range(len(name)))
