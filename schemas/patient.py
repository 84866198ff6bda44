"""The patient summary: the one door through which everything about a patient comes in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, cast

from marshmallow import ValidationError, validates_schema
from marshmallow.experimental.context import Context

from rules.fact_types import PRESENCE_GROUPS
from rules.facts import Facts, Item
from schemas.account import account_for
from schemas.diet import DietSchema
from schemas.fields import Day, read_day
from schemas.intake import Intake
from schemas.items import (
    ConditionSchema,
    HistorySchema,
    MedicationSchema,
    ProcedureSchema,
    SignSchema,
    SymptomSchema,
)
from schemas.labs import LabSchema
from schemas.listed import contradictions, items_in, results_by_test, unclear_results
from schemas.problem import Problem, Refused, problems_of
from schemas.reading import Reading
from schemas.results import in_order
from schemas.shapes import EntryOf, ListOf, ObjectOf, StrictSchema
from schemas.statements import JointsSchema, statement
from schemas.straight import Doubt, straight_through

MOST_LABS = 500
PAST_PREGNANCY = 60

Document = dict[Any, Any]
Summary = Mapping[str, Any]


class PatientSummarySchema(StrictSchema):
    """One patient on one day. Whatever is left out is unknown: never no, zero or normal."""

    age = statement("age", required=True)
    sex = statement("sex", required=True)
    pregnant = statement("pregnant")
    gestation_weeks = statement("gestation_weeks")
    as_of = Day("The day the summary is about; today (UTC) when left out")
    labs = ListOf(ObjectOf(LabSchema), "Laboratory results; a test may have several", MOST_LABS)
    symptoms = ListOf(EntryOf(SymptomSchema), "Symptoms said to be present or absent")
    signs = ListOf(EntryOf(SignSchema), "Signs looked for, found or not")
    diet = EntryOf(DietSchema)
    medications = ListOf(EntryOf(MedicationSchema), "The whole list of prescribed medicines, even when empty")
    conditions = ListOf(EntryOf(ConditionSchema), "Known conditions")
    procedures = ListOf(EntryOf(ProcedureSchema), "Procedures the patient has had")
    history = ListOf(EntryOf(HistorySchema), "Exposures, habits and family history")
    joints = ObjectOf(JointsSchema)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_pregnancy(self, summary: Summary, sent: Document, **_: Any) -> None:
        if summary.get("sex") == "male" and summary.get("pregnant") is True:
            raise ValidationError("must not be true of a male patient", "pregnant")
        if "gestation_weeks" in sent and sent.get("pregnant") is not True:
            raise ValidationError("is only for a patient with pregnant true", "gestation_weeks")

    @validates_schema(skip_on_field_errors=False)
    def _check_lists(self, summary: Summary, **_: Any) -> None:
        errors = {name: dict(contradictions(summary, name)) for name in PRESENCE_GROUPS}
        errors["labs"] = dict(unclear_results(summary))
        found = {name: wrong for name, wrong in errors.items() if wrong}
        if found:
            raise ValidationError(found)


SUMMARY = PatientSummarySchema()
READ_STRAIGHT = straight_through(SUMMARY)


def load_patient(document: object, *, today: date, report_unknown: bool = False) -> Intake:
    """The facts of one patient summary; Refused names everything that is wrong with it, and repeats nothing of it.

    `today` stands in for a missing `as_of`. With `report_unknown`, unknown names of the closed lists are left out
    and listed in the intake instead of being refused.
    """
    if not isinstance(document, dict):
        raise Refused([Problem("", "must be a JSON object")])
    with Context(Reading(_readable_day(document.get("as_of"), today), report_unknown)):
        try:
            summary = _read(document)
        except ValidationError as error:
            raise Refused(problems_of(error.messages, document)) from None
    return _build_intake(summary, today)


def _read(document: Document) -> Summary:
    """What marshmallow makes of a document, the straight way where nothing is wrong with it."""
    try:
        return cast(Summary, READ_STRAIGHT(document))
    except (Doubt, KeyError, ValidationError):
        return cast(Summary, SUMMARY.load(document))


def _readable_day(sent: object, today: date) -> date | None:
    """The day of the summary, read ahead of the rest so that no date may be later; none when it is itself wrong."""
    try:
        return today if sent is None else read_day(sent)
    except ValidationError:
        return None


def _build_intake(summary: Summary, today: date) -> Intake:
    histories = {test: in_order(results) for test, results in results_by_test(summary).items()}
    stated = _stated(summary)
    facts = Facts(
        as_of=summary.get("as_of", today),
        age=summary["age"],
        sex=summary["sex"],
        results={test: history.results for test, history in histories.items()},
        items=_items_by_code(summary),
        statements={**_understood(summary), **stated},
        medications_listed="medications" in summary,
    )
    return Intake(facts, account_for(summary, facts, stated, histories), today)


def _items_by_code(summary: Summary) -> dict[str, tuple[Item, ...]]:
    """What was said of each code, each thing once, in an order that does not depend on the lists'."""
    found: dict[str, dict[Item, str]] = {}
    for path, item in chain.from_iterable(items_in(summary, name) for name in PRESENCE_GROUPS):
        found.setdefault(item.code, {}).setdefault(item, path)
    return {
        code: tuple(item._replace(path=paths[item]) for item in (sorted(paths, key=repr) if len(paths) > 1 else paths))
        for code, paths in found.items()
    }


def _stated(summary: Summary) -> dict[str, bool | int | Decimal | str]:
    diet = summary["diet"].what if "diet" in summary else {}
    named = {name: summary[name] for name in ("pregnant", "gestation_weeks") if name in summary}
    return {**named, **diet, **summary.get("joints", {})}


def _understood(summary: Summary) -> dict[str, bool]:
    """Pregnancy is false, without being said, for men and from age 60."""
    return {"pregnant": False} if summary["sex"] == "male" or summary["age"] >= PAST_PREGNANCY else {}
