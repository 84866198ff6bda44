"""The short ways through the door, reading straight and writing citations once, come to the same as the long ones."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validates, validates_schema
from marshmallow.experimental.context import Context

import rules
import schemas
from schemas.patient import READ_STRAIGHT, SUMMARY
from schemas.reading import Reading
from schemas.straight import Doubt, straight_through
from tests.core_helpers import published_set
from tests.summaries import TODAY
from tests.test_summary_laws import ANYTHING, NAMES, SUMMARIES

DATA = Path(__file__).parent / "data"
PANEL = [json.loads(line) for line in (DATA / "panel.ndjson").read_text(encoding="utf-8").splitlines()]
CASES = [json.loads(line)["request"] for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
README = json.loads((Path(__file__).parents[1] / "examples" / "patient.json").read_bytes())
SPOILED = [
    {"age": True},
    {"sex": None},
    {"labs": {}},
    {"labs": [7]},
    {"labs": [{"test": "b12_total", "value": 142}]},
    {"labs": [{"test": "b12_total", "value": 142, "unit": "ng/L", "date": "2030"}]},
    {"labs": [{"test": "b12_total", "loinc": "2132-9", "value": 142, "unit": "ng/L"}]},
    {"labs": [{"test": "mma", "value": 1, "unit": "umol/L"}, {"test": "mma", "value": 2, "unit": "umol/L"}]},
    {"symptoms": ["fatigue"] * 201},
    {"symptoms": ["fatigue", {"code": "fatigue", "present": False}]},
    {"symptoms": [{"present": True}]},
    {"medications": [{"name": "metformin", "dose": 0, "unit": "mg/day"}]},
    {"diet": {"since": "2020"}},
    {"joints": {"swollen_small": 1.5}},
    {"gestation_weeks": 12},
    {"surprise": 1},
]


def outcome(read: Any, document: Any, report_unknown: bool) -> Any:
    """What comes of a document: what was read, or that it was refused."""
    with Context(Reading(TODAY, report_unknown)):
        try:
            return read(document)
        except (Doubt, KeyError, ValidationError):
            return "refused"


def assert_read_alike(document: Any, report_unknown: bool = False) -> None:
    straight = outcome(READ_STRAIGHT, document, report_unknown)
    assert straight == outcome(SUMMARY.load, document, report_unknown)


@pytest.mark.parametrize("document", [*PANEL[::25], *CASES, README])
def test_real_people_are_read_straight_and_alike(document: dict[str, Any]) -> None:
    assert_read_alike(document)
    assert outcome(READ_STRAIGHT, document, False) != "refused"


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_spoiled_document_is_left_to_marshmallow(spoiled: dict[str, Any]) -> None:
    assert outcome(READ_STRAIGHT, README | spoiled, False) == "refused"
    assert_read_alike(README | spoiled)


def test_a_field_of_another_kind_is_read_as_it_reads_itself() -> None:
    shape = Schema.from_dict({"seen": fields.Date()})()
    assert straight_through(shape)({"seen": "2026-11-22"}) == shape.load({"seen": "2026-11-22"})


class Renamed(Schema):
    age = fields.Integer(data_key="years")


class Prepared(Schema):
    @pre_load
    def _prepare(self, sent: Any, **_: Any) -> Any: ...


class CheckedFieldByField(Schema):
    age = fields.Integer()

    @validates("age")
    def _check(self, age: int, **_: Any) -> None: ...


class CheckedTogether(Schema):
    @validates_schema(pass_collection=True)
    def _check(self, read: Any, **_: Any) -> None: ...


@pytest.mark.parametrize("shape", [Renamed, Prepared, CheckedFieldByField, CheckedTogether])
def test_a_shape_that_the_straight_way_does_not_lead_through_is_not_built(shape: type[Schema]) -> None:
    with pytest.raises(TypeError, match=shape.__name__):
        straight_through(shape())


class Decorated(Schema):
    """Notes each of its checks and conversions that is called, with what it is called with."""

    age = fields.Integer()

    def __init__(self) -> None:
        super().__init__()
        self.called: list[Any] = []

    @validates_schema
    def _check(self, read: Any, **_: Any) -> None:
        self.called.append(("check", dict(read)))

    @validates_schema(pass_original=True)
    def _check_beside_what_was_sent(self, read: Any, sent: Any, **_: Any) -> None:
        self.called.append(("check", dict(read), sent))

    @post_load
    def _convert(self, read: Any, **_: Any) -> Any:
        return ("first", read)

    @post_load(pass_original=True)
    def _convert_beside_what_was_sent(self, read: Any, sent: Any, **_: Any) -> Any:
        return ("second", read, sent)


def test_all_checks_and_conversions_of_a_shape_are_called_as_marshmallow_calls_them() -> None:
    straight, usual = Decorated(), Decorated()
    sent = {"age": "67"}
    assert straight_through(straight)(sent) == usual.load(sent) == ("second", ("first", {"age": 67}), sent)
    assert straight.called == usual.called == [("check", {"age": 67}), ("check", {"age": 67}, sent)]


@settings(deadline=None, max_examples=150)
@given(SUMMARIES, st.booleans())
def test_whatever_is_well_formed_is_read_straight_and_alike(summary: dict[str, Any], report_unknown: bool) -> None:
    assert_read_alike(summary, report_unknown)


@settings(deadline=None, max_examples=150)
@given(SUMMARIES, NAMES, ANYTHING, st.booleans())
def test_whatever_is_nearly_well_formed_is_read_alike(
    summary: dict[str, Any], name: str, said: object, report_unknown: bool
) -> None:
    assert_read_alike({**summary, name: said}, report_unknown)


@settings(deadline=None, max_examples=100)
@given(ANYTHING)
def test_anything_at_all_is_read_alike(document: object) -> None:
    if isinstance(document, dict):
        assert_read_alike(document)


@pytest.mark.parametrize("trace", [True, False])
@pytest.mark.parametrize("document", [*PANEL[::100], *CASES[::6], README])
def test_what_is_written_are_the_bytes_of_what_is_rendered(document: dict[str, Any], trace: bool) -> None:
    intake = schemas.load_patient(document, today=TODAY)
    assessment = rules.assess(published_set(), intake.facts, trace=trace)
    written = schemas.write(assessment, intake, trace=trace)
    assert written == orjson.dumps(schemas.render(assessment, intake, trace=trace))
    assert written == schemas.write(assessment, intake, trace=trace)
