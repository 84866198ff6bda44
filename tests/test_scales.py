"""A result placed among all limits of its test at once stands as every line by itself says."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from rules import Facts
from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Result
from rules.model import Finding
from rules.quantities import Interval, Quantity
from rules.scales import NEARNESS, Scale, scale_of, stand
from tests.core_helpers import published_set

MEASURED = [(fact, unit) for fact in catalogue().groups["labs"].values() for unit in fact.units]


def lines_about(fact: FactType) -> list[Finding]:
    return [one for one in published_set().findings.values() if one.line and one.line.fact is fact]


def exactly(fact: FactType, value: Decimal, unit: str) -> Facts:
    result = Result(fact.code, "labs[0]", Quantity(Interval.exactly(value), unit))
    return Facts(date(2026, 11, 26), 50, "female", results={fact.code: (result,)})


def values(fact: FactType, unit: str) -> Iterator[Decimal]:
    """Each limit in that unit, a last digit beside it, and what is far from all of them."""
    yield from (Decimal(0), Decimal(1), Decimal("1e6"))
    for finding in lines_about(fact):
        for comparison in finding.line.comparisons:
            for limit in comparison.limits:
                ours = fact.convert(Interval.exactly(limit.value), limit.unit, unit).low
                yield from (ours, round(ours, 3), round(ours, 3) + Decimal("0.001"), round(ours, 3) - Decimal("0.001"))


@pytest.mark.parametrize(("fact", "unit"), MEASURED, ids=lambda one: getattr(one, "code", one))
def test_a_value_on_the_scale_stands_as_the_lines_say(fact: FactType, unit: str) -> None:
    findings = lines_about(fact)
    scale = scale_of(fact, unit, findings)
    for value in values(fact, unit):
        assert scale.standing(value) == stand(findings, exactly(fact, value, unit)), value


def test_what_is_nearer_to_a_limit_than_rounding_is_not_placed() -> None:
    limit = Decimal("107.25")
    scale = Scale([limit], (), lambda value: stand((), exactly(catalogue().fact("b12_total"), value, "ng/L")))
    for beside in (limit + limit * NEARNESS / 2, limit - limit * NEARNESS / 2):
        assert scale.standing(beside) is None
    assert scale.standing(limit) is not None


def test_limits_and_flags_of_the_laboratory_leave_some_lines_unmoved() -> None:
    findings = lines_about(catalogue().fact("b12_total"))
    scale = scale_of(catalogue().fact("b12_total"), "ng/L", findings)
    unmoved = {one.id for one in findings if one.mark & scale.unmoved}
    assert "b12_total_known" in unmoved
    assert "b12_total_deficient" not in unmoved
