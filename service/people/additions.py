"""What a person adds to the form by a button or a search box, with the field to go to."""

from werkzeug.datastructures import MultiDict

from rules import RuleSet
from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS, FactType, naming
from service.people.form import Form, field_name
from service.people.search import exact
from service.people.sections import PARTS, laid_out
from service.refusal import Refusal


def added(form: Form, choice: str) -> tuple[Form, str]:
    """The form with a fact said to be present, or with an empty result of a test; and the field to go to."""
    group, _, name = choice.partition(".")
    if group not in ("labs", *PRESENCE_GROUPS) or not name:
        raise Refusal(422)
    fact = catalogue().find(group, name)
    return _with_fact(form, group, fact.code if fact else name)


def _with_fact(form: Form, group: str, code: str) -> tuple[Form, str]:
    if group == "labs":
        form, row = form.with_empty_result(code)
        return form, f"{row.id}-value"
    known = form.row_of(group, code)
    if known:
        return form.with_field(group, known.number, present="true"), f"{known.id}-present"
    form, row = form.with_row(group, **{naming(group): code, "present": "true"})
    return form, f"{row.id}-present"


def asked_for(form: Form, code: str, rule_set: RuleSet) -> tuple[Form, str]:
    """The form with a place for a fact that is missing, nothing said of it yet, and the field to go to."""
    if code not in catalogue():
        raise Refusal(422)
    fact = catalogue().fact(code)
    form = laid_out(form, rule_set)
    if fact.group == "labs":
        form, row = form.with_empty_result(code)
        return form, f"{row.id}-value"
    if fact.group not in PRESENCE_GROUPS:
        return form, _plain_field(fact)
    known = form.row_of(fact.group, code)
    if known is None:
        form, known = form.with_row(fact.group, **{naming(fact.group): code, "present": ""})
    return form, f"{known.id}-present"


def _plain_field(fact: FactType) -> str:
    return "diet-pattern" if fact.group == "diet" else field_name(fact.path)


def found(form: Form, posted: MultiDict[str, str]) -> tuple[Form, str, tuple[str, str]]:
    """The form with what was typed into a search box added when it is a name; else with what it could mean."""
    for part, groups in PARTS.items():
        if words := posted.get(f"find-{part}", "").strip():
            fact = exact(groups, words)
            if fact is None:
                return form, f"find-{part}", (part, words)
            return *_with_fact(form, fact.group, fact.code), ("", "")
    return form, "", ("", "")
