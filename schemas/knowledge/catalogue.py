"""The catalogue of facts: everything a patient summary can say, in which units and under which codes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from marshmallow import Schema

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts_file import GROUPS
from schemas import wire
from schemas.plain import plain_data

Part = dict[str, Any]
KINDS = ("quantity", "qualitative", "presence", "number", "yes_no", "choice")


class UnitSchema(Schema):
    """A unit that a test takes: a value in it, times `times` plus `plus`, is the value in the test's own unit."""

    unit = wire.text("The unit, by our spelling")
    also = wire.texts("Other spellings that are read as this unit")
    times = wire.number("Factor to the test's own unit")
    plus = wire.number("What is added after that")


class CodingSchema(Schema):
    """A code of a public terminology."""

    system = wire.text("The terminology, such as `loinc`")
    code = wire.text("The code")
    display = wire.text("Its name there")
    verified = wire.text("Where the code was read; a code that was not is never matched", nullable=True)


class FactSchema(Schema):
    """One thing that a patient summary can say, or that is computed from what it says."""

    code = wire.text("The name it is sent under")
    group = wire.word(GROUPS, "The list or part of a summary it belongs to")
    label = wire.text("The fact in plain words")
    kind = wire.word(KINDS, "What it is")
    path = wire.text("Where it stands in a summary")
    aliases = wire.texts("Other names it may be sent under")
    unit = wire.text("The test's own unit", nullable=True)
    units = wire.many(UnitSchema, "The units it may be sent in")
    plausible = wire.numbers("The least and the greatest value accepted, in `unit`", nullable=True)
    categories = wire.texts("The words a result may be")
    choices = wire.texts("The words it may be")
    sites = wire.texts("The sites that may be given with it")
    computed_from = wire.texts("The facts it is computed from; such a fact is not sent")
    codes = wire.many(CodingSchema, "Codes of public terminologies")


class CatalogueSchema(Schema):
    """Everything a patient summary can say."""

    facts = wire.many(FactSchema, "The facts, list by list")


def render_catalogue() -> Part:
    """Everything a patient summary can say."""
    known = catalogue()
    return {"facts": [_fact(fact, known.sites) for fact in known]}


def _fact(fact: FactType, sites: Iterable[str]) -> Part:
    return {
        "code": fact.code,
        "group": fact.group,
        "label": fact.label,
        "kind": fact.kind,
        "path": fact.path,
        "aliases": list(fact.aliases),
        "unit": fact.unit,
        "units": _units(fact),
        "plausible": plain_data(fact.plausible),
        "categories": list(fact.categories),
        "choices": list(fact.choices),
        "sites": list(sites) if fact.takes_sites else [],
        "computed_from": list(fact.derived_from),
        "codes": [asdict(coding) for coding in fact.codes],
    }


def _units(fact: FactType) -> list[Part]:
    return [
        {
            "unit": name,
            "also": [spelling for spelling, meant in fact.spellings.items() if meant == name],
            "times": float(unit.times),
            "plus": float(unit.plus),
        }
        for name, unit in fact.units.items()
    ]
