"""The examples in `examples/fhir` and what is answered; `python -m tests.fhir_examples` writes the answers anew.

Each is asked with the rule set and the day fixed, since an answer names both.
"""

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

from service import create_app
from service.settings import Settings

HERE = Path(__file__).parent.parent / "examples" / "fhir"
ASKED = "/fhir/$assess?as_of=2026-11-26"
REQUEST = {"Request-Id": "example"}


def requests() -> list[Path]:
    return sorted(path for path in HERE.glob("*.json") if not path.name.endswith(".answer.json"))


def answer_file(request: Path) -> Path:
    return request.with_suffix(".answer.json")


def answer(client: FlaskClient, request: Path) -> str:
    """The answer to an example, for a reader."""
    body, fixed = request.read_bytes(), "" if request.stem == "parameters" else "&rule_set=1.1.0"
    given = client.post(ASKED + fixed, data=body, content_type="application/fhir+json", headers=REQUEST)
    return json.dumps(json.loads(given.data), indent=1, ensure_ascii=False) + "\n"


def lasting(answer: str) -> str:
    """An answer without what changes with every release: digests, and the addresses that come from them."""
    urns = list(dict.fromkeys(re.findall(r"urn:uuid:[0-9a-f-]{36}", answer)))
    for number, urn in enumerate(urns):
        answer = answer.replace(urn, f"urn:{number}")
    return re.sub(r"sha256:[0-9a-f]{64}", "sha256", answer)


if __name__ == "__main__":
    door = create_app(Settings()).test_client()
    for example in requests():
        answer_file(example).write_text(answer(door, example), encoding="utf-8")
