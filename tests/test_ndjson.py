"""A file of patients on the command line: a result a row, and after any stop nothing lost and nothing twice."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.commands.ndjson import open_results

ROOT = Path(__file__).parent.parent
PANEL = (ROOT / "tests" / "data" / "panel.ndjson").read_bytes().splitlines(keepends=True)
GOOD, BAD = '{"age": 67, "sex": "female"}', '{"age": 999, "sex": "female"}'
COMMAND = [sys.executable, "-c", "from service.cli import main; main()", "assess", "--ndjson"]


def run(runner: CliRunner, *arguments: Any, **options: Any) -> Result:
    return runner.invoke(main, ["assess", "--ndjson", *map(str, arguments)], **options)


def rows(text: bytes | str) -> list[dict[str, Any]]:
    """The results, without the id of the run."""
    results = [json.loads(line) for line in text.splitlines()]
    for result in results:
        result.get("problem", {}).pop("instance", None)
    return results


def test_each_line_is_answered_as_over_http(runner, client):
    lines = "\n".join([GOOD, "", BAD, "{", GOOD])
    result = run(runner, "-", input=lines)
    assert result.exit_code == 1
    assert result.stderr == "4 rows answered, 2 of them refused\n"
    response = client.post("/v1/assessments:batch", data=lines, content_type="application/x-ndjson")
    assert rows(result.stdout) == rows(response.data)


def test_the_answer_is_0_when_every_row_was_assessed(runner, tmp_path):
    result = run(runner, "--profile", "mayo", "--trace", "-", "--output", tmp_path / "out", input=GOOD)
    assert (result.exit_code, result.stdout) == (0, "")
    (row,) = rows((tmp_path / "out").read_bytes())
    assert row["assessment"]["rule_set"]["profile"] == "mayo"
    assert row["assessment"]["trace"]


@pytest.mark.parametrize(
    "arguments", [("-", "-"), ("-", "--profile", "nowhere"), ("-", "--rule-set", "9.9.9"), ("nowhere.ndjson",)]
)
def test_a_wrong_call_is_answered_with_2(runner, arguments):
    assert run(runner, *arguments).exit_code == 2


@pytest.mark.parametrize("option", [("--output", "x"), ("--jobs", "2")])
def test_an_output_and_several_processes_are_for_lines_only(runner, option):
    assert runner.invoke(main, ["assess", *option, "-"], input=GOOD).exit_code == 2


@pytest.fixture(scope="module")
def people(tmp_path_factory: Any) -> tuple[Path, list[dict[str, Any]]]:
    """A file of patients, one of them refused, and the results of a run that nothing stopped."""
    patients = tmp_path_factory.mktemp("people") / "patients"
    lines = [f'{{"age": {age}, "sex": "female"}}\n' for age in range(17, 131)]
    patients.write_text("".join([*lines, f"{BAD}\n\n", *lines]))
    whole = rows(run(CliRunner(), patients).stdout)
    assert [row["index"] for row in whole] == [*range(115), *range(116, 230)]
    return patients, whole


def test_a_run_that_is_killed_goes_on_where_it_was_killed(runner, tmp_path, people):
    patients, whole = people
    output = tmp_path / "results"
    command = [*COMMAND, str(patients), "--output", str(output)]
    for size in (50_000, 150_000):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
            while not output.exists() or output.stat().st_size < size:
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        assert 0 < len(rows(output.read_bytes().rpartition(b"\n")[0])) < len(whole)
    assert run(runner, patients, "--output", output).exit_code == 1
    assert rows(output.read_bytes()) == whole


def test_several_processes_write_what_one_writes(people):
    patients, whole = people
    result = subprocess.run([*COMMAND, str(patients), "--jobs", "3"], cwd=ROOT, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (1, b"229 rows answered, 1 of them refused\n")
    assert rows(result.stdout) == whole


# From Python 3.12 on a fork beside threads, such as those of the process the tests run in, is warned of.
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_several_processes_keep_the_order_of_rows_and_leave_an_interrupt_to_the_caller(runner, people):
    handler = signal.getsignal(signal.SIGINT)
    result = run(runner, people[0], "--jobs", 2)
    assert (result.exit_code, result.stderr) == (1, "229 rows answered, 1 of them refused\n")
    assert rows(result.stdout) == people[1]
    assert signal.getsignal(signal.SIGINT) is handler


@contextmanager
def several(patients: Path, output: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A run by two processes that has written its first results, and the numbers of the two."""
    command = [*COMMAND, str(patients), "--jobs", "2", "--output", str(output)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not output.exists() or not output.stat().st_size:
            assert process.poll() is None
            time.sleep(0.01)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield process, [int(child) for child in children]


@pytest.fixture
def many(tmp_path, people) -> tuple[Path, list[dict[str, Any]]]:
    """The same people six times, and their results."""
    patients, whole = tmp_path / "many", people[1]
    once = people[0].read_bytes()
    patients.write_bytes(once * 6)
    lines = once.count(b"\n")
    return patients, [{**row, "index": row["index"] + lines * turn} for turn in range(6) for row in whole]


def test_a_killed_process_stops_a_run_by_several_and_the_same_command_goes_on(runner, tmp_path, many):
    (patients, whole), output = many, tmp_path / "results"
    with several(patients, output) as (process, children):
        os.kill(children[0], signal.SIGKILL)
        _, errors = process.communicate()
    assert process.returncode == 1
    assert b"a process was killed; the same command goes on from there" in errors
    assert 0 < len(rows(output.read_bytes())) < len(whole)
    assert run(runner, patients, "--output", output).exit_code == 1
    assert rows(output.read_bytes()) == whole


def test_several_processes_end_with_the_run_they_belong_to(tmp_path, many):
    with several(many[0], tmp_path / "results") as (process, children):
        process.kill()
        process.communicate(timeout=30)
        _wait_for_the_end_of(children)


@pytest.mark.parametrize("pause", [0, 0.003, 0.03])
def test_several_processes_end_without_an_outcry_when_interrupted_three_times(tmp_path, many, pause):
    with several(many[0], tmp_path / "results") as (process, children):
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(pause)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert b"Traceback" not in errors
        _wait_for_the_end_of(children)


def _wait_for_the_end_of(processes: list[int]) -> None:
    ends = time.monotonic() + 30
    while any(Path(f"/proc/{process}").exists() for process in processes):
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_run_that_a_full_disk_stops_in_the_middle_of_a_line_goes_on_there(runner, tmp_path, people):
    patients, whole = people
    output = tmp_path / "results"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_001, 100_001)); "
    command = [COMMAND[0], "-c", limit + COMMAND[2], *COMMAND[3:], str(patients), "--output", str(output)]
    stopped = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, check=False)
    assert stopped.returncode == 1
    assert b"File too large; the same command goes on from there" in stopped.stderr
    assert output.read_bytes()[-1:] != b"\n"
    assert run(runner, patients, "--output", output).exit_code == 1
    assert rows(output.read_bytes()) == whole


def test_a_finished_run_is_left_as_it_is(runner, tmp_path):
    output = tmp_path / "results"
    first = run(runner, "-", "--output", output, input=f"{GOOD}\n{BAD}\n")
    before = output.read_bytes()
    again = run(runner, "-", "--output", output, input=f"{GOOD}\n{BAD}\n")
    assert (
        (again.exit_code, again.stderr)
        == (first.exit_code, first.stderr)
        == (1, "2 rows answered, 1 of them refused\n")
    )
    assert output.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 9, 30])
def test_wherever_the_last_line_was_cut_off_it_is_written_anew(runner, tmp_path, cut):
    output, whole = tmp_path / "results", run(runner, "-", input=f"{GOOD}\n{GOOD}").stdout_bytes
    first = whole.index(b"\n") + 1
    output.write_bytes(whole[: first + cut])
    assert run(runner, "-", "--output", output, input=f"{GOOD}\n{GOOD}").exit_code == 0
    assert rows(output.read_bytes()) == rows(whole)


@pytest.mark.parametrize(
    ("patients", "options"),
    [
        ('{"age": 68, "sex": "male", "labs": [{"test": "b12_total", "value": 142, "unit": "ng/L"}]}', ()),
        (GOOD, ("--rule-set", "1.0.0")),
        (GOOD, ("--profile", "mayo")),
        (GOOD, ("--trace",)),
        (BAD, ()),
    ],
)
def test_results_of_something_else_are_not_gone_on_with(runner, tmp_path, patients, options):
    output = tmp_path / "results"
    run(runner, "-", "--output", output, input=GOOD)
    before = output.read_bytes()
    result = run(runner, "-", "--output", output, *options, input=f"{patients}\n{GOOD}")
    assert result.exit_code == 1
    assert "other patients, another rule set or other options" in result.stderr
    assert output.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"notes", b"notes\n", b'{"index":0}\n', b'{"index":1,"status":200,}\n{"index":1,"status":200,}\n']
)
def test_a_file_that_is_not_of_results_is_not_touched(runner, tmp_path, content):
    output = tmp_path / "results"
    output.write_bytes(content)
    result = run(runner, "-", "--output", output, input=GOOD)
    assert result.exit_code == 1
    assert "something else" in result.stderr
    assert output.read_bytes() == content


def test_two_runs_do_not_write_to_one_file(runner, tmp_path):
    output = tmp_path / "results"
    with open_results(output):
        assert "another run" in run(runner, "-", "--output", output, input=GOOD).stderr
    with output.open() as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_terminal_shows_how_far_it_is(tmp_path):
    patients = tmp_path / "patients"
    patients.write_bytes(b"".join(PANEL[:5]))
    ours, theirs = pty.openpty()
    command = [*COMMAND, str(patients), "--output", str(tmp_path / "results")]
    subprocess.run(command, cwd=ROOT, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "Assessing" in shown
    assert "100%" in shown
    assert "5 rows answered" in shown
