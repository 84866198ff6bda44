"""Client authentication: a token holds or it does not, and nobody is told why."""

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from service import create_app
from service.access.admission import SIGNED
from service.access.trust import LEEWAY_SECONDS, NotTrusted, SeenTokens, Trust
from service.access.trust_file import TrustFileError, open_trust
from service.outbound.client import Outbound
from service.settings import Settings
from tests.client_tokens import (
    EC_KEY,
    ISS,
    KEYS,
    OTHER_EC_KEY,
    PUBLIC_URL,
    RSA_KEY,
    FromNow,
    claims,
    public,
    signed,
    trust_file,
)
from tests.fhir_server import Answer, fhir_server
from tests.hook_calls import b12, call, prefetch
from tests.test_http import problem

VIEW = "/cds-services/b12-patient-view"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = trust_file(tmp_path_factory.mktemp("trust"))
    return create_app(Settings(public_url=PUBLIC_URL, trust_file=path, refused_limit="")).test_client()


def ask(client: FlaskClient, authorization: str | None, path: str = VIEW) -> Any:
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    return client.post(path, data=json.dumps(call(prefetch(b12()))), headers=headers)


def trusting(folder: Path, **changes: Any) -> Trust:
    return open_trust(trust_file(folder, **changes), PUBLIC_URL, Outbound(loopback=True))


def holds(trust: Trust, **token: Any) -> bool:
    try:
        return trust.verify(signed(VIEW, **token), VIEW).iss == ISS
    except NotTrusted:
        return False


def test_discovery_is_open_and_the_rest_is_not(guarded):
    assert guarded.get("/cds-services").status_code == 200
    for path in (VIEW, f"{VIEW}/feedback", "/cds-services/none"):
        problem(ask(guarded, None, path), 401)


def test_a_refusal_says_nothing_of_why(guarded):
    said = {"path": "header.Authorization", "message": "must be one of these", "accepted": [SIGNED]}
    for authorization in (None, signed(VIEW, exp=FromNow(-600)), signed(VIEW, key=OTHER_EC_KEY)):
        document = problem(ask(guarded, authorization), 401)
        assert document["errors"] == [said]
    assert ask(guarded, None).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "token",
    [
        {},
        {"key": RSA_KEY, "alg": "RS384", "kid": "rsa"},
        {"aud": [f"{PUBLIC_URL}{VIEW}", "https://other.example"]},
        {"iat": FromNow(30)},
        {"exp": FromNow(-30)},
        {"nbf": FromNow(-300), "sub": "client"},
        {"tenant": "north"},
    ],
)
def test_a_good_token_is_answered(guarded, token):
    assert ask(guarded, signed(VIEW, **token)).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        {"exp": FromNow(-LEEWAY_SECONDS - 30)},
        {"iat": FromNow(LEEWAY_SECONDS + 60)},
        {"nbf": FromNow(LEEWAY_SECONDS + 60)},
        {"aud": PUBLIC_URL},
        {"aud": f"{PUBLIC_URL}/cds-services"},
        {"aud": []},
        {"aud": 7},
        {"iss": "https://evil.example"},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 7},
        {"exp": "soon"},
        {"exp": 1e400},
        {"key": OTHER_EC_KEY},
        {"kid": "rsa"},
        {"kid": "none"},
        {"kid": None},
        {"key": "x" * 64, "alg": "HS384"},
        {"key": RSA_KEY, "alg": "RS256", "kid": "rsa"},
        {"key": RSA_KEY, "alg": "PS384", "kid": "rsa"},
        *({name: None} for name in ("iss", "aud", "exp", "iat", "jti")),
    ],
)
def test_a_token_that_does_not_hold_is_refused(guarded, token):
    problem(ask(guarded, signed(VIEW, **token)), 401)


def test_a_token_without_a_signature_is_refused(guarded):
    unsigned = jwt.encode(claims(VIEW), None, algorithm="none", headers={"kid": "ec"})
    problem(ask(guarded, f"Bearer {unsigned}"), 401)


def test_a_public_key_is_never_taken_for_a_shared_secret(guarded):
    """The old trick: the token says HMAC, and its secret is the public key everybody knows."""
    said = jwt.utils.base64url_encode(json.dumps(claims(VIEW)).encode())
    head = jwt.utils.base64url_encode(b'{"alg":"HS384","kid":"ec"}')
    import hashlib
    import hmac

    secret = json.dumps(KEYS[0]).encode()
    sign = jwt.utils.base64url_encode(hmac.new(secret, head + b"." + said, hashlib.sha384).digest())
    problem(ask(guarded, f"Bearer {b'.'.join([head, said, sign]).decode()}"), 401)


@pytest.mark.parametrize("scheme", ["Basic", "", "Token"])
@pytest.mark.parametrize("token", ["", "a.b.c", "x", "\xe9"])
def test_what_is_no_token_is_refused(guarded, scheme, token):
    problem(ask(guarded, f"{scheme} {token}"), 401)
    problem(ask(guarded, f"Bearer {token}"), 401)


def test_a_token_is_for_one_address(guarded):
    problem(ask(guarded, signed("/cds-services/b12-order-sign")), 401)
    assert ask(guarded, signed(f"{VIEW}/feedback"), f"{VIEW}/feedback").status_code == 422


def test_a_token_is_taken_once(guarded):
    token = signed(VIEW)
    assert [ask(guarded, token).status_code for _ in range(3)] == [200, 401, 401]


def test_one_client_does_not_use_up_the_ids_of_another():
    seen, later = SeenTokens(most=2), time.time() + 600
    assert seen.is_new("a", "1", later)
    assert seen.is_new("b", "1", later)
    assert not seen.is_new("a", "1", later)


def test_ids_are_forgotten_when_their_token_is_too_old_or_there_are_too_many():
    seen, later = SeenTokens(most=2), time.time() + 600
    assert seen.is_new("a", "old", time.time() - 60)
    assert seen.is_new("a", "old", later)
    assert seen.is_new("a", "2", later)
    assert seen.is_new("a", "3", later)
    assert seen.is_new("a", "old", later)


def test_tenants_and_algorithms_can_be_narrowed(tmp_path):
    trust = trusting(tmp_path, tenants=["north"], algorithms=["RS384"])
    rs384 = {"key": RSA_KEY, "alg": "RS384", "kid": "rsa"}
    assert holds(trust, **rs384, tenant="north")
    assert not holds(trust, **rs384)
    assert not holds(trust, **rs384, tenant="south")
    assert not holds(trust, tenant="north")


def test_a_trust_file_takes_stronger_algorithms(tmp_path):
    trust = trusting(tmp_path, algorithms=["PS512"])
    assert holds(trust, key=RSA_KEY, alg="PS512", kid="rsa")
    assert not holds(trust)


def test_a_key_that_says_its_algorithm_is_for_that_one_only(tmp_path):
    keys = [{**public("ec", EC_KEY), "alg": "ES384"}, {**public("rsa", RSA_KEY), "alg": "RS512"}]
    trust = trusting(tmp_path, jwks={"keys": keys})
    assert holds(trust)
    assert not holds(trust, key=RSA_KEY, alg="RS384", kid="rsa")


def test_a_key_that_is_none_does_not_break_anything(tmp_path):
    trust = trusting(tmp_path, jwks={"keys": [{**public("ec", EC_KEY), "x": "!"}, KEYS[1]]})
    assert not holds(trust)
    assert holds(trust, key=RSA_KEY, alg="RS384", kid="rsa")


@pytest.mark.parametrize("iss", [["https://ehr.example.org"], {"a": 1}, 7, None])
def test_an_issuer_that_is_no_text_is_not_known(guarded, iss):
    said = json.dumps({**claims(VIEW), "iss": iss}).encode()
    token = jwt.PyJWS().encode(said, EC_KEY, algorithm="ES384", headers={"kid": "ec"})
    problem(ask(guarded, f"Bearer {token}"), 401)


def test_without_a_trust_file_anybody_may_call(post):
    assert post(call(prefetch(b12())), VIEW).status_code == 200


def test_nothing_of_a_token_is_logged_or_repeated(guarded, caplog):
    token = signed(VIEW, key=OTHER_EC_KEY, jti="Zebedee-4711")
    with caplog.at_level(logging.DEBUG):
        response = ask(guarded, token)
    secret = token.removeprefix("Bearer ")
    assert not any(part in response.text + caplog.text for part in (*secret.split("."), "Zebedee-4711"))


# Keys that are fetched


RS384 = {"key": RSA_KEY, "alg": "RS384", "kid": "rsa"}


def test_keys_are_fetched_kept_and_fetched_again_when_one_is_not_known(tmp_path, monkeypatch):
    with fhir_server() as server:
        server.answers["jwks"] = Answer({"keys": KEYS[:1]})
        trust = trusting(tmp_path, jwks=None, jku=f"{server.url}/jwks")
        assert [holds(trust) for _ in range(3)] == [True, True, True]
        assert len(server.asked) == 1
        server.answers["jwks"] = Answer({"keys": KEYS})
        assert not holds(trust, **RS384)
        assert len(server.asked) == 1, "no more often than every 30 seconds"
        later = time.monotonic() + 31
        monkeypatch.setattr("service.access.keys.time.monotonic", lambda: later)
        assert holds(trust, **RS384)
        assert len(server.asked) == 2


def test_nobody_whose_key_is_known_waits_for_a_server_of_keys(tmp_path, monkeypatch):
    monkeypatch.setattr("service.access.keys.FETCH_SECONDS", 20)
    with fhir_server() as server, ThreadPoolExecutor() as threads:
        server.answers["jwks"] = Answer({"keys": KEYS})
        trust = trusting(tmp_path, jwks=None, jku=f"{server.url}/jwks")
        assert holds(trust)
        server.answers["jwks"] = Answer({"keys": KEYS[1:]}, held=Event())
        monkeypatch.setattr("service.access.keys.FRESH_SECONDS", 0)
        fetching = threads.submit(holds, trust)
        wait_until(lambda: len(server.asked) == 2)
        monkeypatch.setattr("service.access.keys.FRESH_SECONDS", 300)
        assert holds(trust)
        assert not fetching.done()
        server.answers["jwks"].held.set()
        assert not fetching.result()


def test_those_whose_key_is_not_known_wait_for_one_answer_together(tmp_path, monkeypatch):
    monkeypatch.setattr("service.access.keys.FETCH_SECONDS", 20)
    with fhir_server() as server, ThreadPoolExecutor() as threads:
        server.answers["jwks"] = Answer({"keys": KEYS}, held=Event())
        trust = trusting(tmp_path, jwks=None, jku=f"{server.url}/jwks")
        asking = [threads.submit(holds, trust) for _ in range(4)]
        wait_until(lambda: len(server.asked) == 1)
        server.answers["jwks"].held.set()
        assert [one.result() for one in asking] == [True] * 4
        assert len(server.asked) == 1


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")


def test_keys_that_cannot_be_had_anew_stay_in_use(tmp_path, monkeypatch):
    with fhir_server() as server:
        server.answers["jwks"] = Answer({"keys": KEYS})
        trust = trusting(tmp_path, jwks=None, jku=f"{server.url}/jwks")
        assert holds(trust)
        server.answers["jwks"] = Answer(status=500)
        later = time.monotonic() + 1000
        monkeypatch.setattr("service.access.keys.time.monotonic", lambda: later)
        assert holds(trust)
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(raw=b"no JSON"),
        Answer({"keys": []}),
        Answer([]),
        Answer(status=302, headers={"Location": "https://evil.example/jwks"}),
        Answer(raw=b"x" * 300_000),
    ],
)
def test_keys_that_cannot_be_had_let_nobody_in(tmp_path, answer, caplog):
    with fhir_server() as server:
        server.answers["jwks"] = answer
        assert not holds(trusting(tmp_path, jwks=None, jku=f"{server.url}/jwks"))
        assert f"the keys at {server.url}/jwks cannot be had" in caplog.text


def test_the_address_of_keys_in_a_token_is_never_followed(tmp_path):
    with fhir_server() as server:
        headers = {"kid": "ec", "jku": f"{server.url}/jwks"}
        token = jwt.encode(claims(VIEW), OTHER_EC_KEY, algorithm="ES384", headers=headers)
        with pytest.raises(NotTrusted):
            trusting(tmp_path).verify(f"Bearer {token}", VIEW)
        assert server.asked == []


# The trust file


def test_a_trust_file_may_be_yaml(tmp_path):
    path = tmp_path / "trust.yaml"
    path.write_text(
        f"""
clients:
  {ISS}:
    jku: https://ehr.example.org/jwks.json
    tenants: [north]
    fhir_servers:
      - https://fhir.ehr.example.org/r4/
      - url: https://fhir.hospital.example/r4
        networks: [10.20.0.0/16, "fd00::/8"]
"""
    )
    assert open_trust(path, PUBLIC_URL, Outbound())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must be|Invalid input"),
        ("[]", "Invalid input"),
        ("clients: {}", "clients"),
        ("clients: {a: {}}", "needs either jku or jwks"),
        ("clients: {a: {jku: 'https://x.example', jwks: {keys: []}}}", "needs either jku or jwks"),
        ("clients: {a: {jwks: {keys: []}}}", "must be a key set"),
        ("clients: {a: {jwks: {keys: [{kty: EC, d: secret}]}}}", "public keys only"),
        ("clients: {a: {jwks: {keys: [{kty: oct, k: secret}]}}}", "public keys only"),
        ("clients: {a: {jwks: {keys: [{kty: EC, use: enc}]}}}", "no key for signatures"),
        ("clients: {a: {jku: 'ftp://x.example'}}", "absolute https address"),
        ("clients: {a: {jku: 'https://['}}", "absolute https address"),
        ("clients: {a: {jku: 'http://x.example'}}", "absolute https address"),
        ("clients: {a: {jku: 'http://localhost'}}", "absolute https address"),
        ("clients: {a: {jku: 'http://10.0.0.1'}}", "absolute https address"),
        ("clients: {a: {jku: 'https://u:p@x.example'}}", "absolute https address"),
        ("clients: {a: {jku: 'https://x.example', algorithms: [HS384]}}", "algorithms"),
        ("clients: {a: {jku: 'https://x.example', algorithms: [none]}}", "algorithms"),
        ("clients: {a: {jku: 'https://x.example', algorithms: []}}", "algorithms"),
        ("clients: {a: {jku: 'https://x.example', mystery: 1}}", "mystery"),
        ("clients: {a: {jku: 'https://x.example', doors: [cellar]}}", "doors"),
        ("clients: {a: {jku: {url: 'https://x.example', networks: [ten]}}}", "network"),
        (
            "clients: {a: {jku: 'https://x.example', fhir_servers: [{url: 'https://x', authority: /none}]}}",
            "certificates",
        ),
        ("clients: {a: 1, a: 2}", "cannot be read"),
    ],
)
def test_a_trust_file_that_cannot_be_used_stops_the_start(tmp_path, text, words):
    path = tmp_path / "trust.yaml"
    path.write_text(text)
    with pytest.raises(TrustFileError, match=words):
        open_trust(path, PUBLIC_URL, Outbound())


def test_a_trust_file_needs_to_be_there_and_to_know_the_public_address(tmp_path):
    with pytest.raises(TrustFileError, match="cannot be read"):
        open_trust(tmp_path / "none.yaml", PUBLIC_URL, Outbound())
    with pytest.raises(TrustFileError, match="B12CDS_PUBLIC_URL"):
        create_app(Settings(trust_file=trust_file(tmp_path)))
