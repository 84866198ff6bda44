"""What an operator set and cannot be served with stops the start, in a sentence that says what and why."""

import runpy
from pathlib import Path
from shutil import copytree

import pytest

from rules.library import SETS
from service.cli import gunicorn_command

NOT_UTF8 = b"\xff\xff"
DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("RATE_LIMIT", "often", "B12CDS_RATE_LIMIT must be a number for a time, such as 100/minute"),
        ("REFUSED_LIMIT", "seldom", "B12CDS_REFUSED_LIMIT must be a number for a time"),
        ("RATE_STORAGE", "attic://box", "B12CDS_RATE_STORAGE must be memory:// or the address of a store"),
        ("LOG_LEVEL", "shouted", "B12CDS_LOG_LEVEL"),
        ("PROFILE", "mars", "B12CDS_PROFILE: .* uk-nice"),
        ("RULE_SETS", "nowhere", "nowhere is not a directory"),
        ("API_KEYS", "nowhere", "nowhere cannot be read: FileNotFoundError"),
        ("API_KEYS", NOT_UTF8, "cannot be read: UnicodeDecodeError"),
        ("TRUST_FILE", NOT_UTF8, "cannot be read"),
        ("TRUST_FILE", DEEP, "cannot be read: RecursionError"),
    ],
    ids=lambda one: one if isinstance(one, str) and one.isupper() else "",
)
def test_what_cannot_be_served_with_stops_the_start(monkeypatch, tmp_path: Path, setting, value, words) -> None:
    if isinstance(value, bytes):
        given = tmp_path / "given"
        given.write_bytes(value)
        value = str(given)
    monkeypatch.setenv(f"B12CDS_{setting}", value)
    monkeypatch.setenv("B12CDS_PUBLIC_URL", "https://b12.example.org")
    with pytest.raises(SystemExit, match=f"(?s)Not started: .*{words}"):
        runpy.run_module("service.wsgi")


def test_a_setting_that_does_not_exist_stops_the_server_in_a_sentence(monkeypatch) -> None:
    monkeypatch.setenv("B12CDS_LOG_LEVEL", "shouted")
    with pytest.raises(SystemExit, match=r"Not started: .*B12CDS_LOG_LEVEL"):
        runpy.run_path(gunicorn_command()[4])


@pytest.mark.parametrize("line", [b"word", b"\xff"])
def test_a_lock_with_a_broken_line_names_what_differs(monkeypatch, tmp_path: Path, line: bytes) -> None:
    sets = copytree(SETS, tmp_path / "sets")
    first, *rest = (SETS / "LOCK").read_bytes().splitlines(keepends=True)
    (sets / "LOCK").write_bytes(line + b"\n" + b"".join(rest))
    monkeypatch.setenv("B12CDS_RULE_SETS", str(sets))
    with pytest.raises(SystemExit, match=first.split()[1].decode()):
        runpy.run_module("service.wsgi")
