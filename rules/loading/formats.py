"""The format of a rule set: what each of its files holds, key by key."""

from rules.derived import DERIVED_NUMBERS
from rules.loading.shapes import (
    COUNT,
    DAY,
    NAMES,
    PRINTED,
    SUMMARY,
    TEXT,
    TEXTS,
    VERSION,
    YES,
    YES_NO,
    Shape,
    listed,
    named,
    one_of,
    record,
)
from rules.model import (
    ACTIONS,
    BASES,
    CERTAINTIES,
    LEVELS,
    REASONS,
    SCOPES,
    SEVERITIES,
    SOURCE_STATUSES,
    STANCES,
    STATUSES,
    STRENGTHS,
    URGENCIES,
    VERIFICATIONS,
    WHEN_WORDS,
)

GROUP_WORDS = ("any", "all", "none")
LABORATORY_LIMITS = ("low", "high", "deficient_below", "unlikely_above")

MANIFEST = record(
    {
        "version": VERSION,
        "status": one_of(STATUSES),
        "effective": DAY,
        "next_review": DAY,
        **dict.fromkeys(("title", "review", "authored_by", "scope", "uninterpretable", "notice"), TEXT),
        "profiles": named(TEXT),
        "default_profile": TEXT,
        "changes": NAMES,
    },
    {"checked_by": TEXT, "supersedes": TEXT},
)

PASSAGE = record(
    {"locator": TEXT, "says": TEXT, "verified": one_of(VERIFICATIONS)},
    {"quotation": TEXT, "read_at": TEXT},
)
SOURCES = named(
    record(
        {"title": TEXT, "publisher": TEXT, "status": one_of(SOURCE_STATUSES), "passages": named(PASSAGE)},
        {"published": PRINTED, "url": TEXT, "doi": PRINTED, "pmid": PRINTED},
    )
)

FINDINGS = named(
    record(
        {"label": TEXT},
        {
            "is": TEXT,
            "laboratory_limit": one_of(LABORATORY_LIMITS),
            "uncertain_from": TEXT,
            **dict.fromkeys(GROUP_WORDS, NAMES),
            "at_least": COUNT,
            "cite": NAMES,
        },
        some_of=("is", *GROUP_WORDS),
    )
)

WHEN = record({}, {**dict.fromkeys(WHEN_WORDS, NAMES), "at_least": COUNT}, some_of=WHEN_WORDS)
RULE_EXAMPLE = record({"given": SUMMARY}, {"fires": YES_NO, "undecided": TEXTS}, some_of=("fires", "undecided"))
RULE_EXAMPLES = named(listed(RULE_EXAMPLE))


def _rules(conclusion: str, content: Shape) -> Shape:
    """Rules that all conclude the same kind of thing."""
    required = {"title": TEXT, "when": WHEN, "then": record({conclusion: content}), "cite": NAMES, "wrong_when": TEXT}
    return named(record({**required, "examples": listed(RULE_EXAMPLE)}, {"scope": one_of(SCOPES)}))


WORDING = {"title": TEXT, "text": TEXT}
LIKELIHOOD_RULES = _rules("likelihood", record({"level": one_of(LEVELS[1:]), "basis": one_of(BASES)}))
FLAG_RULES = _rules("flag", record({"id": TEXT, "severity": one_of(SEVERITIES), **WORDING}))
RECOMMENDATION_RULES = _rules(
    "recommend",
    record(
        {
            "id": TEXT,
            "action": one_of(ACTIONS),
            **WORDING,
            "urgency": one_of(URGENCIES),
            "strength": one_of(STRENGTHS),
            "certainty": one_of(CERTAINTIES),
        },
        {"tests": NAMES},
    ),
)

CRITERIA = record({"name": TEXT, "score": one_of(tuple(DERIVED_NUMBERS)), "needs": COUNT})
EXPLANATION_EXAMPLE = record(
    {"given": SUMMARY}, {"stance": one_of((*STANCES, "absent")), "absent": YES}, ("stance", "absent")
)
EXPLANATION_EXAMPLES = named(listed(EXPLANATION_EXAMPLE))
EXPLANATIONS = named(
    record(
        {
            **dict.fromkeys(("label", "note"), TEXT),
            **dict.fromkeys(("appears", "cite"), NAMES),
            "coexists": YES_NO,
            "examples": listed(EXPLANATION_EXAMPLE),
        },
        {
            "known": TEXT,
            **dict.fromkeys(("for", "against", "ask", "settled_by"), NAMES),
            **dict.fromkeys(("supported", "possible", "opposed"), WHEN),
            "criteria": CRITERIA,
        },
    )
)

EXPECTED = record(
    {"level": one_of(LEVELS)},
    {
        **dict.fromkeys(("lowest", "highest"), one_of(LEVELS)),
        "basis": one_of((*BASES, "none")),
        "reason": one_of(REASONS),
        **dict.fromkeys(("differential", "causes"), named(one_of((*STANCES, "absent")))),
        **dict.fromkeys(("flags", "recommends", "recommends_only", "never"), TEXTS),
        **dict.fromkeys(("assumes", "missing", "missing_only"), TEXTS),
    },
)
VIGNETTES = named(record({"story": TEXT, "given": SUMMARY, "expect": EXPECTED}))

PROFILE = record({}, {"findings": FINDINGS, "texts": named(record({}, {**WORDING, "cite": NAMES}))})
