"""The words of the contract as the page says them, in the language of its reader."""

from collections.abc import Mapping
from functools import cache

from flask_babel import LazyString, lazy_gettext

from service.people.language import language

_ = lazy_gettext

Words = Mapping[str, LazyString]

LEVELS: Words = {
    "undetermined": _("undetermined"),
    "unlikely": _("unlikely"),
    "possible": _("possible"),
    "probable": _("probable"),
    "confirmed": _("confirmed"),
}
LEVEL_MEANS: Words = {
    "undetermined": _("Nothing can be said from what was entered."),
    "unlikely": _("A B12 above the indeterminate range that can be relied on. This never excludes deficiency."),
    "possible": _("An indeterminate result, another marker, or a common symptom with a common risk factor."),
    "probable": _("A marker of B12 function speaks for deficiency and nothing known explains it otherwise."),
    "confirmed": _(
        "A B12 in the range that the guideline calls confirmed deficiency. A limit says nothing certain about tissue."
    ),
}
REASONS: Words = {
    "insufficient_data": _("not enough is known"),
    "uninterpretable": _("there is a B12, but it cannot be relied on"),
    "out_of_scope": _("this rule set is for people of 16 and over"),
}
BASES: Words = {"laboratory": _("laboratory results"), "clinical": _("the clinical picture"), "none": _("nothing yet")}
SEVERITIES: Words = {
    "emergency": _("Emergency"),
    "urgent": _("Urgent"),
    "warning": _("Warning"),
    "info": _("Note"),
}
URGENCIES: Words = {
    "emergency": _("Now"),
    "urgent": _("Today or within days"),
    "soon": _("Soon"),
    "routine": _("Routine"),
}
ACTIONS: Words = {
    "test": _("Test"),
    "treat": _("Treatment"),
    "refer": _("Referral"),
    "review_medication": _("Medicines"),
    "diet": _("Diet"),
    "monitor": _("Follow-up"),
    "avoid": _("Avoid"),
    "inform": _("Good to know"),
}
STRENGTHS: Words = {
    "strong": _("strong"),
    "conditional": _("conditional"),
    "good_practice": _("good practice"),
}
CERTAINTIES: Words = {
    "high": _("high"),
    "moderate": _("moderate"),
    "low": _("low"),
    "very_low": _("very low"),
}
STANCES: Words = {
    "supported": _("supported"),
    "possible": _("possible"),
    "against": _("speaks against"),
    "undetermined": _("undetermined"),
}
VERIFIED: Words = {
    "primary": _("source read"),
    "secondary": _("read in a secondary source"),
    "consumer": _("read in a text for patients"),
    "knowledge": _("from knowledge, not read"),
}
STATUSES: Words = {"superseded": _("superseded"), "withdrawn": _("withdrawn")}
BANDS: Words = {
    "deficient": _("deficient"),
    "indeterminate": _("indeterminate"),
    "unlikely": _("deficiency unlikely"),
    "low": _("low"),
    "high": _("high"),
    "uncertain": _("depends on the laboratory"),
}
OUTCOMES: Words = {
    "fired": _("fired"),
    "undecided": _("undecided"),
    "silent": _("did not fire"),
    "out_of_scope": _("not for this age"),
}
TRUTHS: Words = {"true": _("yes"), "false": _("no"), "unknown": _("not known")}
CONDITION_WORDS: Words = {
    "all": _("needs"),
    "any": _("one of"),
    "none": _("known to be absent"),
    "unless": _("unless"),
}
REVIEWS: Words = {"unreviewed": _("No clinician has reviewed this rule set yet.")}
PARTS: Words = {
    "results": _("Results"),
    "complaints": _("Complaints"),
    "examination": _("Examination"),
    "medicines": _("Medicines"),
    "history": _("Conditions, procedures and history"),
}
SEARCHES: Words = {
    "results": _("Add a test"),
    "complaints": _("Add a complaint"),
    "examination": _("Add a sign"),
    "medicines": _("Add a medicine"),
    "history": _("Add a condition, procedure or exposure"),
}
DETAILS: Words = {
    "since": _("Since"),
    "until": _("Until"),
    "date": _("Date"),
    "last_given": _("Last given"),
    "course": _("Course"),
    "laterality": _("Side"),
    "sites": _("Where"),
    "dose": _("Dose"),
    "unit": _("Unit"),
    "route": _("Route"),
}
CHOICES: Words = {
    "improving": _("improving"),
    "stable": _("stable"),
    "worsening": _("worsening"),
    "left": _("left"),
    "right": _("right"),
    "both": _("both sides"),
    "oral": _("by mouth"),
    "im": _("into the muscle"),
    "sc": _("under the skin"),
    "nasal": _("nasal"),
    "sublingual": _("under the tongue"),
    "inhaled": _("inhaled"),
    "low": _("low"),
    "normal": _("normal"),
    "high": _("high"),
    "positive": _("positive"),
    "negative": _("negative"),
    "borderline": _("borderline"),
    "female": _("female"),
    "male": _("male"),
    "other": _("other"),
    "unknown": _("not known"),
    "omnivore": _("everything"),
    "vegetarian": _("vegetarian"),
    "vegan": _("vegan"),
    "restricted": _("restricted or poor"),
}
VOCABULARY: Mapping[str, Words] = {
    "level": LEVELS,
    "level_means": LEVEL_MEANS,
    "reason": REASONS,
    "basis": BASES,
    "severity": SEVERITIES,
    "urgency": URGENCIES,
    "action": ACTIONS,
    "strength": STRENGTHS,
    "certainty": CERTAINTIES,
    "stance": STANCES,
    "verified": VERIFIED,
    "status": STATUSES,
    "band": BANDS,
    "outcome": OUTCOMES,
    "truth": TRUTHS,
    "word": CONDITION_WORDS,
    "review": REVIEWS,
    "part": PARTS,
    "search": SEARCHES,
    "detail": DETAILS,
    "choice": CHOICES,
}


def say(kind: str, word: str) -> str:
    """A word of the contract in the reader's language; one that is not listed reads as it is."""
    return _spoken(language())[kind].get(word) or word.replace("_", " ")


@cache
def _spoken(_language: str) -> Mapping[str, Mapping[str, str]]:
    """All words in the language of the page being written, looked up once."""
    return {kind: {word: str(text) for word, text in words.items()} for kind, words in VOCABULARY.items()}
