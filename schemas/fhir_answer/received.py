"""The document of a client: by which names it calls its resources, and what became of each.

The names come back as they were sent, and nothing else of the document does.
"""

import re
from collections.abc import Mapping

from rules.catalogue import catalogue
from schemas.fhir import Line, Mapped, Record, Records, Sent
from schemas.fhir_answer.answered import Received, Remark, Source
from schemas.intake import Intake

# An id, an address or a URN: what is longer or holds other characters is no reference, whatever it is.
ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]|]{1,500}", re.ASCII)
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)


def sent_in_parameters(parameters: Mapping[str, object]) -> list[Sent]:
    """Every Bundle, and every single resource, that Parameters hold."""
    listed = parameters.get("parameter")
    sent = [one for one in enumerate(listed) if _has_resource(one[1])] if isinstance(listed, list) else []
    return [(one["resource"], f"parameter[{place}].resource") for place, one in sent]


def _has_resource(parameter: object) -> bool:
    return isinstance(parameter, dict) and "resource" in parameter


def receive(document: str, records: Records, mapped: Mapped, intake: Intake, request: str) -> Received:
    """What a client sent, once it is read: a `Bundle` or `Parameters`; `request` stands for its very bytes."""
    labels = {sent.path: f"{catalogue().fact(sent.fact).label} ({sent.path})" for sent in intake.inputs.sent}
    patient = records.patient
    by_path = {record.path: Source(_place(record.path, document), _name(record)) for record in records.listed}
    return Received(
        document,
        patient=by_path[patient.path] if patient else Source(document, None),
        sources={used: by_path[line.path] for line in mapped.report for used in line.used_as},
        remarks=tuple(_remark(line, labels, document) for line in mapped.report),
        request=request,
    )


def _name(record: Record) -> str | None:
    """Type and id, or the full address where that is a URN or there is no id."""
    id_ = record.resource.get("id")
    if isinstance(id_, str) and ID.fullmatch(id_) and not record.full_url.startswith("urn:"):
        return f"{record.type}/{id_}"
    return record.full_url if ADDRESS.fullmatch(record.full_url) else None


def _place(path: str, document: str) -> str:
    return f"{document}.{path}" if path else document


def _remark(line: Line, labels: Mapping[str, str], document: str) -> Remark:
    used = "; ".join(labels.get(place, place) for place in line.used_as)
    said = f"{line.resource_type or 'An entry'} is {f'used as {used}' if used else 'not used'}"
    return Remark("information", f"{said}: {line.reason}" if line.reason else said, _place(line.path, document))
