"""Asking the FHIR server of a client: only one that is listed, only in time, and never anybody else."""

import logging
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from schemas.cds_hooks.chart import Chart
from schemas.cds_hooks.request import load_hook_request
from schemas.cds_hooks.services import PREFETCH, SERVICES
from service import create_app
from service import prefetch as gathering
from service.access.keys import GivenKeys
from service.access.trust import TrustedClient
from service.outbound.client import Destination, Outbound, Unreachable
from service.prefetch import MOST_PAGES, access_for, gather
from service.refusal import Refusal
from service.settings import Settings
from tests.client_tokens import PUBLIC_URL, signed, trust_file
from tests.fhir_server import Answer, FhirServer, certificate, fhir_server
from tests.hook_calls import METFORMIN, b12, bundle, call, medicine, patient, prefetch, result

VIEW = "/cds-services/b12-patient-view"
TOKEN = "tok-Zebedee-4711"  # noqa: S105  # made up
RECORD = {
    "Patient/": Answer(patient()),
    "Observation?": Answer(bundle(b12())),
    "Condition?": Answer(bundle()),
    "MedicationRequest?": Answer(bundle(medicine(METFORMIN, "metformin"))),
}


@pytest.fixture
def server():
    with fhir_server() as running:
        running.answers.update(RECORD)
        yield running


@pytest.fixture(autouse=True)
def plenty_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is tested where it is the subject, not by how busy the machine is."""
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 20)


@dataclass
class Names:
    """Names that were looked up, and when they are answered."""

    held: Event = field(default_factory=Event)
    asked: list[str] = field(default_factory=list)


def asked(server: str, record: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    authorization = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": "x", "subject": "y"}
    return call(record, **{"fhirServer": server, "fhirAuthorization": authorization, **changes})


def trusting(*servers: str) -> TrustedClient:
    return TrustedClient("https://ehr.example.org", GivenKeys(()), fhir_servers=tuple(map(Destination, servers)))


def gathered(document: dict[str, Any], client: TrustedClient | None, *, loopback: bool = True) -> Chart:
    request = load_hook_request(document, SERVICES["b12-patient-view"])
    return gather(request, access_for(request, client, Outbound(loopback)))


def refused(document: dict[str, Any], client: TrustedClient | None, *, loopback: bool = True) -> bool:
    with pytest.raises(Refusal) as refusal:
        gathered(document, client, loopback=loopback)
    return refusal.value.status == 412


# What is asked


def test_the_parts_that_were_not_sent_are_asked_for_with_the_token(server):
    chart = gathered(asked(server.url), trusting(server.url))
    assert sorted(server.paths()) == sorted(
        query.replace("{{context.patientId}}", "pat-1") for query in PREFETCH.values()
    )
    assert {headers["Authorization"] for _, headers in server.asked} == {f"Bearer {TOKEN}"}
    assert {headers["Host"] for _, headers in server.asked} == {f"127.0.0.1:{server.port}"}
    assert [len(part.pages) for part in chart.values()] == [1, 1, 1, 1]
    assert not any(part.missing or part.cut for part in chart.values())


def test_what_was_sent_is_not_asked_for_again(server):
    gathered(asked(server.url, prefetch(b12())), trusting(server.url))
    assert server.asked == []


def test_neither_is_what_the_client_could_not_give_or_knows_to_be_empty(server):
    record = prefetch(b12(), conditions={"resourceType": "OperationOutcome"}, medications=None)
    gathered(asked(server.url, record), trusting(server.url))
    assert server.asked == []


@pytest.mark.parametrize("answer", [{}, patient(), {"resourceType": "Bundle", "entry": {"resource": b12()}}])
def test_what_is_no_answer_to_what_was_asked_says_nothing(server, answer):
    server.answers["Condition?"] = Answer(answer)
    chart = gathered(asked(server.url), trusting(server.url))
    assert chart["conditions"].missing
    server.answers["Observation?"] = Answer(answer)
    assert refused(asked(server.url), trusting(server.url))


@pytest.mark.parametrize("somebody", [patient(id="pat-2"), bundle(patient(id="pat-2"))])
def test_a_record_of_somebody_else_is_no_answer(server, somebody):
    server.answers["Patient/"] = Answer(somebody)
    assert refused(asked(server.url), trusting(server.url))
    server.answers["Patient/"] = Answer(patient())
    server.answers["Observation?"] = Answer(bundle(b12(), somebody))
    assert refused(asked(server.url), trusting(server.url))


def test_a_base_address_may_end_in_a_slash(server):
    assert gathered(asked(f"{server.url}/"), trusting(server.url))["patient"].pages


def test_over_http_the_whole_way(server, tmp_path):
    settings = Settings(
        public_url=PUBLIC_URL, trust_file=trust_file(tmp_path, fhir_servers=[server.url]), loopback_fhir=True
    )
    client = create_app(settings).test_client()
    response = client.post(VIEW, json=asked(server.url), headers={"Authorization": signed(VIEW)})
    assert response.status_code == 200
    (card,) = response.get_json()["cards"]
    assert "142 pg/mL" in card["detail"]
    assert "Continue metformin" in card["detail"]
    assert len(server.asked) == 4
    server.answers.clear()
    response = client.post(VIEW, json=asked(server.url), headers={"Authorization": signed(VIEW)})
    assert response.status_code == 412


# Pages


def paged(server: FhirServer, pages: int) -> None:
    """Results on so many pages, each with a result of its own."""
    for page in range(1, pages + 1):
        following = f"{server.url}/Observation?page={page + 1}" if page < pages else None
        found = bundle(result(f"code-{page}", page, "mg"), following=following)
        server.answers = {f"Observation?page={page}": Answer(found), **server.answers}
    server.answers["Observation?patient"] = server.answers["Observation?page=1"]
    server.answers.pop("Observation?")


def test_pages_are_followed(server):
    paged(server, 3)
    labs = gathered(asked(server.url), trusting(server.url))["labs"]
    assert (len(labs.pages), labs.cut) == (3, False)


def test_pages_of_what_was_sent_are_followed_too(server):
    paged(server, 3)
    record = prefetch(b12(), labs=bundle(b12(), following=f"{server.url}/Observation?page=2"))
    labs = gathered(asked(server.url, record), trusting(server.url))["labs"]
    assert (len(labs.pages), labs.cut) == (3, False)
    assert server.paths() == ["Observation?page=2", "Observation?page=3"]


def test_an_address_of_a_page_may_be_relative(server):
    paged(server, 2)
    record = prefetch(b12(), labs=bundle(b12(), following="Observation?page=2"))
    assert len(gathered(asked(server.url, record), trusting(server.url))["labs"].pages) == 2


def test_pages_that_never_end_do(server):
    endless = bundle(b12(), following=f"{server.url}/Observation?patient=again")
    server.answers["Observation?"] = Answer(endless)
    labs = gathered(asked(server.url), trusting(server.url))["labs"]
    assert (len(labs.pages), labs.cut) == (MOST_PAGES, True)


@pytest.mark.parametrize("first_page_sent", [True, False])
def test_a_page_on_another_host_is_never_asked_for(server, first_page_sent):
    with fhir_server() as other:
        other.answers.update(RECORD)
        elsewhere = bundle(b12(), following=f"{other.url}/Observation?page=2")
        server.answers["Observation?"] = Answer(elsewhere)
        record = prefetch(b12(), labs=elsewhere) if first_page_sent else None
        labs = gathered(asked(server.url, record), trusting(server.url, other.url))["labs"]
        assert (len(labs.pages), labs.cut) == (1, True)
        assert other.asked == []


@pytest.mark.parametrize("link", ["https://[", "javascript:alert(1)", "http://127.0.0.1:1/x\n", "//evil.example/x"])
def test_an_address_of_a_page_that_is_none_is_not_followed(server, link):
    record = prefetch(b12(), labs=bundle(b12(), following=link))
    labs = gathered(asked(server.url, record), trusting(server.url))["labs"]
    assert (len(labs.pages), labs.cut) == (1, True)
    assert server.asked == []


# Who is never asked


def test_without_trust_token_or_server_nobody_is_asked(server):
    assert refused(asked(server.url), None)
    assert refused(asked(server.url), trusting())
    assert refused(asked(server.url, fhirAuthorization=None), trusting(server.url))
    assert refused(call(None), trusting(server.url))
    assert refused(asked(server.url), trusting(server.url), loopback=False)
    assert server.asked == []


@pytest.mark.parametrize(
    "listed",
    [
        "http://127.0.0.1:{port}/other",
        "http://127.0.0.1:{port}/fhirother",
        "http://127.0.0.1:1/fhir",
        "https://127.0.0.1:{port}/fhir",
        "http://localhost:{port}/fhir",
        "http://[::1]:{port}/fhir",
    ],
)
def test_only_the_very_server_that_is_listed_is_asked(server, listed):
    assert refused(asked(server.url), trusting(listed.format(port=server.port)))
    assert server.asked == []


@pytest.mark.parametrize(
    "sent",
    [
        "http://169.254.169.254/latest",
        "http://127.0.0.1@evil.example/fhir",
        "http://evil.example#{url}",
        "http://127.0.0.1:{port}\\@evil.example/fhir",
        "http://127.0.0.1:{port}/fhir/../admin",
        "http://127.0.0.1:{port}/fhir/%2e%2e/admin",
        "http://127.0.0.1:{port}/fhir?x=",
        "http://127.0.0.1:{port}/fhir#",
        "http://2130706433:{port}/fhir",
        "http://127.1:{port}/fhir",
        "http://[",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/fhir",
    ],
)
def test_an_address_made_to_look_like_a_listed_one_is_not_asked(server, sent):
    assert refused(asked(sent.format(port=server.port, url=server.url)), trusting(server.url))
    assert [path for path in server.paths() if not path.startswith(tuple(RECORD))] == []


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("loopback", [True, False])
def test_a_name_that_leads_to_the_loopback_is_refused_even_when_it_is_listed(server, host, scheme, loopback):
    url = f"{scheme}://{host}:{server.port}/fhir"
    assert refused(asked(url), trusting(url), loopback=loopback)
    assert server.asked == []


NOT_PUBLIC = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
::1 :: fe80::1 fd00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001::1
"""


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_refused(monkeypatch, address):
    """The name lookup is the one thing that cannot be run here: no name server is ours to teach."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    bad = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    reached: list[Any] = []
    monkeypatch.setattr("service.outbound.client._read", lambda *_args, **_options: reached.append(1))
    for answer in (bad, [*found, *bad], [*bad, *found]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, answer=answer, **_options: answer)
        with pytest.raises(Unreachable, match="not allowed"):
            fetch(Destination("https://fhir.example.org/r4"), Outbound(loopback=True))
    assert reached == []


def fetch(server: Destination, outbound: Outbound, path: str = "/Patient/pat-1") -> bytes:
    return outbound.get(f"{server.url}{path}", server, {}, until=time.monotonic() + 20, most=10_000)


def test_a_name_that_leads_nowhere_is_refused():
    with pytest.raises(Unreachable):
        fetch(Destination("https://fhir.invalid/r4"), Outbound())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(server, status):
    with fhir_server() as other:
        other.answers.update(RECORD)
        for start in RECORD:
            server.answers[start] = Answer(status=status, headers={"Location": f"{other.url}/{start}"})
        assert refused(asked(server.url), trusting(server.url, other.url))
        assert other.asked == []


# TLS, on the one private network that is listed


def secure(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    pem, key = certificate(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context, pem


def test_a_listed_network_and_authority_make_a_private_server_reachable(tmp_path):
    context, pem = secure(tmp_path, "localhost")
    with fhir_server(context, "localhost") as server:
        server.answers.update(RECORD)
        listed = Destination(server.url, (ip_network("127.0.0.0/8"), ip_network("::1/128")), pem)
        assert b"pat-1" in fetch(listed, Outbound())
        assert server.asked[0][1]["Host"] == f"localhost:{server.port}"


def test_a_certificate_of_another_name_or_authority_is_refused(tmp_path):
    networks = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    context, pem = secure(tmp_path, "other.example")
    with fhir_server(context, "localhost") as server:
        server.answers.update(RECORD)
        for authority in (pem, None):
            with pytest.raises(Unreachable, match="did not answer"):
                fetch(Destination(server.url, networks, authority), Outbound())
        assert server.asked == []


# What comes back, or does not


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=401),
        Answer(status=404),
        Answer(status=500),
        Answer(status=204),
        Answer(raw=b"no JSON"),
        Answer(raw=b"[]"),
        Answer(raw=b'{"a": 1, "a": 2}'),
        Answer(raw=b'{"a": "' + b"x" * 1_100_000 + b'"}'),
        Answer({"resourceType": "OperationOutcome"}),
    ],
)
def test_an_answer_that_is_none_is_as_if_nobody_answered(server, answer):
    server.answers["Condition?"] = answer
    chart = gathered(asked(server.url), trusting(server.url))
    assert (chart["conditions"].missing, chart["labs"].missing) == (True, False)
    server.answers["Patient/"] = answer
    assert refused(asked(server.url), trusting(server.url))


def test_a_server_that_is_down_is_412(server):
    with fhir_server() as gone:
        url = gone.url
    assert refused(asked(url), trusting(url))


@pytest.mark.parametrize("how", [{"delay": 3}, {"drip": 0.05}])
def test_one_deadline_stands_for_all_that_is_asked(server, how, monkeypatch):
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 0.4)
    for start, answer in RECORD.items():
        server.answers[start] = Answer(answer.document, **how)
    started = time.monotonic()
    assert refused(asked(server.url), trusting(server.url))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("secured", [True, False])
@pytest.mark.parametrize("how", [{"delay": 4}, {"drip": 0.1}, {"drip_headers": 0.1}])
def test_an_answer_that_comes_byte_by_byte_is_given_up_at_the_deadline(tmp_path, secured, how):
    context, pem = secure(tmp_path, "localhost") if secured else (None, None)
    with fhir_server(context, "localhost" if secured else "127.0.0.1") as server:
        server.answers["Patient/"] = Answer(patient(), **how)
        listed = Destination(server.url, (ip_network("127.0.0.0/8"), ip_network("::1/128")), pem)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            Outbound(loopback=True).get(f"{server.url}/Patient/pat-1", listed, {}, until=started + 0.4, most=10_000)
        assert time.monotonic() - started < 2


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    """The system's own look-up of names, which answers once `held` is set."""
    real, slow = socket.getaddrinfo, Names()

    def look_up(host: str, *args: Any, **options: Any) -> Any:
        slow.asked.append(host)
        slow.held.wait(60)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield slow
    slow.held.set()


def test_a_name_that_is_long_looked_up_is_given_up_at_the_deadline(names):
    started = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        Outbound().get("https://localhost/x", Destination("https://localhost/"), {}, until=started + 0.2, most=10_000)
    assert time.monotonic() - started < 2


def test_a_name_is_looked_up_once_at_a_time_and_all_who_wait_get_the_answer(tmp_path, names):
    context, pem = secure(tmp_path, "localhost")
    with fhir_server(context, "localhost") as server, ThreadPoolExecutor(8) as callers:
        server.answers.update(RECORD)
        listed = Destination(server.url, (ip_network("127.0.0.0/8"), ip_network("::1/128")), pem)
        waiting = [callers.submit(fetch, listed, Outbound()) for _ in range(8)]
        done, _ = wait(waiting, 0.3)
        assert done == set()
        names.held.set()
        assert all(b"pat-1" in caller.result() for caller in waiting)
        assert names.asked.count("localhost") == 1
        assert b"pat-1" in fetch(listed, Outbound())
        assert names.asked.count("localhost") == 2


def test_what_is_late_is_missing_and_the_rest_is_there(server, monkeypatch):
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 2)
    server.answers["Condition?"] = Answer(bundle(), delay=6)
    chart = gathered(asked(server.url), trusting(server.url))
    assert (chart["conditions"].missing, chart["labs"].missing) == (True, False)


def test_a_fault_of_ours_is_logged_by_its_kind_and_place_alone(server, monkeypatch, caplog):
    def fail(*_args: Any, **_options: Any) -> None:
        raise KeyError(TOKEN)

    monkeypatch.setattr(Outbound, "get", fail)
    assert refused(asked(server.url), trusting(server.url))
    faults = [line for line in caplog.messages if "KeyError at test_cds_hooks_fhir_server.py" in line]
    assert sorted(line.split(" failed")[0] for line in faults) == [
        f"request for the {key} of a record" for key in sorted(PREFETCH)
    ]
    assert TOKEN not in caplog.text


# Privacy


def test_nothing_of_what_is_asked_is_ever_logged(server, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        gathered(asked(server.url), trusting(server.url))
        server.answers.clear()
        assert refused(asked(server.url), trusting(server.url))
    assert len(server.asked) == 8
    assert TOKEN not in caplog.text
    assert "pat-1" not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_no_description_of_a_call_shows_its_token():
    request = load_hook_request(asked("https://fhir.example.org/r4"), SERVICES["b12-patient-view"])
    access = access_for(request, trusting("https://fhir.example.org/r4"), Outbound())
    assert TOKEN not in repr(request) + repr(access)
