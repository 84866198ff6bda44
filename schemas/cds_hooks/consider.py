"""One call of a service considered: the record assessed, and for an order the difference the order makes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rules import RuleSet, assess
from rules.dates import Period
from rules.facts import Facts, Item
from schemas.cds_hooks.case import Case, Order
from schemas.cds_hooks.chart import ReadChart
from schemas.cds_hooks.orders import Draft, drafts_of, tests_ordered
from schemas.cds_hooks.relevance import ORDERS_WORTH_A_CARD
from schemas.cds_hooks.request import HookRequest
from schemas.cds_hooks.services import HookService
from schemas.fhir import load_records
from schemas.fhir.terms import Terms, terms


def consider(request: HookRequest, service: HookService, chart: ReadChart, rule_set: RuleSet, today: date) -> Case:
    """What is to be said to this call."""
    drafts, known = drafts_of(request), terms(unverified=chart.unverified_codes)
    case = Case(
        assessment=assess(rule_set, chart.facts),
        instance=request.instance,
        service=service.id,
        patient_id=request.patient_id,
        encounter_id=request.encounter_id,
        ordered=_tests(drafts, known) | tests_ordered((record.resource for record in chart.records.listed), known),
        lost=chart.lost,
        notes=chart.notes,
        unverified_codes=chart.unverified_codes,
    )
    return _with_order(case, drafts, chart, today) if service.takes_orders else case


def _with_order(case: Case, drafts: list[Draft], chart: ReadChart, today: date) -> Case:
    """The record as it would be with the order signed, beside the record with all other orders signed."""
    selected = [draft for draft in drafts if draft.selected]
    others = _taken([draft for draft in drafts if not draft.selected], chart, today)
    ordered = _taken(selected, chart, today)
    before = _also(chart.facts, others)
    rule_set = case.assessment.rule_set
    tests = _tests(selected, terms(unverified=chart.unverified_codes)) & ORDERS_WORTH_A_CARD
    order = Order(
        before=assess(rule_set, before),
        medicines=frozenset(ordered.items),
        tests=tests,
        resulted={test: result for test in sorted(tests) if (result := chart.facts.result(test))},
    )
    return replace(case, assessment=assess(rule_set, _also(before, ordered)), order=order)


def _taken(drafts: list[Draft], chart: ReadChart, today: date) -> Facts:
    """What drafts say by themselves of the patient."""
    patient = [record for record in (chart.records.patient,) if record]
    listed = (*patient, *(draft.signed(today) for draft in drafts))
    signed = replace(chart.records, listed=listed, medications_known=True)
    drafted = load_records(signed, today=today, unverified_codes=chart.unverified_codes)[0].facts
    items = {code: tuple(_begun(item, chart.facts, today) for item in given) for code, given in drafted.items.items()}
    return replace(drafted, items=items)


def _begun(drafted: Item, facts: Facts, today: date) -> Item:
    """A medicine that is not on a whole list of medicines begins with its order; any other may have begun before."""
    is_new = facts.medications_listed and drafted.code not in facts.items
    return drafted._replace(since=Period(today, today)) if is_new and drafted.since is None else drafted


def _also(facts: Facts, drafted: Facts) -> Facts:
    """The facts with what is drafted added; a draft denies nothing."""
    both = {code: (*facts.items.get(code, ()), *items) for code, items in drafted.items.items()}
    return replace(facts, items={**facts.items, **both})


def _tests(drafts: Iterable[Draft], known: Terms) -> frozenset[str]:
    return tests_ordered((draft.resource for draft in drafts), known)
