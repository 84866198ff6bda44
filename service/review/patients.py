"""A patient summary, what is expected of its answer and the answer itself, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.assessment import Assessment
from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS, FactType
from rules.model import RuleSet
from rules.reported import code_of, without
from schemas.wording import readable, short, uncapitalized
from service.page import plain

WHO = {"female": ("Woman", "Girl"), "male": ("Man", "Boy")}
ADULT = 16
MOST_ROUTES = {"im": "into the muscle", "sc": "under the skin", "oral": "by mouth", "inhaled": "inhaled"}

Summary = Mapping[str, Any]


def patient(given: Summary, hidden: FactType | None = None) -> str:
    """Who a summary is about and all it says, but for one fact."""
    said = without(given, hidden) if hidden else dict(given)
    parts = [_who(said), *_stated(said), *_results(said), *_items(said)]
    return readable("; ".join(parts)) + "."


def _who(said: Summary) -> str:
    adult, child = WHO.get(said.get("sex", ""), ("Person", "Child"))
    if "age" not in said:
        return adult
    return f"{adult if said['age'] >= ADULT else child} of {said['age']}"


def _stated(said: Summary) -> Iterator[str]:
    if "pregnant" in said:
        weeks = f", {said['gestation_weeks']} weeks" if "gestation_weeks" in said else ""
        yield f"pregnant{weeks}" if said["pregnant"] else "not pregnant"
    diet = said.get("diet", {})
    yield from _statements({"pattern": diet} if isinstance(diet, str) else diet)
    yield from _statements(said.get("joints", {}))


def _statements(said: Summary) -> Iterator[str]:
    for name, value in said.items():
        if name in ("pattern", "since"):
            yield f"{'since ' if name == 'since' else ''}{plain(str(value))}{' diet' if name == 'pattern' else ''}"
            continue
        fact = catalogue().fact(name)
        label = uncapitalized(fact.label)
        if isinstance(value, bool):
            yield label if value else f"not: {label}"
        else:
            yield f"{label} {value} {fact.unit or ''}".rstrip()


def _results(said: Summary) -> Iterator[str]:
    for result in said.get("labs", []):
        code = code_of(result, "labs")
        label = uncapitalized(short(catalogue().fact(code).label)) if code else str(result.get("loinc", ""))
        value = f"{result['value']} {result.get('unit', '')}" if "value" in result else ""
        flagged = f"reported as {result['interpretation']}" if "interpretation" in result else ""
        notes = [*_limits(result), *([str(result["date"])] if "date" in result else [])]
        yield " ".join(filter(None, (label, value.strip(), flagged, f"({'; '.join(notes)})" if notes else "")))


def _limits(result: Summary) -> Iterator[str]:
    for name in ("reference_range", "cutoffs"):
        if name in result:
            ends = ", ".join(f"{plain(end)} {value}" for end, value in result[name].items())
            yield f"the laboratory’s {plain(name)}: {ends}"


def _items(said: Summary) -> Iterator[str]:
    for group in PRESENCE_GROUPS:
        if group == "medications" and said.get(group) == []:
            yield "no prescribed medicines"
        yield from (_item(entry, group) for entry in said.get(group, []))


def _item(entry: Any, group: str) -> str:
    code = code_of(entry, group)
    more = entry if isinstance(entry, Mapping) else {}
    label = uncapitalized(catalogue().fact(code).label) if code else str(more.get("name", entry))
    notes = [_note(name, more) for name in more if name not in ("code", "name", "present", "unit")]
    text = label + (f" ({', '.join(notes)})" if notes else "")
    return text if more.get("present", True) else f"no {text}"


def _note(name: str, entry: Summary) -> str:
    words = ", ".join(map(str, entry[name])) if isinstance(entry[name], list) else str(entry[name])
    if name == "dose":
        return f"{words} {entry.get('unit', '')}".rstrip()
    if name in ("sites", "course", "laterality", "date"):
        return plain(words)
    return MOST_ROUTES.get(words, words) if name == "route" else f"{plain(name)} {words}"


def expected(expect: Summary, rule_set: RuleSet) -> list[tuple[str, str]]:
    """What a vignette expects, name by name, in the words an answer would use."""
    return [(plain(key).capitalize(), _expected(key, value, rule_set)) for key, value in expect.items()]


def _expected(key: str, value: Any, rule_set: RuleSet) -> str:
    if isinstance(value, Mapping):
        labels = {**rule_set.differential, **rule_set.causes}
        return "; ".join(f"{labels[id_].label if id_ in labels else id_}: {word}" for id_, word in value.items())
    if isinstance(value, list):
        titles = {} if key in ("assumes", "missing", "missing_only") else _titles(rule_set)
        return "; ".join(titles.get(name) or label(name, rule_set) for name in value) or "none"
    return plain(str(value))


def _titles(rule_set: RuleSet) -> dict[str, str]:
    """The title of each flag and each recommendation, as first given."""
    advice = {rule.then.id: rule.then.title for rule in reversed(rule_set.recommendations)}
    return {**advice, **{rule.then.id: rule.then.title for rule in reversed(rule_set.flags)}}


def label(name: str, rule_set: RuleSet) -> str:
    """A finding or fact by its label."""
    if name in rule_set.findings:
        return rule_set.findings[name].label
    return catalogue().fact(name).label if name in catalogue() else plain(name)


def answer(assessment: Assessment) -> list[tuple[str, str]]:
    """The computed answer, part by part."""
    outcome = assessment.likelihood
    bounds = f" (with what is not known: {outcome.lowest} to {outcome.highest})"
    level = outcome.level + (bounds if outcome.lowest != outcome.highest else "")
    notes = (*assessment.differential, *assessment.causes)
    parts = {
        "Level": f"{level}, {plain(outcome.reason)}" if outcome.reason else f"{level}, basis {outcome.basis}",
        "Flags": "; ".join(f"{raised.flag.title} ({raised.flag.severity})" for raised in assessment.flags),
        "Also considered": "; ".join(f"{note.explanation.label}: {note.stance}" for note in notes),
        "Recommends": "; ".join(f"{one.recommendation.title} ({one.urgency})" for one in assessment.recommendations),
    }
    return [(name, text or "none") for name, text in parts.items() if text or name == "Flags"]
