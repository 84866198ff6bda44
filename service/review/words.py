"""Findings and rules as plain English, built from the data that is run."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.limits import Comparison
from rules.model import LEVELS, AnyRule, Explanation, Finding, Flag, Likelihood, Line, When
from schemas.wording import readable, uncapitalized
from service.review.language import count

SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
AUDIENCES = {"adult": "adults (16 and over)", "child": "people under 16", "everyone": "people of every age"}
VERBS = {
    **dict.fromkeys(("symptoms", "signs", "conditions"), " is present"),
    "medications": " is taken",
    "procedures": " was done",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a rule's sentence: the word it begins with, what is asked, how that is joined, and how it ends."""

    lead: str
    findings: tuple[Finding, ...]
    joined: str
    tail: str = ""


def clauses(when: When) -> Iterator[Clause]:
    """The sentence of a block of the four words, part by part."""
    lead = "When"
    if when.all:
        yield Clause(lead, when.all, "and")
        lead = "and"
    if when.any:
        many = when.at_least > 1
        yield Clause(f"{lead} at least {count(when.at_least)} of" if many else lead, when.any, ";" if many else "or")
        lead = "and"
    if when.none:
        yield Clause(f"{lead} each of these is known not to be so:", when.none, ";")
    if when.unless:
        yield Clause("unless", when.unless, "or", "(if not known, taken as not so, and the answer says so)")


def conclusion(rule: AnyRule) -> str:
    """What a rule concludes, in a few words."""
    match rule.then:
        case Likelihood():
            if rule.then.level == "unlikely":
                return "deficiency is unlikely, unless another rule puts it higher"
            floor = "" if rule.then.level == LEVELS[-1] else "at least "
            return f"deficiency is {floor}{rule.then.level}"
        case Flag():
            return f"raise the {rule.then.severity} flag “{rule.then.title}”"
    return f"consider: “{rule.then.title}”"


def phrase(finding: Finding) -> str:
    """A finding inside a sentence: the fact with its limit where it has one, else the words it is named by."""
    line = finding.line
    if line is None or line.form not in ("compare", "range", "present"):
        return uncapitalized(finding.label)
    fact = uncapitalized(line.fact.label)
    if line.form == "present":
        return fact + VERBS.get(line.fact.group, "")
    if line.form == "range":
        return f"{fact} is {line.word} by the laboratory’s own range or flag"
    return f"{fact} is {limits(line)}"


def limits(line: Line) -> str:
    """The limits of a line: “below 180 ng/L (133 pmol/L; the laboratory’s own limit wins)”."""
    return " and ".join(_limit(comparison) for comparison in line.comparisons)


def _limit(comparison: Comparison) -> str:
    first, *notes = map(readable, map(str, comparison.limits))
    if comparison.laboratory_limit:
        notes.append("the laboratory’s own limit wins")
    if comparison.uncertain_from:
        notes.append(f"without one, undecided beyond {readable(str(comparison.uncertain_from))}")
    return f"{SIGNS[comparison.sign]} {first}" + (f" ({'; '.join(notes)})" if notes else "")


def asks(finding: Finding) -> str:
    """What a finding asks for, for the index of findings."""
    line = finding.line
    if line is None:
        return together(finding)
    if line.form == "compare":
        return f"{line.fact.label} {limits(line)}"
    words = {
        "range": f"{line.word} by the laboratory’s own reference range or flag",
        "known": "anything reported",
        "measured": "reported with a figure",
        "is": f"{line.word}",
    }
    return f"{line.fact.label}: {words[line.form]}"


def together(group: Finding) -> str:
    """How the members of a group count."""
    if group.group == "none":
        return "none of (each known to be absent)"
    return "all of" if group.group == "all" else f"at least {count(group.at_least)} of"


def stances(explanation: Explanation) -> list[tuple[str, list[Clause]]]:
    """The sentences that give a disease or cause its stance, in the order they are asked."""
    return [(stance, list(clauses(block))) for stance, block in explanation.stances]
