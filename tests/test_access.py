"""Who may call, how often, and what every answer tells a browser."""

import json
import re
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
from service.access.admission import KEY_NEEDED, SIGNED
from service.access.api_keys import ApiKeys, KeyFileError, hash_of, new_key
from service.access.doors import DOORS, OPEN, door_of
from service.access.guard import refuse_exposure
from service.cli import main
from service.commands.demo import gunicorn_command
from service.settings import Settings

ROOT = Path(__file__).parent.parent
PATIENT = b'{"age": 67, "sex": "female"}'
JSON = {"Content-Type": "application/json"}
KEY, OTHER, UNKNOWN = ("b12cds_" + letter * 43 for letter in "kou")
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
OPEN_PATHS = ["/healthz", "/readyz", "/openapi.json", "/openapi.yaml", "/docs", "/cds-services"]


def key_file(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def client(tmp_path_factory: Any) -> FlaskClient:
    """A service that two callers have keys to."""
    lines = ["# callers", "", f"ward {hash_of(KEY)}", f"lab {hash_of(OTHER)}"]
    keys = key_file(tmp_path_factory.mktemp("keys") / "keys", *lines)
    return create_app(Settings(api_keys=keys, refused_limit="")).test_client()


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
    "authorization",
    [
        None,
        "",
        KEY,
        f"Basic {KEY}",
        "Bearer",
        f"Bearer {KEY}x",
        f"Bearer {UNKNOWN}",
        f"Bearer {hash_of(KEY)}",
        "Bearer é",
    ],
)
@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_nobody_else_is_and_the_answer_says_how_to_ask(client, method, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    response = client.open(path, method=method, data=PATIENT, headers={**JSON, **headers})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert KEY_NEEDED in response.text
    assert SIGNED not in response.text
    assert KEY not in response.text
    assert response.headers["Request-Id"]


@pytest.mark.parametrize("path", OPEN_PATHS)
def test_probes_and_the_contract_are_open(client, path):
    assert client.get(path).status_code == 200


def test_keys_are_kept_as_hashes_and_compared_in_constant_time(tmp_path, monkeypatch):
    compared: list[str] = []
    monkeypatch.setattr(
        "service.access.api_keys.compare_digest", lambda one, other: compared.append(other) or one == other
    )
    lines = [f"{name} {hash_of(key)}" for name, key in (("a", KEY), ("b", OTHER), ("c", UNKNOWN))]
    keys = ApiKeys.open(key_file(tmp_path / "keys", *lines))
    found = keys.find(KEY)
    assert found is not None
    assert found.name == "a"
    assert compared == [hash_of(KEY), hash_of(OTHER), hash_of(UNKNOWN)]
    assert KEY not in repr(keys)
    assert hash_of(KEY) not in repr(keys)


@pytest.mark.parametrize("weak", ["secret", "b12cds_secret", "b12cds_" + "k" * 42, "b12cds_" + "k" * 44, f"{KEY}\n"])
def test_no_weak_word_is_ever_a_key_even_when_its_hash_is_listed(tmp_path, weak):
    keys = ApiKeys.open(key_file(tmp_path / "keys", f"ward {hash_of(weak)}"))
    assert keys.find(weak) is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "holds no key"),
        (["# none"], "holds no key"),
        ([KEY], ":1: is not"),
        ([f"ward {KEY}"], ":1: is not"),
        ([f"ward {hash_of(KEY)}", f"ward {hash_of(OTHER)}"], ":2: has the name of an earlier line"),
        ([f"ward {hash_of(KEY)} cellar"], ":1: names a door that does not exist; there are assessments, cds-hooks"),
    ],
)
def test_a_key_file_that_cannot_be_used_stops_the_start_and_repeats_no_key(tmp_path, lines, told):
    with pytest.raises(KeyFileError, match=told) as caught:
        create_app(Settings(api_keys=key_file(tmp_path / "keys", *lines)))
    assert KEY not in str(caught.value)


def test_the_command_line_makes_keys_that_work(runner, tmp_path):
    result = runner.invoke(main, ["key", "ward-7", "--door", "fhir", "--door", "metrics"])
    assert result.exit_code == 0
    sent = result.stderr.splitlines()[1]
    found = ApiKeys.open(key_file(tmp_path / "keys", result.stdout)).find(sent)
    assert found is not None
    assert (found.name, found.doors) == ("ward-7", {"fhir", "metrics"})
    assert sent not in result.stdout
    assert runner.invoke(main, ["key", "two words"]).exit_code == 2
    assert runner.invoke(main, ["key", "ward-7", "--door", "cellar"]).exit_code == 2


# At which doors


def test_every_view_is_open_or_behind_one_door(app):
    views = [rule.endpoint for rule in app.url_map.iter_rules()]
    behind = [view for view in views if not view.startswith(OPEN)]
    assert [view for view in behind if door_of(view) is None] == []
    assert {door_of(view) for view in behind} == set(DOORS)


def test_a_key_for_some_doors_is_turned_away_at_the_others(tmp_path, capfd):
    keys = key_file(tmp_path / "keys", f"monitor {hash_of(KEY)} metrics", f"ehr {hash_of(OTHER)} assessments fhir")
    client = create_app(Settings(api_keys=keys)).test_client()
    asked = {
        "/metrics": ("GET", KEY),
        "/v1/assessments": ("POST", OTHER),
        "/v1/assessments:batch": ("POST", OTHER),
        "/fhir/$assess": ("POST", OTHER),
        "/fhir/metadata": ("GET", OTHER),
        "/v1/facts": ("GET", None),
        "/cds-services/b12-patient-view": ("POST", None),
        "/rule-sets": ("GET", None),
    }
    for path, (method, holder) in asked.items():
        for key in (KEY, OTHER):
            response = client.open(path, method=method, data=PATIENT, headers=bearer(key))
            assert (response.status_code == 403) == (key != holder), (path, key)
    assert client.get("/nothing", headers=bearer(KEY)).status_code == 404
    assert {client.get(path, headers=bearer(KEY)).status_code for path in OPEN_PATHS} == {200}
    refused = client.post("/v1/assessments", data=PATIENT, headers=bearer(KEY))
    problem = refused.get_json(force=True)
    assert problem["detail"] == "The client is known, but may not call this."
    message = "is of a caller that may ask only at these doors"
    assert problem["errors"] == [{"path": "header.Authorization", "message": message, "accepted": ["metrics"]}]
    [issue] = client.get("/fhir/metadata", headers=bearer(KEY)).get_json(force=True)["issue"]
    assert issue["expression"] == ["http.Authorization"]
    assert issue["details"]["text"].endswith("; accepted: metrics")
    assert KEY not in capfd.readouterr().err


# Tokens of trusted clients


@pytest.fixture(scope="module")
def signing() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


def trust_file(path: Path, signing: ec.EllipticCurvePrivateKey, **client: Any) -> Path:
    jwk = {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(signing.public_key())), "kid": "k1", "alg": "ES384"}
    path.write_text(json.dumps({"clients": {"https://ehr.example.org": {"jwks": {"keys": [jwk]}, **client}}}))
    return path


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: Any, signing: ec.EllipticCurvePrivateKey) -> FlaskClient:
    path = trust_file(tmp_path_factory.mktemp("trust") / "trust.yaml", signing)
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


@pytest.mark.parametrize(
    ("path", "with_keys", "accepted"),
    [
        ("/v1/assessments", False, [SIGNED]),
        ("/v1/assessments", True, [KEY_NEEDED, SIGNED]),
        ("/cds-services/b12-patient-view", True, [SIGNED]),
    ],
)
def test_whoever_is_turned_away_is_told_what_lets_in_there(tmp_path, signing, path, with_keys, accepted):
    keys = key_file(tmp_path / "keys", f"ward {hash_of(KEY)}") if with_keys else None
    trust = trust_file(tmp_path / "trust.yaml", signing)
    client = create_app(Settings(api_keys=keys, trust_file=trust, public_url="https://b12.example.org")).test_client()
    [error] = client.post(path, data=PATIENT, headers=bearer(UNKNOWN)).get_json(force=True)["errors"]
    assert error == {"path": "header.Authorization", "message": "must be one of these", "accepted": accepted}


def test_the_page_says_in_words_for_people_why_it_is_not_shown(tmp_path):
    keys = key_file(tmp_path / "keys", f"monitor {hash_of(KEY)} metrics")
    client = create_app(Settings(api_keys=keys)).test_client()
    assert "lets nobody see its pages without a key or a token" in client.get("/").text
    assert "is not meant for these pages" in client.get("/", headers=bearer(KEY)).text


@pytest.mark.parametrize(("status", "lead"), [(401, "What lets in"), (403, "What it is meant for")])
def test_page_json_and_fhir_name_alike_what_lets_in(tmp_path, signing, status, lead):
    keys = key_file(tmp_path / "keys", f"monitor {hash_of(KEY)} metrics")
    trust = trust_file(tmp_path / "trust.yaml", signing)
    client = create_app(Settings(api_keys=keys, trust_file=trust, public_url="https://b12.example.org")).test_client()
    sent = bearer(KEY if status == 403 else UNKNOWN)
    page, as_json, as_fhir = (client.get(path, headers=sent) for path in ("/", "/v1/facts", "/fhir/metadata"))
    assert {response.status_code for response in (page, as_json, as_fhir)} == {status}
    [error] = as_json.get_json(force=True)["errors"]
    assert error["accepted"] == (["metrics"] if status == 403 else [KEY_NEEDED, SIGNED])
    [told] = re.findall(rf"<p>{lead}.*?<span lang=.en.>(.*?)</span>", page.text)
    assert re.split("[;,] ", told) == error["accepted"]
    assert all(accepted in as_fhir.text for accepted in error["accepted"])


def test_a_trusted_client_too_can_be_kept_to_some_doors(tmp_path, signing):
    path = trust_file(tmp_path / "trust.yaml", signing, doors=["fhir"])
    client = create_app(Settings(trust_file=path, public_url="https://b12.example.org")).test_client()
    assert client.get("/fhir/metadata", headers=bearer(token(signing, "/fhir/metadata"))).status_code == 200
    for asked in ("/v1/assessments", "/cds-services/b12-patient-view"):
        assert client.post(asked, data=PATIENT, headers=bearer(token(signing, asked))).status_code == 403


# How often


def test_no_caller_is_limited_unless_the_operator_says_so(client):
    assert {client.get("/v1/facts", headers=bearer(KEY)).status_code for _ in range(30)} == {200}


def test_a_caller_beyond_the_limit_is_told_how_long_to_wait_and_others_are_not(tmp_path):
    keys = key_file(tmp_path / "keys", f"ward {hash_of(KEY)}", f"lab {hash_of(OTHER)}")
    client = create_app(Settings(api_keys=keys, rate_limit="3/hour")).test_client()
    answers = [client.post("/v1/assessments", data=PATIENT, headers=bearer(KEY)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert ["Retry-After" in answer.headers for answer in answers] == [False, False, False, True, True]
    refused = client.post("/v1/assessments", data=PATIENT, headers=bearer(KEY))
    assert refused.content_type == "application/problem+json"
    assert refused.get_json(force=True)["status"] == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert client.post("/v1/assessments", data=PATIENT, headers=bearer(OTHER)).status_code == 200
    assert {client.get("/healthz").status_code for _ in range(9)} == {200}


def test_the_limit_is_for_all_that_a_caller_asks_together():
    client = create_app(Settings(rate_limit="2/hour")).test_client()
    assert [client.get(path).status_code for path in ("/v1/facts", "/fhir/metadata", "/v1/rule-sets")] == [
        200,
        200,
        429,
    ]


def test_without_keys_it_is_for_each_address():
    client = create_app(Settings(rate_limit="1/hour")).test_client()
    for address in ("192.0.2.1", "192.0.2.2"):
        environ = {"REMOTE_ADDR": address}
        assert client.get("/v1/facts", environ_overrides=environ).status_code == 200
        assert client.get("/v1/facts", environ_overrides=environ).status_code == 429


def test_a_client_that_signs_for_a_hook_is_limited_as_itself_and_not_by_its_address(tmp_path, signing):
    path = trust_file(tmp_path / "trust.yaml", signing)
    settings = Settings(trust_file=path, public_url="https://b12.example.org", rate_limit="1/hour")
    client = create_app(settings).test_client()
    view = "/cds-services/b12-patient-view"
    asked = [
        client.post(view, data=b"{}", headers=bearer(token(signing, view)), environ_overrides={"REMOTE_ADDR": address})
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert [response.status_code for response in asked] == [422, 429]


# How often in vain


def test_an_address_that_tries_in_vain_too_often_has_to_wait_and_a_good_key_never_does(tmp_path):
    keys = key_file(tmp_path / "keys", f"ward {hash_of(KEY)}")
    client = create_app(Settings(api_keys=keys, refused_limit="3/hour")).test_client()

    def status(key: str, address: str = "192.0.2.1", path: str = "/v1/facts") -> int:
        return client.get(path, headers=bearer(key), environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [status(UNKNOWN) for _ in range(5)] == [401, 401, 401, 429, 429]
    assert status(UNKNOWN, path="/fhir/metadata") == 429, "at whichever door"
    assert status(UNKNOWN, address="192.0.2.2") == 401
    assert {status(KEY) for _ in range(9)} == {200}, "nobody can lock a caller out"
    refused = client.get("/v1/facts", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert refused.content_type == "application/problem+json"
    assert refused.get_json(force=True)["status"] == refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    at_fhir = client.get("/fhir/metadata", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert at_fhir.get_json(force=True)["issue"][0]["code"] == "throttled"
    assert 0 < int(at_fhir.headers["Retry-After"]) <= 3600


def test_tokens_that_do_not_hold_are_counted_too_at_hooks_as_elsewhere(tmp_path, signing):
    path = trust_file(tmp_path / "trust.yaml", signing)
    settings = Settings(trust_file=path, public_url="https://b12.example.org", refused_limit="2/hour")
    client = create_app(settings).test_client()
    late = bearer(token(signing, "/v1/facts", exp=int(time.time()) - 300))
    view = "/cds-services/b12-patient-view"
    asked = [client.get("/v1/facts", headers=late), *(client.post(view, data=b"{}", headers=late) for _ in range(2))]
    assert [response.status_code for response in asked] == [401, 401, 429]
    assert client.post(view, data=b"{}", headers=bearer(token(signing, view))).status_code == 422


def test_the_operator_says_how_often_and_nonsense_stops_the_start(monkeypatch):
    monkeypatch.setenv("B12CDS_REFUSED_LIMIT", "9/second")
    assert Settings.from_environment().refused_limit == "9/second"
    with pytest.raises(ValueError, match="often"):
        create_app(Settings(refused_limit="often"))


# Who is seen to call


def lines(capfd: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_the_line_of_a_request_names_its_caller_by_the_name_of_the_key(client, capfd):
    client.get("/v1/facts", headers=bearer(KEY))
    client.get("/healthz")
    assert [(line["caller"], line["credential"]) for line in lines(capfd)] == [("ward", "key"), (None, None)]


def test_and_by_the_issuer_of_the_token(trusting, signing, capfd):
    view = "/cds-services/b12-patient-view"
    for path in ("/v1/assessments", view):
        trusting.post(path, data=PATIENT, headers=bearer(token(signing, path)))
    said = [(line["caller"], line["credential"]) for line in lines(capfd)]
    assert said == [("https://ehr.example.org", "token")] * 2


SECRET = "Zebedee4711"  # noqa: S105  # what must not be written


@pytest.mark.parametrize(
    ("authorization", "credential", "why"),
    [
        (None, None, "sent no credential"),
        (f"Bearer b12cds_{SECRET}", "key", "sent nothing that holds"),
        (f"Bearer {SECRET}.{SECRET}.{SECRET}", "token", "sent nothing that holds"),
        (f"Basic {SECRET}", None, "sent nothing that holds"),
    ],
)
def test_who_is_not_let_in_gets_a_line_of_its_own_without_what_was_sent(client, capfd, authorization, credential, why):
    headers = {"Request-Id": "r-1", **({"Authorization": authorization} if authorization else {})}
    client.post(f"/v1/assessments?x={SECRET}", data=PATIENT, headers={**JSON, **headers})
    refused, request = lines(capfd)
    assert refused == {
        "event": "refused",
        "level": "warning",
        "timestamp": refused["timestamp"],
        "request_id": "r-1",
        "method": "POST",
        "route": "/v1/assessments",
        "credential": credential,
        "caller": None,
        "address": "127.0.0.1",
        "why": why,
    }
    assert (request["event"], request["status"], request["caller"]) == ("request", 401, None)
    assert SECRET not in json.dumps([refused, request])


def test_so_does_a_known_caller_at_a_door_that_is_not_its_own(tmp_path, capfd):
    keys = key_file(tmp_path / "keys", f"monitor {hash_of(KEY)} metrics")
    create_app(Settings(api_keys=keys)).test_client().get("/v1/facts", headers=bearer(KEY))
    refused, request = lines(capfd)
    assert (refused["why"], refused["caller"], refused["credential"]) == ("may not ask at this door", "monitor", "key")
    assert (request["status"], request["caller"]) == (403, "monitor")


def test_refusals_are_written_where_requests_are_not_and_do_not_flood_the_log(tmp_path, capfd):
    keys = key_file(tmp_path / "keys", f"ward {hash_of(KEY)}")
    client = create_app(Settings(api_keys=keys, log_level="warning", refused_limit="2/hour")).test_client()
    for _ in range(9):
        client.get("/v1/facts")
    assert [line["event"] for line in lines(capfd)] == ["refused", "refused"]


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
