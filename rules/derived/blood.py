"""Anemia by the WHO limits that could apply to this person."""

from collections.abc import Iterator
from decimal import Decimal

from rules.catalogue import catalogue
from rules.facts import Facts, Result
from rules.laboratory import range_truth
from rules.truth import Truth, all_of, any_of

MEN = Decimal(130)
WOMEN = Decimal(120)
PREGNANT = {1: Decimal(110), 2: Decimal(105), 3: Decimal(110)}
TRIMESTER_WEEKS = Decimal(14)
YOUNGEST = 15
STATED_IN_WORDS = ("macrocytic_anemia", "pancytopenia")


def anemia(facts: Facts) -> Truth:
    """True below every hemoglobin limit that could apply, false at or above every one, else unknown.

    Limits in g/L for ages 15 and over: WHO 2024, 130 for men, 120 for women who are not pregnant,
    110, 105 and 110 in the three trimesters (who-hb-2024). The laboratory's own lower limit replaces them.
    """
    hematocrit = range_truth(facts.result("hematocrit"), "low")
    in_words = [facts.presence(code) for code in STATED_IN_WORDS]
    said = [truth for truth in (*in_words, hematocrit) if truth is Truth.TRUE]
    return any_of([_by_hemoglobin(facts), *said])


def _by_hemoglobin(facts: Facts) -> Truth:
    result = facts.result("hemoglobin")
    if result is None:
        return Truth.UNKNOWN
    by_laboratory = range_truth(result, "low")
    if result.quantity is None or result.low is not None:
        return by_laboratory
    return _by_who_limits(facts, result)


def _by_who_limits(facts: Facts, result: Result) -> Truth:
    if facts.age < YOUNGEST or result.quantity is None:
        return Truth.UNKNOWN
    fact = catalogue().fact("hemoglobin")
    value = fact.convert(result.quantity.interval, result.quantity.unit, "g/L")
    below = [value.compare("<", limit) for limit in who_limits(facts)]
    if all_of(below) is Truth.TRUE or any_of(below) is Truth.FALSE:
        return below[0]
    return Truth.UNKNOWN


def who_limits(facts: Facts) -> Iterator[Decimal]:
    """The hemoglobin limits in g/L that could apply, given what is known of sex and pregnancy."""
    if facts.sex != "female":
        yield MEN
    pregnant = facts.yes_no("pregnant")
    if facts.sex != "male" and pregnant is not Truth.TRUE:
        yield WOMEN
    if facts.sex != "male" and pregnant is not Truth.FALSE:
        yield from _pregnancy_limits(facts)


def _pregnancy_limits(facts: Facts) -> Iterator[Decimal]:
    weeks = facts.number("gestation_weeks")
    if weeks is None:
        yield from PREGNANT.values()
    else:
        yield PREGNANT[min(1 + int(weeks.low // TRIMESTER_WEEKS), 3)]
