"""The command line: assessments for people and programs, checks for rule authors, and the server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import requests
from click.testing import CliRunner, Result

from rules.library import SETS
from service.cli import main
from service.commands import demo
from service.report import render_report

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "patient.json"
BAD = '{"age": 999, "sex": "female", "labs": [{"test": "b12_total", "value": 142, "unit": "furlongs"}]}'
PATIENT = '{"age": 67, "sex": "female"}'


def run(runner: CliRunner, *arguments: Any, **options: Any) -> Result:
    return runner.invoke(main, [str(argument) for argument in arguments], **options)


def sections(page: str) -> list[str]:
    return [line for line in page.splitlines() if line and line == line.upper()]


# assess


def test_an_assessment_is_printed_for_people(runner):
    result = run(runner, "assess", EXAMPLE)
    assert result.exit_code == 0
    assert result.stdout.startswith("VITAMIN B12 DEFICIENCY: CONFIRMED\n")
    assert "142 ng/L" in result.stdout
    assert "Rheumatoid arthritis" in result.stdout
    assert "  [1] " in result.stdout
    assert "SOURCES" in sections(result.stdout)
    assert max(len(line) for line in result.stdout.splitlines() if "http" not in line) <= 100


def test_an_emergency_stands_before_everything_else(runner):
    stroke = {"code": "numbness", "laterality": "right", "since": "2026-11-25"}
    low = {"test": "b12_total", "value": 95, "unit": "pmol/L"}
    patient = {"age": 71, "sex": "female", "as_of": "2026-11-26", "symptoms": [stroke], "labs": [low]}
    page = run(runner, "assess", "-", input=json.dumps(patient)).stdout
    lines = page.splitlines()
    assert lines[:2] == [
        "RED FLAGS AND WARNINGS",
        "  - EMERGENCY: Could be a stroke: new weakness or numbness of one side",
    ]
    assert page.count("RED FLAGS AND WARNINGS") == 1
    assert lines[lines.index("VITAMIN B12 DEFICIENCY: CONFIRMED") - 1] == ""
    assert "OPTIONS TO CONSIDER" in lines


def test_a_source_that_was_superseded_is_called_so(runner):
    patient = {"age": 71, "sex": "female", "conditions": ["cancer"], "symptoms": ["back_pain", "leg_weakness"]}
    page = run(runner, "assess", "-", input=json.dumps(patient)).stdout
    assert "] Metastatic spinal cord compression in adults (CG75) (superseded)" in page


def test_units_are_printed_as_people_write_them(runner):
    patient = {"age": 71, "sex": "female", "labs": [{"test": "mma", "value": 0.9, "unit": "umol/L"}]}
    assert ": 0.9 µmol/L (limit" in run(runner, "assess", "-", input=json.dumps(patient)).stdout


def test_or_for_programs_one_line_a_patient(runner):
    result = run(runner, "assess", "--json", EXAMPLE, "-", input=PATIENT)
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["likelihood"]["level"] == "confirmed"
    assert second["likelihood"]["level"] == "undetermined"
    assert result.exit_code == 0


def test_it_says_the_same_as_the_service(runner, client):
    over_http = client.post("/v1/assessments?trace=true", data=EXAMPLE.read_bytes(), content_type="application/json")
    on_the_line = json.loads(run(runner, "assess", "--json", "--trace", EXAMPLE).stdout)
    assert on_the_line == over_http.get_json()


def test_a_refused_document_is_named_with_its_problems_and_the_others_go_on(runner, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(BAD)
    malformed = tmp_path / "malformed.json"
    malformed.write_text('{"age": 1, "age": 2}')
    result = run(runner, "assess", bad, malformed, EXAMPLE)
    assert result.exit_code == 1
    assert f"{bad}: age: must be 0 to 130" in result.stderr
    assert f"{bad}: labs[0].unit: " in result.stderr
    assert "(accepted: ng/L, " in result.stderr
    assert f"{malformed}: document: names one of its members twice" in result.stderr
    assert "furlongs" not in result.output
    assert "CONFIRMED" in result.stdout


def test_a_well_patient_gets_a_short_page(runner):
    result = run(runner, "assess", "-", input=PATIENT)
    assert "None in what was sent." in result.stdout
    assert len(result.stdout.splitlines()) < 20


def test_a_rule_set_can_be_pinned(runner):
    assert run(runner, "assess", "--rule-set", "1.0.0", EXAMPLE).exit_code == 0
    result = run(runner, "assess", "--rule-set", "9.9.9", EXAMPLE)
    assert result.exit_code == 2
    assert "1.0.0" in result.stderr


def test_a_trace_says_of_every_rule_why(runner):
    result = run(runner, "assess", "--trace", EXAMPLE)
    assert "EVERY RULE" in sections(result.stdout)
    assert "FIRED: " in result.stdout


def test_a_missing_file_is_a_mistake_of_use(runner):
    assert run(runner, "assess", "nowhere.json").exit_code == 2
    assert run(runner, "assess").exit_code == 2


def test_a_page_shows_everything_a_clinician_must_see():
    reason = {"label": "Low B12", "value": "142 ng/L", "limit": "180 ng/L", "citations": []}
    source = {"source": "guide", "title": "Guide", "locator": "1.2", "verified": "knowledge", "url": None}
    source["status"] = "current"
    answer = {
        "rule_set": {"version": "1.0.0", "profile": "uk-nice", "review": "unreviewed"},
        "likelihood": {
            "level": "undetermined",
            "reason": "insufficient_data",
            "basis": "none",
            "could_be": {"lowest": "undetermined", "highest": "confirmed"},
            "because": [],
            "assumes": [],
        },
        "flags": [
            {
                "severity": "urgent",
                "title": "Cord signs",
                "text": "Refer.",
                "because": [reason],
                "assumes": [],
                "citations": [source],
            }
        ],
        "differential": [
            {
                "condition": "rheumatoid_arthritis",
                "label": "Rheumatoid arthritis",
                "stance": "possible",
                "note": "Both may be present.",
                "for": [reason],
                "against": [],
                "missing": [{"label": "Swelling"}],
                "criteria": {"name": "ACR/EULAR 2010", "score": [0, 4], "needs": 6},
                "citations": [source],
            }
        ],
        "causes": [
            {
                "cause": "metformin",
                "label": "Metformin",
                "stance": "supported",
                "note": "Taken for years.",
                "for": [],
                "against": [],
                "missing": [],
                "citations": [],
            }
        ],
        "recommendations": [],
        "missing": [{"label": "MMA", "could_reach": "probable"}],
        "inputs": {
            "as_of": "2026-11-22",
            "used": [{"path": "labs[0]", "fact": "b12_total", "label": "Total B12", "value": "460 ng/L"}],
            "warnings": [{"path": "labs[0]", "message": "is over a year old"}],
            "unrecognized": [
                {"path": "conditions[0]", "name": "gout", "did_you_mean": []},
                {"path": "medications[0]", "name": "metforminn", "did_you_mean": ["metformin"]},
            ],
            "unused": [{"path": "labs[1]", "reason": "no rule reads it"}],
        },
        "notice": "Not a diagnosis.",
    }
    page = render_report(answer, width=60)
    assert page.splitlines()[:2] == [
        "VITAMIN B12 DEFICIENCY: UNDETERMINED",
        "  Too little is known to say anything.",
    ]
    for line in (
        "With what is still unknown it could be anything from",
        "  - URGENT: Cord signs [1.1]",
        "    Because: Low B12: 142 ng/L (limit 180 ng/L).",
        "Red flags".upper(),
        "  - Rheumatoid arthritis: POSSIBLE [1.1]",
        "    Not known: Swelling.",
        "    ACR/EULAR 2010: 0 to 4 points, 6 needed.",
        "  - Metformin: SUPPORTED",
        "  - MMA (could make it probable)",
        "  Take care: Total B12: is over a year old.",
        '  - conditions[0]: "gout" is not known here',
        "mean metformin?",
        "      1.1 1.2 (from knowledge, not read)",
        "Not a diagnosis.",
    ):
        assert line in page
    assert "OPTIONS TO CONSIDER" not in page
    assert max(map(len, page.splitlines())) <= 60


# check and show


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A copy of the first rule set as if it were in use, to be broken; without the lock, which would notice."""
    copy = Path(shutil.copytree(SETS / "1.0.0", tmp_path / "sets" / "1.0.0"))
    manifest = copy / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("status: retired", "status: active"))
    return copy.parent


def test_the_rule_sets_that_are_shipped_hold(runner):
    result = run(runner, "check")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_rule_set_that_does_not_load_is_told_with_its_place(runner, sets):
    (sets / "1.0.0" / "rules" / "flags.yaml").write_text("hot-joint: {titel: x}\n")
    result = run(runner, "check", sets)
    assert result.exit_code == 1
    assert "1.0.0/rules/flags.yaml:1: unknown key 'titel'; did you mean 'title'?" in result.stderr


@pytest.mark.parametrize(
    ("expected", "given", "told"),
    [
        ("unlikely", "{age: 40}", "'somebody' has level undetermined, not unlikely"),
        ("unlikely", "{age: 400}", "the summary is refused: age must be 0 to 130"),
    ],
)
def test_a_vignette_that_does_not_hold_is_told_with_its_place(runner, sets, expected, given, told):
    vignette = f"somebody:\n  story: Somebody.\n  given: {given}\n  expect: {{level: {expected}}}\n"
    (sets / "1.0.0" / "vignettes" / "somebody.yaml").write_text(vignette)
    result = run(runner, "check", sets)
    assert result.exit_code == 1
    assert "1.0.0/vignettes/somebody.yaml:" in result.stderr
    assert told in result.stderr


def test_a_vignette_that_cannot_be_read_is_told_with_its_place(runner, sets):
    (sets / "1.0.0" / "vignettes" / "somebody.yaml").write_text("somebody: {story: x}\n")
    assert "somebody.yaml:1: 'given' is missing" in run(runner, "check", sets).stderr


@pytest.mark.parametrize("kind", ["likelihood", "flag", "recommendation"])
def test_a_rule_is_shown_in_plain_sentences(runner, client, kind):
    rules = client.get("/v1/rule-sets/1.0.0").get_json()["rules"]
    rule = next(rule for rule in rules if rule["concludes"] == kind)
    result = run(runner, "show", rule["id"], "--rule-set", "1.0.0")
    assert result.exit_code == 0
    flat = " ".join(result.stdout.split())
    assert rule["title"] in flat
    assert {"THEN", "DO NOT BELIEVE IT", "SOURCES"} <= set(sections(result.stdout))


def test_an_unknown_rule_is_answered_with_near_ones(runner):
    result = run(runner, "show", "b12-total-deficiant")
    assert result.exit_code == 2
    assert "b12-total-deficient" in result.stderr


# openapi and serve


def test_the_contract_is_printed_or_written(runner, monkeypatch, tmp_path):
    monkeypatch.setattr("service.openapi.document.build_yaml", lambda: "openapi: 3.1.0 µ\n")
    assert run(runner, "openapi").stdout == "openapi: 3.1.0 µ\n"
    monkeypatch.setattr("service.cli.contract_file", lambda: tmp_path / "openapi.yaml")
    assert run(runner, "openapi", "--write").stdout == ""
    assert (tmp_path / "openapi.yaml").read_text(encoding="utf-8") == "openapi: 3.1.0 µ\n"


def test_serving_hands_over_to_gunicorn(runner, monkeypatch):
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, command: started.append([path, *command[1:]]))
    run(runner, "serve")
    run(runner, "serve", "--port", "8123")
    for command in started:
        assert command[0] == sys.executable
        assert command[-1] == "service.wsgi:app"
    assert "--bind" not in started[0]
    assert started[1][started[1].index("--bind") + 1] == "127.0.0.1:8123"


# demo


@pytest.fixture
def demonstration() -> Iterator[subprocess.Popen[str]]:
    """The demonstration as a shell starts it in the background: with Ctrl-C ignored."""
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    command = [*ignoring, sys.executable, "-c", "from service.cli import main; main()", "demo", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        yield process
        process.terminate()


def test_the_demonstration_assesses_over_http_and_serves_until_told_to_stop(demonstration):
    lines = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(demonstration.stdout.readline())
        assert lines[-1], demonstration.stderr.read()
    origin, page, contract = (word.rstrip(",).") for word in lines[-1].split() if word.startswith("http"))
    assert (page, contract) == (f"{origin}/", f"{origin}/docs")
    assert requests.get(f"{origin}/healthz", timeout=10).ok
    demonstration.send_signal(signal.SIGINT)
    assert demonstration.wait(60) == 0
    assert "CONFIRMED" in "".join(lines)
    assert "Traceback" not in demonstration.stderr.read()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{origin}/healthz", timeout=10)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the demonstration prints; where it would wait for Ctrl-C, the signal comes at once."""
    lines: list[str] = []

    def echo(text: str) -> None:
        lines.append(text)
        if "Ctrl-C" in text:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(demo.click, "echo", echo)
    return lines


def test_a_demonstration_that_is_terminated_stops_the_service_too(spoken):
    demo.run_demo(0)
    assert spoken[-1] == "\nStopping."
    assert "VITAMIN B12 DEFICIENCY" in "".join(spoken)


def test_a_port_in_use_is_told_at_once(runner):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(runner, "demo", "--port", port)
    assert result.exit_code == 1
    assert f"port {port} cannot be used: Address already in use. Choose another one." in result.stderr


def test_a_service_that_does_not_start_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("B12CDS_RULE_SETS", str(tmp_path / "nowhere"))
    with pytest.raises(click.ClickException, match="did not get ready"):
        demo.run_demo(0)


def test_a_service_that_stops_by_itself_is_told(spoken, monkeypatch):
    def stop(_session: Any, _origin: str) -> str:
        servers[0].kill()
        return ""

    servers: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen
    monkeypatch.setattr(demo, "_assess_example", stop)
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: servers.append(start(*a, **k)) or servers[0])
    monkeypatch.setattr(demo.click, "echo", spoken.append)
    with pytest.raises(click.ClickException, match="stopped by itself"):
        demo.run_demo(0)
