"""Who may call, how often, and what every answer tells a browser."""

import json
import runpy
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from service import create_app
from service.access import ApiKeys, KeyFileError, hash_of, new_key
from service.cli import main
from service.demo import gunicorn_command
from service.guard import refuse_exposure
from service.settings import Settings

ROOT = Path(__file__).parent.parent
PATIENT = b'{"age": 67, "sex": "female"}'
JSON = {"Content-Type": "application/json"}
KEY, OTHER = "b12cds_" + "k" * 43, "b12cds_" + "o" * 43
PROTECTED = [
    ("POST", "/v1/assessments"),
    ("POST", "/v1/assessments:batch"),
    ("POST", "/fhir/$assess"),
    ("POST", "/cds-services/b12-deficiency-patient-view"),
    ("GET", "/v1/facts"),
    ("GET", "/metrics"),
    ("POST", "/"),
    ("POST", "/answer"),
    ("GET", "/nothing"),
    ("DELETE", "/v1/assessments"),
]
OPEN = ["/healthz", "/readyz", "/openapi.json", "/openapi.yaml", "/docs", "/cds-services"]


def key_file(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def client(tmp_path_factory: Any) -> FlaskClient:
    """A service that two callers have keys to."""
    lines = ["# callers", "", f"ward {hash_of(KEY)}", f"lab {hash_of(OTHER)}"]
    keys = key_file(tmp_path_factory.mktemp("keys") / "keys", *lines)
    return create_app(Settings(api_keys=keys)).test_client()


def bearer(key: str) -> dict[str, str]:
    return {**JSON, "Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("key", [KEY, OTHER])
def test_a_caller_with_a_key_is_answered(client, key):
    assert client.post("/v1/assessments", data=PATIENT, headers=bearer(key)).status_code == 200
    assert (
        client.post("/v1/assessments", data=PATIENT, headers={**JSON, "Authorization": f"bearer  {key}"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    "authorization", [None, "", KEY, f"Basic {KEY}", "Bearer", f"Bearer {KEY}x", f"Bearer {hash_of(KEY)}", "Bearer é"]
)
@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_nobody_else_is_and_the_answer_says_how_to_ask(client, method, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    response = client.open(path, method=method, data=PATIENT, headers={**JSON, **headers})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert KEY not in response.text
    assert response.headers["Request-Id"]


@pytest.mark.parametrize("path", OPEN)
def test_probes_and_the_contract_are_open(client, path):
    assert client.get(path).status_code == 200


def test_keys_are_kept_as_hashes_and_compared_in_constant_time(tmp_path, monkeypatch):
    compared: list[str] = []
    monkeypatch.setattr("service.access.compare_digest", lambda one, other: compared.append(other) or one == other)
    keys = ApiKeys.open(key_file(tmp_path / "keys", f"a {hash_of('x')}", f"b {hash_of('y')}", f"c {hash_of('z')}"))
    assert keys.name_of("x") == "a"
    assert compared == [hash_of("x"), hash_of("y"), hash_of("z")]
    assert "x" not in repr(keys).replace("ApiKeys", "")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "holds no key"),
        (["# none"], "holds no key"),
        ([KEY], ":1: is not"),
        ([f"ward {KEY}"], ":1: is not"),
        ([f"ward {hash_of(KEY)}", f"ward {hash_of(OTHER)}"], ":2: is not"),
    ],
)
def test_a_key_file_that_cannot_be_used_stops_the_start_and_repeats_no_key(tmp_path, lines, told):
    with pytest.raises(KeyFileError, match=told) as caught:
        create_app(Settings(api_keys=key_file(tmp_path / "keys", *lines)))
    assert KEY not in str(caught.value)


def test_the_command_line_makes_keys_that_work(runner, tmp_path):
    result = runner.invoke(main, ["key", "ward-7"])
    assert result.exit_code == 0
    key = result.stderr.splitlines()[1]
    keys = ApiKeys.open(key_file(tmp_path / "keys", result.stdout))
    assert keys.name_of(key) == "ward-7"
    assert key not in result.stdout
    assert runner.invoke(main, ["key", "two words"]).exit_code == 2


# Tokens of trusted clients


@pytest.fixture(scope="module")
def signing() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: Any, signing: ec.EllipticCurvePrivateKey) -> FlaskClient:
    jwk = {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(signing.public_key())), "kid": "k1", "alg": "ES384"}
    path = tmp_path_factory.mktemp("trust") / "trust.yaml"
    path.write_text(json.dumps({"clients": {"https://ehr.example.org": {"jwks": {"keys": [jwk]}}}}))
    return create_app(Settings(trust_file=path, public_url="https://b12.example.org")).test_client()


def token(signing: ec.EllipticCurvePrivateKey, path: str, **claims: Any) -> str:
    now = int(time.time())
    said = {"iss": "https://ehr.example.org", "aud": f"https://b12.example.org{path}", "iat": now, "exp": now + 60}
    return jwt.encode({**said, "jti": new_key(), **claims}, signing, "ES384", {"kid": "k1"})


def test_a_trusted_client_signs_for_each_path_it_asks(trusting, signing):
    made = token(signing, "/v1/assessments")
    assert trusting.post("/v1/assessments", data=PATIENT, headers=bearer(made)).status_code == 200
    assert trusting.post("/v1/assessments", data=PATIENT, headers=bearer(made)).status_code == 401
    elsewhere = token(signing, "/v1/facts")
    assert trusting.post("/v1/assessments", data=PATIENT, headers=bearer(elsewhere)).status_code == 401
    late = token(signing, "/v1/assessments", exp=int(time.time()) - 300)
    assert trusting.post("/v1/assessments", data=PATIENT, headers=bearer(late)).status_code == 401
    assert trusting.post("/v1/assessments", data=PATIENT, headers=JSON).status_code == 401


# How often


def test_no_caller_is_limited_unless_the_operator_says_so(client):
    assert {client.get("/v1/facts", headers=bearer(KEY)).status_code for _ in range(30)} == {200}


def test_a_caller_beyond_the_limit_is_told_how_long_to_wait_and_others_are_not(tmp_path):
    keys = key_file(tmp_path / "keys", f"ward {hash_of(KEY)}", f"lab {hash_of(OTHER)}")
    client = create_app(Settings(api_keys=keys, rate_limit="3/hour")).test_client()
    statuses = [client.post("/v1/assessments", data=PATIENT, headers=bearer(KEY)).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = client.post("/v1/assessments", data=PATIENT, headers=bearer(KEY))
    assert refused.content_type == "application/problem+json"
    assert refused.get_json(force=True)["status"] == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert client.post("/v1/assessments", data=PATIENT, headers=bearer(OTHER)).status_code == 200
    assert {client.get("/healthz").status_code for _ in range(9)} == {200}


def test_without_keys_it_is_for_each_address():
    client = create_app(Settings(rate_limit="1/hour")).test_client()
    for address in ("192.0.2.1", "192.0.2.2"):
        environ = {"REMOTE_ADDR": address}
        assert client.get("/v1/facts", environ_overrides=environ).status_code == 200
        assert client.get("/v1/facts", environ_overrides=environ).status_code == 429


# What is told to browsers, and what can be switched off


@pytest.mark.parametrize("path", ["/healthz", "/v1/facts", "/docs", "/nothing"])
def test_every_answer_has_the_headers_that_keep_browsers_careful(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_behind_tls_browsers_are_told_to_stay_there():
    for settings in (Settings(https=True), Settings(tls_cert="cert.pem")):
        headers = create_app(settings).test_client().get("/healthz").headers
        assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_page_and_the_numbers_can_be_switched_off():
    client = create_app(Settings(metrics=False, docs=False)).test_client()
    for path in ("/metrics", "/docs", "/docs/start.js"):
        assert client.get(path).status_code == 404
    assert client.get("/openapi.json").status_code == 200


# Not to be reached by mistake

ANYWHERE, HERE = ("0.0.0.0", 80), ("127.0.0.1", 80)  # noqa: S104  # what is refused


@pytest.mark.parametrize("address", [ANYWHERE, ("10.0.0.7", 80), ("::", 80), ("b12.example.org", 80)])
def test_it_does_not_listen_to_other_machines_before_somebody_said_who_may_call(address):
    with pytest.raises(SystemExit, match="B12CDS_API_KEYS"):
        refuse_exposure([HERE, address], Settings())
    for settings in (Settings(allow_anonymous=True), Settings(api_keys=Path("k")), Settings(trust_file=Path("t"))):
        refuse_exposure([address], settings)


@pytest.mark.parametrize("address", [HERE, ("127.9.9.9", 1), ("::1", 80), ("localhost", 80), 3, "/run/b12.sock"])
def test_it_listens_to_this_machine_without(address):
    refuse_exposure([address], Settings())


def test_the_server_is_stopped_by_that_before_it_listens():
    command = gunicorn_command("--bind", "0.0.0.0:0")
    stopped = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert stopped.returncode == 1
    assert b"B12CDS_ALLOW_ANONYMOUS=true" in stopped.stderr
    configured = runpy.run_path(command[4])
    configured["on_starting"](SimpleNamespace(cfg=SimpleNamespace(address=[HERE])))
    assert sys.executable == command[0]
