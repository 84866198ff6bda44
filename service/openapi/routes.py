"""One route as an OpenAPI operation: its words come from the view, the rest from its row."""

from inspect import cleandoc
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from service.openapi.operations import EVERYWHERE, OPERATIONS
from service.openapi.parameters import in_header, in_path, in_query
from service.openapi.responses import answers, problem_name

Part = dict[str, Any]


def describe(rule: Rule, app: Flask) -> Part:
    """What a route takes and gives."""
    operation = OPERATIONS[rule.endpoint]
    parameters = [in_path(name) for name in sorted(rule.arguments)]
    parameters += [in_query(name, values) for name, values in operation.query.items()]
    parameters += [in_header("Request-Id"), *([in_header("If-None-Match")] if operation.lasts else [])]
    body = {"requestBody": {"required": True, "content": operation.body}} if operation.body else {}
    responses = {**answers(operation.answer, *operation.headers), **_problems(rule.endpoint)}
    return {
        "post" if body else "get": {
            **_words(rule.endpoint, app),
            "parameters": parameters,
            **body,
            "responses": responses,
        }
    }


def _words(endpoint: str, app: Flask) -> Part:
    view = app.view_functions[endpoint]
    summary, _, description = cleandoc(view.__doc__ or "").partition("\n\n")
    return {
        "tags": [endpoint.partition(".")[0]],
        "operationId": view.__name__,
        "summary": summary.rstrip("."),
        **({"description": " ".join(description.split())} if description else {}),
    }


def _problems(endpoint: str) -> Part:
    kind = "Outcome" if endpoint.startswith("fhir") else "Problem"
    statuses = sorted((*OPERATIONS[endpoint].problems, *EVERYWHERE))
    return {str(status): problem_name(status, kind) for status in statuses}
