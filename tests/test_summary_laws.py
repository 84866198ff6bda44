"""Laws of the one door: what is well formed gets in, in any order; what is not comes back without its words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules import Facts, Library, RuleSet, catalogue
from rules.fact_types import FactType
from rules.quantities import Interval
from schemas import AssessmentSchema, PatientSummarySchema, Problem, Refused, load_patient, render
from tests.summaries import TODAY

MARKER = "Zq7x"
LISTS = ("labs", "symptoms", "signs", "conditions", "procedures", "history", "medications")
DATES = st.sampled_from(["2019", "2025-05", "2026-11-22", "2020-02-29T10:00:00+01:00"])

Document = dict[str, Any]


@st.composite
def labs(draw: st.DrawFn) -> list[Document]:
    tests = st.sampled_from(list(catalogue().groups["labs"].values()))
    return [draw(results(fact)) for fact in draw(st.lists(tests, max_size=8, unique_by=lambda fact: fact.code))]


@st.composite
def results(draw: st.DrawFn, fact: FactType) -> Document:
    unit = draw(st.sampled_from(sorted(fact.units)))
    low, high = fact.plausible or (Decimal(0), Decimal(1))
    share = draw(st.decimals(Decimal("0.01"), Decimal("0.99"), places=4))
    amount = fact.convert(Interval.exactly(low + (high - low) * share), fact.unit or unit, unit).low
    sign = draw(st.sampled_from(["", "<", "> ", "<=", ">= "]))
    value: Any = f"{sign}{amount:.6f}" if sign else round(amount, 6)
    optional = {"date": DATES, "interpretation": st.sampled_from(["low", "normal", "high"])}
    more = draw(st.fixed_dictionaries({}, optional=optional))
    return {"test": draw(st.sampled_from([fact.code, *fact.aliases])), "value": value, "unit": unit, **more}


def entries(group: str) -> st.SearchStrategy[list[Any]]:
    naming = "name" if group == "medications" else "code"
    facts = st.sampled_from(list(catalogue().groups[group].values()))
    several = st.lists(facts, max_size=6, unique_by=lambda fact: fact.code)
    plain = several.map(lambda chosen: [fact.code for fact in chosen])
    objects = several.flatmap(lambda chosen: st.tuples(*(entry(naming, fact.code) for fact in chosen)))
    return plain | objects.map(list)


def entry(naming: str, code: str) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({naming: st.just(code)}, optional={"present": st.booleans()})


SUMMARIES = st.fixed_dictionaries(
    {"age": st.integers(0, 130), "sex": st.sampled_from(["female", "male", "other", "unknown"])},
    optional={
        "as_of": st.sampled_from(["2026-11-22", "2027-01-31"]),
        "labs": labs(),
        "diet": st.sampled_from(list(catalogue().groups["diet"])),
        "joints": st.fixed_dictionaries(
            {},
            optional={
                "swollen_small": st.integers(0, 28),
                "tender_large": st.integers(0, 10),
                "symmetric": st.booleans(),
            },
        ),
        **{group: entries(group) for group in LISTS[1:]},
    },
)
NAMES = st.sampled_from([*PatientSummarySchema().fields, "code", "name", "test", "value", "unit", "pattern", MARKER])
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=9) | st.just(MARKER)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inside, max_size=5),
    max_leaves=12,
)


@cache
def active() -> RuleSet:
    return Library.open().active


def load(document: object) -> Facts:
    return load_patient(document, today=TODAY).facts


@settings(deadline=None, max_examples=30)
@given(SUMMARIES)
def test_what_is_well_formed_is_answered_in_the_shape_that_is_promised(summary: Document) -> None:
    intake = load_patient(summary, today=TODAY)
    answer = render(rules.assess(active(), intake.facts, trace=True), intake, trace=True)
    assert AssessmentSchema().validate(json.loads(orjson.dumps(answer))) == {}


@settings(deadline=None)
@given(SUMMARIES)
def test_everything_that_was_sent_is_accounted_for(summary: Document) -> None:
    said = {entry.path for entry in load_patient(summary, today=TODAY).inputs.sent}
    for name in LISTS:
        assert {f"{name}[{place}]" for place in range(len(summary.get(name, [])))} <= said


@settings(deadline=None)
@given(SUMMARIES, st.randoms(use_true_random=False))
def test_the_order_of_lists_makes_no_difference(summary: Document, chance: Any) -> None:
    shuffled = {name: chance.sample(said, len(said)) if name in LISTS else said for name, said in summary.items()}
    assert without_paths(load(shuffled)) == without_paths(load(summary))


def without_paths(facts: Facts) -> Facts:
    return replace(facts, results=_moved(facts.results), items=_moved(facts.items))


def _moved(listed: Any) -> Any:
    return {code: tuple(entry._replace(path="") for entry in entries) for code, entries in listed.items()}


@settings(deadline=None)
@given(SUMMARIES, NAMES, ANYTHING)
def test_whatever_is_refused_comes_back_without_its_words(summary: Document, name: str, said: object) -> None:
    for problem in refused({**summary, name: said}):
        assert MARKER not in problem.path + problem.message + "".join(problem.accepted)


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_is_answered_but_by_facts_or_by_problems(document: object) -> None:
    assert len(list(refused(document))) <= 20


def refused(document: object) -> Iterator[Problem]:
    try:
        load(document)
    except Refused as refusal:
        yield from refusal.problems
