"""Canaries: patients with known answers, asked at the start and whenever somebody asks whether the service is ready."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from rules import Library, RuleSetError
from rules.library import SETS
from rules.model import LEVELS
from service import create_app, selftest
from service.cli import main
from service.selftest import SelfTest, choose_canaries
from service.settings import Settings


def test_there_is_a_canary_for_every_level_and_for_an_emergency(runner):
    canaries = list(choose_canaries(Library.open()))
    assert [canary.expect["level"] for canary in canaries[:5]] == list(LEVELS)
    assert len(canaries) == 6
    assert canaries[5].expect["flags"]
    result = runner.invoke(main, ["selftest"])
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 6


def test_a_ready_service_names_its_canaries(client):
    assert len(client.get("/readyz").get_json()["canaries"]) == 6


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Rule sets whose limit for deficiency somebody moved."""
    sets = Path(shutil.copytree(SETS, tmp_path / "sets", ignore=shutil.ignore_patterns("LOCK")))
    path = sets / Library.open().active.manifest.version / "findings" / "laboratory.yaml"
    text = path.read_text(encoding="utf-8")
    assert "is: b12_total < 180 ng/L (133 pmol/L)" in text
    path.write_text(text.replace("is: b12_total < 180 ng/L (133 pmol/L)", "is: b12_total < 18 ng/L (13.3 pmol/L)"))
    return sets


def test_a_service_whose_canaries_fail_does_not_start_and_the_command_says_why(wrong, runner, monkeypatch):
    with pytest.raises(RuleSetError, match="self-test") as caught:
        create_app(Settings(rule_sets=wrong))
    assert "not confirmed" in str(caught.value)
    library = Library.open(wrong)
    monkeypatch.setattr("service.cli.open_library", lambda: library)
    result = runner.invoke(main, ["selftest"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not confirmed" in result.stderr


def test_one_whose_canaries_begin_to_fail_is_no_longer_ready_but_lives(app, monkeypatch):
    client = app.test_client()
    asked: list[Any] = []
    test = app.extensions[selftest.SELF_TEST]

    def fail(*arguments: Any) -> list[str]:
        asked.append(arguments)
        return ["bands.yaml:1: 'somebody' has level unlikely, not confirmed"]

    monkeypatch.setattr(selftest, "failed_vignettes", fail)
    monkeypatch.setattr(test, "_asked", float("-inf"))
    monkeypatch.setattr(test, "_failures", [])
    for _ in range(3):
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.get_json(force=True)["errors"][0]["path"] == "self_test"
    assert len(asked) == 1
    assert client.get("/healthz").status_code == 200


def test_without_a_rule_set_there_is_nothing_to_ask(tmp_path):
    assert SelfTest.of(Library.open(tmp_path)) is None
