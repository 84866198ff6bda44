"""Which flags and options of an assessment belong on the cards of one call."""

from collections.abc import Iterable

from rules.assessment import Advice, RaisedFlag
from rules.model import Reason, RuleSet
from schemas.cds_hooks.case import Case, Order

# Either of two tests answers the question, so that with one on its way the other is not asked for.
ALTERNATIVES = (frozenset({"b12_total", "b12_active"}), frozenset({"homocysteine", "mma"}))

# Ordering one of these is the moment to say what else belongs to the question.
ORDERS_WORTH_A_CARD = frozenset({"b12_total", "b12_active", "mma", "homocysteine", "intrinsic_factor_antibody"})


def relevant_flags(case: Case) -> list[RaisedFlag]:
    """Every flag; with an order, those that the order raises or rests on."""
    raised = case.assessment.flags
    if case.order is None:
        return list(raised)
    before = {one.flag.id for one in case.order.before.flags}
    return [one for one in raised if one.flag.id not in before or _rests_on(case, one.because, case.order)]


def with_emergencies(case: Case, flags: list[RaisedFlag]) -> list[RaisedFlag]:
    """These flags and every emergency, which is never passed over where anything is said."""
    return [one for one in case.assessment.flags if one in flags or one.flag.severity == "emergency"]


def relevant_advice(case: Case) -> list[Advice]:
    """Every option whose tests are not on their way already; with an order, those that have to do with it."""
    open_options = [one for one in case.assessment.recommendations if not is_on_its_way(one, case.ordered)]
    if case.order is None:
        return open_options
    before = {one.recommendation.id for one in case.order.before.recommendations}
    return [
        one
        for one in open_options
        if one.recommendation.id not in before
        or _rests_on(case, one.because, case.order)
        or _goes_with_tests(one, case.assessment.rule_set, case.order)
    ]


def open_tests(advice: Advice, ordered: frozenset[str]) -> list[str]:
    """The tests of an option that nobody has ordered."""
    return [test for test in advice.recommendation.tests if not _is_covered(test, advice, ordered)]


def is_on_its_way(advice: Advice, ordered: frozenset[str]) -> bool:
    """Whether an option asks for tests and all of them are ordered."""
    return bool(advice.recommendation.tests) and not open_tests(advice, ordered)


def _is_covered(test: str, advice: Advice, ordered: frozenset[str]) -> bool:
    others = {other for pair in ALTERNATIVES if test in pair for other in pair & set(advice.recommendation.tests)}
    return not ordered.isdisjoint({test, *others})


def _rests_on(case: Case, because: Iterable[Reason], order: Order) -> bool:
    """Whether a finding that holds is about a medicine being ordered."""
    findings = case.assessment.rule_set.findings
    return any(not order.medicines.isdisjoint(findings[reason.finding].reads) for reason in because)


def _goes_with_tests(advice: Advice, rule_set: RuleSet, order: Order) -> bool:
    """Whether an option is read together with a test being ordered: another test, or what to know about this one."""
    tests = order.tests & ORDERS_WORTH_A_CARD
    return bool(tests) and (advice.recommendation.action == "test" or _asks_about(advice, rule_set, tests))


def _asks_about(advice: Advice, rule_set: RuleSet, tests: frozenset[str]) -> bool:
    conditions = (rule_set.rules[rule].when for rule in advice.rules)
    return any(not tests.isdisjoint(finding.reads) for when in conditions for finding in (*when.all, *when.any))
