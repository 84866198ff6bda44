"""What is read of a client, guided by coverage: the strict reader, patient summaries, and the mapper from FHIR.

Whatever the bytes, they are refused with a status of the contract or read; a Bundle that is read has a line for each
of its resources, and its summary is one that our own door takes.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import date
from io import StringIO
from pathlib import Path

import atheris

with redirect_stderr(StringIO()), atheris.instrument_imports(include=["rules", "schemas", "service"]):
    from schemas import Refused, load_patient
    from schemas.fhir import map_records, records_of_bundle
    from service.assessments import PATIENT
    from service.fhir import DOCUMENT
    from service.reader import Limits, read_object
    from service.refusal import Refusal

from tests.bad_inputs import body_of, corpus
from tests.fuzz.bending import bend

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 26)
STATUSES = (400, 413, 422)
LONGEST = 64 * 1024


def read(raw: bytes) -> None:
    """Read the same bytes at both doors; what escapes is found."""
    summary = _object(raw, PATIENT)
    if summary is not None:
        _load(summary)
    document = _object(raw, DOCUMENT)
    if document is not None:
        _map(document)


def _object(raw: bytes, limits: Limits) -> dict[str, object] | None:
    try:
        return read_object(raw, limits)
    except Refusal as refusal:
        if refusal.status not in STATUSES:
            raise
        return None


def _load(summary: dict[str, object]) -> None:
    try:
        load_patient(summary, today=TODAY)
    except Refused as refused:
        if not refused.problems:
            raise


def _map(document: dict[str, object]) -> None:
    records = records_of_bundle(document)
    mapped = map_records(records, today=TODAY)
    assert [line.path for line in mapped.report] == [record.path for record in records.listed]
    assert all(line.used_as or line.reason for line in mapped.report)
    if mapped.problem is None:
        load_patient(mapped.summary, today=TODAY)


def seeds() -> Iterator[bytes]:
    """Where the bending starts: the examples, the documents of the tests, and those that are bent already."""
    for folder in ("examples", "examples/fhir", "tests/data/fhir"):
        yield from (path.read_bytes() for path in sorted((ROOT / folder).glob("*.json")))
    for path in sorted((ROOT / "examples" / "cds-hooks").glob("*.json")):
        sent = json.loads(path.read_bytes()).get("prefetch", {})
        entries = [{"resource": part} for part in sent.values() if part]
        yield json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    yield (ROOT / "tests" / "data" / "contract_summary.json").read_bytes()
    for name in ("bad_inputs", "bad_inputs_ehr"):
        yield from (body for row in corpus(name) if len(body := body_of(row)) <= LONGEST)


def main() -> None:
    """Begin with the seeds in the folder that is named first; libFuzzer reads the rest of the command line."""
    folder = Path(sys.argv[1])
    for number, seed in enumerate(seeds()):
        (folder / f"{number:04}").write_bytes(seed)
    atheris.Setup(sys.argv, read, custom_mutator=lambda raw, most, seed: bend(raw, most, seed, atheris.Mutate))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
