"""What is shipped beside the code: every dependency with its reason, an image and manifests that give nothing away."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
MANIFESTS = ROOT / "deploy" / "kubernetes"
NAME = re.compile(r"[A-Za-z0-9._-]+")


def canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", NAME.match(requirement)[0]).lower()


def declared() -> Iterator[tuple[str, str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = {"run": project["dependencies"], **project["optional-dependencies"]}
    return ((canonical(requirement), part) for part, requirements in parts.items() for requirement in requirements)


def reasons() -> list[dict[str, str]]:
    with (ROOT / "deploy" / "dependencies.csv").open(newline="") as rows:
        return list(csv.DictReader(rows))


def test_every_dependency_has_its_reason_and_every_reason_its_dependency():
    given = [(canonical(row["package"]), row["part"]) for row in reasons()]
    assert sorted(given) == sorted(declared())
    assert all(len(row["reason"]) > 10 for row in reasons())


@pytest.mark.parametrize(
    ("lock", "parts"),
    [
        ("requirements.lock", {"run"}),
        ("requirements-dev.lock", {"run", "dev", "otel"}),
        ("requirements-checks.lock", {"run", "dev", "checks"}),
        ("requirements-otel.lock", {"run", "otel"}),
    ],
)
def test_what_is_locked_is_asked_for_by_us_or_by_something_that_is(lock, parts):
    text = (ROOT / lock).read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    asked_for = {name for name, part in declared() if part in parts}
    locked = {canonical(entry) for entry in entries}
    assert asked_for <= locked
    for entry in entries:
        assert "--hash=sha256:" in entry
        by = {canonical(line) for line in re.findall(r"#(?: via)? +([A-Za-z0-9][^\n(]*)", entry) if line != "via"}
        assert by & (locked | {"b12cds"}), canonical(entry)


# The image


def test_the_image_installs_by_hash_and_runs_as_nobody():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes --only-binary :all:" in dockerfile
    assert dockerfile.startswith("# ")
    stages = dockerfile.split("\nFROM ")
    assert [stage.split()[0] for stage in stages[1:]] == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]
    assert "USER 10001:10001" in stages[-1].split("HEALTHCHECK")[0]


def test_everything_the_image_copies_reaches_the_build():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE) for name in line.split()
    }
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


# The manifests


def manifests() -> dict[str, Any]:
    documents = (YAML(typ="safe").load(path) for path in sorted(MANIFESTS.glob("*.yaml")))
    return {document["kind"]: document for document in documents}


def test_kustomize_finds_every_manifest():
    named = manifests()["Kustomization"]["resources"]
    assert sorted(named) == sorted(path.name for path in MANIFESTS.glob("*.yaml") if path.name != "kustomization.yaml")


def test_the_pod_may_do_nothing_but_answer():
    pod = manifests()["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    environment = {entry["name"]: entry for entry in container["env"]}
    assert environment["B12CDS_ALLOW_ANONYMOUS"]["value"] == "false"
    (mount,) = (mount for mount in container["volumeMounts"] if mount["name"] == "access")
    assert environment["B12CDS_API_KEYS"]["value"] == f"{mount['mountPath']}/API_KEYS"
    assert {"name": "access", "secret": {"secretName": "b12cds-access"}} in pod["volumes"]


def test_nothing_leaves_the_pod():
    policy = manifests()["NetworkPolicy"]["spec"]
    assert "Egress" in policy["policyTypes"]
    assert policy["egress"] == []


def test_every_manifest_means_the_same_pods():
    found = manifests()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    assert all(selector == labels for selector in selectors)
    assert found["ServiceMonitor"]["spec"]["selector"]["matchLabels"] == found["Service"]["metadata"]["labels"]


def test_compose_shuts_the_service_in_and_lets_nobody_in_unasked():
    composed = YAML(typ="safe").load(ROOT / "compose.yaml")
    service = composed["services"]["b12cds"]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["environment"]["B12CDS_ALLOW_ANONYMOUS"] == "false"
    assert service["environment"]["B12CDS_API_KEYS"] == "/run/secrets/api_keys"
    assert composed["secrets"]["api_keys"]["file"].startswith("${B12CDS_API_KEYS:?")
    assert service["ports"] == ["127.0.0.1:8000:8000"]


def test_every_example_alert_is_tried_where_it_should_fire_and_where_it_should_not():
    """`make alerts` runs these trials by Prometheus's own tool."""
    given = YAML(typ="safe").load(ROOT / "examples" / "alerts.yaml")["groups"][0]["rules"]
    trials = YAML(typ="safe").load(ROOT / "tests" / "alerts" / "alerts.test.yaml")["tests"]
    tried = {(one["alertname"], bool(one["exp_alerts"])) for trial in trials for one in trial["alert_rule_test"]}
    assert tried == {(alert["alert"], fires) for alert in given for fires in (True, False)}
