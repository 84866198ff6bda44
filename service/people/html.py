"""Pages out: rendered in the reader's language, with a strict policy, small on the wire, kept by nobody."""

import gzip
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from rules.model import best_verification
from schemas.wording import capitalized, readable, short, uncapitalized
from service.people.form import field_name
from service.people.layout import everywhere
from service.people.references import References
from service.refusal import Refusal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
WORTH_COMPRESSING = 1024
FASTEST = 1


def register(blueprint: Blueprint) -> None:
    """Give the templates of a blueprint their words, and its pages their headers."""
    blueprint.context_processor(everywhere)
    for name, filter_ in {"readable": readable, "short": short, "field_name": field_name}.items():
        blueprint.add_app_template_filter(filter_, name)
    blueprint.add_app_template_filter(uncapitalized)
    blueprint.add_app_template_filter(capitalized)
    blueprint.register_error_handler(Refusal, _refuse)
    blueprint.after_request(_compress)
    blueprint.after_request(_guard)


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A page or a part of one."""
    words = {"best_verification": best_verification, "references": References(), **context}
    return make_response(render_template(f"people/{template}.html", **words), status)


def _refuse(error: Refusal) -> Response:
    """Say on a page why nothing is shown."""
    return page("refusal", error.status, error=error)


def _guard(response: Response) -> Response:
    """Let a page load and send nothing but what this service has, and tell nobody where its reader came from."""
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Vary"] = "Accept-Encoding, Accept-Language, HX-Target"
    return response


def _compress(response: Response) -> Response:
    """The same answer, compressed for a browser that reads that."""
    if response.mimetype != "text/html" or not request.accept_encodings["gzip"]:
        return response
    if len(response.get_data()) >= WORTH_COMPRESSING:
        response.set_data(gzip.compress(response.get_data(), FASTEST))
        response.content_encoding = "gzip"
    return response
