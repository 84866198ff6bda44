"""What a person pastes: a summary or a FHIR Bundle, which replaces the form, or report lines, which add to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import schemas
from schemas import Problem, Refused, fhir
from service.answers import today, unverified_codes
from service.assessments import PATIENT
from service.fhir import DOCUMENT
from service.people.filling import form_of
from service.people.form import Form
from service.people.report_lines import read_line
from service.reader import read_object
from service.refusal import Refusal


@dataclass(frozen=True)
class Pasted:
    """The form after the paste; what could not be read of it, and what is wrong with it."""

    form: Form
    text: str = ""
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    report: Sequence[fhir.Line] = ()


def take_in(form: Form, text: str) -> Pasted:
    """The form with what was pasted; the text stays where it could not all be read."""
    if not text.lstrip().startswith("{"):
        return _with_lines(form, text)
    try:
        return _document(form, text)
    except (Refused, Refusal) as refused:
        return Pasted(form, text, problems=tuple(refused.problems))


def _document(form: Form, text: str) -> Pasted:
    raw = text.encode()
    document = read_object(raw, DOCUMENT)
    if "resourceType" not in document:
        summary = read_object(raw, PATIENT)
        schemas.load_patient(summary, today=today())
        return Pasted(replace(form_of(summary), rule_set=form.rule_set))
    if document["resourceType"] != "Bundle":
        raise Refusal(422, Problem("resourceType", "must be a Bundle", ("Bundle",)))
    records = fhir.records_of_bundle(document)
    _, mapped = fhir.load_records(records, today=today(), unverified_codes=unverified_codes())
    return Pasted(replace(form_of(mapped.summary), rule_set=form.rule_set), report=mapped.report)


def _with_lines(form: Form, text: str) -> Pasted:
    unread = []
    for line in filter(str.strip, text.splitlines()):
        said = read_line(line)
        if said is None:
            unread.append(line.strip())
        else:
            form = _with_result(form, said)
    return Pasted(form, "\n".join(unread), tuple(unread))


def _with_result(form: Form, said: dict[str, str]) -> Form:
    """The form with a result, in the empty row of its test when there is one."""
    form, row = form.with_empty_result(said["test"])
    return form.with_field("labs", row.number, **said)
