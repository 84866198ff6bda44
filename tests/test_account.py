"""The answer on the wire: the account of what was sent, the assessment, and the knowledge behind it."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson
import pytest
from marshmallow import Schema, fields

import rules
from rules import Library, RuleSet
from schemas import (
    AssessmentSchema,
    CatalogueSchema,
    ProblemSchema,
    RuleSchema,
    RuleSetSchema,
    RuleSetsSchema,
    SourceSchema,
    render,
    render_catalogue,
    render_rule,
    render_rule_set,
    render_rule_sets,
    render_source,
)
from schemas.inputs import render_inputs
from schemas.plain import plain_data
from tests.summaries import load

READS = frozenset({"b12_total", "fatigue", "metformin", "vegan", "age", "swollen_small", "pregnant"})

Part = dict[str, Any]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.open()


@pytest.fixture(scope="module")
def rule_set(library: Library) -> RuleSet:
    return library.active


def account(reads: frozenset[str] = READS, **said: Any) -> Part:
    return render_inputs(load(**said).inputs, reads)


def answer(rule_set: RuleSet, *, trace: bool = False, **said: Any) -> Part:
    intake = load(**said)
    return render(rules.assess(rule_set, intake.facts, trace=trace), intake, trace=trace)


class TestTheAccount:
    def test_of_nothing_holds_the_age_and_the_sex(self) -> None:
        assert account() == {
            "as_of": "2026-11-22",
            "used": [{"path": "age", "fact": "age", "label": "Age", "value": "50 years"}],
            "unused": [{"path": "sex", "fact": "sex", "reason": "no rule of this rule set reads it"}],
            "unrecognized": [],
            "conversions": [],
            "warnings": [],
        }

    def test_says_what_was_used_by_the_order_of_the_catalogue(self) -> None:
        used = account(
            pregnant=False,
            joints={"swollen_small": 3},
            diet={"pattern": "vegan"},
            medications=[
                {"name": "metformin", "dose": Decimal("850.0"), "unit": "mg", "route": "oral", "since": "2018-05"}
            ],
            symptoms=[{"code": "fatigue", "present": False}],
            labs=[{"test": "b12_total", "value": "<150", "unit": "ng/L"}],
        )["used"]
        assert [(entry["path"], entry["fact"], entry["value"]) for entry in used] == [
            ("labs[0]", "b12_total", "<150 ng/L"),
            ("symptoms[0]", "fatigue", "absent"),
            ("medications[0]", "metformin", "present, 850.0 mg, oral, since 2018-05"),
            ("diet", "vegan", "present"),
            ("age", "age", "50 years"),
            ("pregnant", "pregnant", "no"),
            ("joints.swollen_small", "swollen_small", "3 joints"),
        ]

    def test_one_diet_answers_for_the_others(self) -> None:
        assert "omnivore" in {entry["fact"] for entry in account(diet="omnivore")["used"]}
        assert "omnivore" in {entry["fact"] for entry in account(frozenset(), diet="omnivore")["unused"]}

    def test_says_why_the_rest_was_not_used(self) -> None:
        labs = [
            {"test": "b12_total", "value": 300, "unit": "ng/L", "date": "2025"},
            {"test": "b12_total", "value": 142, "unit": "ng/L", "date": "2026-11"},
            {"test": "b12_total", "value": 142, "unit": "ng/L", "date": "2026-11"},
            {"test": "zinc", "interpretation": "low"},
        ]
        unused = account(labs=labs, symptoms=["fatigue", "tiredness"])["unused"]
        assert [(entry["path"], entry["reason"]) for entry in unused] == [
            ("labs[0]", "labs[1] is newer"),
            ("labs[2]", "repeats labs[1]"),
            ("labs[3]", "no rule of this rule set reads it"),
            ("symptoms[1]", "repeats symptoms[0]"),
            ("sex", "no rule of this rule set reads it"),
        ]

    def test_lists_conversions(self) -> None:
        labs = [
            {"test": "b12_total", "value": Decimal("132.9"), "unit": "pmol/L"},
            {"test": "mma", "value": ">0.5", "unit": "µmol/L"},
            {"test": "mcv", "value": 90, "unit": "fl"},
        ]
        assert account(labs=labs)["conversions"] == [
            {"path": "labs[0]", "fact": "b12_total", "from": "132.9 pmol/L", "to": "180.129 ng/L"},
            {"path": "labs[1]", "fact": "mma", "from": ">0.5 umol/L", "to": ">500.0 nmol/L"},
        ]

    def test_lists_what_is_not_known_and_warnings(self) -> None:
        found = account(medications=["lisinopril", "metfromin"], conditions=["glossitis"])
        assert found["unrecognized"] == [
            {"path": "conditions[0]", "name": "glossitis", "did_you_mean": []},
            {"path": "medications[0]", "name": "lisinopril", "did_you_mean": []},
            {"path": "medications[1]", "name": "metfromin", "did_you_mean": ["metformin"]},
        ]
        assert found["warnings"] == [{"path": "conditions[0]", "message": "belongs in signs"}]


def misplaced(schema: Schema, document: Part) -> Iterator[str]:
    """The members that do not stand in the order of their schema, at any depth."""
    names = [field.data_key or name for name, field in schema.fields.items()]
    if list(document) != [name for name in names if name in document]:
        yield type(schema).__name__
    for name, field in schema.fields.items():
        inside = document.get(field.data_key or name)
        entry = field.inner if isinstance(field, fields.List) else field
        if isinstance(entry, fields.Nested):
            for part in inside if isinstance(inside, list) else [inside] if inside else []:
                yield from misplaced(entry.schema, part)


def assert_shaped(schema: Schema, document: Part) -> None:
    """The document is as the schema says: nothing more, nothing less, in that order, and plain JSON."""
    assert schema.validate(json.loads(orjson.dumps(document))) == {}
    assert list(misplaced(schema, document)) == []


RICH: Part = {
    "age": 67,
    "labs": [
        {"test": "b12_total", "value": 142, "unit": "ng/L"},
        {"test": "hemoglobin", "value": 65, "unit": "g/L"},
        {"test": "mcv", "value": 112, "unit": "fL", "reference_range": {"high": 100}},
    ],
    "symptoms": ["fatigue", "paresthesia", {"code": "joint_pain", "sites": ["mcp", "knee"]}, "back_pain", "fever"],
    "signs": ["synovitis", "gait_ataxia", "impaired_proprioception"],
    "medications": ["metformin"],
    "joints": {"swollen_small": 4, "tender_small": 6, "morning_stiffness_minutes": 90, "duration_weeks": 10},
}


class TestTheAnswer:
    @pytest.mark.parametrize("said", [{}, RICH, {"age": 5}], ids=["nothing", "much", "a child"])
    @pytest.mark.parametrize("trace", [False, True])
    def test_has_the_shape_that_is_promised(self, rule_set: RuleSet, said: Part, trace: bool) -> None:
        document = answer(rule_set, trace=trace, **said)
        assert_shaped(AssessmentSchema(), document)
        assert ("trace" in document) is trace

    def test_much_said_is_much_answered(self, rule_set: RuleSet) -> None:
        document = answer(rule_set, **RICH)
        assert document["likelihood"]["level"] == "confirmed"
        assert document["likelihood"]["flagged"] is True
        assert document["likelihood"]["because"][0]["citations"]
        assert {"neurological_involvement", "severe_anemia"} <= {flag["id"] for flag in document["flags"]}
        criteria = {entry["condition"]: entry["criteria"] for entry in document["differential"]}
        assert criteria["rheumatoid_arthritis"]["needs"] == 6
        assert criteria["osteoarthritis"] is None
        assert all(advice["tests"] for advice in document["recommendations"] if advice["action"] == "test")
        assert document["notice"]

    def test_names_the_rule_set_that_gave_it(self, rule_set: RuleSet) -> None:
        used = answer(rule_set)["rule_set"]
        assert used["version"] == rule_set.manifest.version
        assert used["profile"] == "uk-nice"
        assert used["digest"].startswith("sha256:")

    def test_nothing_is_said_of_somebody_of_whom_nothing_is_known(self, rule_set: RuleSet) -> None:
        likelihood = answer(rule_set)["likelihood"]
        assert (likelihood["level"], likelihood["flagged"], likelihood["basis"]) == ("undetermined", None, "none")
        assert (likelihood["reason"], likelihood["probability"]) == ("insufficient_data", None)


class TestTheKnowledge:
    def test_the_catalogue(self) -> None:
        document = render_catalogue()
        assert_shaped(CatalogueSchema(), document)
        facts = {fact["code"]: fact for fact in document["facts"]}
        assert facts["b12_total"]["plausible"][0] == 5
        assert {"unit": "pg/mL", "times": 1.0, "plus": 0.0}.items() <= facts["b12_total"]["units"][1].items()
        assert "µmol/L" in next(unit["also"] for unit in facts["creatinine"]["units"] if unit["unit"] == "umol/L")
        assert "knee" in facts["joint_pain"]["sites"]
        assert facts["fatigue"]["sites"] == []
        assert facts["anemia"]["computed_from"]
        assert facts["sex"]["choices"] == ["female", "male", "other", "unknown"]

    def test_the_rule_sets(self, library: Library) -> None:
        document = render_rule_sets(library)
        assert_shaped(RuleSetsSchema(), document)
        assert [entry["version"] for entry in document["rule_sets"]] == library.versions

    def test_a_rule_set(self, rule_set: RuleSet) -> None:
        document = render_rule_set(rule_set)
        assert_shaped(RuleSetSchema(), document)
        assert {rule["concludes"] for rule in document["rules"]} == {"likelihood", "flag", "recommendation"}
        assert [rule["id"] for rule in document["rules"]] == list(rule_set.rules)

    def test_each_of_its_rules(self, rule_set: RuleSet) -> None:
        for rule_id in rule_set.rules:
            assert_shaped(RuleSchema(), render_rule(rule_set, rule_id))

    def test_each_of_its_sources(self, rule_set: RuleSet) -> None:
        for source_id in rule_set.sources:
            assert_shaped(SourceSchema(), render_source(rule_set, source_id))

    def test_what_does_not_exist(self, rule_set: RuleSet) -> None:
        with pytest.raises(KeyError):
            render_rule(rule_set, "no-such-rule")
        with pytest.raises(KeyError):
            render_source(rule_set, "no-such-source")

    def test_decimals_become_the_numbers_of_json(self) -> None:
        data = {"whole": Decimal("2.0"), "part": Decimal("2.5"), "in": [Decimal(1), ("a",)], "text": "x"}
        assert plain_data(data) == {"whole": 2, "part": 2.5, "in": [1, ["a"]], "text": "x"}


def test_a_problem_document_has_its_own_shape() -> None:
    entry = {"path": "labs[0].unit", "message": "is required beside a number", "accepted": ["ng/L"]}
    document = {"type": "about:blank", "title": "x", "status": 422, "detail": "x", "instance": "x", "errors": [entry]}
    assert_shaped(ProblemSchema(), document)
