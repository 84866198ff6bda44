"""The contract itself: the OpenAPI document as it was committed, and a page to read it that needs no other host."""

from functools import cache
from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Flask, Response
from ruamel.yaml import YAML

from service.answers import lasting
from service.refusal import require
from service.settings import Settings
from service.shipped import shipped

PAGE = Path(__file__).parent / "docs"
SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
PAGE_PARTS = {
    "start.js": (PAGE, "text/javascript; charset=utf-8"),
    "swagger-ui-bundle.js": (SWAGGER_UI, "text/javascript; charset=utf-8"),
    "swagger-ui.css": (SWAGGER_UI, "text/css; charset=utf-8"),
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint("contract", __name__)
page_blueprint = Blueprint("docs", __name__)


def register(app: Flask, settings: Settings) -> None:
    """Serve the contract, and the page to read it unless the operator wants none."""
    app.register_blueprint(blueprint)
    if settings.docs:
        app.register_blueprint(page_blueprint)


def contract_file() -> Path:
    """Where the committed document is."""
    return shipped("openapi.yaml")


@blueprint.get("/openapi.yaml")
def show_contract_as_yaml() -> Response:
    """Give this contract as OpenAPI 3.1 in YAML."""
    return lasting(Response(contract_file().read_bytes(), content_type="application/yaml"))


@blueprint.get("/openapi.json")
def show_contract_as_json() -> Response:
    """Give this contract as OpenAPI 3.1 in JSON."""
    return lasting(Response(_as_json(contract_file()), content_type="application/json"))


@cache
def _as_json(path: Path) -> bytes:
    return orjson.dumps(YAML(typ="safe", pure=True).load(path))


@page_blueprint.get("/docs")
def show_docs() -> Response:
    """Show this contract as a page to read and try."""
    page = Response((PAGE / "index.html").read_bytes(), content_type="text/html; charset=utf-8")
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    return lasting(page)


@page_blueprint.get("/docs/<name>")
def show_docs_part(name: str) -> Response:
    """Give a script or style sheet of the page."""
    require(name, PAGE_PARTS, "path.name", "part of this page")
    place, content_type = PAGE_PARTS[name]
    return lasting(Response((place / name).read_bytes(), content_type=content_type))
