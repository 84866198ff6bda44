"""Symptoms, signs, conditions, procedures, history and medicines: a plain code, or an object that says more."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema

from rules.fact_types import FactType
from rules.facts import Item
from schemas.doses import COMMON_DOSE_UNITS, canonical_dose_unit
from schemas.fields import Choice, PartialDate, StrictBoolean, StrictNumber, Text
from schemas.names import Code, OpenName, Site
from schemas.problem import Complaint
from schemas.reading import UNIT_SIGNS, Entry, Unrecognized, is_reported
from schemas.shapes import EntrySchema, ListOf

COURSES = ("improving", "stable", "worsening")
SIDES = ("left", "right", "both")
ROUTES = ("oral", "im", "sc", "nasal", "sublingual", "inhaled")
MOST_DOSE = 10_000_000


def _present() -> StrictBoolean:
    return StrictBoolean("`false` is the only way to say that it is not there", load_default=True)


def _since() -> PartialDate:
    return PartialDate("When it began")


def _until() -> PartialDate:
    return PartialDate("When it ended")


def _course() -> Choice:
    return Choice(COURSES, "Whether it gets better or worse")


def _sites() -> ListOf:
    return ListOf(Site(), "Where, for what `GET /v1/facts` says takes `sites`")


def _laterality() -> Choice:
    return Choice(SIDES, "On which side of the body")


class ItemSchema(EntrySchema):
    """What all entries share: times in order, and places only where they mean something."""

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, said: Mapping[str, Any], **_: Any) -> None:
        since = said.get("since")
        for name in ("until", "last_given"):
            if since is not None and name in said and said[name].last < since.first:
                raise ValidationError("must not be before since", name)

    @validates_schema(skip_on_field_errors=False)
    def _check_places(self, said: Mapping[str, Any], **_: Any) -> None:
        fact = said.get(self.naming)
        if "sites" in said and isinstance(fact, FactType) and not fact.takes_sites:
            raise ValidationError(self.unknown_field("sites"), "sites")
        for name in ("sites", "laterality"):
            if name in said and not said.get("present", True):
                raise ValidationError("must be left out: what is absent is absent everywhere", name)

    def entry(self, said: Mapping[str, Any], place: str = "") -> Entry[Item]:
        """The item an entry means, and what in it is not known."""
        named = said[self.naming]
        if isinstance(named, Unrecognized):
            return Entry(None, (named.at(place),))
        sites = said.get("sites", ())
        unknown = tuple(site.at(f".sites[{index}]") for index, site in sites if isinstance(site, Unrecognized))
        unit, unknown_unit = _dose_unit(said)
        item = Item(
            code=named.code,
            path="",
            present=said.get("present", True),
            since=said.get("since"),
            until=said.get("until"),
            date=said.get("date"),
            course=said.get("course"),
            sites=tuple(sorted({site for _, site in sites if isinstance(site, str)})),
            laterality=said.get("laterality"),
            dose=said.get("dose") if unit else None,
            dose_unit=unit,
            route=said.get("route"),
            last_given=said.get("last_given"),
        )
        return Entry(item, (*unknown, *unknown_unit))


def _dose_unit(said: Mapping[str, Any]) -> tuple[str | None, tuple[Unrecognized, ...]]:
    sent = said.get("unit")
    unit = canonical_dose_unit(sent) if sent is not None else None
    return unit, () if sent is None or unit else (Unrecognized(sent, place=".unit"),)


class SymptomSchema(ItemSchema):
    """A symptom."""

    code = Code("symptoms", required=True)
    present = _present()
    since = _since()
    until = _until()
    date = PartialDate("When it was there")
    course = _course()
    sites = _sites()
    laterality = _laterality()


class SignSchema(ItemSchema):
    """A sign found on examination, imaging or a blood film."""

    code = Code("signs", required=True)
    present = _present()
    since = _since()
    until = _until()
    date = PartialDate("When it was found")
    course = _course()
    sites = _sites()
    laterality = _laterality()


class ConditionSchema(ItemSchema):
    """A known condition."""

    code = OpenName("conditions", required=True)
    present = _present()
    since = _since()
    until = _until()
    date = PartialDate("When it was diagnosed")
    course = _course()
    sites = _sites()
    laterality = _laterality()


class ProcedureSchema(ItemSchema):
    """A procedure the patient has had."""

    code = OpenName("procedures", required=True)
    present = _present()
    date = PartialDate("When it was done")


class HistorySchema(ItemSchema):
    """An exposure, a habit or something in the family."""

    code = Code("history", required=True)
    present = _present()
    since = _since()
    until = _until()
    date = PartialDate("When it happened")
    sites = _sites()
    laterality = _laterality()


class MedicationSchema(ItemSchema):
    """A medicine. The whole list is expected: a prescribed medicine that is not on it counts as not taken."""

    naming: ClassVar[str] = "name"

    name = OpenName("medications", required=True)
    present = _present()
    dose = StrictNumber("How much, in `unit`; above 0", 0, MOST_DOSE)
    unit = Text("Unit of the dose, also by the day, week or month", "mg/day", "ug")
    route = Choice(ROUTES, "How it is given")
    since = _since()
    until = _until()
    last_given = PartialDate("When it was last given")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_dose(self, said: Mapping[str, Any], sent: Mapping[str, Any], **_: Any) -> None:
        if said.get("dose") == 0:
            raise ValidationError("must be above 0", "dose")
        if ("dose" in sent) != ("unit" in sent):
            missing = "unit" if "dose" in sent else "dose"
            raise ValidationError("is required: a dose has a number and a unit", missing)

    @validates_schema(skip_on_field_errors=False)
    def _check_unit(self, said: Mapping[str, Any], **_: Any) -> None:
        unit, known_medicine = said.get("unit"), isinstance(said.get("name"), FactType)
        if unit is None or not known_medicine or canonical_dose_unit(unit) or is_reported(unit, UNIT_SIGNS):
            return
        raise ValidationError(Complaint("is not a known unit of a dose", COMMON_DOSE_UNITS), "unit")
