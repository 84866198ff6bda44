"""Versions from the outside: compared over HTTP and on the command line, checked, published and overdue."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import schemas
from rules import Library, RuleSetError
from rules.library import changed_files, read_lock, write_lock
from rules.publishing import publish, unlocked
from service import create_app
from service.checking import failed_promises, left_undone
from service.cli import main
from service.review.changes import render_changes
from service.settings import Settings
from tests.test_library import add_set, rewrite
from tests.version_helpers import DEFICIENT, NEW, OLD, two_versions

HIGHER = {"findings/laboratory.yaml": (DEFICIENT, "is: b12_total < 200 ng/L (148 pmol/L)")}
LIMIT = "Finding b12_total_deficient: limit 180 ng/L (133 pmol/L) became 200 ng/L (148 pmol/L)"
PATIENT = {"age": 67, "sex": "female", "as_of": "2026-01-15"}


@pytest.fixture(scope="module")
def sets(tmp_path_factory) -> Path:
    """The shipped set, and a draft with a higher cut-off under a minor version number."""
    return two_versions(tmp_path_factory.mktemp("sets"), HIGHER)


@pytest.fixture(scope="module")
def served(sets: Path) -> Any:
    return create_app(Settings(rule_sets=sets)).test_client()


def run(runner: Any, *arguments: Any) -> Result:
    return runner.invoke(main, [str(argument) for argument in arguments])


# Over HTTP and on the command line


def test_a_difference_is_answered_in_the_shape_of_the_contract(served):
    answer = served.get(f"/v1/rule-sets/{OLD}/diff?to={NEW}")
    document = answer.get_json()
    assert answer.status_code == 200
    assert answer.headers["Rule-Set-Version"] == OLD
    assert schemas.DifferenceSchema().validate(document) == {}
    names = [field.data_key or name for name, field in schemas.DifferenceSchema().fields.items()]
    assert list(document) == names
    assert LIMIT in [change["says"] for change in document["changes"]]
    assert (document["required"], document["taken"], document["enough"]) == ("major", "minor", False)
    assert document["vignettes"]["changed"]
    again = served.get(f"/v1/rule-sets/{OLD}/diff?to={NEW}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_set_beside_itself_has_no_difference(served):
    document = served.get(f"/v1/rule-sets/{OLD}/diff?to={OLD}").get_json()
    assert (document["required"], document["changes"], document["vignettes"]["changed"]) == ("none", [], [])
    assert "nothing changed" in render_changes(document)


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        (f"/v1/rule-sets/9.9.9/diff?to={NEW}", 404, "path.version"),
        (f"/v1/rule-sets/{OLD}/diff?to=9.9.9", 404, "query.to"),
        (f"/v1/rule-sets/{OLD}/diff", 422, "query.to"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_exists(served, path: str, status: int, where: str):
    answer = served.get(path)
    assert answer.status_code == status
    (error,) = answer.get_json()["errors"]
    assert (error["path"], error["accepted"]) == (where, [OLD, NEW])


def test_the_command_line_says_the_same_as_the_service(runner, sets, served):
    over_http = served.get(f"/v1/rule-sets/{OLD}/diff?to={NEW}").get_json()
    assert json.loads(run(runner, "diff", OLD, NEW, "--json", "--sets", sets).stdout) == over_http
    page = render_changes(over_http)
    assert page.startswith(f"FROM {OLD} TO {NEW}: takes a major step; taken is minor, which is NOT ENOUGH")
    assert "WHAT CHANGED" in page
    assert "PANEL" not in page


def test_a_version_that_does_not_exist_is_a_mistake_of_use(runner, sets):
    result = run(runner, "diff", OLD, "9.9.9", "--sets", sets)
    assert result.exit_code == 2
    assert f"there is {OLD}, {NEW}" in result.stderr


def test_a_directory_that_does_not_load_is_said_to_be_so(runner, tmp_path):
    (tmp_path / "1.0.0").mkdir()
    result = run(runner, "diff", OLD, OLD, "--sets", tmp_path)
    assert result.exit_code == 1
    assert "1.0.0/manifest.yaml:1: the file is missing" in result.stderr


# The version number


def wrong_numbers(path: Path, version: str) -> list[str]:
    start = f"{version}/manifest.yaml: "
    return [failure.removeprefix(start) for failure in failed_promises(path) if failure.startswith(start)]


def test_a_version_number_that_promises_too_little_fails_the_check(sets):
    (failure,) = wrong_numbers(sets, NEW)
    assert failure.startswith("from 1.0.0 a major step is needed, not a minor one: vignette ")


def test_a_large_enough_step_passes(tmp_path):
    assert wrong_numbers(two_versions(tmp_path, HIGHER, new="2.0.0"), "2.0.0") == []


def test_a_version_comes_after_the_one_it_supersedes(tmp_path):
    path = two_versions(tmp_path, new="0.9.0")
    assert wrong_numbers(path, "0.9.0") == ["0.9.0 does not come after 1.0.0, which it supersedes"]


def test_a_version_supersedes_one_that_is_here(tmp_path):
    path = two_versions(tmp_path, supersedes="0.8.0")
    assert wrong_numbers(path, NEW) == ["it supersedes 0.8.0, which is not here"]


# Draft, active, retired


def test_a_draft_and_a_retired_set_answer_only_when_pinned(sets, served):
    assert served.post("/v1/assessments", json=PATIENT).headers["Rule-Set-Version"] == OLD
    pinned = served.post(f"/v1/assessments?rule_set={NEW}", json=PATIENT).get_json()
    assert (pinned["rule_set"]["version"], pinned["rule_set"]["status"]) == (NEW, "draft")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tiny active set, and a draft after it."""
    add_set(tmp_path, "0.9.0", "active")
    add_set(tmp_path, "0.10.0", "draft")
    return tmp_path


def statuses(path: Path) -> dict[str, str]:
    library = Library.open(path)
    return {version: library.get(version).manifest.status for version in library.versions}


def test_publishing_makes_the_draft_answer_and_locks_both(small):
    publish(small, "0.10.0")
    assert statuses(small) == {"0.9.0": "retired", "0.10.0": "active"}
    assert {name.partition("/")[0] for name in read_lock(small)} == {"0.9.0", "0.10.0"}
    assert changed_files(small) == []


def test_publishing_an_active_set_locks_it_and_leaves_the_draft_open(small):
    publish(small, "0.9.0")
    assert statuses(small) == {"0.9.0": "active", "0.10.0": "draft"}
    assert {name.partition("/")[0] for name in read_lock(small)} == {"0.9.0"}


def test_nothing_is_published_over_a_changed_file(small):
    write_lock(small)
    rewrite(small / "0.9.0" / "rules" / "flags.yaml", "Look for its cause.", "Look for its cause!")
    before = read_lock(small)
    with pytest.raises(RuleSetError, match="changed since it was published"):
        publish(small, "0.10.0")
    assert read_lock(small) == before
    with pytest.raises(RuleSetError):
        statuses(small)


def test_there_is_nothing_to_publish_under_an_unknown_version(small):
    with pytest.raises(KeyError):
        publish(small, "9.9.9")


def test_a_published_set_without_a_lock_is_named(small):
    assert list(unlocked(Library.open(small))) == ["0.9.0"]
    publish(small, "0.10.0")
    assert list(unlocked(Library.open(small))) == []


def test_the_command_line_publishes_only_what_holds(runner, sets, tmp_path):
    result = run(runner, "publish", NEW, "--sets", sets)
    assert result.exit_code == 1
    assert "a major step is needed" in result.stderr
    assert not (sets / "LOCK").exists()
    assert run(runner, "publish", "9.9.9", "--sets", sets).exit_code == 2


def test_what_is_published_is_locked(runner, tmp_path, monkeypatch):
    monkeypatch.setattr("service.commands.versions.failed_promises", lambda _: iter(()))
    path = two_versions(tmp_path)
    result = run(runner, "publish", NEW, "--sets", path)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{NEW} is published")
    assert statuses(path) == {OLD: "retired", NEW: "active"}


# Reviews


@pytest.fixture
def overdue(tmp_path: Path) -> Path:
    """The shipped set, whose review was due long ago, and a retired copy of it."""
    path = two_versions(tmp_path)
    for version in (OLD, NEW):
        manifest = path / version / "manifest.yaml"
        text = manifest.read_text(encoding="utf-8").replace("status: draft", "status: retired")
        manifest.write_text(re.sub(r'next_review: ".*"', 'next_review: "2020-01-01"', text), encoding="utf-8")
    return path


def test_an_overdue_review_shows_in_every_answer_and_in_readiness(overdue):
    client = create_app(Settings(rule_sets=overdue)).test_client()
    answered = client.post("/v1/assessments", json=PATIENT).get_json()["rule_set"]
    assert answered["review_overdue"] is True
    assert list(answered)[-1] == "review_overdue"
    pinned = client.post(f"/v1/assessments?rule_set={NEW}", json=PATIENT).get_json()["rule_set"]
    assert (pinned["status"], pinned["review_overdue"]) == ("retired", False)
    assert [one["overdue"] for one in client.get("/readyz").get_json()["rule_sets"]] == [True, False]


def test_a_review_that_is_not_due_is_said_not_to_be(client):
    assert client.post("/v1/assessments", json=PATIENT).get_json()["rule_set"]["review_overdue"] is False


def test_an_overdue_review_and_an_open_lock_are_left_undone(overdue):
    assert list(left_undone(overdue, date(2026, 1, 1))) == [
        "1.0.0: its review was due on 2020-01-01",
        "1.0.0: published but not locked; 'b12cds publish 1.0.0' locks it",
        "1.1.0: published but not locked; 'b12cds publish 1.1.0' locks it",
    ]
    write_lock(overdue)
    assert list(left_undone(overdue, date(2020, 1, 1))) == []


def test_only_a_strict_check_fails_on_it(runner, overdue, monkeypatch):
    monkeypatch.setattr("service.cli.failed_promises", lambda _: iter(()))
    assert run(runner, "check", overdue).exit_code == 0
    strict = run(runner, "check", "--strict", overdue)
    assert strict.exit_code == 1
    assert "1.0.0: its review was due on 2020-01-01" in strict.stderr
