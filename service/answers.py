"""What the views share: today, the library of rule sets, the query string, and JSON out."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import cast

import orjson
from flask import Response, current_app, request

from rules import Library, RuleSet
from schemas import Problem
from service.choice import choose, find
from service.refusal import Refusal
from service.unfit import Unfit

LIBRARY = "b12cds"
PROFILE = "b12cds profile"
UNVERIFIED_CODES = "b12cds unverified codes"


def today() -> date:
    """The day an assessment is made for when the summary names none: today in UTC, read here and nowhere deeper."""
    return datetime.now(UTC).date()


@cache
def software_version() -> str:
    """The version of the package, which is that of its contract; engine and rule sets have their own."""
    return version("b12cds")


def library() -> Library:
    """The rule sets this service was started with."""
    return cast(Library, current_app.extensions[LIBRARY])


def unverified_codes() -> bool:
    """Whether public codes that were not read anywhere count when FHIR is read."""
    return bool(current_app.extensions[UNVERIFIED_CODES])


def active_rule_set() -> RuleSet:
    """The rule set that answers when none is named, under the usual profile; Refusal 503 when there is none."""
    return asked_rule_set(None, None)


def known_profile(profile: str | None, rule_sets: Library) -> str | None:
    """The profile that an operator wants; Unfit lists what there is when the active rule set has it not."""
    manifest = rule_sets.active.manifest if rule_sets.versions else None
    if profile is not None and manifest is not None and profile not in manifest.profiles:
        there_are = ", ".join(manifest.profiles)
        raise Unfit(f"B12CDS_PROFILE: rule set {manifest.version} has no such profile; it has {there_are}")
    return profile


def find_rule_set(version: str, where: str) -> RuleSet:
    """The rule set of the version that `where` names; Refusal 404 lists those that exist."""
    return find(library(), version, where)


def asked_rule_set(
    version: str | None, profile: str | None, version_at: str = "query.rule_set", profile_at: str = "query.profile"
) -> RuleSet:
    """The rule set and profile that a request asks for, at these places; the usual ones where nothing is said.

    Refusal 404 lists those that exist, 503 when there is none.
    """
    return choose(library(), version, profile, (version_at, profile_at), current_app.extensions[PROFILE])


def read_query(accepted: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The query parameters, each at most once and one of its values (none listed: any)."""
    problems = [problem for name, values in accepted.items() for problem in _parameter_problems(name, values)]
    if not request.args.keys() <= accepted.keys():
        problems.append(Problem("query", "has a parameter that does not exist here", tuple(accepted)))
    if problems:
        raise Refusal(422, *problems)
    return dict(request.args)


def _parameter_problems(name: str, values: Collection[str]) -> list[Problem]:
    given = request.args.getlist(name)
    if len(given) > 1:
        return [Problem(f"query.{name}", "is given more than once")]
    if values and given and given[0] not in values:
        return [Problem(f"query.{name}", "does not have one of its values", tuple(values))]
    return []


def json_answer(document: object, rule_set: RuleSet | None = None, content_type: str = "application/json") -> Response:
    """A document, or one already written, as the client gets it, with the version of the rule set it rests on."""
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    response = Response(body, content_type=content_type)
    if rule_set is not None:
        response.headers["Rule-Set-Version"] = rule_set.manifest.version
    return response


def lasting(response: Response) -> Response:
    """An answer that changes only with a new release: the client may keep it and ask whether it still holds."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:  # which guards a change, and nothing can be changed here
        raise Refusal(422, Problem("header.If-Match", "must be left out: ask with If-None-Match"))
    return response
