import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import rules.source
from service import create_app
from service.settings import Settings

# Most tests read the shipped files, most of them unchanged: each text is parsed once a process.
rules.source.compose = cache(rules.source.compose)

# The page in a real browser: `make test-page` runs that, with a browser at hand.
collect_ignore = ["page"]

EXAMPLE = Path(__file__).parent.parent / "examples" / "patient.json"

Post = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(Settings())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def patient() -> dict[str, Any]:
    """The example patient, to be changed by the test that asks for it."""
    return dict(json.loads(EXAMPLE.read_bytes()))


@pytest.fixture
def post(client: FlaskClient) -> Post:
    """Post a document, given as bytes or as an object, to /v1/assessments."""

    def post(document: Any, path: str = "/v1/assessments", **options: Any) -> TestResponse:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return client.post(path, data=body, **{"content_type": "application/json", **options})

    return post
