"""Rule sets side by side: a published one never changes unnoticed, and exactly one answers."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

import rules.library
from rules.library import Library, changed_files, digest, file_hashes, is_overdue, read_lock, set_files, write_lock
from rules.source import RuleSetError
from tests.core_helpers import TINY, tiny_set


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_set(library: Path, version: str, status: str) -> Path:
    directory = copytree(TINY, library / version)
    rewrite(directory / "manifest.yaml", 'version: "0.1.0"', f'version: "{version}"')
    rewrite(directory / "manifest.yaml", "status: active", f"status: {status}")
    return directory


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """An active set that is published and a draft that is not."""
    add_set(tmp_path, "0.9.0", "active")
    write_lock(tmp_path)
    add_set(tmp_path, "0.10.0", "draft")
    return tmp_path


def refusal(path: Path) -> list[str]:
    with pytest.raises(RuleSetError) as refused:
        Library.open(path)
    return refused.value.problems


def test_the_active_set_answers_and_the_others_can_be_asked_for(library: Path) -> None:
    opened = Library.open(library)
    assert opened.active.manifest.version == "0.9.0"
    assert opened.get("0.10.0").manifest.status == "draft"
    assert opened.versions == ["0.9.0", "0.10.0"]


def test_as_needed_a_set_is_read_when_it_is_asked_for(library: Path) -> None:
    rewrite(add_set(library, "0.8.0", "retired") / "manifest.yaml", "title:", "titel:")
    opened = Library.open_as_needed(library)
    assert opened.active is opened.get("0.9.0")
    assert opened.active == Library.open_as_needed(library).active
    assert (opened.versions, len(opened.rule_sets)) == (["0.8.0", "0.9.0", "0.10.0"], 3)
    with pytest.raises(RuleSetError):
        opened.get("0.8.0")
    with pytest.raises(KeyError):
        opened.get("1.0.0")


def test_as_needed_a_changed_file_is_named_at_once(library: Path) -> None:
    rewrite(library / "0.9.0" / "rules" / "flags.yaml", "Look for its cause.", "Look for its cause!")
    with pytest.raises(RuleSetError, match="changed since it was published"):
        Library.open_as_needed(library)


def test_an_unknown_version_is_a_key_error(library: Path) -> None:
    with pytest.raises(KeyError):
        Library.open(library).get("2.0.0")


def test_one_changed_byte_of_a_published_set_is_named(library: Path) -> None:
    rewrite(library / "0.9.0" / "rules" / "flags.yaml", "Look for its cause.", "Look for its cause!")
    assert refusal(library) == ["0.9.0/rules/flags.yaml: changed since it was published"]


def test_a_missing_file_of_a_published_set_is_named(library: Path) -> None:
    (library / "0.9.0" / "vignettes" / "patients.yaml").unlink()
    assert refusal(library) == ["0.9.0/vignettes/patients.yaml: missing, though published"]


def test_a_file_added_to_a_published_set_is_named(library: Path) -> None:
    (library / "0.9.0" / "vignettes" / "more.yaml").write_text("{}\n", encoding="utf-8")
    assert refusal(library) == ["0.9.0/vignettes/more.yaml: added to a published set"]


def test_a_removed_published_set_is_named_file_by_file(library: Path) -> None:
    for path in set_files(library / "0.9.0"):
        path.unlink()
    assert len(changed_files(library)) == len(set_files(TINY))


def test_a_draft_may_change(library: Path) -> None:
    rewrite(library / "0.10.0" / "rules" / "flags.yaml", "Look for its cause.", "Look for its cause!")
    assert changed_files(library) == []


def test_the_lock_records_every_file_of_the_sets_that_are_no_drafts(library: Path) -> None:
    write_lock(library)
    published = {name: recorded for name, recorded in file_hashes(library).items() if name.startswith("0.9.0/")}
    assert read_lock(library) == published
    assert len(published) == len(set_files(TINY))


def test_without_a_lock_nothing_is_published(tmp_path: Path) -> None:
    add_set(tmp_path, "0.1.1", "active")
    assert read_lock(tmp_path) == {}
    assert changed_files(tmp_path) == []


@pytest.mark.parametrize(("status", "count"), [("active", 2), ("retired", 0)])
def test_exactly_one_set_is_active(library: Path, status: str, count: int) -> None:
    changed = "0.10.0" if status == "active" else "0.9.0"
    old = "draft" if status == "active" else "active"
    rewrite(library / changed / "manifest.yaml", f"status: {old}", f"status: {status}")
    assert f"exactly one rule set is active, not {count}" in refusal(library)


def test_a_directory_is_named_after_its_version(library: Path) -> None:
    (library / "0.10.0").rename(library / "0.11.0")
    assert refusal(library) == ["0.11.0/manifest.yaml: the directory is not named after version 0.10.0"]


def test_a_broken_set_is_named_with_its_version(library: Path) -> None:
    rewrite(library / "0.10.0" / "findings" / "all.yaml", "mma > 450 nmol/L", "mma > 450")
    (problem,) = refusal(library)
    assert problem.startswith("0.10.0/findings/all.yaml:20: 'mma' has no such unit")


def test_the_digest_names_the_set_and_the_catalogue(library: Path, monkeypatch, tmp_path: Path) -> None:
    before = digest(library / "0.9.0")
    assert before.startswith("sha256:")
    assert digest(library / "0.9.0") == before
    assert Library.open(library).active.digest == before
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in rules.library.SHARED_FILES:
        (shared / name).write_bytes((rules.library.HERE / name).read_bytes())
    monkeypatch.setattr(rules.library, "HERE", shared)
    assert digest(library / "0.9.0") == before
    for name in rules.library.SHARED_FILES:
        with (shared / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        assert digest(library / "0.9.0") != before
        before = digest(library / "0.9.0")


@pytest.mark.parametrize("path", [path.relative_to(TINY) for path in set_files(TINY)], ids=str)
def test_every_file_of_a_set_counts_in_its_digest(tmp_path: Path, path: Path) -> None:
    directory = copytree(TINY, tmp_path / "0.1.0")
    before = digest(directory)
    with (directory / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert digest(directory) != before


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2026, 12, 31), []), (date(2027, 1, 1), []), (date(2027, 1, 2), ["0.9.0", "0.10.0"])]
)
def test_sets_that_should_have_been_reviewed(library: Path, today: date, overdue: list[str]) -> None:
    opened = Library.open(library)
    assert [version for version in opened.versions if is_overdue(opened.get(version), today)] == overdue


def test_a_retired_set_is_never_overdue(library: Path) -> None:
    rewrite(library / "0.10.0" / "manifest.yaml", "status: draft", "status: retired")
    assert not is_overdue(Library.open(library).get("0.10.0"), date(2099, 1, 1))
    assert is_overdue(tiny_set(), date(2099, 1, 1))
