"""Patients and results in one line, for the tests of the clinical core."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import rules
from rules.dates import Period
from rules.judgement import Judgement
from rules.judging import line_truth, worded
from rules.library import SETS
from rules.loading import load_rule_set
from rules.model import Line
from rules.quantities import Interval, Quantity

AS_OF = date(2026, 1, 15)
TINY = Path(__file__).parent / "broken_sets" / "base"
DATES = ("since", "until", "date", "last_given")
LIMITS = ("low", "high", "deficient_below", "unlikely_above")


def judged(line: Line, facts: rules.Facts) -> Judgement:
    """What a line comes to for a patient, in a reader's words too."""
    return worded(line, facts, line_truth(line, facts))


def interval(text: str) -> Interval:
    """`142`, `<150` or `>=2000`."""
    number = text.lstrip("<>=")
    sign = text[: len(text) - len(number)]
    return Interval.censored(sign, Decimal(number)) if sign else Interval.exactly(Decimal(number))


def lab(test: str, reported: str = "", **more: Any) -> rules.Result:
    """`lab("mma", "<0.10 umol/L", high="0.27")`, `lab("anti_ccp", "positive")` or `lab("mma", flag="high")`."""
    value, _, unit = reported.partition(" ")
    sent = {key: Decimal(more.pop(key)) for key in LIMITS if key in more}
    if not unit:
        return rules.Result(test, "labs[0]", category=value or None, **sent, **more)
    return rules.Result(test, "labs[0]", Quantity(interval(value), unit), **sent, **more)


def item(code: str, present: bool = True, **more: Any) -> rules.Item:
    """`item("nitrous_oxide_recreational", until="2025")`; dates are read as a summary gives them."""
    dates = {key: Period.parse(more.pop(key)) for key in DATES if key in more}
    dose = {"dose": Decimal(more.pop("dose"))} if "dose" in more else {}
    return rules.Item(code, "items[0]", present, **dates, **dose, **more)


def patient(
    *said: rules.Result | rules.Item, age: int = 50, sex: str = "female", listed: bool = False, **statements: Any
) -> rules.Facts:
    """What is known of one patient; `listed` says that the prescribed medicines are the whole list."""
    results: dict[str, tuple[rules.Result, ...]] = {}
    items: dict[str, tuple[rules.Item, ...]] = {}
    for one in said:
        if isinstance(one, rules.Result):
            results[one.test] = (*results.get(one.test, ()), one)
        else:
            items[one.code] = (*items.get(one.code, ()), one)
    return rules.Facts(AS_OF, age, sex, results, items, statements, medications_listed=listed)


def read_given(given: Mapping[str, Any]) -> rules.Facts:
    """The few words that the examples of the tiny rule set use, as facts."""
    groups = ("symptoms", "signs", "conditions", "medications")
    said: list[rules.Result | rules.Item] = [item(code) for group in groups for code in given.get(group, [])]
    said += [item(code, present=False) for code in given.get("absent", [])]
    said += [lab(test, reported) for test, reported in given.get("labs", {}).items()]
    statements = {key: given[key] for key in ("pregnant", "swollen_small", "swollen_large") if key in given}
    return patient(*said, age=given.get("age", 50), listed="medications" in given, **statements)


@cache
def tiny_set() -> rules.RuleSet:
    """The tiny rule set that the broken ones are made from."""
    return load_rule_set(TINY, rules.catalogue(), "sha256:tiny")


@cache
def published_set() -> rules.RuleSet:
    """The rule set that answers patients."""
    return rules.Library.open(SETS).active


def named(reasons: Iterable[Any]) -> list[str]:
    """The findings that reasons, assumptions or traces name."""
    return [reason.finding for reason in reasons]
