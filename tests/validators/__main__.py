"""Whether all that we say in FHIR is R4 by three validators that are not ours, and whether they notice faults."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import fhirkit

import rules
import schemas
from rules import Library
from rules.source import Problems
from rules.vignettes import read_vignettes
from schemas import fhir_answer
from service.answers import software_version
from service.checking import UNREMARKABLE
from tests.test_fhir_answer import received
from tests.validators.defects import DEFECTS, EVERY, planted

HERE = Path(__file__).parent

Part = dict[str, Any]
Faults = dict[str, list[str]]


def answers() -> Iterator[tuple[str, Part]]:
    """The answer to every vignette of the active rule set."""
    library = Library.open()
    for vignette in read_vignettes(library.path / library.active.manifest.version, Problems()):
        intake = schemas.load_patient({**UNREMARKABLE, **vignette.given}, today=date.max)
        assessment = rules.assess(library.active, intake.facts)
        yield vignette.id, fhir_answer.render_bundle(assessment, intake, received(intake))


def knowledge() -> Iterator[tuple[str, Part]]:
    """Every resource that is there to be read, and an error."""
    library = Library.open()
    for version in library.versions:
        for under in library.get(version).by_profile.values():
            yield f"PlanDefinition {fhir_answer.knowledge_id(under)}", fhir_answer.plan_definition(under)
            yield f"Library {fhir_answer.knowledge_id(under)}", fhir_answer.library(under)
    for name in fhir_answer.CODE_SYSTEMS:
        yield f"CodeSystem {name}", fhir_answer.code_system(name, library.active)
    yield "CapabilityStatement", fhir_answer.capability_statement(library.active, software_version())
    yield "OperationDefinition", fhir_answer.operation_definition(library.active, software_version())
    problem = schemas.Problem("query.profile", "does not exist", ("uk-nice",))
    yield "an error", fhir_answer.error_outcome(404, "Nothing is here.", "request-1", [problem])


def examined(resources: list[Part]) -> Iterator[Faults]:
    """What each validator finds wrong with each resource."""
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as lines:
        lines.write("".join(json.dumps(resource) + "\n" for resource in resources))
        lines.flush()
        command = ["node", str(HERE / "validate.mjs"), lines.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    for resource, line in zip(resources, done.stdout.splitlines(), strict=True):
        yield {"fhirkit": [str(issue) for issue in fhirkit.validate(resource)], **json.loads(line)}


def unnoticed(bundle: Part) -> Iterator[str]:
    """Planted faults that a validator should find and does not."""
    spoiled = list(planted(bundle))
    for (defect, _), found in zip(spoiled, examined([one for _, one in spoiled]), strict=True):
        noticed = [name for name in EVERY if found[name]]
        click.echo(f"  {defect.what}: {', '.join(noticed) or 'nobody'}")
        yield from (f"{name} does not notice {defect.what}" for name in defect.found_by if not found[name])


def main() -> int:
    said = [*answers(), *knowledge()]
    wrong = [
        f"{name}: {validator} finds {fault}"
        for (name, _), found in zip(said, examined([resource for _, resource in said]), strict=True)
        for validator, faults in found.items()
        for fault in faults
    ]
    click.echo(f"{len(said)} documents, {len(DEFECTS)} planted faults, found by:")
    wrong += unnoticed(said[0][1])
    click.echo("\n".join(wrong[:50]))
    click.echo(f"{len(said)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
