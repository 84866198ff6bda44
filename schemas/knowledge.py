"""The knowledge on the wire: the catalogue of facts, rule sets, rules and evidence, to be read one by one."""

from marshmallow import Schema, fields

from rules.facts_file import GROUPS
from rules.model import SCOPES, STATUSES, VERIFICATIONS
from schemas import wire
from schemas.assessment import CitationSchema

KINDS = ("quantity", "qualitative", "presence", "number", "yes_no", "choice")
CONCLUSIONS = ("likelihood", "flag", "recommendation")
EXPECTATIONS = ("fires", "silent", "undecided")


def _anything(description: str) -> fields.Dict:
    return fields.Dict(required=True, metadata={"description": description})


class UnitSchema(Schema):
    """A unit that a test takes: a value in it, times `times` plus `plus`, is the value in the test's own unit."""

    unit = wire.text("The unit, by our spelling")
    also = wire.texts("Other spellings that are read as this unit")
    times = wire.number("Factor to the test's own unit")
    plus = wire.number("What is added after that")


class CodingSchema(Schema):
    """A code of a public terminology."""

    system = wire.text("The terminology, such as `loinc`")
    code = wire.text("The code")
    display = wire.text("Its name there")
    verified = wire.text("Where the code was read; a code that was not is never matched", nullable=True)


class FactSchema(Schema):
    """One thing that a patient summary can say, or that is computed from what it says."""

    code = wire.text("The name it is sent under")
    group = wire.word(GROUPS, "The list or part of a summary it belongs to")
    label = wire.text("The fact in plain words")
    kind = wire.word(KINDS, "What it is")
    path = wire.text("Where it stands in a summary")
    aliases = wire.texts("Other names it may be sent under")
    unit = wire.text("The test's own unit", nullable=True)
    units = wire.many(UnitSchema, "The units it may be sent in")
    plausible = wire.numbers("The least and the greatest value accepted, in `unit`", nullable=True)
    categories = wire.texts("The words a result may be")
    choices = wire.texts("The words it may be")
    sites = wire.texts("The sites that may be given with it")
    computed_from = wire.texts("The facts it is computed from; such a fact is not sent")
    codes = wire.many(CodingSchema, "Codes of public terminologies")


class CatalogueSchema(Schema):
    """Everything a patient summary can say."""

    facts = wire.many(FactSchema, "The facts, list by list")


class RuleSetEntrySchema(Schema):
    """One version of the knowledge."""

    version = wire.text("The version")
    status = wire.word(STATUSES, "Whether it is in use")
    title = wire.text("What it is about")
    effective = wire.day("The day it came into use")
    next_review = wire.day("The day it is to be reviewed")
    review = wire.text("Who reviewed it, or `unreviewed`")
    digest = wire.text("Hash of its files and of the catalogue of facts")


class RuleSetsSchema(Schema):
    """All versions of the knowledge."""

    rule_sets = wire.many(RuleSetEntrySchema, "The rule sets, oldest first")


class ProfileSchema(Schema):
    """A named choice of limits within a rule set."""

    id = wire.text("Name of the profile")
    description = wire.text("What it stands for")


class ProfilesSchema(Schema):
    """The profiles of a rule set."""

    profiles = wire.many(ProfileSchema, "The profiles, the default one first")


class RuleEntrySchema(Schema):
    """A rule by name."""

    id = wire.text("Name of the rule")
    concludes = wire.word(CONCLUSIONS, "What kind of conclusion it draws")
    title = wire.text("The rule in one sentence")


class DiseaseEntrySchema(Schema):
    """A disease of the differential by name."""

    condition = wire.text("The disease")
    label = wire.text("The disease in plain words")


class CauseEntrySchema(Schema):
    """A cause of deficiency by name."""

    cause = wire.text("The cause")
    label = wire.text("The cause in plain words")


class SourceEntrySchema(Schema):
    """A source by name."""

    id = wire.text("Name of the source")
    title = wire.text("Its title")
    status = wire.text("Whether it still holds")


class RuleSetSchema(RuleSetEntrySchema):
    """One version of the knowledge, with what it is made of."""

    authored_by = wire.text("Who wrote it")
    checked_by = wire.text("Who checked it", nullable=True)
    supersedes = wire.text("The version before it", nullable=True)
    default_profile = wire.text("The profile used when none is asked for")
    profiles = wire.many(ProfileSchema, "Its profiles")
    notice = wire.text("What its answers are and are not")
    changes = wire.texts("What changed in it")
    rules = wire.many(RuleEntrySchema, "Its rules")
    differential = wire.many(DiseaseEntrySchema, "The diseases it tells apart")
    causes = wire.many(CauseEntrySchema, "The causes of deficiency it knows; none in the first set")
    evidence = wire.many(SourceEntrySchema, "Its sources")


class FindingSchema(Schema):
    """A named clinical statement."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    says = wire.text("How it is judged, as the rule set writes it")
    citations = wire.many(CitationSchema, "Where it comes from")


class WhenSchema(Schema):
    """The four words of a rule."""

    all_ = wire.many(FindingSchema, "Each must hold", data_key="all")
    any_ = wire.many(FindingSchema, "At least `at_least` of them must hold", data_key="any")
    at_least = wire.whole_number("How many of `any`")
    none = wire.many(FindingSchema, "Each must be known to be absent")
    unless = wire.many(FindingSchema, "Stops the rule when known to hold; when unknown the rule says what it assumed")


class ExampleSchema(Schema):
    """A patient summary and what the rule does with it."""

    given = _anything("The summary, shortened to what matters")
    expected = wire.word(EXPECTATIONS, "What the rule does")
    undecided = wire.texts("The unknown facts that matter")


class RuleSchema(Schema):
    """One rule: what it asks, what it concludes and when not to believe it."""

    id = wire.text("Name of the rule")
    concludes = wire.word(CONCLUSIONS, "What kind of conclusion it draws")
    title = wire.text("The rule in one sentence")
    scope = wire.word(SCOPES, "For whom it is meant")
    when = wire.one(WhenSchema, "What it asks")
    then = _anything("What it concludes")
    wrong_when = wire.text("When a reader should not believe it")
    citations = wire.many(CitationSchema, "What it rests on")
    examples = wire.many(ExampleSchema, "Patients for whom it holds and does not hold")


class PassageSchema(Schema):
    """What one place of a source says."""

    id = wire.text("Name of the passage")
    locator = wire.text("Where it stands")
    says = wire.text("What it says, in our words")
    quotation = wire.text("Words of the source, where they were really read", nullable=True)
    verified = wire.word(VERIFICATIONS, "Read in the source itself, in one that restates it, or not at all")
    read_at = wire.text("The page that was read", nullable=True)


class SourceSchema(Schema):
    """A guideline, study or label."""

    id = wire.text("Name of the source")
    title = wire.text("Its title")
    publisher = wire.text("Who published it")
    published = wire.text("When", nullable=True)
    status = wire.text("Whether it still holds")
    url = wire.text("Its address", nullable=True)
    doi = wire.text("Its DOI", nullable=True)
    pmid = wire.text("Its PubMed number", nullable=True)
    passages = wire.many(PassageSchema, "The passages that rules cite")
