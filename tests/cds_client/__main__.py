"""A client of somebody else's making against the service: discovery, prefetch, cards.

    make cds-client

`@medplum/core` discovers the services, fills their prefetch templates at a FHIR server and calls each of them.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from tests.cds_client.running import PATIENCE, free_port, service
from tests.fhir_server import Answer, fhir_server
from tests.hook_calls import FOLIC_ACID, METFORMIN, PATIENT_ID, b12, bundle, drafted, medicine, patient

HERE = Path(__file__).parent
WHO = {"patientId": PATIENT_ID, "userId": "Practitioner/p1"}
ORDER = {**WHO, "draftOrders": bundle(drafted(FOLIC_ACID, "Folic Acid 0.8 MG Oral Tablet"))}
CALLS = (
    {"hook": "patient-view", "context": WHO},
    {"hook": "order-select", "context": {**ORDER, "selections": [f"MedicationRequest/draft-{FOLIC_ACID}"]}},
    {"hook": "order-sign", "context": ORDER},
)
EXPECTED = {
    "b12-patient-view": "B12 is in the range the guideline calls confirmed deficiency: total vitamin B12 142 pg/mL",
    "b12-order-select": "B12 before or with folate",
    "b12-order-sign": "B12 before or with folate",
}
PARTS = ["patient", "labs", "conditions", "medications"]


def main() -> None:
    """Run the client, print what it got, and fail unless every service answered with its card."""
    port = free_port()
    with fhir_server() as records, service(port):
        records.answers.update(
            {
                "Patient/": Answer(patient()),
                "Observation": Answer(bundle(b12())),
                "Condition": Answer(bundle()),
                "MedicationRequest": Answer(bundle(medicine(METFORMIN, "metformin"))),
            }
        )
        answers = _run_client(f"http://127.0.0.1:{port}", records.url)
    failed = [answer for answer in answers if not _is_as_expected(answer)]
    for answer in answers:
        click.echo(f"{answer['service']:<18}{', '.join(answer['prefetched']):<44}{'; '.join(answer['summaries'])}")
    sys.exit(bool(failed) or len(answers) != len(CALLS))


def _is_as_expected(answer: dict[str, Any]) -> bool:
    (summary,) = answer["summaries"] or [""]
    return answer["prefetched"] == PARTS and summary.startswith(EXPECTED[answer["service"]])


def _run_client(address: str, records: str) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        raise click.ClickException("node is needed")
    command = [node, str(HERE / "client.mjs"), address, f"{records}/", *(json.dumps(call) for call in CALLS)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=PATIENCE)
    if done.returncode:
        raise click.ClickException(done.stderr[-500:])  # the package is one long line
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main()
