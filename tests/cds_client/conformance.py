"""A conformance run from outside the project, if its folder is there: discovery, calls, prefetch, fall-back, tokens.

    python -m tests.cds_client.conformance FOLDER

FOLDER holds `make_patients.py`, `fhir_stub.py` and `cdshooks_conformance.py`.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from jwt.algorithms import ECAlgorithm

from tests.cds_client.running import free_port, process, service
from tests.client_tokens import EC_KEY, public

ISS = "https://sandbox.cds-hooks.org"
FHIR_TOKEN = "tok-1"  # noqa: S105  # made up
CALLS_EACH = "20"


@click.command()
@click.argument("tools", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(tools: Path) -> None:
    """Run the conformance run of TOOLS against the service; its exit status is ours."""
    with TemporaryDirectory() as made:
        sys.exit(_run(tools.resolve(), Path(made)))


def _run(tools: Path, folder: Path) -> int:
    port, fhir_port = free_port(), free_port()
    fhir, base = f"http://127.0.0.1:{fhir_port}/fhir", f"http://127.0.0.1:{port}"
    patients, keys = folder / "patients.json", folder / "keys.json"
    keys.write_text(json.dumps({**json.loads(ECAlgorithm.to_jwk(EC_KEY)), "kid": "ec", "alg": "ES384"}))
    subprocess.run([sys.executable, tools / "make_patients.py", patients], check=True)
    stub = [str(tools / "fhir_stub.py"), "--port", str(fhir_port), "--token", FHIR_TOKEN, str(patients)]
    settings = {
        "public_url": base,
        "trust_file": str(_trust_file(folder, fhir)),
        "loopback_fhir": "true",
        "cors_origins": ISS,
    }
    asked = [base, "--fhir", fhir, "--fhir-token", FHIR_TOKEN, "--jwk", str(keys), "--iss", ISS, "--n", CALLS_EACH]
    with process([sys.executable, *stub], fhir_port), service(port, **settings):
        return subprocess.run([sys.executable, tools / "cdshooks_conformance.py", *asked], check=False).returncode


def _trust_file(folder: Path, fhir: str) -> Path:
    path = folder / "trust.json"
    client = {"jwks": {"keys": [public("ec", EC_KEY)]}, "fhir_servers": [fhir]}
    path.write_text(json.dumps({"clients": {ISS: client}}))
    return path


if __name__ == "__main__":
    main()
