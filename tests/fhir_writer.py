"""A patient summary written as a FHIR R4 Bundle, for tests: codes where the catalogue has them, else names.

FHIR has no place for some of what a summary can say; `carried` takes it out: the laboratory's own cut-offs, the course
of a complaint, when a diet was begun, the day of a symptom that also has a beginning or an end, the time since when
something is absent, the last dose of a medicine beside its dates or of one that is not stored in the body, a dose by
the hour, and names that the catalogue does not have. A symptom noted over a year ago is outdated to the mapper.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rules.catalogue import catalogue
from rules.dates import Period
from rules.derived.treatment import B12_PRODUCTS
from rules.fact_types import FactType
from schemas.doses import canonical_dose_unit
from schemas.statements import statement
from schemas.values import CENSORED

Part = dict[str, Any]
Summary = Mapping[str, Any]

SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
}
FLAGS = {"low": "L", "normal": "N", "high": "H"}
PERIOD_UNITS = {"day": "d", "week": "wk", "month": "mo"}
FINDINGS = ("symptoms", "signs", "history")
PRESENCE = ("symptoms", "signs", "conditions", "procedures", "history", "medications")
LASTS = timedelta(days=366)


def carried(summary: Summary, today: date) -> Part:
    """What of a summary FHIR can carry, each entry of its lists as an object."""
    kept: Part = {**summary, "as_of": today.isoformat()}
    kept |= {part: list(_entries(part, summary[part], today)) for part in PRESENCE if part in summary}
    if "labs" in summary:
        kept["labs"] = [{key: said for key, said in lab.items() if key != "cutoffs"} for lab in summary["labs"]]
    if isinstance(summary.get("diet"), dict):
        kept["diet"] = {key: said for key, said in summary["diet"].items() if key != "since"}
    return {part: said for part, said in kept.items() if said or part in ("age", "pregnant", "medications")}


def _entries(part: str, entries: list[Any], today: date) -> Iterator[Part]:
    naming = "name" if part == "medications" else "code"
    for sent in entries:
        entry = dict(sent) if isinstance(sent, dict) else {naming: sent}
        fact = catalogue().find(part, entry[naming])
        if fact is not None:
            yield from _entry(fact, {**entry, naming: fact.code}, today)


def _entry(fact: FactType, entry: Part, today: date) -> Iterator[Part]:
    entry.pop("course", None)
    if not entry.get("present", True):
        yield {key: said for key, said in entry.items() if key in ("code", "name", "present")}
        return
    entry.pop("present", None)
    if fact.group in FINDINGS and {"since", "until"} & entry.keys():
        entry.pop("date", None)
    if fact.group == "conditions":
        entry.pop("date", None)
    if "last_given" in entry and (fact.code not in B12_PRODUCTS or {"since", "until"} & entry.keys()):
        del entry["last_given"]
    if canonical_dose_unit(entry.get("unit", "mg")) in (None, *(f"{unit}/hour" for unit in ("mg", "ug", "mL", "U"))):
        entry.pop("unit"), entry.pop("dose")
    if fact.group not in ("symptoms", "signs") or not _is_outdated(entry, today):
        yield entry


def _is_outdated(entry: Part, today: date) -> bool:
    noted = entry.get("until") or entry.get("date")
    return noted is not None and Period.parse(noted).last < today - LASTS


def bundle_of(summary: Summary, today: date) -> Part:
    """A Bundle that says what a summary, already cut down to what FHIR can carry, says."""
    resources = [_patient(summary, today), *_observations(summary), *_listed(summary)]
    entries = [{"fullUrl": f"urn:uuid:{place}", "resource": resource} for place, resource in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _patient(summary: Summary, today: date) -> Part:
    born = today.replace(year=today.year - summary["age"])
    return {"resourceType": "Patient", "id": "one", "gender": summary["sex"], "birthDate": born.isoformat()}


def _concept(fact: FactType) -> Part:
    verified = [code for code in fact.codes if code.verified and code.system in SYSTEMS]
    if not verified:
        return {"text": fact.label}
    first = verified[0]
    return {"coding": [{"system": SYSTEMS[first.system], "code": first.code}]}


def _observation(fact: FactType, **more: Any) -> Part:
    observed = {"resourceType": "Observation", "status": "final", "code": _concept(fact), "subject": SUBJECT}
    return {**observed, **more}


SUBJECT = {"reference": "urn:uuid:0"}


def _observations(summary: Summary) -> Iterator[Part]:
    for lab in summary.get("labs", []):
        yield _lab(lab)
    for part in FINDINGS:
        for entry in summary.get(part, []):
            yield _finding(catalogue().fact(entry["code"]), entry)
    diet = summary.get("diet", {})
    stated = dict(diet) if isinstance(diet, dict) else {"pattern": diet}
    if "pattern" in stated:
        eaten = catalogue().find("diet", stated.pop("pattern"))
        assert eaten is not None
        coded = {"valueCodeableConcept": _concept(eaten)}
        yield {"resourceType": "Observation", "status": "final", "code": {"text": "Diet"}, **coded}
    named = {code: summary[code] for code in ("pregnant", "gestation_weeks") if code in summary}
    for code, value in {**named, **stated, **summary.get("joints", {})}.items():
        yield _observation(catalogue().fact(code), **_stated(catalogue().fact(code), value))


def _stated(fact: FactType, value: Any) -> Part:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if fact.unit == "joints":
        return {"valueInteger": statement(fact.code).deserialize(value)}
    return {"valueQuantity": {"value": value, "code": {"weeks": "wk", "min": "min"}[fact.unit or ""]}}


def _lab(lab: Part) -> Part:
    fact = catalogue().find("labs", lab["test"]) if "test" in lab else catalogue().by_code("loinc", lab["loinc"])
    assert fact is not None
    more: Part = {}
    value = lab.get("value")
    if "unit" in lab:
        parts = CENSORED.fullmatch(value) if isinstance(value, str) else None
        figure = {"value": Decimal(parts[2]), "comparator": parts[1]} if parts else {"value": value}
        more["valueQuantity"] = {**figure, "unit": lab["unit"]}
    elif value is not None:
        more["valueString"] = value
    if "interpretation" in lab:
        more["interpretation"] = [{"coding": [{"code": FLAGS[lab["interpretation"]]}]}]
    if "reference_range" in lab:
        limits = {name: {"value": limit} for name, limit in lab["reference_range"].items()}
        more["referenceRange"] = [limits]
    if "date" in lab:
        more["effectiveDateTime"] = lab["date"]
    return _observation(fact, **more)


def _finding(fact: FactType, entry: Part) -> Part:
    more: Part = {"valueBoolean": entry.get("present", True), **_sites(entry)}
    period = {name: entry[key] for name, key in (("start", "since"), ("end", "until")) if key in entry}
    if period:
        more["effectivePeriod"] = period
    elif "date" in entry:
        more["effectiveDateTime"] = entry["date"]
    return _observation(fact, **more)


def _sites(entry: Part) -> Part:
    words = [site.replace("_", " ") for site in entry.get("sites", [])]
    words += [entry["laterality"]] if "laterality" in entry else []
    return {"bodySite": [{"text": word} for word in words]} if words else {}


def _listed(summary: Summary) -> Iterator[Part]:
    for entry in summary.get("conditions", []):
        yield _condition(catalogue().fact(entry["code"]), entry)
    for entry in summary.get("procedures", []):
        yield _procedure(catalogue().fact(entry["code"]), entry)
    for entry in summary.get("medications", []):
        yield _medicine(catalogue().fact(entry["name"]), entry)
    if "medications" in summary and not summary["medications"]:
        code = {"coding": [{"system": "http://loinc.org", "code": "10160-0"}]}
        yield {"resourceType": "List", "code": code, "emptyReason": {"coding": [{"code": "nilknown"}]}}


def _condition(fact: FactType, entry: Part) -> Part:
    verified = "confirmed" if entry.get("present", True) else "refuted"
    dates = {
        name: entry[key] for name, key in (("onsetDateTime", "since"), ("abatementDateTime", "until")) if key in entry
    }
    status = {"clinicalStatus": {"coding": [{"code": "resolved" if "until" in entry else "active"}]}}
    verification = {"verificationStatus": {"coding": [{"code": verified}]}}
    return {"resourceType": "Condition", "code": _concept(fact), **verification, **status, **dates, **_sites(entry)}


def _procedure(fact: FactType, entry: Part) -> Part:
    if not entry.get("present", True):
        return _condition(fact, entry)
    done = {"performedDateTime": entry["date"]} if "date" in entry else {}
    return {"resourceType": "Procedure", "status": "completed", "code": _concept(fact), **done}


def _medicine(fact: FactType, entry: Part) -> Part:
    product = {"medicationCodeableConcept": _concept(fact)}
    if not entry.get("present", True):
        return {"resourceType": "MedicationStatement", "status": "not-taken", **product}
    dosage = _dosage(entry)
    if "last_given" in entry:
        given = {"status": "completed", "effectiveDateTime": entry["last_given"]}
        return {"resourceType": "MedicationAdministration", **given, **product, "dosage": dosage}
    period = {name: entry[key] for name, key in (("start", "since"), ("end", "until")) if key in entry}
    taken = {"status": "active", "effectivePeriod": period}
    return {"resourceType": "MedicationStatement", **taken, **product, "dosage": [dosage] if dosage else []}


def _dosage(entry: Part) -> Part:
    dosage: Part = {"route": {"text": entry["route"]}} if "route" in entry else {}
    if "dose" in entry:
        unit, _, period = (canonical_dose_unit(entry["unit"]) or "").partition("/")
        dosage["doseAndRate"] = [{"doseQuantity": {"value": entry["dose"], "unit": unit}}]
        if period in PERIOD_UNITS:
            repeat = {"frequency": 1, "period": 1, "periodUnit": PERIOD_UNITS[period]}
            dosage["timing"] = {"repeat": repeat}
    return dosage
