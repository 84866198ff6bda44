"""The OpenAPI 3.1 document, built in development from the schemas, the views and a patient who was really assessed."""

import re
from http import HTTPStatus
from inspect import cleandoc
from io import StringIO
from itertools import chain
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

import schemas
from schemas.cds_hooks.shapes import HookRequestSchema
from service import create_app
from service.answers import software_version
from service.names import path_of, schemas_within
from service.openapi.operations import EVERYWHERE, OPERATIONS
from service.openapi.responses import HEADERS, problem_name, problem_response
from service.openapi.routes import describe
from service.settings import Settings
from service.shipped import EXAMPLE

Part = dict[str, Any]

TITLE = "Vitamin B12 decision support"
DESCRIPTION = """
Clinical decision support for vitamin B12 deficiency: one patient summary in, one assessment out. It says how likely
deficiency is and how sure that is, which red flags there are, what else could explain the picture, what to do next
and why, each statement with its citation, from a named and frozen rule set. Nothing is stored.

Documents are plain JSON in UTF-8. What is not plain is refused and never guessed: members named twice, numbers out of
range, fields, names, units and query parameters that do not exist. What is left out is unknown: never no, zero or
normal. An error never repeats what was sent.
"""

TAGS = {
    "assessments": "One patient in, one cited assessment out",
    "batch": "Many patients in, one result each out",
    "cds_hooks": "CDS Hooks 2.0.1: cards beside the work of a clinician",
    "knowledge": "What the assessments rest on, to be read one by one",
    "fhir": "FHIR R4: resources in, resources out",
    "fhir_knowledge": "What the FHIR door can do and rests on, as resources to be read",
    "contract": "This contract",
    "docs": "This contract as a page",
    "metrics": "The service in numbers",
    "health": "For whoever runs the service",
    "people": "For whoever would rather not write JSON",
}
BEARER = "An API key, or the token of a trusted client: where the operator asks for one"

# What a reader of YAML 1.1 takes for a truth value or for a number to the base of 60.
MISREAD = re.compile(r"y|n|yes|no|on|off|[-+]?[0-9]+(:[0-9.]+)+", re.IGNORECASE)


class PlainRepresenter(SafeRepresenter):
    """Writes every text and every part in full, where it stands."""

    def ignore_aliases(self, _data: object) -> bool:
        return True

    def represent_str(self, text: str) -> ScalarNode:
        style = "|" if "\n" in text else "'" if MISREAD.fullmatch(text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


PlainRepresenter.add_representer(str, PlainRepresenter.represent_str)


def build_yaml() -> str:
    """The document as it is committed."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = PlainRepresenter
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None where it is a choice
    yaml.width = 10_000  # a text stays on its line
    written = StringIO()
    yaml.dump(build_document(), written)
    return written.getvalue()


def build_document() -> Part:
    """The contract of the service as it is: its routes, what they take and what they give."""
    app = create_app(Settings(log_level="warning"))
    spec = APISpec(
        TITLE,
        software_version(),
        "3.1.0",
        plugins=[MarshmallowPlugin()],
        info={"description": cleandoc(DESCRIPTION), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        security=[{}, {"bearer": []}],
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    _add_components(spec)
    for rule in sorted(app.url_map.iter_rules(), key=path_of):
        if rule.endpoint in OPERATIONS:
            spec.path(path_of(rule), operations=describe(rule, app))
    return _with_examples({"openapi": "", **spec.to_dict()}, app)


def _add_components(spec: APISpec) -> None:
    """Name every shape inside what is sent, which refer to each other by these names."""
    sent = (schemas.PatientSummarySchema(), HookRequestSchema())
    for schema in {type(schema): schema for whole in sent for schema in schemas_within(whole)}.values():
        spec.components.schema(type(schema).__name__.removesuffix("Schema"), schema=schema)
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": BEARER})
    for name, description in HEADERS.items():
        spec.components.header(name, {"description": description, "schema": {"type": "string"}})
    for status in sorted({*EVERYWHERE, *chain.from_iterable(one.problems for one in OPERATIONS.values())}):
        for kind in ("Problem", "Outcome"):
            spec.components.response(problem_name(status, kind), problem_response(status, kind))


def _with_examples(document: Part, app: Flask) -> Part:
    """The document with the example patient as the request and the answer that the service gives to it."""
    operation = document["paths"]["/v1/assessments"]["post"]
    request = EXAMPLE.read_bytes()
    answer = app.test_client().post("/v1/assessments", data=request, content_type="application/json")
    if answer.status_code != HTTPStatus.OK:
        raise ValueError(f"the example patient is answered with {answer.status}")
    operation["requestBody"]["content"]["application/json"]["example"] = orjson.loads(request)
    operation["responses"]["200"]["content"]["application/json"]["example"] = orjson.loads(answer.data)
    return document
