"""The page for people: a form that becomes a patient summary, and the answer to it arranged for reading."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from rules import RuleSet
from rules.catalogue import catalogue
from schemas import Refused
from service.answers import active_rule_set, asked_rule_set, json_answer, library
from service.body import FHIR_JSON, read_form
from service.people import examples
from service.people.additions import added, asked_for, found
from service.people.answer import Outcome, assess_form
from service.people.copies import copies, in_fhir
from service.people.filling import form_of, posted_form
from service.people.form import Form
from service.people.html import page, register
from service.people.notes import marked, notes
from service.people.paste import take_in
from service.people.search import find
from service.people.sections import PARTS, laid_out, parts, without_details
from service.refusal import Refusal

FORM_LIMIT = 64 * 1024
PASTE_LIMIT = 1024 * 1024
LIVE = "answer"

blueprint = Blueprint(
    "people", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)
register(blueprint)


@blueprint.get("/")
def show_page() -> Response:
    """Show the page for people.

    A form for one patient, with the answer beside it.
    """
    return _show(Form())


@blueprint.get("/examples/<name>")
def show_example(name: str) -> Response:
    """Show the page with an example patient filled in."""
    rule_set = active_rule_set()
    found = examples.example(library(), rule_set.manifest.version, name)
    if found is None:
        raise Refusal(404)
    return _show(form_of(found.summary), story=found.story)


@blueprint.post("/")
def take_form() -> Response:
    """Assess what was entered; or add to the form what was asked for, and assess it as it then is."""
    posted = read_form(request, FORM_LIMIT)
    form = posted_form(posted)
    if request.headers.get("HX-Target") == LIVE:
        return _update(form, marked(posted.get("marked", "")))
    if "add" in posted:
        return _show(*added(form, posted["add"]))
    if "ask" in posted:
        return _show(*asked_for(form, posted["ask"], _rule_set(form)))
    return _show(*found(form, posted))


@blueprint.post("/find")
def find_facts() -> Response:
    """List the facts that a few words mean."""
    posted = read_form(request, FORM_LIMIT)
    part = next((part for part in PARTS if f"find-{part}" in posted), None)
    if part is None:
        raise Refusal(422)
    words = posted[f"find-{part}"]
    return page("found", part=part, words=words, matches=find(PARTS[part], words))


@blueprint.post("/paste")
def take_paste() -> Response:
    """Fill the form from a summary, a FHIR Bundle or the lines of a laboratory report."""
    posted = read_form(request, PASTE_LIMIT)
    pasted = take_in(posted_form(posted), posted.get("pasted", ""))
    return _show(pasted.form, pasted=pasted)


@blueprint.post("/why")
def explain() -> Response:
    """Say of every rule whether it fired for what was entered, and why or why not."""
    form = posted_form(read_form(request, FORM_LIMIT))
    outcome = assess_form(form, _rule_set(form))
    return page("why", **_told(outcome)) if outcome.answer else _show(form)


@blueprint.post("/answer")
def give_answer() -> Response:
    """Give the answer to what was entered as the service gives it to programs."""
    outcome = _assessed(read_form(request, FORM_LIMIT))
    answer = outcome.answer or {}
    return json_answer({name: part for name, part in answer.items() if name != "trace"}, outcome.rule_set)


@blueprint.post("/answer-in-fhir")
def give_answer_in_fhir() -> Response:
    """Give the answer to what was entered as FHIR R4 resources."""
    outcome = _assessed(read_form(request, FORM_LIMIT))
    return json_answer(in_fhir(outcome), outcome.rule_set, FHIR_JSON[0])


def _assessed(posted: MultiDict[str, str]) -> Outcome:
    """The answer to a form without a mistake; Refused names the mistakes of another."""
    form = posted_form(posted)
    outcome = assess_form(form, _rule_set(form))
    if outcome.answer is None:
        raise Refused(outcome.problems)
    return outcome


def _show(form: Form, focus: str = "", search: tuple[str, str] = ("", ""), **context: Any) -> Response:
    rule_set = _rule_set(form)
    outcome = assess_form(laid_out(form, rule_set), rule_set)
    part, words = search
    return page(
        "patient",
        focus=focus,
        search={part: words},
        matches={part: find(PARTS[part], words)} if part else {},
        parts=parts(outcome.form, rule_set),
        examples=[names[0] for names in examples.subjects(library(), active_rule_set().manifest.version).values()],
        **_told(outcome),
        **context,
    )


def _update(form: Form, before: list[str]) -> Response:
    """The answer alone, with the notes that appeared, changed or went."""
    outcome = assess_form(form, _rule_set(form))
    told = _told(outcome)
    return page("update", places=dict.fromkeys([*before, *told["notes"]]), fresh=without_details(form), **told)


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "form": outcome.form,
        "notes": notes(outcome),
        "rule_set": outcome.rule_set,
        "rule_sets": [library().get(version) for version in reversed(library().versions)],
        "references": outcome.references,
        "catalogue": catalogue(),
        "copies": copies(outcome, request.host_url) if outcome.answer else {},
    }


def _rule_set(form: Form) -> RuleSet:
    """The rule set and profile chosen on the page, else the active one."""
    if not form.rule_set:
        return active_rule_set()
    version, _, profile = form.rule_set.partition("/")
    return asked_rule_set(version, profile, "rule_set", "rule_set")
