"""The command line: the same assessments, rule sets and contract without a server, and the server itself."""

import os
import sys
from collections.abc import Iterable
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO
from uuid import uuid4

import click
import orjson

import schemas
from rules.library import SETS
from schemas import Problem, Refused
from service.access.api_keys import LINE, hash_of, new_key
from service.access.doors import DOORS
from service.answers import today
from service.assessments import answer
from service.checking import failed_promises, left_undone
from service.commands.demo import gunicorn_command, run_demo
from service.commands.ndjson import Tally, answer_file, open_results
from service.commands.rule_set_options import PROFILE, VERSION, check_versions, chosen_rule_set, open_library, usable
from service.commands.versions import diff, publish
from service.contract import contract_file
from service.refusal import Refusal
from service.report import render_report
from service.review.rule import render_rule
from service.review.sheet import render_sheet
from service.rows import Asked
from service.selftest import SelfTest

PORT = click.IntRange(0, 65535)
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
@click.version_option(package_name="b12cds")
def main() -> None:
    """Clinical decision support for vitamin B12 deficiency."""


main.add_command(diff)
main.add_command(publish)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print each assessment as one line of JSON.")
@click.option("--trace", is_flag=True, help="Say of every rule whether it fired and why.")
@click.option("--ndjson", "by_line", is_flag=True, help="The FILE holds a patient a line: print a result for each.")
@click.option("--output", type=OUTPUT, help="Where --ndjson writes; after a stop the same command goes on from there.")
@click.option("--jobs", type=click.IntRange(1), default=1, help="So many processes answer the rows of --ndjson.")
@VERSION
@PROFILE
def assess(  # noqa: PLR0913, PLR0917 - one argument an option, as click has it
    files: tuple[BinaryIO, ...],
    as_json: bool,
    trace: bool,
    by_line: bool,
    output: Path | None,
    jobs: int,
    version: str | None,
    profile: str | None,
) -> None:
    """Assess the patient in each FILE; - is standard input.

    Ends with 0 when all were assessed, 1 when some were refused, 2 when it was called wrongly.
    """
    rule_set = chosen_rule_set(version, profile)
    if by_line and len(files) == 1:
        sys.exit(int(_assess_lines(files[0], output, Asked(rule_set, str(uuid4()), trace), jobs)))
    if by_line or output is not None or jobs > 1:
        raise click.UsageError("--ndjson takes one FILE, and --output and --jobs go with it.")
    refused = False
    for file in files:
        try:
            written = answer(file.read(), rule_set, trace=trace)
            click.echo(written if as_json else render_report(orjson.loads(written)))
        except (Refusal, Refused) as error:
            refused = True
            _echo_problems(file.name, error.problems)
    sys.exit(int(refused))


def _assess_lines(patients: BinaryIO, output: Path | None, asked: Asked, jobs: int) -> bool:
    """Answer a file of patients; whether any of them was refused."""
    written = open_results(output) if output else nullcontext((sys.stdout.buffer, Tally()))
    try:
        with written as (results, tally):
            answer_file(patients, results, asked, tally, jobs)
    except BrokenProcessPool:
        raise click.ClickException("a process was killed; the same command goes on from there") from None
    except OSError as error:
        if output is None:
            raise
        raise click.ClickException(f"{output}: {error.strerror}; the same command goes on from there") from None
    click.echo(f"{tally.answered} rows answered, {tally.refused} of them refused", err=True)
    return tally.refused > 0


def _echo_problems(name: str, problems: Iterable[Problem]) -> None:
    for problem in problems:
        accepted = f" (accepted: {', '.join(problem.accepted)})" if problem.accepted else ""
        click.echo(f"{name}: {problem.path or 'document'}: {problem.message}{accepted}", err=True)


@main.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SETS)
@click.option("--strict", is_flag=True, help="Fail also when a review is overdue or a published set is not locked.")
def check(path: Path, strict: bool) -> None:
    """Check that every rule set loads, is as published, and that its examples, vignettes and version number hold."""
    failures = list(failed_promises(path))
    if strict and not failures:
        failures = list(left_undone(path, today()))
    for failure in failures:
        click.echo(failure, err=True)
    if not failures:
        click.echo(f"All rule sets of {path} hold.")
    sys.exit(1 if failures else 0)


@main.command()
@click.argument("rule", required=False)
@VERSION
@click.option(
    "--set", "sheet", metavar="VERSION", help="Instead of one RULE the whole of this rule set, as HTML to print."
)
@click.option("--output", type=click.File("w", "utf-8", lazy=True), default="-", help="Where to write it.")
def show(rule: str | None, version: str | None, sheet: str | None, output: TextIO) -> None:
    """Show one RULE in plain sentences with its citations, or a whole rule set as a sheet for review."""
    if sheet is not None and (rule, version) == (None, None):
        library = open_library()
        check_versions(library, (sheet,), "--set")
        output.write(render_sheet(library, sheet))
        return
    if rule is None or sheet is not None:
        raise click.UsageError("Name one RULE, or a --set alone.")
    rule_set = chosen_rule_set(version)
    if rule not in rule_set.rules:
        near = schemas.near_names(rule, rule_set.rules)
        raise click.BadParameter(f"there is no such rule. Near: {', '.join(near) or 'none'}", param_hint="RULE")
    click.echo(render_rule(schemas.render_rule(rule_set, rule)), file=output)


@main.command()
@click.option("--write", is_flag=True, help="Write openapi.yaml anew instead of printing it.")
def openapi(write: bool) -> None:
    """Build the OpenAPI document from the schemas, the views and computed examples (for development)."""
    from service.openapi.document import build_yaml  # needs a development dependency

    if write:
        contract_file().write_text(build_yaml(), encoding="utf-8")
    else:
        click.echo(build_yaml(), nl=False)


@main.command()
def selftest() -> None:
    """Assess the canaries: a few patients of the active rule set, one a level, whose answers are known."""
    with usable():
        test = SelfTest.of(open_library())
    for canary in test.canaries if test else ():
        click.echo(f"{canary.id}: {canary.expect['level']}, as expected")


@main.command()
@click.argument("name")
@click.option("--door", "doors", multiple=True, type=click.Choice(list(DOORS)), help="Where it may ask; all if none.")
def key(name: str, doors: tuple[str, ...]) -> None:
    """Make an API key for the caller NAME, and the line that lets it in."""
    made = new_key()
    line = " ".join((name, hash_of(made), *doors))
    if not LINE.fullmatch(line):
        raise click.BadParameter("must be 1 to 64 letters, digits, dots, dashes or underscores", param_hint="NAME")
    click.echo(f"Give this to {name}; it is shown only now and kept nowhere:", err=True)
    click.echo(made, err=True)
    click.echo("Add this line to the file that B12CDS_API_KEYS names:", err=True)
    click.echo(line)


@main.command()
@click.option("--port", type=PORT, help="Listen on this port of 127.0.0.1; B12CDS_BIND when left out.")
def serve(port: int | None) -> None:
    """Serve over HTTP with production settings."""
    bind = [] if port is None else ["--bind", f"127.0.0.1:{port}"]
    command = gunicorn_command(*bind)
    os.execv(command[0], command)  # gunicorn takes this process over


@main.command()
@click.option("--port", type=PORT, default=8000, show_default=True, help="0 takes any free port.")
def demo(port: int) -> None:
    """Serve, post the example patient over HTTP, print the answer, and go on serving until Ctrl-C."""
    run_demo(port)
