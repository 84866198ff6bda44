"""One laboratory result: a number with its unit, a censored one, a word, or only the laboratory's own flag."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Result
from rules.quantities import Interval, Quantity
from schemas.fields import Choice, PartialDate, StrictField, StrictNumber, Text, read_text
from schemas.lab_checks import LIMITS, ReadLab, SentLab, check_number, check_word, limit_errors
from schemas.names import Code
from schemas.problem import near_names
from schemas.reading import Entry, Reading, Unrecognized
from schemas.shapes import ObjectOf, StrictSchema
from schemas.values import Value

INTERPRETATIONS = ("low", "normal", "high")
LOINC = re.compile("[0-9]{1,7}-[0-9]")

NO_LIMITS: Mapping[str, Decimal] = {}


class LoincCode(StrictField):
    """A LOINC code of a test that the catalogue has verified."""

    def __init__(self) -> None:
        shown = "The test by its LOINC code, instead of `test`"
        super().__init__({"type": "string", "description": shown, "pattern": LOINC.pattern, "examples": ["787-2"]})

    def read(self, value: object) -> FactType | Unrecognized:
        code = read_text(value)
        if not LOINC.fullmatch(code):
            raise ValidationError("must be a LOINC code such as 2132-9")
        fact = catalogue().by_code("loinc", code)
        if fact is not None and fact.group == "labs":
            return fact
        if Reading.current().report_unknown:
            return Unrecognized(code)
        raise ValidationError("is not the LOINC code of a known test: GET /v1/facts lists them")


class ReferenceRangeSchema(StrictSchema):
    """The laboratory's reference range, in the unit of the value; a `low` of 0 means none."""

    low = StrictNumber("Lower limit")
    high = StrictNumber("Upper limit")


class CutoffsSchema(StrictSchema):
    """The laboratory's own bands of B12 deficiency, in the unit of the value; they win over the rule set's."""

    deficient_below = StrictNumber("Below it the laboratory reports deficiency")
    unlikely_above = StrictNumber("Above it the laboratory calls deficiency unlikely")


class LabSchema(StrictSchema):
    """One result of one test: a `value` with its `unit`, a word, or only an `interpretation`."""

    test = Code("labs")
    loinc = LoincCode()
    value = Value()
    unit = Text("A unit the test takes, as `GET /v1/facts` lists them", "ng/L")
    interpretation = Choice(INTERPRETATIONS, "How the laboratory itself flagged the result")
    date = PartialDate("When the sample was taken")
    reference_range = ObjectOf(ReferenceRangeSchema)
    cutoffs = ObjectOf(CutoffsSchema)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_completeness(self, _lab: ReadLab, sent: SentLab, **_: Any) -> None:
        if "test" in sent and "loinc" in sent:
            raise ValidationError("must be left out beside test", "loinc")
        if "test" not in sent and "loinc" not in sent:
            raise ValidationError("needs test or loinc")
        if "value" not in sent and "interpretation" not in sent:
            raise ValidationError("needs a value, or the interpretation of the laboratory")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_value(self, lab: ReadLab, sent: SentLab, **_: Any) -> None:
        if "value" not in sent and "unit" in sent:
            raise ValidationError("must be left out where there is no value", "unit")
        fact, value = _test(lab), lab.get("value")
        if isinstance(fact, FactType) and isinstance(value, str):
            check_word(fact, value, sent)
        elif isinstance(fact, FactType) and value is not None:
            check_number(fact, value, lab, sent)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_limits(self, lab: ReadLab, sent: SentLab, **_: Any) -> None:
        fact = _test(lab)
        if isinstance(fact, FactType):
            errors = {name: error for name in LIMITS if name in lab and (error := limit_errors(name, fact, lab, sent))}
            if errors:
                raise ValidationError(errors)

    @post_load
    def _as_entry(self, lab: ReadLab, **_: Any) -> Entry[Result]:
        fact = _test(lab)
        if isinstance(fact, FactType):
            return _read_result(fact, lab)
        return Entry(None, (fact.at(".test" if "test" in lab else ".loinc"),))


def _test(lab: ReadLab) -> Any:
    return lab.get("test") or lab.get("loinc")


def _read_result(fact: FactType, lab: ReadLab) -> Entry[Result]:
    value, spelling = lab.get("value"), lab.get("unit", "")
    unit = fact.unit_named(spelling)
    if isinstance(value, Interval) and unit is None:
        near = near_names(spelling, fact.accepted_units())
        return Entry(None, (Unrecognized(spelling, tuple(near), place=".unit"),))
    quantity = Quantity(value, unit.name) if isinstance(value, Interval) and unit else None
    category = value if isinstance(value, str) else None
    span, bands = lab.get("reference_range", NO_LIMITS), lab.get("cutoffs", NO_LIMITS)
    limits = (span.get("low"), span.get("high"), bands.get("deficient_below"), bands.get("unlikely_above"))
    return Entry(Result(fact.code, "", quantity, category, lab.get("interpretation"), *limits, lab.get("date")))
