"""A whole rule set as one printable page, for a clinical governance group to say yes to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import schemas
from rules import Library, RuleSet
from rules.model import VERIFICATIONS
from schemas.wording import capitalized, readable, short
from service.checking import UNREMARKABLE, compare_versions, vignettes_of, with_all_examples
from service.page import VERIFIED, plain
from service.review import patients, profiles, tables, words
from service.review.findings_index import index_of
from service.review.parts import explanation_chapters, finding_boundaries, rule_chapters

TEMPLATES = Path(__file__).parent / "templates"
SIGNATORIES = ("Author", "Clinical checker", "Chair of the governance group")
OUTCOMES = {"fired": "yes", "silent": "no", "absent": "not shown"}


def render_sheet(library: Library, version: str) -> str:
    """The review sheet of one version as an HTML page that needs nothing from anywhere else."""
    rule_set, complete = library.get(version), with_all_examples(library, version)
    page = _environment(rule_set).get_template("sheet.html.j2")
    return page.render(
        rule_set=rule_set,
        manifest=rule_set.manifest,
        unsigned=rule_set.manifest.is_unreviewed,
        signatories=SIGNATORIES,
        difference=_difference(library, rule_set),
        rules=rule_chapters(complete),
        explanations=explanation_chapters(complete),
        counts=tables.counts(rule_set),
        passages=tables.passages_by_verification(rule_set),
        citing=tables.citing(rule_set),
        index=index_of(rule_set),
        replaced=profiles.replaced_findings(rule_set),
        reworded=profiles.reworded(rule_set),
        levels=profiles.levels_by_profile(rule_set),
        told=tables.told(rule_set, vignettes_of(library, version)),
        unremarkable=UNREMARKABLE,
    )


def _difference(library: Library, rule_set: RuleSet) -> Mapping[str, Any] | None:
    """What changed since the version before it, when that is here."""
    before = rule_set.manifest.supersedes
    if before not in library.versions:
        return None
    return schemas.render_difference(compare_versions(library, str(before), rule_set.manifest.version))


def _environment(rule_set: RuleSet) -> Environment:
    """The templates with the words they need; whatever is not markup in them is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        plain=plain,
        phrase=words.phrase,
        asks=words.asks,
        limits=words.limits,
        limit=lambda edge: f"{words.SIGNS[edge.sign]} {readable(str(edge.limit))}",
        together=words.together,
        patient=patients.patient,
        expected=lambda expect: patients.expected(expect, rule_set),
        answer=patients.answer,
        readable=readable,
        capitalized=capitalized,
        by_source=tables.by_source,
        short=short,
        promise=tables.promise,
        boundaries=finding_boundaries,
        outcome=lambda word: OUTCOMES.get(word, word),
        label=lambda code: patients.label(code, rule_set),
    )
    numbers = (finding.id for finding in tables.used_findings(rule_set) if finding.members)
    environment.globals.update(
        group_numbers={id_: f"G{place}" for place, id_ in enumerate(numbers, 1)},
        audiences=words.AUDIENCES,
        verified=VERIFIED,
        verifications=VERIFICATIONS,
    )
    return environment
